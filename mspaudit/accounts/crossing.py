"""Crossing the directories with the staff list: what one has and the other has not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from mspaudit.accounts import measures
from mspaudit.accounts.models import Account, Directory, StaffEntry
from mspaudit.clients.models import Person
from mspaudit.extensions import db

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Part:
    """The first lines of one part of the crossing, and how many there are in all."""

    rows: Sequence[tuple[Account, Directory, Person | None]]
    total: int


@dataclass(frozen=True, slots=True)
class Crossing:
    """What a client's directories and its staff list do not say alike.

    ``leavers``: enabled though their holder left. ``orphans``: people's accounts that nobody known holds.
    ``doubtful``: accounts whose holder is to confirm. ``vanished``: people present whose every account is
    gone. ``unlisted``: people present whom the last list names no more. ``listed_at``: the last list.
    """

    leavers: Part
    orphans: Part
    doubtful: Part
    vanished: Sequence[Person]
    unlisted: Sequence[Person]
    listed_at: datetime | None
    people: int

    @property
    def open(self) -> int:
        """How many differences wait."""
        parts = self.leavers.total + self.orphans.total + self.doubtful.total
        return parts + len(self.vanished) + len(self.unlisted)


def crossing(client_id: UUID, *, today: date) -> Crossing:
    """The crossing of a client, in a number of statements that does not grow with its accounts."""
    listed_at = db.session.scalar(
        select(func.max(StaffEntry.listed_at)).where(StaffEntry.client_id == client_id)
    )
    present = select(func.count(Person.id)).where(Person.client_id == client_id, Person.left_on.is_(None))
    return Crossing(
        leavers=_part(client_id, measures.leaver(Account, Person, today)),
        orphans=_part(client_id, measures.orphan(Account, StaffEntry)),
        doubtful=_part(client_id, measures.doubtful(Account)),
        vanished=_vanished(client_id),
        unlisted=_unlisted(client_id),
        listed_at=listed_at,
        people=db.session.scalar(present) or 0,
    )


def _part(client_id: UUID, condition: measures.Condition) -> Part:
    total = func.count().over().label("total")
    statement = (
        select(Account, Directory, Person, total)
        .join(Directory, Directory.id == Account.directory_id)
        .outerjoin(Person, Person.id == Account.person_id)
        .where(Account.client_id == client_id, condition)
        .order_by(Account.name_key, Account.key)
        .limit(SHOWN)
    )
    rows = db.session.execute(statement).all()
    return Part([(row[0], row[1], row[2]) for row in rows], rows[0].total if rows else 0)


def _vanished(client_id: UUID) -> Sequence[Person]:
    gone, alive = aliased(Account), aliased(Account)
    statement = select(Person).where(
        Person.client_id == client_id,
        Person.left_on.is_(None),
        select(gone.id).where(gone.person_id == Person.id, gone.gone_at.is_not(None)).exists(),
        ~select(alive.id).where(alive.person_id == Person.id, alive.gone_at.is_(None)).exists(),
    )
    return db.session.scalars(statement.order_by(Person.name_key).limit(SHOWN)).all()


def _unlisted(client_id: UUID) -> Sequence[Person]:
    statement = (
        select(Person)
        .join(StaffEntry, StaffEntry.person_id == Person.id)
        .where(Person.client_id == client_id, Person.left_on.is_(None), StaffEntry.gone_at.is_not(None))
    )
    return db.session.scalars(statement.order_by(Person.name_key).limit(SHOWN)).all()
