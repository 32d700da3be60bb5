"""Reading clients. Every lookup starts from the context: what it may not see does not exist."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, and_, case, cast, func, literal, null, select
from sqlalchemy.orm import InstrumentedAttribute
from werkzeug.exceptions import NotFound

from mspaudit import features
from mspaudit.clients.models import Assignment, Client, OrgUnit, Person, Referent, Tag
from mspaudit.clients.rules import ROLES
from mspaudit.extensions import db
from mspaudit.identity.models import ClientMember, StaffMember
from mspaudit.kernel.french import fold

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Mandate:
    """A referent with the names of the people it binds."""

    referent: Referent
    person: Person
    deputy: Person | None


@dataclass(frozen=True, slots=True)
class Found:
    """One line of a search: a client, or someone of that client.

    ``kind``: commune, enterprise, person or what a room above adds; ``size``: inhabitants or people, of a
    client; ``role``: a person's title; ``client``: where they are; ``past``: archived, or left; ``id``: of
    what has a page of its own under the client's.
    """

    kind: str
    slug: str
    name: str
    client: str
    size: int | None
    role: str | None
    past: bool
    id: UUID | None = None


def client(slug: str) -> Client | None:
    """The client at that address, archived or not; None when there is none to see."""
    return db.session.scalars(select(Client).where(Client.slug == slug)).one_or_none()


def client_or_404(slug: str) -> Client:
    """The client at that address. Raises NotFound, for another's as for none."""
    found = client(slug)
    if found is None:
        raise NotFound
    return found


def by_id(client_id: UUID) -> Client | None:
    """The client of that identifier, if this context may see it."""
    return db.session.scalars(select(Client).where(Client.id == client_id)).one_or_none()


def already(siren: str | None, insee_codes: Sequence[str]) -> dict[str, Client]:
    """The clients that have this SIREN or one of these INSEE codes, by that number."""
    same = Client.insee_code.in_(insee_codes) | (Client.siren == cast(siren, Text))
    found = db.session.scalars(select(Client).where(same)).all()
    return {number: row for row in found for number in (row.insee_code, row.siren) if number}


def archived() -> Sequence[Client]:
    """The archived clients, by name."""
    statement = select(Client).where(Client.archived_at.is_not(None)).order_by(Client.name_key)
    return db.session.scalars(statement).all()


def org_units(client_id: UUID) -> Sequence[OrgUnit]:
    """The units of a client, in their order."""
    statement = select(OrgUnit).where(OrgUnit.client_id == client_id)
    return db.session.scalars(statement.order_by(OrgUnit.position, OrgUnit.name)).all()


def unit_or_404(client_id: UUID, unit_id: UUID) -> OrgUnit:
    """One unit of that client. Raises NotFound."""
    return _one(select(OrgUnit).where(OrgUnit.client_id == client_id, OrgUnit.id == unit_id))


def people(client_id: UUID) -> Sequence[Person]:
    """The people of a client, those who left last, then by name."""
    statement = select(Person).where(Person.client_id == client_id)
    return db.session.scalars(statement.order_by(Person.left_on.is_not(None), Person.name_key)).all()


def person_or_404(client_id: UUID, person_id: UUID) -> Person:
    """One person of that client. Raises NotFound."""
    return _one(select(Person).where(Person.client_id == client_id, Person.id == person_id))


def referents(client_id: UUID, *, today: date | None = None) -> list[Mandate]:
    """The referents of a client, the pilot first; with ``today``, only those in place that day."""
    statement = select(Referent).where(Referent.client_id == client_id)
    if today is not None:
        statement = statement.where(Referent.until.is_(None) | (Referent.until > today))
    rows = db.session.scalars(statement.order_by(Referent.since.desc())).all()
    named = {person.id: person for person in people(client_id)} if rows else {}
    return [
        Mandate(row, named[row.person_id], named.get(row.deputy_id) if row.deputy_id else None)
        for row in sorted(rows, key=lambda row: list(ROLES).index(row.role))
        if row.person_id in named
    ]


def referent_or_404(client_id: UUID, referent_id: UUID) -> Referent:
    """One referent of that client. Raises NotFound."""
    return _one(select(Referent).where(Referent.client_id == client_id, Referent.id == referent_id))


