"""Reading incidents, their clocks and logs, and who may sign."""

from collections.abc import Sequence
from typing import NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import Select, func, select
from werkzeug.exceptions import NotFound

from mspaudit.clients.models import Client
from mspaudit.crisis.incidents.duties import DUTIES
from mspaudit.crisis.incidents.models import (
    Incident,
    IncidentClock,
    IncidentEntry,
    IncidentLesson,
    SigningRight,
)
from mspaudit.extensions import db

T = TypeVar("T")


class Listed(NamedTuple):
    """An incident in a list. ``next``: the clock still running that ends first, if any."""

    incident: Incident
    client: Client
    next: IncidentClock | None


def incidents(client_id: UUID | None = None, *, open_only: bool = False, limit: int = 500) -> list[Listed]:
    """The incidents of a client, or of all, those open first, then the latest; two statements."""
    statement = select(Incident, Client).join(Client, Client.id == Incident.client_id)
    if client_id is not None:
        statement = statement.where(Incident.client_id == client_id)
    if open_only:
        statement = statement.where(Incident.closed_at.is_(None))
    rows = db.session.execute(
        statement.order_by(Incident.closed_at.is_not(None), Incident.awareness_at.desc()).limit(limit)
    ).all()
    first = _first_clocks([row[0].id for row in rows if row[0].open])
    return [Listed(row[0], row[1], first.get(row[0].id)) for row in rows]


def _first_clocks(ids: Sequence[UUID]) -> dict[UUID, IncidentClock]:
    running = select(IncidentClock).where(
        IncidentClock.incident_id.in_(ids),
        IncidentClock.applies,
        ~IncidentClock.waived,
        IncidentClock.done_at.is_(None),
        IncidentClock.due_at.is_not(None),
    )
    found: dict[UUID, IncidentClock] = {}
    for clock in db.session.scalars(running.order_by(IncidentClock.due_at)):
        found.setdefault(clock.incident_id, clock)
    return found


def incident_or_404(client_id: UUID, incident_id: UUID, *, lock: bool = False) -> Incident:
    """One incident of that client. Raises NotFound. ``lock``: until this transaction ends."""
    statement = select(Incident).where(Incident.client_id == client_id, Incident.id == incident_id)
    return _one(statement.with_for_update() if lock else statement)


def clocks(incident_id: UUID) -> list[IncidentClock]:
    """The clocks of an incident, in the order of the duties."""
    rows = db.session.scalars(select(IncidentClock).where(IncidentClock.incident_id == incident_id))
    return sorted(rows, key=lambda row: list(DUTIES).index(row.duty))


def clock_or_404(incident_id: UUID, clock_id: UUID) -> IncidentClock:
    """One clock of that incident. Raises NotFound."""
    return _one(
        select(IncidentClock).where(IncidentClock.incident_id == incident_id, IncidentClock.id == clock_id)
    )


def entries(incident_id: UUID) -> Sequence[IncidentEntry]:
    """The log of an incident, as it was written."""
    statement = select(IncidentEntry).where(IncidentEntry.incident_id == incident_id)
    return db.session.scalars(statement.order_by(IncidentEntry.seq)).all()


def lessons(incident_id: UUID) -> Sequence[IncidentLesson]:
    """What an incident taught, the first written first."""
    statement = select(IncidentLesson).where(IncidentLesson.incident_id == incident_id)
    return db.session.scalars(statement.order_by(IncidentLesson.written_at, IncidentLesson.id)).all()


def breaches(client_id: UUID) -> Sequence[Incident]:
    """The incidents of a client that touch personal data, or may: the register of RGPD 33.5."""
    statement = select(Incident).where(Incident.client_id == client_id, Incident.personal != "no")
    return db.session.scalars(statement.order_by(Incident.number)).all()


def told_cnil(client_id: UUID) -> dict[UUID, IncidentClock]:
    """The CNIL's clock of each incident of a client."""
    statement = select(IncidentClock).where(
        IncidentClock.client_id == client_id, IncidentClock.duty == "cnil"
    )
    return {clock.incident_id: clock for clock in db.session.scalars(statement)}


def rights(client_id: UUID) -> Sequence[SigningRight]:
    """Who may sign for a client now."""
    statement = select(SigningRight).where(
        SigningRight.client_id == client_id, SigningRight.ended_at.is_(None)
    )
    return db.session.scalars(statement.order_by(SigningRight.name)).all()


def right_or_404(client_id: UUID, right_id: UUID) -> SigningRight:
    """One right to sign of that client. Raises NotFound."""
    return _one(select(SigningRight).where(SigningRight.client_id == client_id, SigningRight.id == right_id))


def next_number(client_id: UUID) -> int:
    """The number that a client's next incident takes, from 1."""
    last = db.session.scalar(select(func.max(Incident.number)).where(Incident.client_id == client_id))
    return (last or 0) + 1


def _one(statement: Select[T]) -> T:
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found
