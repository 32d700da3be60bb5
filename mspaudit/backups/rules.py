"""When a backup is expected, and what its silence or its last word means. Days are those of Paris.

``migrations/sql/0005_ping.sql`` writes ``heard`` once more for the door; a test holds the two equal.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal

from holidays import country_holidays

from mspaudit.kernel.clock import PARIS, local

Kind = Literal["success", "warning", "fail", "start", "log"]
State = Literal["up", "warned", "running", "waiting", "paused", "late", "down", "never", "stuck"]
Night = Literal["ok", "failed", "missing", ""]

RED: tuple[State, ...] = ("down", "late", "never", "stuck")
# As they are read first: what is red, then what is not known yet, then what is well.
ORDER: tuple[State, ...] = (*RED, "warned", "waiting", "running", "up", "paused")
LONGEST_PAUSE_DAYS = 180
TEST_EVERY_MONTHS = 12
LONGEST_RUN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Schedule:
    """Expected every ``period_hours``, plus ``grace_hours`` before silence is red.

    ``working_days``: the period, in whole days, counts working days alone.
    """

    period_hours: int
    grace_hours: int
    working_days: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """What is kept of everything heard so far."""

    due_at: datetime
    last_result: str | None = None
    last_result_at: datetime | None = None
    last_ok_at: datetime | None = None
    started_at: datetime | None = None
    paused_until: datetime | None = None


@lru_cache(maxsize=64)
def _holidays(year: int) -> frozenset[date]:
    return frozenset(country_holidays("FR", years=year))


def is_working(day: date) -> bool:
    """Monday to Friday, but the eleven national holidays of metropolitan France."""
    return day.weekday() < 5 and day not in _holidays(day.year)


@lru_cache(maxsize=8)
def working_from(day: date, count: int = 45) -> tuple[date, ...]:
    """The next ``count`` working days, ``day`` included when it is one."""
    found: list[date] = []
    while len(found) < count:
        if is_working(day):
            found.append(day)
        day += timedelta(days=1)
    return tuple(found)


def instant(day: date, at: time) -> datetime:
    """That hour of that day on a clock in Paris, in UTC.

    The hour that comes twice in October is its second; the one that March skips is an hour later. Both
    are what PostgreSQL reads.
    """
    naive = datetime.combine(day, at.replace(tzinfo=None, fold=0))
    return max(naive.replace(tzinfo=PARIS, fold=fold).astimezone(UTC) for fold in (0, 1))


def due_after(heard: datetime, schedule: Schedule) -> datetime:
    """The instant after which silence is red, when the last success was at ``heard``.

    Whole days keep the hour of the clock, through the nights it changes; the hours left over and the
    grace are elapsed time. A success on a day off counts as one of the next working day's first hour.
    """
    here = local(heard)
    days, hours = divmod(schedule.period_hours, 24)
    if schedule.working_days:
        ahead = working_from(here.date(), days + 1)
        at = here.time() if ahead[0] == here.date() else time(0)
        target = instant(ahead[days], at)
    else:
        target = instant(here.date() + timedelta(days=days), here.time())
    return target + timedelta(hours=hours + schedule.grace_hours)


def answer_by(failed: datetime) -> datetime:
    """Until when someone should have read a failure: the end of the next working day."""
    day = local(failed).date()
    following = working_from(day + timedelta(days=1), 1)[0]
    return instant(following + timedelta(days=1), time(0))


def heard(standing: Standing, kind: Kind, at: datetime, schedule: Schedule) -> Standing:
    """What one more signal makes of it. One older than the last result changes nothing."""
    if kind == "log" or (standing.last_result_at is not None and at < standing.last_result_at):
        return standing
    if kind == "start":
        return replace(standing, started_at=at)
    told = replace(standing, last_result=kind, last_result_at=at, started_at=None)
    if kind == "fail":
        return told
    due = due_after(at, schedule)
    if standing.paused_until is not None and standing.paused_until > at:
        due = max(due, standing.due_at)
    return replace(told, last_ok_at=at, due_at=due)


def took(standing: Standing, kind: Kind, at: datetime) -> int | None:
    """Seconds since the start that this result ends; None without a start, or one of another week."""
    if kind in ("start", "log") or standing.started_at is None:
        return None
    lasted = at - standing.started_at
    return int(lasted.total_seconds()) if timedelta(0) <= lasted < LONGEST_RUN else None


def state(standing: Standing, *, now: datetime, grace_hours: int) -> State:
    """Where the job stands at ``now``. Failed, late, never heard of and never finished are all red."""
    begun, last = standing.started_at, standing.last_result
    silent = now > standing.due_at
    found: tuple[tuple[bool, State], ...] = (
        (standing.paused_until is not None and now < standing.paused_until, "paused"),
        (last == "fail", "down"),
        (begun is not None and now > begun + timedelta(hours=grace_hours), "stuck"),
        (silent and last is None, "never"),
        (silent, "late"),
        (begun is not None, "running"),
        (last is None, "waiting"),
        (last == "warning", "warned"),
    )
    return next((state for holds, state in found if holds), "up")


@dataclass(frozen=True, slots=True)
class Heard:
    """A day's results of one job: whether one failed, and when the last came."""

    failed: bool
    at: datetime


def nights(
    days: Iterable[date],
    told: Mapping[date, Heard],
    *,
    before: datetime | None,
    born: datetime,
    schedule: Schedule,
    now: datetime,
) -> list[Night]:
    """How each of ``days`` (in order) ended: saved, failed, in silence too long, or with nothing expected.

    Args:
        before: the last result before the first day.
        born: when the job began to be followed.
    """
    found: list[Night] = []
    last = before
    for day in days:
        seen = told.get(day)
        end = min(instant(day + timedelta(days=1), time(0)), now)
        if seen is not None:
            last = seen.at
            found.append("failed" if seen.failed else "ok")
        elif end > born and end > due_after(last or born, schedule):
            found.append("missing")
        else:
            found.append("")
    return found


def exit_kind(code: int) -> Kind:
    """What a command's exit status says."""
    return "success" if code == 0 else "fail"


def refusal(schedule: Schedule) -> str | None:
    """Why a schedule cannot be, in French; None when it can."""
    if not 1 <= schedule.period_hours <= 8784:
        return "Une sauvegarde est attendue au plus chaque heure et au moins une fois par an."
    if not 1 <= schedule.grace_hours <= 720:
        return "Le délai de grâce va d’une heure à trente jours."
    if schedule.working_days and (schedule.period_hours % 24 or schedule.period_hours > 744):
        return "En jours ouvrés, la période va de 1 à 31 jours."
    return None
