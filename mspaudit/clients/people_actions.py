"""What may be done inside a client: its units, its people, and who of them may sign in."""

from datetime import date, datetime
from typing import Required, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import func, select

from mspaudit.clients import queries, rules
from mspaudit.clients.actions import told
from mspaudit.clients.dirty import mark
from mspaudit.clients.mandate_actions import end_referent
from mspaudit.clients.models import Client, OrgUnit, Person
from mspaudit.errors import DomainError
from mspaudit.extensions import db
from mspaudit.identity import door, lost
from mspaudit.identity.actions import add_client_member
from mspaudit.identity.models import ClientMember
from mspaudit.journal.actions import record
from mspaudit.outbox.actions import queue_mail
from mspaudit.outbox.letters import address, letter
from mspaudit.tenancy.context import current


class Card(TypedDict, total=False):
    """What is known of someone. ``status``: a key of ``rules.STATUSES``."""

    name: Required[str]
    status: Required[str]
    email: str | None
    phone: str | None
    title: str | None
    unit_id: UUID | None


def add_unit(
    client: Client, *, name: str, now: datetime, siret: str | None = None, legal_entity: bool = False
) -> OrgUnit:
    """Add a unit. Raises DomainError for a wrong SIRET or a name already taken."""
    with told():
        name, siret = rules.name(name), rules.siret(siret) if siret else None
    _refuse_same_name(client, name, other_than=None)
    others = queries.org_units(client.id)
    unit = OrgUnit(
        client_id=client.id,
        code=rules.free_slug(name, {other.code.replace("_", "-") for other in others}).replace("-", "_"),
        name=name,
        siret=siret,
        legal_entity=legal_entity,
        position=max((other.position for other in others), default=0) + 1,
    )
    db.session.add(unit)
    db.session.flush()
    record("unit.added", name, subject_id=unit.id, client_id=client.id, at=now)
    mark(client.id, profile=True)
    return unit


def update_unit(
    client: Client, unit: OrgUnit, *, name: str, siret: str | None, legal_entity: bool, now: datetime
) -> None:
    """Change a unit. Raises DomainError as adding it does."""
    with told():
        name, siret = rules.name(name), rules.siret(siret) if siret else None
    _refuse_same_name(client, name, other_than=unit.id)
    unit.name, unit.siret, unit.legal_entity = name, siret, legal_entity
    record("unit.updated", name, subject_id=unit.id, client_id=client.id, at=now)
    mark(client.id, profile=True)


def remove_unit(client: Client, unit: OrgUnit, *, now: datetime) -> None:
    """Remove a unit; its people stay with the client.

    Raises:
        DomainError: while someone's access is confined to it, for it would become wider or vanish.
    """
    confined = select(func.count()).select_from(ClientMember).where(ClientMember.org_unit_id == unit.id)
    if db.session.scalar(confined):
        raise DomainError(f"Des personnes n’accèdent qu’à « {unit.name} ». Changez d’abord leur accès.")
    record("unit.removed", unit.name, subject_id=unit.id, client_id=client.id, at=now)
    db.session.delete(unit)
    mark(client.id, profile=True)


def add_person(client: Client, *, now: datetime, **card: Unpack[Card]) -> Person:
    """Add someone. Raises DomainError for a bad value."""
    person = Person(client_id=client.id, created_at=now)
    _write(client, person, card)
    db.session.add(person)
    db.session.flush()
    record("person.added", person.name, subject_id=person.id, client_id=client.id, at=now)
    return person


def update_person(client: Client, person: Person, *, now: datetime, **card: Unpack[Card]) -> None:
    """Make ``card`` what is known of someone. Raises DomainError for a bad value."""
    _write(client, person, card)
    record("person.updated", person.name, subject_id=person.id, client_id=client.id, at=now)
    mark(client.id)


def mark_left(client: Client, person: Person, *, on: date, now: datetime) -> None:
    """Write that someone left: their roles end that day, and their access to the space at once."""
    if person.left_on is not None:
        raise DomainError(f"Le départ de {person.name} est déjà noté.")
    person.left_on = on
    record("person.left", person.name, subject_id=person.id, client_id=client.id, at=now, on=on.isoformat())
    for mandate in queries.referents(client.id, today=on):
        if mandate.person.id == person.id:
            end_referent(client, mandate.referent, on=on, now=now)
    for member in queries.members(client.id):
        if member.disabled_at is None and person.email and member.email == person.email:
            withdraw_access(client, member, now=now)
    mark(client.id)


