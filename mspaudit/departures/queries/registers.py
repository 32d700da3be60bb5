"""Reading the registers: who holds which portal, who knows which secret."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased
from werkzeug.exceptions import NotFound

from mspaudit.clients.models import Client, Person
from mspaudit.content import departures as content
from mspaudit.content.departures import Portal
from mspaudit.departures.models import PortalHolder, SecretKnower, SharedSecret
from mspaudit.departures.rules import REVIEW_DAYS
from mspaudit.extensions import db


@dataclass(frozen=True)
class Held:
    """One line of the register of holders. ``holder``: None for a usual portal that nobody filled in yet."""

    code: str
    title: str
    why: str
    certificate: bool
    holder: PortalHolder | None
    person: Person | None
    deputy: Person | None

    @property
    def used(self) -> bool:
        return self.holder is None or self.holder.used

    @property
    def orphan(self) -> bool:
        """Whether the client uses it and nobody in place holds it."""
        in_place = self.person is not None and self.person.left_on is None
        return self.holder is not None and self.holder.used and not in_place

    def stale(self, today: date) -> bool:
        """Whether nobody looked at this line for a year."""
        seen = self.holder.reviewed_on if self.holder else None
        return seen is None or seen + timedelta(days=REVIEW_DAYS) < today


@dataclass(frozen=True)
class Shared:
    """A shared secret and who knows it."""

    secret: SharedSecret
    people: list[Person]

    @property
    def gone(self) -> list[Person]:
        """Who left and still knows it: it must change."""
        return [
            person
            for person in self.people
            if person.left_on and (self.secret.rotated_on is None or self.secret.rotated_on < person.left_on)
        ]


def holders(client: Client) -> list[Held]:
    """The usual portals of that kind of client in their order, then its own lines; one statement."""
    deputy = aliased(Person)
    rows = db.session.execute(
        select(PortalHolder, Person, deputy)
        .outerjoin(Person, Person.id == PortalHolder.person_id)
        .outerjoin(deputy, deputy.id == PortalHolder.deputy_id)
        .where(PortalHolder.client_id == client.id)
        .order_by(PortalHolder.title)
    ).all()
    filled = {row[0].code: row for row in rows}
    usual = {portal.code: portal for portal in content.portals(client.kind)}
    own = {code: Portal(code, row[0].title, "") for code, row in filled.items() if code not in usual}
    nothing = (None, None, None)
    return [
        Held(portal.code, portal.title, portal.why, portal.certificate, *filled.get(code, nothing))
        for code, portal in (usual | own).items()
    ]


def holder_or_404(client_id: UUID, holder_id: UUID) -> PortalHolder:
    """One line of that client's register. Raises NotFound."""
    statement = select(PortalHolder).where(PortalHolder.client_id == client_id, PortalHolder.id == holder_id)
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found


def secrets(client_id: UUID) -> list[Shared]:
    """The shared secrets of a client that are still in use, those of administration first; two statements."""
    found = db.session.scalars(
        select(SharedSecret)
        .where(SharedSecret.client_id == client_id, SharedSecret.retired_at.is_(None))
        .order_by(SharedSecret.level, SharedSecret.label)
    ).all()
    known: dict[UUID, list[Person]] = {secret.id: [] for secret in found}
    rows = db.session.execute(
        select(SecretKnower.secret_id, Person)
        .join(Person, Person.id == SecretKnower.person_id)
        .where(SecretKnower.client_id == client_id)
        .order_by(Person.name_key)
    )
    for secret_id, person in rows if found else ():
        if secret_id in known:
            known[secret_id].append(person)
    return [Shared(secret, known[secret.id]) for secret in found]


def secret_or_404(client_id: UUID, secret_id: UUID) -> SharedSecret:
    """One shared secret of that client. Raises NotFound."""
    statement = select(SharedSecret).where(SharedSecret.client_id == client_id, SharedSecret.id == secret_id)
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found


def knowers(secret_id: UUID) -> Sequence[SecretKnower]:
    """Who knows that secret."""
    return db.session.scalars(select(SecretKnower).where(SecretKnower.secret_id == secret_id)).all()
