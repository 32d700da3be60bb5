"""The last useful day, in calendar months, whatever the month and the year."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mspaudit.inventory.rules import Period, Term, per_seat, working_day_before
from mspaudit.kernel.periods import add_months

DAYS = st.dates(date(2015, 1, 1), date(2060, 12, 31))
TERMS = st.builds(
    Term,
    ends_on=DAYS,
    notice_months=st.integers(0, 24),
    notice_days=st.integers(0, 120),
    tacit=st.booleans(),
    renewal_months=st.integers(1, 36),
    noticed_on=st.none() | DAYS,
)


@pytest.mark.parametrize(
    ("ends_on", "months", "act_by"),
    [
        (date(2027, 1, 31), 3, date(2026, 10, 31)),
        (date(2027, 5, 31), 3, date(2027, 2, 28)),
        (date(2028, 5, 31), 3, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2027, 2, 28)),
        (date(2026, 12, 31), 1, date(2026, 11, 30)),
        (date(2026, 12, 31), 3, date(2026, 9, 30)),
        (date(2027, 3, 31), 2, date(2027, 1, 31)),
        (date(2027, 6, 30), 6, date(2026, 12, 30)),
        (date(2027, 1, 1), 0, date(2027, 1, 1)),
    ],
)
def test_notice_is_counted_back_in_calendar_months(ends_on: date, months: int, act_by: date) -> None:
    assert Term(ends_on, notice_months=months).current(date(2026, 1, 1)).act_by == act_by


def test_a_notice_in_days_comes_on_top() -> None:
    assert Term(date(2027, 3, 31), notice_days=45).current(date(2026, 1, 1)).act_by == date(2027, 2, 14)
    both = Term(date(2027, 3, 31), notice_months=1, notice_days=10)
    assert both.current(date(2026, 1, 1)).act_by == date(2027, 2, 18)


def test_a_missed_notice_renews_the_contract_for_another_period() -> None:
    term = Term(date(2026, 12, 31), notice_months=3, tacit=True)
    assert term.current(date(2026, 9, 30)) == Period(date(2026, 9, 30), date(2026, 12, 31))
    assert term.current(date(2026, 10, 1)) == Period(date(2027, 9, 30), date(2027, 12, 31))


def test_a_contract_that_does_not_renew_keeps_its_end() -> None:
    term = Term(date(2026, 12, 31), notice_months=3)
    assert term.current(date(2030, 1, 1)) == Period(date(2026, 9, 30), date(2026, 12, 31))


def test_renewals_are_counted_from_the_first_end_and_never_drift() -> None:
    monthly = Term(date(2026, 1, 31), tacit=True, renewal_months=1)
    assert monthly.current(date(2026, 2, 10)).end == date(2026, 2, 28)
    assert monthly.current(date(2026, 3, 10)).end == date(2026, 3, 31)
    leap = Term(date(2024, 2, 29), tacit=True)
    assert [leap.current(date(year, 1, 1)).end.day for year in (2025, 2026, 2027, 2028)] == [28, 28, 28, 29]


def test_notice_given_in_time_ends_the_period_under_way() -> None:
    term = Term(date(2024, 12, 31), notice_months=3, tacit=True, noticed_on=date(2026, 9, 30))
    assert term.current(date(2030, 1, 1)) == Period(date(2026, 12, 31), date(2026, 12, 31))


def test_notice_given_too_late_ends_the_next_one() -> None:
    term = Term(date(2024, 12, 31), notice_months=3, tacit=True, noticed_on=date(2026, 10, 1))
    assert term.current(date(2026, 10, 2)).end == date(2027, 12, 31)


@given(TERMS, DAYS)
def test_the_last_useful_day_never_comes_after_the_end(term: Term, today: date) -> None:
    found = term.current(today)
    assert found.act_by <= found.end


@given(TERMS, DAYS)
def test_it_is_the_first_period_that_can_still_be_refused(term: Term, today: date) -> None:
    count = term.renewals(today)
    if term.tacit:
        assert term.period(count).act_by >= today
        assert count == 0 or term.period(count - 1).act_by < today
    else:
        assert count == 0


@given(TERMS, DAYS, st.integers(0, 2000))
def test_time_never_brings_a_deadline_back(term: Term, today: date, later: int) -> None:
    assert term.current(today + timedelta(days=later)).act_by >= term.current(today).act_by


@given(TERMS, DAYS)
def test_a_longer_notice_is_never_later(term: Term, today: date) -> None:
    shorter = term.period(0)
    longer = Term(term.ends_on, term.notice_months + 1, term.notice_days).period(0)
    assert longer.act_by <= shorter.act_by


@given(DAYS, st.integers(1, 24), st.integers(0, 40))
def test_a_period_ends_where_the_calendar_says(ends_on: date, renewal: int, count: int) -> None:
    term = Term(ends_on, tacit=True, renewal_months=renewal)
    assert term.period(count).end == add_months(ends_on, renewal * count)


@pytest.mark.parametrize(
    ("day", "before"),
    [
        (date(2026, 11, 30), date(2026, 11, 30)),  # a Monday
        (date(2027, 2, 28), date(2027, 2, 26)),  # a Sunday
        (date(2027, 5, 1), date(2027, 4, 30)),  # 1 May, a Saturday
        (date(2026, 5, 25), date(2026, 5, 22)),  # Whit Monday
        (date(2027, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_closed_day_is_answered_with_the_working_day_before(day: date, before: date) -> None:
    assert working_day_before(day) == before


def test_a_seat_costs_its_share_to_the_cent() -> None:
    assert per_seat(60200, 14) == 4300
    assert per_seat(100, 3) == 33
    assert per_seat(100, None) is None
    assert per_seat(100, 0) is None
