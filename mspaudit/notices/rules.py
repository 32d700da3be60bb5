"""What is told, to whom and when: pure decisions on dates. Days are those of Europe/Paris."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

import holidays

from mspaudit.kernel.clock import PARIS, local

# Beyond a year nobody plans; more thresholds than these would be noise.
MOST_DAYS = 365
MOST_THRESHOLDS = 8
URGENT_DAYS = 1
SILENCE = timedelta(minutes=30)
# « Vu » silences what is far; the last week is told whatever was seen before.
LAST_WEEK = 7
SOON_DAYS = 15
MOST_SNOOZE_DAYS = 366
# A summary that could not leave by then waits for the next working day.
EVENING = time(18)
EARLIEST, LATEST = time(6), time(17, 30)
MORNING = time(8, 30)
WEEK = (1, 2, 3, 4, 5)

OPEN, SEEN, SNOOZED, DONE = "open", "acknowledged", "snoozed", "done"
STATES = (OPEN, SEEN, SNOOZED, DONE)


def reached(act_by: date, thresholds: Iterable[int], today: date) -> list[int]:
    """The thresholds (days before the last useful day) that ``today`` has reached, the most urgent first.

    Reached is « on or after », never « the very day »: a run that was missed loses nothing.
    """
    return sorted({days for days in thresholds if act_by - timedelta(days=days) <= today})


def told_now(
    act_by: date, thresholds: Iterable[int], told: Collection[int], today: date
) -> tuple[int | None, list[int]]:
    """(the threshold to tell, those to mark as passed), given those already ``told``.

    After some days without a scheduler only the most urgent is told.
    """
    found = reached(act_by, thresholds, today)
    new = [days for days in found if days not in told]
    if not new:
        return None, []
    return (new[0], new[1:]) if new[0] == found[0] else (None, new)


def silenced(state: str, until: date | None, days: int, today: date) -> bool:
    """Whether what somebody said of a deadline keeps the threshold ``days`` from being told."""
    if state == SNOOZED:
        return until is not None and until > today
    return state == DONE or (state == SEEN and days > LAST_WEEK)


def settles(state: str, until: date | None, today: date) -> bool:
    """Whether a deadline in that state asks nothing of anybody that day."""
    return state == DONE or (state == SNOOZED and until is not None and until > today)


@dataclass(frozen=True)
class Hours:
    """When somebody reads their mail: at what time, on which days of the week (1 is Monday), where."""

    at: time = MORNING
    days: tuple[int, ...] = WEEK
    alsace: bool = False

    def works(self, day: date) -> bool:
        """Whether it is one of their working days, the public holidays of France left out."""
        return day.isoweekday() in self.days and day not in _holidays(day.year, self.alsace)

    def next_working_day(self, day: date) -> date:
        """The first working day after ``day``; two weeks on at most, for whoever works on holidays alone."""
        following = (day + timedelta(days=n) for n in range(1, 15))
        return next((found for found in following if self.works(found)), day + timedelta(days=14))

    def leaves_at(self, now: datetime) -> datetime | None:
        """When a summary written at ``now`` leaves, UTC; None when it waits for another day."""
        here = local(now)
        if not self.works(here.date()) or here.time() >= EVENING:
            return None
        return datetime.combine(here.date(), self.at, PARIS).astimezone(UTC)


@cache
def _holidays(year: int, alsace: bool) -> frozenset[date]:
    return frozenset(holidays.country_holidays("FR", subdiv="57" if alsace else None, years=year))


def silent(beat: datetime, now: datetime) -> bool:
    """Whether a part of the engine has given no sign of life for half an hour."""
    return now - beat >= SILENCE


def thresholds(text: str) -> tuple[int, ...] | None:
    """« 90, 30 et 7 » as numbers of days, the furthest first; None when it cannot be read."""
    words = text.replace(",", " ").replace(";", " ").replace(" et ", " ").split()
    if not words or not all(word.isascii() and word.isdigit() and len(word) <= 3 for word in words):
        return None
    found = sorted({int(word) for word in words}, reverse=True)
    return tuple(found) if found[0] <= MOST_DAYS and len(found) <= MOST_THRESHOLDS else None


def half_hours() -> Sequence[time]:
    """The times at which a summary may leave."""
    first, last = EARLIEST.hour * 2, LATEST.hour * 2 + 1
    return [time(n // 2, 30 * (n % 2)) for n in range(first, last + 1)]
