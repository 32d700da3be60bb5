"""Writing a line of a client's register."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from mspaudit.clients.models import Client
from mspaudit.extensions import db
from mspaudit.kernel.ids import new_id
from mspaudit.plan.models import DecisionEvent, Recommendation


def hold(client_ids: list[UUID]) -> None:
    """Keep others from numbering advice at these clients until the end, in an order that cannot cross."""
    held = select(Client.id).where(Client.id.in_(client_ids)).order_by(Client.id)
    db.session.execute(held.with_for_update(key_share=True))


def write(advice: Recommendation, kind: str, told: Mapping[str, Any], *, now: datetime) -> DecisionEvent:
    """A new line of the register, to be numbered and sealed when the session is flushed."""
    event = DecisionEvent(
        id=new_id(),
        client_id=advice.client_id,
        recommendation_id=advice.id,
        at=now,
        kind=kind,
        payload={"number": advice.number, "title": advice.title, **told},
    )
    db.session.add(event)
    return event


def price_of(advice: Recommendation, option: int = 0) -> dict[str, int]:
    """The amounts of one of the options, for a line of the register."""
    chosen = advice.options[option]
    return {"once_cents": chosen["once_cents"], "yearly_cents": chosen["yearly_cents"]}
