"""Month arithmetic on business days, where month ends and leap days behave as a contract reads them."""

from calendar import monthrange
from datetime import date


def month_start(day: date) -> date:
    """The first day of the month of `day`."""
    return day.replace(day=1)


def month_end(day: date) -> date:
    """The last day of the month of `day`."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def add_months(day: date, months: int) -> date:
    """`day` moved by `months` (negative goes back), held to the last day of a shorter month.

    31 January plus one month is 28 or 29 February; adding month by month from that result drifts,
    so always count from the original date.
    """
    year, index = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, index + 1, min(day.day, monthrange(year, index + 1)[1]))


def months_between(start: date, end: date) -> int:
    """How many whole months separate `start` from `end`; negative when `end` comes first.

    The largest n such that `add_months(start, n) <= end`.
    """
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if add_months(start, months) <= end else months - 1


def month_starts(first: date, last: date) -> list[date]:
    """Every first of a month from `first` to `last`, both included."""
    start = first if first.day == 1 else add_months(month_start(first), 1)
    count = (last.year - start.year) * 12 + last.month - start.month + 1
    return [add_months(start, index) for index in range(max(count, 0))]
