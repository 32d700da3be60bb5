"""A row of the list, drawn once: filters, paging and undoing show the same rows again and again."""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from flask import current_app
from markupsafe import Markup

from mspaudit.content.packs import Control
from mspaudit.notices import listing
from mspaudit.notices.queries import Row
from mspaudit.web.charts import Axis

KEPT = 2000


class Cells(NamedTuple):
    """Everything a row says: two equal ones look alike. ``client_url`` is empty on one client's page."""

    id: UUID
    url: str
    client_url: str
    client: str
    what: str
    under: str
    act_by: date
    due_on: date
    amount: int | None
    who: tuple[str, ...]
    state: str
    until: date | None
    ticked: bool
    can_edit: bool
    axis: Axis


class Words(NamedTuple):
    """What a page gives to all its rows. ``client_url`` is None on one client's page."""

    axis: Axis
    controls: Mapping[str, Control]
    url: Callable[[UUID], str]
    client_url: Callable[[str], str] | None
    ticked: Collection[UUID]
    can_edit: bool


def draw(row: Row, words: Words) -> Markup:
    """The row as HTML."""
    due = row.deadline
    return _drawn(
        Cells(
            id=due.id,
            url=words.url(due.id),
            client_url=words.client_url(row.client_slug) if words.client_url else "",
            client=row.client_name,
            what=listing.subject(row, words.controls),
            under=listing.under(row),
            act_by=due.act_by,
            due_on=due.due_on,
            amount=due.amount,
            who=tuple(row.who),
            state=row.state,
            until=row.said.until if row.said else None,
            ticked=due.id in words.ticked,
            can_edit=words.can_edit,
            axis=words.axis,
        )
    )


@lru_cache(maxsize=KEPT)
def _drawn(row: Cells) -> Markup:
    macros = vars(current_app.jinja_env.get_template("notices/_row.html").module)
    drawn: Markup = macros["deadline_row"](row)
    return drawn