def members(client_id: UUID) -> Sequence[ClientMember]:
    """Who may sign in to the client's space, those whose access was withdrawn last."""
    statement = select(ClientMember).where(ClientMember.client_id == client_id)
    return db.session.scalars(
        statement.order_by(ClientMember.disabled_at.is_not(None), ClientMember.name)
    ).all()


def member_or_404(client_id: UUID, member_id: UUID) -> ClientMember:
    """One person who may sign in to that client's space. Raises NotFound."""
    return _one(select(ClientMember).where(ClientMember.client_id == client_id, ClientMember.id == member_id))


def tags() -> list[str]:
    """Every label in use on the clients this context sees, in alphabetical order."""
    return sorted(db.session.scalars(select(Tag.tag).distinct()), key=fold)


def tags_of(client_id: UUID) -> list[str]:
    """The labels of a client, in alphabetical order."""
    return sorted(db.session.scalars(select(Tag.tag).where(Tag.client_id == client_id)), key=fold)


def assigned(client_id: UUID) -> Sequence[StaffMember]:
    """The technicians who look after a client, by name; the disabled left out."""
    statement = (
        select(StaffMember)
        .join(Assignment, Assignment.member_id == StaffMember.id)
        .where(Assignment.client_id == client_id, StaffMember.disabled_at.is_(None))
        .order_by(StaffMember.name)
    )
    return db.session.scalars(statement).all()


def responsible(client_id: UUID) -> Sequence[StaffMember]:
    """The active technicians assigned to a client; without any, those who serve every client."""
    named = [member for member in assigned(client_id) if member.role != "reader"]
    return named or [member for member in technicians() if member.serves_all]


def technicians() -> Sequence[StaffMember]:
    """Who can look after a client: administrators and technicians who are not disabled, by name."""
    statement = select(StaffMember).where(
        StaffMember.disabled_at.is_(None), StaffMember.role.in_(("admin", "technician"))
    )
    return db.session.scalars(statement.order_by(StaffMember.name)).all()


def search(text: str, limit: int = 8) -> list[Found]:
    """Clients then people whose name holds every word of ``text``, accents and case aside.

    A SIREN or an INSEE code finds its client. At most ``limit`` of each, in two statements.
    """
    words = fold(text[:200]).split()[:6]
    if not words:
        return []
    rows = [*db.session.execute(_clients_like(text, words, limit))]
    rows += db.session.execute(_people_like(words, limit))
    return [Found(*row) for row in rows]


def search_everywhere(text: str, limit: int = 8) -> list[Found]:
    """The same, then what the rooms above find in what is theirs."""
    found = search(text, limit)
    for module in features.modules(features.FINDERS):
        found += module.find(text, limit)
    return found


# The policies let no LIKE use an index; within one tenant's names a scan costs less than a millisecond
# a thousand.
def _clients_like(text: str, words: list[str], limit: int) -> Select[*tuple[Any, ...]]:
    code = "".join(text.split()).upper()
    matches = _holds(Client.name_key, words) | (Client.siren == code) | (Client.insee_code == code)
    past = Client.archived_at.is_not(None)
    size = func.coalesce(Client.population, Client.headcount)
    statement = select(Client.kind, Client.slug, Client.name, Client.name, size, null(), past)
    return statement.where(matches).order_by(past, *_nearest(Client.name_key, words)).limit(limit)


def _people_like(words: list[str], limit: int) -> Select[*tuple[Any, ...]]:
    past = Client.archived_at.is_not(None) | Person.left_on.is_not(None)
    statement = select(
        literal("person"), Client.slug, Person.name, Client.name.label("client"), null(), Person.title, past
    ).join(Client, Client.id == Person.client_id)
    return (
        statement.where(_holds(Person.name_key, words))
        .order_by(past, *_nearest(Person.name_key, words))
        .limit(limit)
    )


def _holds(column: InstrumentedAttribute[str], words: list[str]) -> ColumnElement[bool]:
    return and_(*(column.contains(word, autoescape=True) for word in words))


def _nearest(
    column: InstrumentedAttribute[str], words: list[str]
) -> list[ColumnElement[Any] | InstrumentedAttribute[str]]:
    """What begins with the first word before what only holds it, the shorter names first."""
    begins = column.startswith(words[0], autoescape=True)
    return [case((begins, 0), else_=1), func.length(column), column]


def _one(statement: Select[T]) -> T:
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found