def give_access(
    client: Client, person: Person, *, role: str, unit_id: UUID | None, now: datetime
) -> ClientMember:
    """Let someone sign in to the client's space; given again, it changes their role.

    Args:
        role: a key of ``rules.ACCESS``.
        unit_id: confines them to the people of that unit; None for the whole client.

    Raises:
        DomainError: without an e-mail, or for someone who left.
    """
    email = _admissible(client, person, role, unit_id)
    login_id = door.ensure_login(email)
    member = _member(client, login_id)
    if member is None:
        return add_client_member(
            client_id=client.id,
            login_id=login_id,
            name=person.name,
            email=email,
            role=role,
            org_unit_id=unit_id,
        )
    member.name, member.role, member.org_unit_id, member.disabled_at = person.name, role, unit_id, None
    record("client_member.updated", member.name, subject_id=member.id, client_id=client.id, at=now, role=role)
    return member


def invite_to_space(
    client: Client, person: Person, *, role: str, unit_id: UUID | None, msp_name: str, now: datetime
) -> ClientMember:
    """Give access, and write to whoever had none: once for each opening, not for a change of role.

    Raises:
        DomainError: as `give_access`.
    """
    had = _living_member(client, person)
    member = give_access(client, person, role=role, unit_id=unit_id, now=now)
    if had is None:
        _write_to(client, member, msp_name, now)
    return member


def reset_pin(client: Client, member: ClientMember, *, now: datetime) -> None:
    """Let someone who may sign in choose another personal code.

    Raises:
        DomainError: their access is closed.
    """
    if member.disabled_at is not None:
        raise DomainError(f"L’accès de {member.name} est fermé : ouvrez-le d’abord.")
    lost.help_with_pin(member, now=now)


def _living_member(client: Client, person: Person) -> ClientMember | None:
    found = [m for m in queries.members(client.id) if m.email == person.email and m.disabled_at is None]
    return found[0] if found else None


def _write_to(client: Client, member: ClientMember, msp_name: str, now: datetime) -> None:
    written = letter(
        "space_opened",
        who=member.name,
        by=current().actor,
        client=client.name,
        msp=msp_name,
        decides=member.role == "decider",
        email=member.email,
        link=address("sign_in.start"),
    )
    queue_mail(
        key=f"space_opened:{member.id}:{now.isoformat()}",
        recipient=member.email,
        subject=written.subject,
        body=written.body,
        client_id=client.id,
    )
    record("client_member.invited", member.name, subject_id=member.id, client_id=client.id, at=now)


def _admissible(client: Client, person: Person, role: str, unit_id: UUID | None) -> str:
    if not person.email:
        raise DomainError(f"Indiquez d’abord l’adresse e-mail de {person.name}.")
    if person.left_on is not None:
        raise DomainError(f"{person.name} est parti : son accès ne peut pas être ouvert.")
    if role not in rules.ACCESS:
        raise DomainError("Choisissez ce que cette personne peut faire.")
    _check_unit(client, unit_id)
    return person.email


def withdraw_access(client: Client, member: ClientMember, *, now: datetime) -> None:
    """Close the client's space to someone, from their very next request. Closing it twice is fine."""
    if member.disabled_at is None:
        member.disabled_at = now
        record("client_member.disabled", member.name, subject_id=member.id, client_id=client.id, at=now)


def _member(client: Client, login_id: UUID) -> ClientMember | None:
    statement = select(ClientMember).where(
        ClientMember.client_id == client.id, ClientMember.login_id == login_id
    )
    return db.session.scalars(statement).one_or_none()


def _write(client: Client, person: Person, card: Card) -> None:
    if card["status"] not in rules.STATUSES:
        raise DomainError("Choisissez un statut : agent, élu, salarié, indépendant ou autre.")
    _check_unit(client, card.get("unit_id"))
    email, phone, title = card.get("email"), card.get("phone"), card.get("title")
    with told():
        kept = {
            "name": rules.name(card["name"]),
            "email": rules.email(email) if email else None,
            "phone": rules.phone(phone) if phone else None,
            "title": rules.short(title) if title else None,
        }
    for field, value in kept.items():
        setattr(person, field, value)
    person.name_key = rules.key(person.name)
    person.status, person.org_unit_id = card["status"], card.get("unit_id")


def _check_unit(client: Client, unit_id: UUID | None) -> None:
    if unit_id is not None and unit_id not in {unit.id for unit in queries.org_units(client.id)}:
        raise DomainError("Ce service n’existe plus. Rechargez la page, puis choisissez-en un autre.")


def _refuse_same_name(client: Client, name: str, *, other_than: UUID | None) -> None:
    if any(rules.key(u.name) == rules.key(name) and u.id != other_than for u in queries.org_units(client.id)):
        raise DomainError(f"Un service s’appelle déjà « {name} ».")
