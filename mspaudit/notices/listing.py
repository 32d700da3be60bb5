"""The list of deadlines as a page shows it: groups by date, the axis, what renews unless a letter leaves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from mspaudit.checklists.naming import named
from mspaudit.content.packs import Control
from mspaudit.kernel.french import month
from mspaudit.notices.kinds import KINDS, kind, short
from mspaudit.notices.queries import Page, Row
from mspaudit.notices.rules import SOON_DAYS
from mspaudit.notices.wanted import PERIODS, STATES, Wanted
from mspaudit.web.charts import Axis

# What goes on for another term when nobody writes in time.
RENEWING = ("contract", "insurance")
MOST_NAMED = 3
LONGEST_AXIS = 365


@dataclass(frozen=True)
class Group:
    """Rows under one title."""

    title: str
    rows: list[Row]


@dataclass(frozen=True)
class Renewal:
    """What a few letters would save: cents, and the clients to write for first."""

    amount: int
    named: list[Row]
    others: int


def groups(rows: Iterable[Row], today: date) -> list[Group]:
    """What is past, what is within two weeks, then month by month."""

    def title(row: Row) -> str:
        left = (row.deadline.act_by - today).days
        if left < 0:
            return "Dépassé"
        return f"D’ici {SOON_DAYS} jours" if left <= SOON_DAYS else month(row.deadline.act_by).capitalize()

    return [Group(name, list(same)) for name, same in groupby(rows, key=title)]


def renewal(rows: Sequence[Row], today: date) -> Renewal | None:
    """The contracts of the page that renew for a term within two weeks; None when there are none."""
    found = [
        row
        for row in rows
        if row.deadline.kind in RENEWING
        and row.deadline.amount
        and row.deadline.due_on > row.deadline.act_by
        and 0 <= (row.deadline.act_by - today).days <= SOON_DAYS
    ]
    if not found:
        return None
    amount = sum(row.deadline.amount or 0 for row in found)
    return Renewal(amount, found[:MOST_NAMED], len(found) - MOST_NAMED)


def axis(wanted: Wanted, today: date, width: int) -> Axis:
    """The axis of the whole list."""
    ahead = PERIODS[wanted.period][1]
    return Axis(today, days=min(ahead, LONGEST_AXIS) if ahead > 0 else 120, width=width)


def subject(row: Row, controls: Mapping[str, Control]) -> str:
    """What is due, in words."""
    return short(row.deadline.kind, named(row.deadline.subject, controls))


def under(row: Row) -> str:
    """« Contrat, préavis de 3 mois »: the kind, and what its room adds."""
    return ", ".join(part for part in (kind(row.deadline.kind).label, row.deadline.detail) if part)


def needs_controls(page: Page) -> bool:
    """Whether a row names a control by its code."""
    return any(row.deadline.kind == "proof" for row in page.rows)


def options(kinds: Iterable[str] = KINDS) -> dict[str, list[tuple[str, str]]]:
    """What the filters offer, as (value, text)."""
    return {
        "kinds": sorted(((code, kind(code).label) for code in kinds), key=lambda pair: pair[1]),
        "periods": [(key, words) for key, (words, _, _) in PERIODS.items()],
        "states": list(STATES.items()),
    }
