from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mspaudit.kernel import clock, periods

days = st.dates(date(1990, 1, 1), date(2090, 12, 31))


def test_the_business_day_turns_at_midnight_in_paris() -> None:
    assert clock.today(datetime(2026, 11, 20, 22, 59, tzinfo=UTC)) == date(2026, 11, 20)
    assert clock.today(datetime(2026, 11, 20, 23, 0, tzinfo=UTC)) == date(2026, 11, 21)
    assert clock.now().tzinfo is UTC


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError):
        clock.today(datetime(2026, 11, 20, tzinfo=UTC).replace(tzinfo=None))


@pytest.mark.parametrize(
    ("day", "months", "result"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 1, 15), -13, date(2024, 12, 15)),
    ],
)
def test_months_are_added_and_held_to_month_ends(day: date, months: int, result: date) -> None:
    assert periods.add_months(day, months) == result


@given(days, days)
def test_whole_months_between_is_the_largest_that_fits(start: date, end: date) -> None:
    months = periods.months_between(start, end)
    assert periods.add_months(start, months) <= end < periods.add_months(start, months + 1)


@given(days, days)
def test_month_starts_are_every_first_in_the_range(first: date, last: date) -> None:
    starts = periods.month_starts(first, last)
    assert all(first <= start <= last and start.day == 1 for start in starts)
    assert all(periods.add_months(a, 1) == b for a, b in pairwise(starts))
    if first <= last and first.day == 1:
        assert starts[0] == first


def test_a_month_has_a_start_and_an_end() -> None:
    assert periods.month_start(date(2024, 2, 17)) == date(2024, 2, 1)
    assert periods.month_end(date(2024, 2, 17)) == date(2024, 2, 29)
