"""Departures: announced, prepared, verified and closed by two different people."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, select

from mspaudit.clients import people_actions
from mspaudit.clients.dirty import mark
from mspaudit.clients.models import Client, Person
from mspaudit.content import departures as content
from mspaudit.content.departures import Task
from mspaudit.departures import documents, queries, rules
from mspaudit.departures.actions.items import still_open
from mspaudit.departures.models import Departure, DepartureItem, SecretKnower, SharedSecret
from mspaudit.errors import DomainError
from mspaudit.extensions import db
from mspaudit.journal.actions import record
from mspaudit.kernel import clock
from mspaudit.kernel.ids import new_id
from mspaudit.kernel.text import one_line
from mspaudit.tenancy.context import current, tenant_id
from mspaudit.tenancy.jobs import enqueue

LONGEST_NOTE = 300


def start(
    client: Client, person: Person, *, kind: str, leaves_on: date, now: datetime, note: str = ""
) -> Departure:
    """Announce that someone leaves, and make the list of what to do.

    Announced by the client's own people, the list is made by a worker: they neither see nor write it.

    Args:
        kind: a key of ``rules.KINDS``; a conflict cuts access today, whatever day is given.
        leaves_on: the last day; for someone already written as gone, that day stays.

    Raises:
        DomainError: someone whose departure is under way, or who is not of this client.
    """
    if kind not in rules.KINDS:
        raise DomainError("Choisissez le motif : départ, fin de mandat ou départ conflictuel.")
    if person.id not in {each.id for each in queries.may_leave(client.id, person.id)}:
        raise DomainError(f"Un départ de {person.name} est déjà en cours.")
    day = min(leaves_on, clock.today(now)) if kind == "conflict" else leaves_on
    day = person.left_on or day
    departure = Departure(
        id=new_id(),
        client_id=client.id,
        org_unit_id=person.org_unit_id,
        person_id=person.id,
        kind=kind,
        leaves_on=day,
        verify_by=rules.verify_by(day),
        note=one_line(note, LONGEST_NOTE),
        announced_at=now,
        announced_by=current().actor,
    )
    db.session.add(departure)
    db.session.flush()
    _tell(departure, person, "departure.announced", now, kind=kind, on=day.isoformat())
    if current().confined:
        enqueue("departures.prepare", tenant_id=tenant_id(), departure_id=departure.id)
    else:
        _make_list(client, person, departure, now=now)
    mark(client.id)
    return departure


def start_many(
    client: Client, people: Sequence[Person], *, kind: str, leaves_on: date, now: datetime
) -> list[Departure]:
    """One departure for each of these people. Raises DomainError as ``start`` does, or for nobody."""
    if not people:
        raise DomainError("Cochez au moins une personne.")
    return [start(client, person, kind=kind, leaves_on=leaves_on, now=now) for person in people]


def prepare(departure: Departure, *, now: datetime) -> int:
    """Add to the list what it does not hold yet, such as an account imported since; return how many lines.

    Raises DomainError when the departure is over.
    """
    still_open(departure)
    client = db.session.get_one(Client, (tenant_id(), departure.client_id))
    person = _person(departure)
    added = _make_list(client, person, departure, now=now)
    _tell(departure, person, "departure.prepared", now, lines=added)
    return added


def reschedule(departure: Departure, leaves_on: date, *, now: datetime) -> None:
    """Move the last day, and every date that counts from it. Raises DomainError once access is cut."""
    still_open(departure)
    if departure.cut_at is not None:
        raise DomainError("Les accès sont déjà coupés : la date du départ ne change plus.")
    if _person(departure).left_on is not None:
        raise DomainError("Cette personne est déjà notée partie : la date de son départ ne change plus.")
    departure.leaves_on, departure.verify_by = leaves_on, rules.verify_by(leaves_on)
    levels = _levels(queries.items(departure.id))
    for item in queries.items(departure.id):
        when = _times(
            content.task(item.task), leaves_on, levels.get(item.about_id) if item.about_id else None
        )
        item.due_on, item.act_by = when.due_on, when.act_by
    _tell(departure, _person(departure), "departure.rescheduled", now, on=leaves_on.isoformat())
    mark(departure.client_id)


def verify(departure: Departure, *, now: datetime) -> None:
    """Say that the accesses were looked at and are cut. The person is written as gone.

    Raises:
        DomainError: an access is still open, or the one who verifies cut it.
    """
    still_open(departure)
    by, items = current(), queries.items(departure.id)
    refusal = rules.may_verify(queries.lines(items), by.member_id)
    if refusal:
        raise DomainError(refusal)
    departure.verified_at, departure.verified_by = now, by.actor
    for item in items:
        if item.state != "todo" and item.settled_by_id != by.member_id:
            _check(item, by.actor, now)
    person = _person(departure)
    _tell(departure, person, "departure.verified", now)
    _gone(departure, person, now=now)


def close(departure: Departure, *, now: datetime) -> None:
    """Close a departure whose every line is settled; its record is sealed by a hash.

    Raises:
        DomainError: something is left, or the one who closes did what nobody else has checked.
    """
    still_open(departure)
    by, items = current(), queries.items(departure.id)
    refusal = rules.may_close(queries.lines(items), by.member_id, verified=departure.verified_at is not None)
    if refusal:
        raise DomainError(refusal)
    for item in items:
        if item.checked_at is None:
            _check(item, by.actor, now)
    person = _person(departure)
    departure.closed_at, departure.closed_by = now, by.actor
    _gone(departure, person, now=now)
    client = db.session.get_one(Client, (tenant_id(), departure.client_id))
    departure.record = documents.departure_record(client, departure, person, items)
    departure.record_hash = documents.fingerprint(departure.record)
    _tell(departure, person, "departure.closed", now, hash=departure.record_hash)


def cancel(departure: Departure, reason: str, *, now: datetime) -> None:
    """Give up a departure announced by mistake. Raises DomainError without a reason, or once verified."""
    still_open(departure)
    if departure.verified_at is not None:
        raise DomainError("Les accès sont coupés et vérifiés : ce départ ne s’annule plus.")
    kept = one_line(reason, LONGEST_NOTE)
    if not kept:
        raise DomainError("Dites pourquoi ce départ est annulé.")
    departure.cancelled_at, departure.cancel_reason = now, kept
    _tell(departure, _person(departure), "departure.cancelled", now, reason=kept)
    mark(departure.client_id)


def _make_list(client: Client, person: Person, departure: Departure, *, now: datetime) -> int:
    known = queries.known_of(person)
    held = queries.items(departure.id)
    there = {(item.task, item.about_id) for item in held}
    levels = {secret.id: secret.level for secret in known.secrets}
    things: dict[str, Sequence[tuple[UUID | None, str]]] = {
        "account": known.accounts,
        "secret": [(secret.id, secret.label) for secret in known.secrets],
        "portal": [(portal.id, portal.title) for portal in known.portals],
    }
    added = 0
    for task in rules.list_for(content.tasks(), client.kind, person.status):
        nothing: list[tuple[UUID | None, str]] = [(None, "")]
        for about_id, name in things.get(task.about) or nothing:
            if (task.key, about_id) in there or (about_id is None and any(t == task.key for t, _ in there)):
                continue
            title = task.titled(name) if about_id else task.title
            when = _times(task, departure.leaves_on, levels.get(about_id) if about_id else None)
            db.session.add(
                DepartureItem(
                    client_id=departure.client_id,
                    departure_id=departure.id,
                    position=len(held) + added,
                    task=task.key,
                    title=title,
                    about_id=about_id,
                    cuts=task.cuts,
                    due_on=when.due_on,
                    act_by=when.act_by,
                )
            )
            added += 1
    departure.prepared_at = departure.prepared_at or now
    if added:
        departure.cut_at = departure.verified_at = departure.verified_by = None
    return added


def _times(task: Task, leaves_on: date, level: str | None) -> rules.Times:
    due = rules.secret_delay(level) if task.about == "secret" and level else task.due
    return rules.times(due, leaves_on)


def _levels(items: Sequence[DepartureItem]) -> dict[UUID, str]:
    about = [item.about_id for item in items if item.task == "secrets" and item.about_id]
    if not about:
        return {}
    rows = db.session.execute(select(SharedSecret.id, SharedSecret.level).where(SharedSecret.id.in_(about)))
    return {row.id: row.level for row in rows}


def _check(item: DepartureItem, by: str, now: datetime) -> None:
    item.checked_at, item.checked_by = now, by


def _person(departure: Departure) -> Person:
    return db.session.get_one(Person, (tenant_id(), departure.person_id))


def _gone(departure: Departure, person: Person, *, now: datetime) -> None:
    """Write the person as gone, and forget that they know the secrets that changed since."""
    if person.left_on is None:
        client = db.session.get_one(Client, (tenant_id(), departure.client_id))
        people_actions.mark_left(client, person, on=departure.leaves_on, now=now)
    changed = select(SharedSecret.id).where(
        SharedSecret.client_id == departure.client_id, SharedSecret.rotated_on >= departure.leaves_on
    )
    db.session.execute(
        delete(SecretKnower).where(SecretKnower.person_id == person.id, SecretKnower.secret_id.in_(changed))
    )
    mark(departure.client_id)


def _tell(departure: Departure, person: Person, verb: str, now: datetime, **data: object) -> None:
    record(verb, person.name, subject_id=departure.id, client_id=departure.client_id, at=now, **data)
