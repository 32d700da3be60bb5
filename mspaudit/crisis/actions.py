"""What may be done with a crisis plan: start it, fill in each part, read it again, print it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select

from mspaudit.clients import queries as clients
from mspaudit.clients.dirty import mark
from mspaudit.clients.models import Client
from mspaudit.content import crisis as content
from mspaudit.content.crisis import UsualSheet
from mspaudit.crisis import queries, rules
from mspaudit.crisis.models import CellMember, CrisisContact, CrisisPlan, FallbackSheet
from mspaudit.errors import DomainError
from mspaudit.extensions import db
from mspaudit.journal.actions import record
from mspaudit.kernel.french import fold
from mspaudit.kernel.ids import new_id
from mspaudit.kernel.text import one_line

LONGEST = 160
LONGEST_TEXT = 3000
LONGEST_OUTAGE = 720
Kept = TypeVar("Kept", CellMember, CrisisContact)


@dataclass(frozen=True)
class Provider:
    """Who serves the client, as their brand tells: the first line of the directory."""

    name: str
    phone: str


@dataclass(frozen=True)
class SeatGiven:
    """Who holds a place, as typed."""

    name: str = ""
    phone: str = ""
    deputy: str = ""
    deputy_phone: str = ""


@dataclass(frozen=True)
class ContactGiven:
    """A line of the directory, as typed."""

    name: str = ""
    phone: str = ""
    note: str = ""


@dataclass(frozen=True)
class SheetGiven:
    """A fallback sheet, as typed. ``concerned``: False where there is no such service."""

    concerned: bool
    hours: int
    steps: str
    stock: str
    data_source: str


def start(client: Client, provider: Provider, *, today: date, now: datetime) -> CrisisPlan:
    """Start a client's plan with what is known: the provider, the referents, the insurer.

    Raises:
        DomainError: it is started already.
    """
    if queries.plan(client.id) is not None:
        raise DomainError("Ce plan est déjà commencé.")
    plan = CrisisPlan(id=new_id(), client_id=client.id, started_at=now, changed_at=now)
    plan.activation = "\n".join(content.lines("activation"))
    db.session.add(plan)
    for role, (person, deputy) in queries.known_seats(client, today=today).items():
        db.session.add(
            CellMember(
                client_id=client.id, role=role, person_id=person.id, name=person.name,
                phone=person.phone or "", deputy_id=deputy.id if deputy else None,
                deputy=deputy.name if deputy else "", deputy_phone=(deputy.phone or "") if deputy else "",
            )
        )  # fmt: skip
    known = queries.known_contacts(client.id) | {"provider": (provider.name, provider.phone, "")}
    for code, (name, phone, note) in known.items():
        db.session.add(CrisisContact(client_id=client.id, code=code, name=name, phone=phone, note=note))
    db.session.flush()
    record("crisis.started", client.name, subject_id=plan.id, client_id=client.id, at=now)
    mark(client.id)
    return plan


def set_cover(plan: CrisisPlan, *, activation: str, places: Sequence[str], now: datetime) -> None:
    """Write when to activate the plan and where its copies are. Raises DomainError without a criterion."""
    if not activation.strip():
        raise DomainError("Écrivez au moins un critère d’activation.")
    plan.activation = activation.strip()[:LONGEST_TEXT]
    plan.places = [one_line(place, LONGEST) for place in places][: rules.COPIES]
    _changed(plan, "crisis.cover_changed", "Couverture", now)


def set_cell(client: Client, plan: CrisisPlan, given: Mapping[str, SeatGiven], *, now: datetime) -> None:
    """Write the whole team: code of the place → who holds it. An empty place is vacant."""
    people = {fold(each.name): each.id for each in clients.people(client.id) if each.left_on is None}
    codes = [role.code for role in content.roles(client.kind)]
    rows = _rows(CellMember, client.id)
    held = {row.role: row for row in rows}
    for code in codes:
        typed = _short(given.get(code, SeatGiven()))
        row = held.get(code) or CellMember(client_id=client.id, role=code)
        row.person_id, row.deputy_id = people.get(fold(typed.name)), people.get(fold(typed.deputy))
        row.name, row.phone = typed.name, typed.phone
        row.deputy, row.deputy_phone = typed.deputy, typed.deputy_phone
        db.session.add(row)
    db.session.flush()
    _changed(plan, "crisis.cell_changed", "Cellule de crise", now)


def set_directory(
    client: Client, plan: CrisisPlan, given: Mapping[str, ContactGiven], *, now: datetime
) -> None:
    """Write the whole directory: code of the line → whom to call."""
    held = {row.code: row for row in _rows(CrisisContact, client.id)}
    for usual in content.contacts(client.kind):
        typed = _short(given.get(usual.code, ContactGiven()))
        row = held.get(usual.code) or CrisisContact(client_id=client.id, code=usual.code)
        row.name, row.phone, row.note = typed.name, typed.phone, typed.note
        db.session.add(row)
    db.session.flush()
    _changed(plan, "crisis.directory_changed", "Annuaire de crise", now)


def write_sheet(
    client: Client,
    plan: CrisisPlan,
    usual: UsualSheet,
    given: SheetGiven,
    *,
    by: str,
    today: date,
    now: datetime,
) -> FallbackSheet:
    """Write how a service works without computers, or that the client has no such service.

    Raises:
        DomainError: no step, or a delay out of range.
    """
    if given.concerned and not given.steps.strip():
        raise DomainError("Écrivez au moins une étape : que fait-on d’abord ?")
    if not 0 < given.hours <= LONGEST_OUTAGE:
        raise DomainError(f"Le délai va de 1 à {LONGEST_OUTAGE} heures.")
    row = queries.sheet(client.id, usual.code) or FallbackSheet(client_id=client.id, service=usual.code)
    row.concerned, row.hours = given.concerned, given.hours
    row.steps = given.steps.strip()[:LONGEST_TEXT]
    row.stock, row.data_source = one_line(given.stock, 400), one_line(given.data_source, 400)
    row.written_on, row.written_by = today, by
    db.session.add(row)
    db.session.flush()
    _changed(plan, "crisis.sheet_written", usual.title, now)
    return row


def review(plan: CrisisPlan, *, by: str, today: date, now: datetime) -> None:
    """Write that the whole plan was read again today, which makes a new version."""
    plan.version += 1
    plan.reviewed_on, plan.reviewed_by = today, by
    _told(plan, "crisis.reviewed", f"Version {plan.version}", now)


def note_print(plan: CrisisPlan, *, today: date, now: datetime) -> None:
    """Write that the copies were printed today and put in their places. Raises DomainError without any."""
    if not any(plan.places):
        raise DomainError("Notez d’abord où les exemplaires sont rangés.")
    plan.printed_on = today
    _told(plan, "crisis.printed", f"Version {plan.version}", now)


def _changed(plan: CrisisPlan, verb: str, what: str, now: datetime) -> None:
    plan.changed_at = now
    _told(plan, verb, what, now)


def _told(plan: CrisisPlan, verb: str, what: str, now: datetime) -> None:
    record(verb, what, subject_id=plan.id, client_id=plan.client_id, at=now)
    mark(plan.client_id)


def _rows(model: type[Kept], client_id: UUID) -> Sequence[Kept]:
    return db.session.scalars(select(model).where(model.client_id == client_id)).all()


Typed = TypeVar("Typed", SeatGiven, ContactGiven)


def _short(given: Typed) -> Typed:
    """The same on one line each."""
    kept: dict[str, Any] = {each.name: one_line(getattr(given, each.name), LONGEST) for each in fields(given)}
    return type(given)(**kept)
