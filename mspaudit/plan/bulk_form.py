"""The form that proposes one measure to many clients: a line each, with what it takes there."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from mspaudit.clients.models import Client
from mspaudit.clients.rules import Refused
from mspaudit.content.packs import Control
from mspaudit.extensions import db
from mspaudit.intake.forms import cents
from mspaudit.plan import forms, queries
from mspaudit.plan.forms import PlanForm
from mspaudit.plan.models import ActionItem
from mspaudit.risk import gaps
from mspaudit.risk.gaps import Concerned


@dataclass(frozen=True)
class Row:
    """A client of the form. ``deciders``: names; ``taken``: its action when that is under way.

    ``typed``: hours and euros as the form shows them; ``bought``: cents; ``error``: what cannot be read.
    """

    client: Client
    concerned: Concerned
    deciders: list[str]
    taken: ActionItem | None
    ticked: bool
    typed: tuple[str, str]
    hours: float = 0.0
    bought: int = 0
    error: str = ""

    @property
    def possible(self) -> bool:
        """Whether the measure may be proposed there."""
        return bool(self.deciders) and self.taken is None


def rows(control: Control, form: PlanForm, *, posted: bool, today: date) -> list[Row]:
    """The clients that lack the measure, the greatest gain first, as the form left them; four statements."""
    found = {each.slug: each for each in gaps.concerned(control.code, today=today)}
    clients = {
        row.slug: row for row in db.session.scalars(select(Client).where(Client.slug.in_(list(found))))
    }
    ids = [row.id for row in clients.values()]
    who, known = queries.deciders(ids), queries.actions_for(control.code, ids)
    ticked = set(form.sent.getlist("client")) if posted else set(found)
    listed = []
    for slug, concerned in found.items():
        client = clients[slug]
        names = [member.name for member in who.get(client.id, [])]
        usual = forms.number(concerned.hours), forms.euros(control.cost_eur * 100)
        typed = (form.values.get(f"h-{slug}", ""), form.values.get(f"e-{slug}", "")) if posted else usual
        row = Row(client, concerned, names, _taken(known.get(client.id)), slug in ticked, typed)
        listed.append(_read(row))
    return listed


def _taken(item: ActionItem | None) -> ActionItem | None:
    return item if item is not None and item.status in ("decided", "in_progress", "done") else None


def _read(row: Row) -> Row:
    hours, euros = row.typed
    values = (row.client, row.concerned, row.deciders, row.taken, row.ticked, row.typed)
    try:
        return Row(*values, forms.hours(hours or "0"), cents(euros or "0"))
    except Refused as refused:
        return Row(*values, error=str(refused))
