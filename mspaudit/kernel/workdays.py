"""Working days of mainland France: neither a weekend nor a public holiday."""

from datetime import date, timedelta
from functools import cache

import holidays


def is_working(day: date) -> bool:
    """Whether offices are open that day."""
    return day.weekday() < 5 and day not in _closed()


def on_or_before(day: date) -> date:
    """``day``, or the last working day before it."""
    while not is_working(day):
        day -= timedelta(days=1)
    return day


def on_or_after(day: date) -> date:
    """``day``, or the first working day after it."""
    while not is_working(day):
        day += timedelta(days=1)
    return day


@cache
def _closed() -> holidays.HolidayBase:
    return holidays.country_holidays("FR")
