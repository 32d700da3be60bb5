"""What one cell says: days in every order, moments in every zone, yes and no, amounts, months."""

from contextlib import suppress
from datetime import UTC, date, datetime, tzinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mspaudit.intake import cells
from mspaudit.intake.cells import Order, Unclear
from mspaudit.kernel.clock import PARIS

MOMENTS = st.integers(min_value=10**9, max_value=4 * 10**9).map(lambda s: datetime.fromtimestamp(s, UTC))


@pytest.mark.parametrize(
    ("text", "first", "zone", "expected"),
    [
        ("3/14/2019 9:12:44 AM", "month", UTC, datetime(2019, 3, 14, 9, 12, 44, tzinfo=UTC)),
        ("3/14/2019 12:00:00 AM", "month", UTC, datetime(2019, 3, 14, tzinfo=UTC)),
        ("3/14/2019 12:05:00 PM", "month", UTC, datetime(2019, 3, 14, 12, 5, tzinfo=UTC)),
        ("18/11/2026 08:01:22", "day", PARIS, datetime(2026, 11, 18, 7, 1, 22, tzinfo=UTC)),
        ("2026/11/19 08:12:33", "day", PARIS, datetime(2026, 11, 19, 7, 12, 33, tzinfo=UTC)),
        ("2026-11-02T06:14:09Z", "day", PARIS, datetime(2026, 11, 2, 6, 14, 9, tzinfo=UTC)),
        ("2022-03-18 19:49:35Z", "day", PARIS, datetime(2022, 3, 18, 19, 49, 35, tzinfo=UTC)),
        ("2026-11-19T06:58:41.000Z", "day", PARIS, datetime(2026, 11, 19, 6, 58, 41, tzinfo=UTC)),
        ("2026-07-01T10:00:00+02:00", "day", UTC, datetime(2026, 7, 1, 8, tzinfo=UTC)),
        ("1 juillet 2026 10:00", "day", PARIS, datetime(2026, 7, 1, 8, tzinfo=UTC)),
        ("Never logged in", "day", PARIS, None),
        ("Jamais", "day", PARIS, None),
        ("01/01/1601 01:00:00", "day", PARIS, None),
        ("", "day", PARIS, None),
    ],
)
def test_it_reads_a_moment(text: str, first: Order, zone: tzinfo, expected: datetime | None) -> None:
    assert cells.moment(text, first, zone) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("03/04/2026", date(2026, 4, 3)),
        ("3.4.26", date(2026, 4, 3)),
        ("2026-04-03", date(2026, 4, 3)),
        ("1er avril 2026", date(2026, 4, 1)),
        ("5 févr. 2026", date(2026, 2, 5)),
        ("Nov 18, 2026", date(2026, 11, 18)),
        ("28/02/99", date(1999, 2, 28)),
        ("2018-09-10 07:55", date(2018, 9, 10)),
    ],
)
def test_it_reads_a_day(text: str, expected: date) -> None:
    assert cells.day(text) == expected


@pytest.mark.parametrize("text", ["31/02/2026", "bientôt", "12", "2026-13-01", "01/01/0001", "juin"])
def test_a_day_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Unclear, match="Cette date"):
        cells.day(text)


@pytest.mark.parametrize(
    ("values", "usual", "expected"),
    [
        (["03/04/2026", "18/04/2026"], "month", "day"),
        (["3/4/2026", "4/18/2026"], "day", "month"),
        (["3/4/2026 9:00:00 AM"], "day", "month"),
        (["03/04/2026"], "day", "day"),
        (["03/04/2026"], "month", "month"),
        (["18/04/2026", "4/18/2026"], "day", "day"),
        (["2026-04-18", ""], "day", "day"),
    ],
)
def test_a_column_tells_whether_the_day_comes_first(values: list[str], usual: Order, expected: Order) -> None:
    assert cells.order(values, usual) == expected


@given(MOMENTS)
def test_what_is_read_reads_back(at: datetime) -> None:
    written = cells.canonical("moment", at.astimezone(PARIS).strftime("%Y-%m-%dT%H:%M:%S%z"), "day", UTC)
    assert cells.moment(written) == at
    assert cells.day(cells.canonical("day", at.strftime("%d/%m/%Y"), "day", UTC)) == at.date()


@given(st.text(max_size=40))
def test_no_cell_breaks_it(text: str) -> None:
    for form in ("day", "moment", "flag", "active", "suspended", "amount", "months", "count"):
        with suppress(Unclear):
            found = cells.canonical(form, text, "day", PARIS)
            again = "flag" if found in ("oui", "non") else form
            assert cells.canonical(again, found, "day", PARIS) == found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 480,00 €", 248_000),
        ("1\u202f150,50\u00a0€", 115_050),
        ("1,150.50", 115_050),
        ("1.150,50", 115_050),
        ("1150.5", 115_050),
        ("1,150", 115_000),
        ("602", 60_200),
        ("18,00 € HT", 1_800),
        ("", None),
    ],
)
def test_it_reads_an_amount_in_cents(text: str, expected: int | None) -> None:
    assert cells.cents(text) == expected


@given(st.integers(min_value=0, max_value=10**10))
def test_an_amount_written_in_french_comes_back(paid: int) -> None:
    text = f"{paid // 100:,}".replace(",", "\u202f") + f",{paid % 100:02d}\u00a0€"
    assert cells.cents(text) == paid
    assert cells.cents(cells.canonical("amount", text, "day", UTC)) == paid


@pytest.mark.parametrize(
    ("text", "expected"),
    [("3", 3), ("3 mois", 3), ("90 jours", 3), ("1 an", 12), ("un mois", None), ("45 jours", None)],
)
def test_it_reads_months(text: str, expected: int | None) -> None:
    if expected is None:
        with pytest.raises(Unclear):
            cells.months(text)
    else:
        assert cells.months(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("True", True), ("Vrai", True), ("Oui", True), ("no", False), ("FAUX", False)]
)
def test_it_reads_yes_and_no(text: str, expected: bool) -> None:
    assert cells.flag(text) is expected


def test_it_reads_the_state_of_an_account() -> None:
    assert [cells.active(t) for t in ("Active", "SUSPENDED", "DEPROVISIONED", "True", "Désactivé", "")] == [
        True,
        False,
        False,
        True,
        False,
        None,
    ]


def test_a_serial_number_that_a_maker_forgot_is_none() -> None:
    assert cells.serial("To be filled by O.E.M.") == ""
    assert cells.serial(" 5XK1 ") == "5XK1"
