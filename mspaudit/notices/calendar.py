"""Deadlines as a calendar that other programs read (RFC 5545)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from icalendar import Calendar, Event
from sqlalchemy import Row, text

from mspaudit.extensions import db
from mspaudit.kernel.french import day
from mspaudit.notices.kinds import kind
from mspaudit.runtime import runtime
from mspaudit.tenancy.context import door
from mspaudit.tenancy.lifecycle import as_context

REFRESH = timedelta(hours=6)
_HOLDER = text("SELECT * FROM auth.calendar(:token, :msp)")


@dataclass(frozen=True)
class Due:
    """One event. ``changed_at``: when what it says last changed, so that the file is the same until then."""

    id: UUID
    client: str
    kind: str
    subject: str
    act_by: date
    due_on: date
    changed_at: datetime


def holder(token_hash: bytes, msp: str) -> Row[Any] | None:
    """Whose calendar that address is: tenant_id, tenant_name, member_id, member_name, role, all_clients."""
    with as_context(door(), used_up=False):
        return db.session.execute(_HOLDER, {"token": token_hash, "msp": msp}).one_or_none()


def page(path: str) -> str:
    """The full public address of a page."""
    return f"{runtime().settings.public_url}{path}"


def written(events: Sequence[Due], *, name: str, page: str) -> bytes:
    """The file: one all-day event on each last useful day, in Paris, free rather than busy."""
    found = Calendar()
    found.add("prodid", "-//mspaudit//echeances//FR")
    found.add("version", "2.0")
    found.add("method", "PUBLISH")
    found.add("x-wr-calname", f"Échéances, {name}")
    found.add("x-wr-timezone", "Europe/Paris")
    found.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    found.add("x-published-ttl", "PT6H")
    for due in events:
        found.add_component(_event(due, page))
    return bytes(found.to_ical())


def _event(due: Due, page: str) -> Event:
    event = Event()
    event.add("uid", f"{due.id}@mspaudit")
    event.add("dtstamp", due.changed_at)
    event.add("last-modified", due.changed_at)
    event.add("dtstart", due.act_by)
    event.add("dtend", due.act_by + timedelta(days=1))
    event.add("summary", f"{due.client}\u00a0: {due.subject}")
    said = f"{kind(due.kind).label}. Dernier jour utile\u00a0: {day(due.act_by)}."
    if due.due_on != due.act_by:
        said += f" Fin\u00a0: {day(due.due_on)}."
    event.add("description", said)
    event.add("url", f"{page}/{due.id}")
    event.add("transp", "TRANSPARENT")
    event.add("categories", [kind(due.kind).label])
    return event
