"""When each thing is due, and who may say that it was done."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mspaudit.content import departures as content
from mspaudit.content.departures import Delay, delay
from mspaudit.departures import rules
from mspaudit.departures.rules import Line
from mspaudit.kernel import workdays
from mspaudit.kernel.periods import month_end

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
DELAYS = st.sampled_from([Delay(), Delay(days=2), Delay(days=7), Delay(months=1), Delay(months=3)])
FRIDAY, SATURDAY, MONDAY = date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 23)
ANA, BEN = uuid4(), uuid4()


# Reading the calendar of holidays the first time takes longer than one example may.
@settings(deadline=None)
@given(DAYS, DELAYS)
def test_the_last_useful_day_is_open_and_never_before_the_last_day(leaves_on: date, due: Delay) -> None:
    when = rules.times(due, leaves_on)
    assert leaves_on <= when.act_by <= when.due_on
    assert workdays.is_working(when.act_by) or when.act_by == leaves_on


@given(DAYS)
def test_an_access_is_cut_on_the_last_day_even_on_a_sunday(leaves_on: date) -> None:
    assert rules.times(Delay(), leaves_on) == rules.Times(leaves_on, leaves_on)


@given(DAYS, st.integers(1, 3))
def test_a_month_is_held_to_its_end(leaves_on: date, months: int) -> None:
    due = rules.times(Delay(months=months), leaves_on).due_on
    assert due.day == min(leaves_on.day, month_end(due).day)
    assert (due.year - leaves_on.year) * 12 + due.month - leaves_on.month == months


@given(DAYS)
def test_someone_else_looks_on_the_next_working_day(leaves_on: date) -> None:
    looked = rules.verify_by(leaves_on)
    assert looked > leaves_on
    assert workdays.is_working(looked)
    between = ((looked - leaves_on).days - 1) and [
        leaves_on + timedelta(days=n) for n in range(1, (looked - leaves_on).days)
    ]
    assert not any(map(workdays.is_working, between or []))


def test_weekends_and_holidays_bring_the_last_useful_day_forward() -> None:
    assert rules.times(Delay(days=2), FRIDAY).act_by == FRIDAY
    assert rules.verify_by(FRIDAY) == MONDAY
    assert rules.times(Delay(months=1), date(2026, 11, 25)).act_by == date(2026, 12, 24)
    assert rules.times(Delay(months=1), date(2027, 1, 31)).due_on == date(2027, 2, 28)
    assert rules.times(Delay(), SATURDAY).act_by == SATURDAY


@pytest.mark.parametrize("text", ["", "J", "D-1", "D+", "M+x", "2"])
def test_a_delay_that_is_not_one_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="délai"):
        delay(text)


def test_the_catalogue_holds_together() -> None:
    tasks = content.tasks()
    assert len({task.key for task in tasks}) == len(tasks)
    assert {task.group for task in tasks} == set(content.GROUPS)
    assert {task.certainty for task in tasks} <= set(content.CERTAINTIES)
    assert all(task.source and task.help for task in tasks)
    assert all(task.due == Delay() for task in tasks if task.cuts)
    assert all(task.titled("x").count("x") >= 1 for task in tasks if task.about)
    for kind in ("commune", "enterprise"):
        codes = [portal.code for portal in content.portals(kind)]
        assert len(codes) == len(set(codes))
        assert any(clause.needed for clause in content.clauses(kind))


def test_only_an_elus_list_has_certificates_and_the_communes_networks() -> None:
    def keys(kind: str, status: str) -> set[str]:
        return {task.key for task in rules.list_for(content.tasks(), kind, status)}

    own = {"rgs", "official_mail", "social_networks", "handover"}
    assert own <= keys("commune", "elected")
    assert not own & keys("commune", "agent")
    assert not own & keys("enterprise", "employee")
    assert {"accounts", "vpn", "rmm", "badge", "mailbox_close", "equipment"} <= keys("enterprise", "employee")


@given(
    begun=st.booleans(), cut=st.booleans(), verified=st.booleans(), closed=st.booleans(), leaves_on=DAYS,
    today=DAYS,
)  # fmt: skip
def test_a_state_never_goes_back(
    *, begun: bool, cut: bool, verified: bool, closed: bool, leaves_on: date, today: date
) -> None:
    def state(**more: bool) -> int:
        given = {"begun": begun, "cut": cut, "verified": verified, "closed": closed} | more
        return list(rules.STATES).index(rules.departure_state(leaves_on=leaves_on, today=today, **given))

    for step in ("begun", "cut", "verified", "closed"):
        assert state(**{step: True}) >= state(**{step: False})


def line(state: str = "done", *, cuts: bool = True, by: object = ANA, checked: bool = False) -> Line:
    return Line("Couper le VPN", state, cuts, by, checked)  # type: ignore[arg-type]


def test_the_one_who_cut_may_not_verify() -> None:
    assert "une autre personne" in rules.may_verify([line()], ANA).lower()
    assert rules.may_verify([line()], BEN) == ""
    assert rules.may_verify([line("todo")], BEN) == "Il reste à couper : couper le VPN."
    assert rules.may_verify([line()], None)
    assert rules.may_verify([], BEN)


def test_the_one_who_did_what_nobody_checked_may_not_close() -> None:
    cut, mailbox = line(checked=True), line(cuts=False, by=BEN)
    assert rules.may_close([cut, mailbox], ANA, verified=True) == ""
    assert "une autre personne" in rules.may_close([cut, mailbox], BEN, verified=True).lower()
    assert "vérifiée" in rules.may_close([cut, mailbox], ANA, verified=False)
    assert "à faire" in rules.may_close([cut, line("todo", cuts=False)], ANA, verified=True)
    assert rules.may_close([], ANA, verified=True)


@given(
    st.lists(
        st.builds(
            line,
            st.sampled_from(["done", "na", "todo"]),
            cuts=st.booleans(),
            by=st.sampled_from([ANA, BEN]),
            checked=st.booleans(),
        ),
        max_size=6,
    )
)
def test_nobody_closes_over_their_own_unchecked_work(lines: list[Line]) -> None:
    for who in (ANA, BEN):
        if rules.may_close(lines, who, verified=True) == "":
            assert all(each.checked or each.settled_by_id != who for each in lines)
            assert all(each.state != "todo" for each in lines)


def test_no_access_before_the_whole_gate() -> None:
    steps = rules.gate(contract=True, charter=False, briefed=True, device=False)
    assert [step.name for step in steps if not step.met] == ["charte signée", "appareil déclaré"]


@pytest.mark.parametrize(
    ("today", "opened", "left", "certified", "closed", "held", "state"),
    [
        (FRIDAY, 0, 0, False, False, True, "planned"),
        (FRIDAY, 1, 1, False, False, True, "active"),
        (FRIDAY, 1, 1, False, False, False, "orphan"),
        (MONDAY, 1, 1, False, False, True, "leaving"),
        (MONDAY, 1, 0, False, False, True, "disabled"),
        (MONDAY, 1, 0, True, False, False, "verified"),
        (MONDAY, 1, 0, True, True, True, "closed"),
    ],
)
def test_a_mission_goes_from_planned_to_closed(
    *, today: date, opened: int, left: int, certified: bool, closed: bool, held: bool, state: str
) -> None:
    found = rules.mission_state(
        starts_on=FRIDAY, ends_on=FRIDAY, today=today, opened=opened, left=left, certified=certified,
        closed=closed, held=held,
    )  # fmt: skip
    assert found == state


@pytest.mark.parametrize(
    "text", ["Valbrune!2026", "Compte admin : Tilleul2026Été", "aB3$kLmn", "le coffre, xY9&zzTop#1"]
)
def test_what_looks_like_a_password_is_seen(text: str) -> None:
    assert rules.looks_like_a_secret(text)


@pytest.mark.parametrize(
    "text",
    [
        "Compte administrateur du serveur",
        "Code de l’alarme (mairie)",
        "Wi-Fi invités, salle n° 12",
        "admin@valbrune.example",
        "https://coffre.tilleul.example/Valbrune2",
        "SRV-AD-01",
        "Windows 2019",
        "Coffre Bitwarden / Communes",
        "Administrateur M365",
    ],
)
def test_what_says_what_a_secret_is_for_is_not(text: str) -> None:
    assert not rules.looks_like_a_secret(text)
