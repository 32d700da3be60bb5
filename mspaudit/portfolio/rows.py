"""A row of the table, drawn once: sorting, paging and refreshing show the same rows again and again."""

from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from flask import current_app
from markupsafe import Markup

from mspaudit.kernel.clock import local
from mspaudit.kernel.french import short_day, short_month
from mspaudit.portfolio.queries import Row
from mspaudit.risk.rounding import level, rounded_split, shown
from mspaudit.risk.terms import Split

KEPT = 2000
TAGS = 3


class Deadline(NamedTuple):
    """What to act on first, how many days are left, and its words."""

    left: int
    act_by: date
    subject: str


class Figures(NamedTuple):
    """Figures as shown."""

    missing: int
    unproven: int
    level: int
    spark: tuple[float | None, ...]
    change: int
    certainty: int
    contradicted: int
    scenario: str
    exposure: int
    deadline: Deadline | None


class Cells(NamedTuple):
    """Everything a row says: two equal ones look alike, whoever asks."""

    url: str
    start_url: str
    peek_url: str
    slug: str
    name: str
    commune: bool
    size: int | None
    tags: tuple[str, ...]
    contact: str
    figures: Figures | None


class Words(NamedTuple):
    """What a page gives to all its rows."""

    today: date
    scenarios: list[str]
    url: Callable[[str], str]
    start_url: Callable[[str], str]
    peek_url: Callable[[str], str]
    deadline: Callable[[str], str]


def draw(row: Row, words: Words) -> Markup:
    """The row as HTML."""
    return _drawn(cells(row, words))


def cells(row: Row, words: Words) -> Cells:
    """What the row of a client says."""
    client = row.client
    return Cells(
        url=words.url(client.slug),
        start_url=words.start_url(client.slug),
        peek_url=words.peek_url(client.slug),
        slug=client.slug,
        name=client.name,
        commune=client.is_commune,
        size=client.population if client.is_commune else client.headcount,
        tags=tuple(row.tags[:TAGS]),
        contact=_contact(client.last_contact_at, words.today),
        figures=_figures(row, words),
    )


def _contact(at: datetime | None, today: date) -> str:
    """The day; of another year, the month is enough and the column stays narrow."""
    if at is None:
        return "–"
    day = local(at).date()
    return short_day(day) if day.year == today.year else f"{short_month(day)} {day.year}"


def _figures(row: Row, words: Words) -> Figures | None:
    found = row.standing
    if found is None:
        return None
    split = rounded_split(Split(found.missing, found.unproven))
    due = None
    if found.act_by is not None:
        left = (found.act_by - words.today).days
        due = Deadline(left, found.act_by, words.deadline(found.deadline or ""))
    return Figures(
        missing=int(split.missing),
        unproven=int(split.unproven),
        level=level(found.risk),
        spark=tuple(found.spark),
        change=shown(found.risk) - shown(found.risk - found.delta),
        certainty=shown(found.certainty),
        contradicted=found.contradicted,
        scenario=words.scenarios[found.worst - 1],
        exposure=shown(found.worst_exposure),
        deadline=due,
    )


@lru_cache(maxsize=KEPT)
def _drawn(row: Cells) -> Markup:
    macros = vars(current_app.jinja_env.get_template("portfolio/_row.html").module)
    drawn: Markup = macros["client_row"](row)
    return drawn
