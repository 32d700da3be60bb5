"""The dashboard's content, gathered in four statements whatever the size of the portfolio."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import NamedTuple

from mspaudit.content.packs import base_pack
from mspaudit.kernel.french import month, plural, short_month
from mspaudit.kernel.periods import add_months, month_start, months_between
from mspaudit.portfolio import overview as overviews
from mspaudit.portfolio import queries
from mspaudit.portfolio.overview import Overview
from mspaudit.portfolio.queries import Choices, Page, Row
from mspaudit.portfolio.rules import Wanted
from mspaudit.risk import queries as figures
from mspaudit.risk.gaps import Gap, Move
from mspaudit.risk.queries import Month, Past
from mspaudit.risk.rounding import level, shown
from mspaudit.risk.rules import Candidate, plan_for
from mspaudit.tenancy.context import current
from mspaudit.web.charts import LEVELS

MONTHS = 12
SHARED_BY = 2
GAPS_SHOWN = 5
RANGES = ("moins de 25", "de 25 à 49", "de 50 à 74", "75 et plus")
FIGURES = {
    "risque": ("risk", "Risque moyen", "sur 100", "Ce qui peut arriver."),
    "posture": ("posture", "Posture moyenne", "sur 100", "Ce qui est en place."),
    "certitude": ("certainty", "Certitude moyenne", "%", "Ce qui est prouvé."),
}


class Year(NamedTuple):
    """A figure over twelve months: a value or None each, and the names of the months at its ends."""

    values: list[float | None]
    first: date
    last: date

    @property
    def change(self) -> int:
        """The change between the first and last values as shown."""
        known = [value for value in self.values if value is not None]
        return shown(known[-1]) - shown(known[0]) if known else 0

    @property
    def span(self) -> str:
        """« en un an », « en 3 mois » or « ce mois-ci »."""
        months = months_between(self.first, self.last)
        if months >= MONTHS - 1:
            return "en un an"
        return f"en {plural(months, 'mois', 'mois')}" if months else "ce mois-ci"

    @property
    def ends(self) -> tuple[str, str]:
        """« déc. » and « nov. »."""
        return short_month(add_months(self.last, -(MONTHS - 1))), short_month(self.last)

    def told(self, title: str, unit: str = "") -> str:
        """The whole line in words, for those who cannot see it."""
        known = [value for value in self.values if value is not None]
        if len(known) < 2:
            return f"{title} : {shown(known[-1]) if known else 0}{unit}"
        return (
            f"{title} : de {shown(known[0])}{unit} en {month(self.first)} "
            f"à {shown(known[-1])}{unit} en {month(self.last)}"
        )


class Group(NamedTuple):
    """Rows of one level, 1 to 4, or 0 for those without figures; `clients` over all pages."""

    level: int
    clients: int
    rows: list[Row]

    @property
    def title(self) -> str:
        """« Critique »."""
        return LEVELS[self.level - 1].capitalize() if self.level else "À évaluer"

    @property
    def say(self) -> str:
        """« 75 et plus · 3 clients »."""
        count = plural(self.clients, "client")
        return f"{RANGES[self.level - 1]} · {count}" if self.level else f"pas encore de réponse · {count}"


@dataclass(frozen=True)
class Task:
    """One measure of the best plan, and where to do it."""

    code: str
    moves: list[Move]

    @property
    def hours(self) -> float:
        """For all its clients."""
        return sum(move.hours for move in self.moves)

    @property
    def gain(self) -> float:
        """Points of risk over its clients."""
        return sum(move.gain for move in self.moves)


@dataclass(frozen=True)
class Plan:
    """The best use of some hours."""

    budget: int
    tasks: list[Task]

    @property
    def gain(self) -> float:
        """Points of risk over all clients."""
        return sum(task.gain for task in self.tasks)

    @property
    def clients(self) -> int:
        """How many clients it serves."""
        return len({move.client for task in self.tasks for move in task.moves})


@dataclass(frozen=True)
class Board:
    """Everything the dashboard shows."""

    overview: Overview
    page: Page
    past: Past
    choices: Choices
    today: date

    @property
    def groups(self) -> list[Group]:
        """The rows of the page by level."""
        keyed = groupby(self.page.rows, key=lambda row: level(row.standing.risk) if row.standing else 0)
        found = [(number, list(rows)) for number, rows in keyed]
        return [Group(number, rows[0].in_level, rows) for number, rows in found]

    @property
    def gaps(self) -> list[Gap]:
        """The indispensables that several clients lack."""
        shared = (gap for gap in self.past.gaps if gap.indispensable and gap.clients >= SHARED_BY)
        return list(shared)[:GAPS_SHOWN]

    @property
    def a_year_ago(self) -> list[int] | None:
        """Clients by level a year ago, when it is known."""
        first = self.past.months[0] if self.past.months else None
        old = first and months_between(month_start(first.day), month_start(self.today)) >= MONTHS - 1
        return first.levels if first and old else None

    def year(self, figure: str) -> Year:
        """The year of the mean of `risk`, `posture` or `certainty`, ending now."""
        return year(self.past.months, figure, self.overview.mean(figure), self.today)

    def plan(self, hours: int) -> Plan:
        """The best use of that many hours."""
        return best_plan(self.past.moves, hours)


def gather(wanted: Wanted, *, today: date) -> Board:
    """The dashboard as `wanted`."""
    overview = overviews.overview()
    if current().kind == "limited":
        past = figures.portfolio_of(overview.clients, today=today)
    else:
        past = figures.portfolio(today=today)
    return Board(overview, queries.page(wanted, overview), past, queries.choices(), today)


def best_plan(moves: Sequence[Move], hours: int) -> Plan:
    """The best use of `hours`, its actions gathered by measure in the order they come up."""
    known = {(move.client, move.code): move for move in moves}
    chosen = plan_for(hours, (Candidate(m.client, m.code, m.gain, m.hours, m.indispensable) for m in moves))
    tasks: dict[str, list[Move]] = {}
    for item in chosen:
        tasks.setdefault(item.code, []).append(known[item.client, item.code])
    return Plan(hours, [Task(code, found) for code, found in tasks.items()])


def year(months: Sequence[Month], figure: str, now: float, today: date) -> Year:
    """Twelve values ending with `now`, None for a month without a computation."""
    by_month = {month_start(one.day): getattr(one, figure) for one in months}
    starts = [month_start(add_months(today, -back)) for back in reversed(range(MONTHS))]
    values = [by_month.get(start) for start in starts[:-1]] + [now]
    first = next(start for start, value in zip(starts, values, strict=True) if value is not None)
    return Year(values, first, starts[-1])


def scenario_titles() -> list[str]:
    """The six scenarios in words, in the order of the figures."""
    return [scenario.title for scenario in base_pack().scenarios]


def counted(overview: Overview) -> str:
    """« 60 clients : 38 communes, 22 entreprises. »"""
    parts = [
        plural(count, word)
        for count, word in (
            (overview.kinds["commune"], "commune"),
            (overview.kinds["enterprise"], "entreprise"),
        )
        if count
    ]
    whole = f"{plural(overview.total, 'client')} : " if len(parts) > 1 else ""
    return f"{whole}{', '.join(parts)}." if parts else ""
