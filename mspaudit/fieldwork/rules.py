"""What a field report may reveal, how urgent it is, and by when something is owed. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple, TypeVar
from uuid import UUID

from mspaudit.kernel import workdays
from mspaudit.kernel.clock import local
from mspaudit.kernel.periods import add_months

Level = Literal["immediate", "structural", "comfort"]

SMALLEST_GROUP = 5
"""Under this many people, a group's name would point at someone: the report is not tied to it."""
MOST_IMMEDIATE = 5
CONTAIN_DAYS, DECIDE_WORKING_DAYS = 7, 2
INTERIM_DAYS, VENDOR_DAYS, REVIEW_DAYS = 30, 90, 90
ANSWER_DAYS = 30
LONGEST_GAP_MONTHS = 12

CATEGORIES = {
    "client_data": "Données de personnes ou de clients",
    "financial": "Informations financières",
    "admin_access": "Accès d’administration",
    "comfort": "Confort",
}
WEIGHTS = {"admin_access": 4, "financial": 4, "client_data": 4, "comfort": 1}
CAUSES = {"tool": "L’outil", "organisation": "L’organisation", "none": "Ni l’un ni l’autre"}
LEVELS: dict[str, str] = {"immediate": "Immédiat", "structural": "De fond", "comfort": "Confort"}
SIDES: dict[str, str] = {"field": "Terrain", "direction": "Direction", "it": "Informatique"}
ANSWERS = {"done": "C’est fait", "later": "Plus tard", "refused": "Non"}

_LEVELS: dict[str, Level] = {"immediate": "immediate", "structural": "structural", "comfort": "comfort"}

T = TypeVar("T")


class HalfDay(NamedTuple):
    """The finest time that is ever kept of a report."""

    on: date
    half: Literal["am", "pm"]


class Exposure(NamedTuple):
    """What makes a practice dangerous today."""

    external: bool
    shared: bool
    everyone: bool


def half_day(moment: datetime) -> HalfDay:
    """The morning or afternoon of ``moment``, in Paris; noon is the afternoon's."""
    here = local(moment)
    return HalfDay(here.date(), "am" if here.hour < 12 else "pm")


def tied_group(group: UUID, headcount: int) -> UUID | None:
    """The group to keep with a report: none when it has so few people that it would name them."""
    return group if headcount >= SMALLEST_GROUP else None


def proposed_category(data: Iterable[str]) -> str:
    """The class of a report from the data it handles: the most exposing of them."""
    kinds = set(data)
    if "codes" in kinds:
        return "admin_access"
    if "money" in kinds:
        return "financial"
    return "client_data" if kinds & {"people", "health"} else "comfort"


def level(category: str, exposure: Exposure, cause: str) -> Level:
    """How a report is treated: now, as a matter of substance, or at the quarterly review."""
    if category != "comfort" and any(exposure):
        return "immediate"
    return "structural" if cause in ("tool", "organisation") else "comfort"


def as_level(text: str) -> Level:
    """A level as it is stored. Raises KeyError for anything else."""
    return _LEVELS[text]


def exposure_of(exposure: Exposure) -> int:
    """From 1 to 3: how many of the dangers are there, one at least."""
    return max(1, sum(exposure))


def priority(category: str, exposure: int, frequency: int) -> int:
    """What to look at first: from 1 to 36."""
    return WEIGHTS[category] * exposure * frequency


class Due(NamedTuple):
    """By when something is owed, and what, in French."""

    on: date
    what: str


def due(found: Level, since: date) -> list[Due]:
    """What the level asks for from the day it was given, the earliest first."""
    if found == "immediate":
        return [
            Due(working_days_after(since, DECIDE_WORKING_DAYS), "Décision du client"),
            Due(since + timedelta(days=CONTAIN_DAYS), "Mise à l’abri, même minimale"),
        ]
    if found == "structural":
        return [
            Due(since + timedelta(days=INTERIM_DAYS), "Solution d’attente"),
            Due(since + timedelta(days=VENDOR_DAYS), "Dossier pour l’éditeur ou le prestataire"),
        ]
    return [Due(since + timedelta(days=REVIEW_DAYS), "Revue trimestrielle")]


def working_days_after(day: date, count: int) -> date:
    """The ``count``-th working day after ``day``."""
    for _ in range(count):
        day = workdays.on_or_after(day + timedelta(days=1))
    return day


def answer_by(told_on: date) -> date:
    """The last day to answer a report to its group."""
    return told_on + timedelta(days=ANSWER_DAYS)


class Urgent(NamedTuple):
    """An immediate report as the cap sees it; ``rank``: the client's order, None before it chose."""

    id: UUID
    rank: int | None
    priority: int


def within_cap(urgent: Sequence[Urgent]) -> tuple[list[UUID], list[UUID]]:
    """Those treated now, five at most, and those that wait: the client's order first, then the priority."""
    last = len(urgent) + 1
    ordered = sorted(urgent, key=lambda each: (each.rank or last, -each.priority, each.id.hex))
    ids = [each.id for each in ordered]
    return ids[:MOST_IMMEDIATE], ids[MOST_IMMEDIATE:]


def must_rank(urgent: Sequence[Urgent]) -> bool:
    """Whether there are too many for anyone but the client to choose, and it has not chosen yet."""
    return len(urgent) > MOST_IMMEDIATE and any(each.rank is None for each in urgent)


def disagree(positions: Iterable[bool]) -> bool:
    """Whether those who were asked do not all say the same."""
    return len(set(positions)) > 1


def latest_next(session_on: date) -> date:
    """The last day for the next rendezvous."""
    return add_months(session_on, LONGEST_GAP_MONTHS)


def shown(counts: Sequence[tuple[T, int]]) -> tuple[list[tuple[T, int]], int]:
    """A wall's counts that no person can be read from, and the sum of those kept back.

    A count is shown from five up; what is kept back is summed, and told only if it, too, reaches five.
    """
    kept = [(key, count) for key, count in counts if count >= SMALLEST_GROUP]
    rest = sum(count for _, count in counts if count < SMALLEST_GROUP)
    return kept, rest if rest >= SMALLEST_GROUP else 0


class Changed(NamedTuple):
    """A subject of two campaigns: how many told it before, and now."""

    subject: str
    before: int
    now: int


def changed(before: dict[str, int], now: dict[str, int]) -> list[Changed]:
    """What moved since the previous campaign, the greatest falls first."""
    found = [Changed(key, before.get(key, 0), now.get(key, 0)) for key in sorted(before.keys() | now.keys())]
    return sorted(found, key=lambda each: each.now - each.before)
