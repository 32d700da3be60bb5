"""What may be done with referents: who follows what at the client, under which mandate."""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from mspaudit.adapters.uploads import UploadRefused, sniff
from mspaudit.clients import queries, rules
from mspaudit.clients.dirty import mark
from mspaudit.clients.models import Client, Person, Referent
from mspaudit.errors import DomainError
from mspaudit.extensions import db
from mspaudit.journal.actions import record
from mspaudit.runtime import runtime
from mspaudit.tenancy.context import tenant_id


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent."""

    filename: str
    data: bytes


def name_referent(
    client: Client,
    *,
    role: str,
    person: Person,
    since: date,
    now: datetime,
    deputy: Person | None = None,
    hours_a_month: float | None = None,
    mandate_signed_on: date | None = None,
    mandate_until: date | None = None,
    mandate: Upload | None = None,
) -> Referent:
    """Make ``person`` the client's referent; whoever held the role before stops on ``since``.

    Args:
        role: a key of ``rules.ROLES``.
        mandate_signed_on: None while nothing is signed.
        mandate: the signed document, kept in storage.

    Raises:
        DomainError: people who left, a mandate that ends before it begins, a file that is not accepted.
    """
    _check_people(role, person, deputy)
    _check_terms(hours_a_month, mandate_signed_on, mandate_until)
    key = _store(mandate) if mandate is not None else None
    for current in queries.referents(client.id):
        if current.referent.role == role and current.referent.until is None:
            end_referent(client, current.referent, on=max(since, current.referent.since), now=now)
    # The role is freed before it is taken: one current holder a role.
    db.session.flush()
    referent = Referent(
        client_id=client.id,
        role=role,
        person_id=person.id,
        deputy_id=deputy.id if deputy else None,
        hours_a_month=hours_a_month,
        mandate_signed_on=mandate_signed_on,
        mandate_until=mandate_until,
        mandate_key=key,
        since=since,
    )
    db.session.add(referent)
    db.session.flush()
    data = {"role": role, "hours": hours_a_month, "signed": mandate_signed_on is not None}
    record("referent.named", person.name, subject_id=referent.id, client_id=client.id, at=now, **data)
    mark(client.id)
    return referent


def end_referent(client: Client, referent: Referent, *, on: date, now: datetime) -> None:
    """End a referent's role on a day, not before it began. Raises DomainError."""
    if referent.until is not None:
        raise DomainError("Ce rôle est déjà terminé.")
    if on < referent.since:
        raise DomainError("La fin ne peut pas précéder le début.")
    referent.until = on
    name = rules.ROLES[referent.role]
    record("referent.ended", name, subject_id=referent.id, client_id=client.id, at=now, on=on.isoformat())
    mark(client.id)


def mandate_file(referent: Referent) -> bytes:
    """The signed document. Raises NotStoredError when there is none."""
    return runtime().storage.get(referent.mandate_key or "", tenant_id=tenant_id())


def _check_people(role: str, person: Person, deputy: Person | None) -> None:
    if role not in rules.ROLES:
        raise DomainError("Choisissez un rôle.")
    for someone in filter(None, (person, deputy)):
        if someone.left_on is not None:
            raise DomainError(f"{someone.name} est parti et ne peut pas tenir ce rôle.")
    if deputy is not None and deputy.id == person.id:
        raise DomainError("Choisissez un suppléant qui n’est pas le titulaire.")


def _check_terms(hours: float | None, signed_on: date | None, until: date | None) -> None:
    if hours is not None and not 0 <= hours <= rules.HOURS_AT_MOST:
        raise DomainError("Le temps prévu va de 0 à 200 heures par mois.")
    if until is not None and (signed_on is None or until < signed_on):
        raise DomainError("Un mandat qui a une fin a une signature, et elle la précède.")


def _store(upload: Upload) -> str:
    try:
        sniff(upload.data, upload.filename)
    except UploadRefused as refused:
        raise DomainError(str(refused)) from None
    return runtime().storage.put(tenant_id(), sha256(upload.data).hexdigest(), upload.data)
