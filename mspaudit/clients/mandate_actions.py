"""What may be done with referents: who follows what at the client, under which mandate."""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import TypedDict, Unpack

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


class Terms(TypedDict, total=False):
    """Under what terms. ``mandate_signed_on``: None while nothing is signed."""

    hours_a_month: float | None
    mandate_signed_on: date | None
    mandate_until: date | None


def name_referent(
    client: Client,
    *,
    role: str,
    person: Person,
    since: date,
    now: datetime,
    deputy: Person | None = None,
    mandate: Upload | None = None,
    **terms: Unpack[Terms],
) -> Referent:
    """Make ``person`` the client's referent; whoever held the role before stops on ``since``.

    Args:
        role: a key of ``rules.ROLES``.
        mandate: the signed document, kept in storage.

    Raises:
        DomainError: people who left, a mandate that ends before it begins, a file that is not accepted.
    """
    _check_people(role, person, deputy)
    _check_terms(terms)
    key = _store(mandate) if mandate is not None else None
    _free(client, role, since, now)
    referent = Referent(client_id=client.id, role=role, person_id=person.id, since=since, **terms)
    referent.deputy_id, referent.mandate_key = deputy.id if deputy else None, key
    db.session.add(referent)
    db.session.flush()
    record("referent.named", person.name, subject_id=referent.id, client_id=client.id, at=now, role=role)
    mark(client.id)
    return referent


def _free(client: Client, role: str, since: date, now: datetime) -> None:
    """The role is freed before it is taken: it has one current holder."""
    for current in queries.referents(client.id):
        if current.referent.role == role and current.referent.until is None:
            end_referent(client, current.referent, on=max(since, current.referent.since), now=now)
    db.session.flush()


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


def _check_terms(terms: Terms) -> None:
    hours, until = terms.get("hours_a_month"), terms.get("mandate_until")
    signed_on = terms.get("mandate_signed_on")
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
