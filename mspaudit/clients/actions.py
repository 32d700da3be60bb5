"""What may be done with a client and its units. Each verb checks, writes and journals; none commits."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Unpack
from uuid import UUID

from sqlalchemy import Text, cast, delete, func, or_, select

from mspaudit.clients import queries, rules
from mspaudit.clients.dirty import mark
from mspaudit.clients.models import Assignment, Client, OrgUnit, Tag
from mspaudit.clients.rules import Given
from mspaudit.content import communes
from mspaudit.content.schema import Kind
from mspaudit.content.units import ProposedUnit, proposed_units
from mspaudit.errors import DomainError
from mspaudit.extensions import db
from mspaudit.journal.actions import record
from mspaudit.tenancy.context import current, tenant_id


@contextmanager
def told() -> Iterator[None]:
    """Say what a rule refused as a refused action."""
    try:
        yield
    except rules.Refused as refused:
        raise DomainError(str(refused)) from None


def create_commune(
    insee_code: str | None,
    *,
    now: datetime,
    units: Sequence[ProposedUnit] | None = None,
    tags: Iterable[str] = (),
    member_ids: Iterable[UUID] = (),
    **given: Unpack[Given],
) -> Client:
    """Add a commune. What ``given`` leaves out comes from the national lists, by INSEE code.

    Args:
        insee_code: None for a place the lists do not have; its name is then in ``given``.
        units: the services to add; None for the usual ones of that population.

    Raises:
        DomainError: unknown code, a value that cannot be, or a commune already in the portfolio.
    """
    known = communes.by_insee(insee_code) if insee_code else None
    if insee_code and known is None:
        raise DomainError(f"Aucune commune ne porte le code INSEE {insee_code[:20]}.")
    if known is not None:
        usual = Given(
            name=known.name,
            siren=known.siren,
            population=known.population,
            postal_code=known.postal_codes[0] if known.postal_codes else None,
            department=known.department,
            epci_name=known.epci_name,
        )
        usual.update(given)
        given = usual
    code = known.insee_code if known else None
    return _create("commune", code, given, units=units, tags=tags, member_ids=member_ids, now=now)


def create_company(
    *,
    now: datetime,
    units: Sequence[ProposedUnit] | None = None,
    tags: Iterable[str] = (),
    member_ids: Iterable[UUID] = (),
    **given: Unpack[Given],
) -> Client:
    """Add a company. Raises DomainError for a wrong SIREN, a bad value or a company already there."""
    return _create("enterprise", None, given, units=units, tags=tags, member_ids=member_ids, now=now)


def _create(
    kind: Kind,
    insee_code: str | None,
    given: Given,
    *,
    units: Sequence[ProposedUnit] | None,
    tags: Iterable[str],
    member_ids: Iterable[UUID],
    now: datetime,
) -> Client:
    _only_those_who_see_all()
    with told():
        kept = rules.checked({"name": "", **given})
        labels = rules.tags(",".join(tags))
    client = _add(kind, insee_code, kept, now)
    record("client.created", client.name, subject_id=client.id, client_id=client.id, at=now, kind=kind)
    _put_units(client, kind, units)
    db.session.add_all(Tag(client_id=client.id, tag=label) for label in labels)
    _put_members(client, member_ids)
    mark(client.id, profile=True)
    return client


def _add(kind: Kind, insee_code: str | None, kept: Given, now: datetime) -> Client:
    _one_at_a_time()
    _refuse_twin(None, siren=kept.get("siren"), insee_code=insee_code)
    slug, name_key = rules.free_slug(kept["name"], _slugs_like(kept["name"])), rules.key(kept["name"])
    client = Client(kind=kind, slug=slug, name_key=name_key, insee_code=insee_code, created_at=now, **kept)
    db.session.add(client)
    db.session.flush()
    return client


def _put_units(client: Client, kind: Kind, units: Sequence[ProposedUnit] | None) -> None:
    size = {"population": client.population, "headcount": client.headcount}
    proposed = proposed_units(kind, **size) if units is None else units
    db.session.add_all(
        OrgUnit(client_id=client.id, position=position, **unit._asdict())
        for position, unit in enumerate(proposed, start=1)
    )


def update_client(client: Client, *, now: datetime, **given: Unpack[Given]) -> bool:
    """Change what ``given`` names; whether anything did. Raises DomainError as the creation does."""
    with told():
        kept = rules.checked(given)
    changes = {field: value for field, value in kept.items() if getattr(client, field) != value}
    if not changes:
        return False
    if changes.get("siren"):
        _one_at_a_time()
        _refuse_twin(client.id, siren=kept["siren"], insee_code=None)
    # Notes may be long: the journal tells that they changed, not what they say.
    before = {field: getattr(client, field) for field in changes if field != "notes"}
    after = {field: value for field, value in changes.items() if field != "notes"}
    for field, value in changes.items():
        setattr(client, field, value)
    client.name_key = rules.key(client.name)
    data = {"fields": sorted(changes), "before": before, "after": after}
    record("client.updated", client.name, subject_id=client.id, client_id=client.id, at=now, **data)
    mark(client.id, profile=bool(rules.PROFILE & changes.keys()))
    return True


def archive(client: Client, *, now: datetime) -> None:
    """Take the client out of the portfolio: nothing is lost, but its space is closed to its people."""
    _only_those_who_see_all()
    if client.archived_at is not None:
        raise DomainError(f"{client.name} est déjà archivé.")
    client.archived_at = now
    record("client.archived", client.name, subject_id=client.id, client_id=client.id, at=now)
    mark(client.id)


def restore(client: Client, *, now: datetime) -> None:
    """Bring an archived client back as it was."""
    _only_those_who_see_all()
    if client.archived_at is None:
        raise DomainError(f"{client.name} n’est pas archivé.")
    client.archived_at = None
    record("client.restored", client.name, subject_id=client.id, client_id=client.id, at=now)
    mark(client.id)


def set_tags(client: Client, tags: Iterable[str], *, now: datetime) -> None:
    """Make ``tags`` the labels of the client. Raises DomainError for too many or too long."""
    with told():
        wanted = rules.tags(",".join(tags))
    before = queries.tags_of(client.id)
    if set(wanted) == set(before):
        return
    db.session.execute(delete(Tag).where(Tag.client_id == client.id, Tag.tag.not_in(wanted)))
    db.session.add_all(Tag(client_id=client.id, tag=label) for label in wanted if label not in before)
    data = {"before": before, "after": wanted}
    record("client.tagged", client.name, subject_id=client.id, client_id=client.id, at=now, **data)
    mark(client.id, profile=True)


def assign(client: Client, member_ids: Iterable[UUID], *, now: datetime) -> None:
    """Make these colleagues the ones who look after the client.

    Raises:
        DomainError: by someone who sees only their own clients, or naming someone who cannot.
    """
    if current().kind == "limited":
        raise DomainError(
            "Votre compte ne voit que certains clients : un administrateur répartit les techniciens."
        )
    wanted = set(member_ids)
    before = {member.id for member in queries.assigned(client.id)}
    if wanted == before:
        return
    db.session.execute(
        delete(Assignment).where(Assignment.client_id == client.id, Assignment.member_id.not_in(wanted))
    )
    _put_members(client, wanted - before)
    names = [member.name for member in queries.assigned(client.id)]
    record("client.assigned", client.name, subject_id=client.id, client_id=client.id, at=now, to=names)


def note_contact(client: Client, *, now: datetime, spoke_at: datetime | None = None) -> None:
    """Note that someone spoke with the client, at ``now`` unless told."""
    client.last_contact_at = spoke_at or now
    record("client.contacted", client.name, subject_id=client.id, client_id=client.id, at=now)


def _only_those_who_see_all() -> None:
    if current().kind == "limited":
        raise DomainError("Votre compte ne voit que certains clients. Demandez à un administrateur.")


def _one_at_a_time() -> None:
    """Creations wait for one another in the tenant: each sees the addresses and SIRENs of the one before."""
    key = func.hashtextextended(f"clients of {tenant_id()}", 0)
    db.session.execute(select(func.pg_advisory_xact_lock(key)))


def _slugs_like(name: str) -> set[str]:
    begins = Client.slug.startswith(rules.slug_base(name), autoescape=True)
    return set(db.session.scalars(select(Client.slug).where(begins)))


def _refuse_twin(own_id: UUID | None, *, siren: str | None, insee_code: str | None) -> None:
    if siren is None and insee_code is None:
        return
    # Comparing with NULL finds nothing, which is what a missing number should find.
    same = or_(Client.siren == cast(siren, Text), Client.insee_code == cast(insee_code, Text))
    twins = db.session.scalars(select(Client).where(same))
    for twin in twins:
        if twin.id != own_id:
            where = "parmi les archives" if twin.archived_at else "dans le portefeuille"
            raise DomainError(f"{twin.name} est déjà {where}, avec ce SIREN ou ce code INSEE.")


def _put_members(client: Client, member_ids: Iterable[UUID]) -> None:
    wanted = set(member_ids)
    if not wanted:
        return
    if not wanted <= {member.id for member in queries.technicians()}:
        raise DomainError("Cette personne ne fait plus partie de l’équipe, ou ne peut que consulter.")
    db.session.add_all(Assignment(client_id=client.id, member_id=member) for member in wanted)
    db.session.flush()
