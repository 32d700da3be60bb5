"""The lines of a departure: settled by someone, taken back, and what follows from it."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, select

from mspaudit.clients.dirty import mark
from mspaudit.clients.models import Person
from mspaudit.departures import queries, rules
from mspaudit.departures.models import Departure, DepartureItem, SecretKnower, SharedSecret
from mspaudit.errors import DomainError
from mspaudit.extensions import db
from mspaudit.journal.actions import record
from mspaudit.kernel import clock
from mspaudit.kernel.text import one_line
from mspaudit.tenancy.context import current

LONGEST_REASON = 300


def settle_item(
    departure: Departure, item: DepartureItem, *, now: datetime, reason: str | None = None
) -> None:
    """Say that a line is done or, with a reason, that it does not apply here; said twice is said once.

    A shared secret's line rotates the secret in its register, and settles it wherever else it waits.

    Raises:
        DomainError: the departure is over, or the reason is empty.
    """
    still_open(departure)
    if reason is not None and not (reason := one_line(reason, LONGEST_REASON)):
        raise DomainError("Dites pourquoi cette ligne ne s’applique pas : la fiche de départ le gardera.")
    if item.state != "todo":
        return
    _settle(departure, item, now=now, reason=reason)
    secret = _secret_of(item) if reason is None else None
    if secret is not None:
        rotated(secret, on=clock.today(now), now=now)
    follow(departure, now=now)


def reopen_item(departure: Departure, item: DepartureItem, *, now: datetime) -> None:
    """Take back a tick made by mistake. Raises DomainError when the departure is over."""
    still_open(departure)
    if item.state == "todo":
        return
    secret = _secret_of(item) if item.state == "done" else None
    if secret is not None and item.settled_at and secret.rotated_on == clock.today(item.settled_at):
        secret.rotated_on = secret.rotated_before
    item.state, item.reason = "todo", None
    item.settled_at = item.settled_by = item.settled_by_id = item.checked_at = item.checked_by = None
    _tell(departure, item, "departure.item_reopened", now)
    follow(departure, now=now)


def rotated(secret: SharedSecret, *, on: date, now: datetime) -> None:
    """Write that a secret changed: whoever left no longer knows it, and lists that wait see it."""
    if secret.rotated_on != on:
        secret.rotated_before, secret.rotated_on = secret.rotated_on, on
    gone = select(Person.id).where(Person.client_id == secret.client_id, Person.left_on.is_not(None))
    db.session.execute(
        delete(SecretKnower).where(SecretKnower.secret_id == secret.id, SecretKnower.person_id.in_(gone))
    )
    settle_about("secrets", [secret.id], now=now, told_by=on)
    mark(secret.client_id)


def settle_about(
    task: str,
    about: Iterable[UUID],
    *,
    now: datetime,
    person_id: UUID | None = None,
    told_by: date | None = None,
) -> None:
    """Settle the lines of open departures about these things.

    Args:
        person_id: only in that person's departure.
        told_by: only in departures announced by that day: what changed before counts for nothing after.
    """
    statement = (
        select(Departure, DepartureItem)
        .join(DepartureItem, DepartureItem.departure_id == Departure.id)
        .where(
            DepartureItem.task == task,
            DepartureItem.about_id.in_(list(about)),
            DepartureItem.state == "todo",
            Departure.closed_at.is_(None),
            Departure.cancelled_at.is_(None),
        )
    )
    if person_id is not None:
        statement = statement.where(Departure.person_id == person_id)
    for departure, item in db.session.execute(statement).all():
        if told_by is None or clock.today(departure.announced_at) <= told_by:
            _settle(departure, item, now=now, reason=None)
            follow(departure, now=now)


def still_open(departure: Departure) -> None:
    """Raise DomainError when a departure is closed or cancelled."""
    if departure.closed_at is not None:
        raise DomainError("Ce départ est clos : sa fiche ne change plus.")
    if departure.cancelled_at is not None:
        raise DomainError("Ce départ est annulé.")


def follow(departure: Departure, *, now: datetime) -> None:
    """Keep the departure's own dates in step with its list."""
    db.session.flush()
    cut = rules.cut_off(queries.lines(queries.items(departure.id)))
    if not cut:
        departure.cut_at = departure.verified_at = departure.verified_by = None
    elif departure.cut_at is None:
        departure.cut_at = now
    mark(departure.client_id)


def _settle(departure: Departure, item: DepartureItem, *, now: datetime, reason: str | None) -> None:
    by = current()
    item.state, item.reason = ("done", None) if reason is None else ("na", reason)
    item.settled_at, item.settled_by, item.settled_by_id = now, by.actor, by.member_id
    _tell(departure, item, f"departure.item_{item.state}", now)


def _secret_of(item: DepartureItem) -> SharedSecret | None:
    if item.task != "secrets" or item.about_id is None:
        return None
    return db.session.scalars(select(SharedSecret).where(SharedSecret.id == item.about_id)).one_or_none()


def _tell(departure: Departure, item: DepartureItem, verb: str, now: datetime) -> None:
    record(
        verb,
        item.title,
        subject_id=departure.id,
        client_id=departure.client_id,
        at=now,
        **({"reason": item.reason} if item.reason else {}),
    )
