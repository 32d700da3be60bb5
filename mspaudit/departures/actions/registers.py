"""The registers: who holds a portal, who knows a shared secret and when it last changed."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete

from mspaudit.clients import queries as clients
from mspaudit.clients.dirty import mark
from mspaudit.clients.models import Client, Person
from mspaudit.content import departures as content
from mspaudit.departures import queries, rules
from mspaudit.departures.actions.items import rotated, settle_about
from mspaudit.departures.models import PortalHolder, SecretKnower, SharedSecret
from mspaudit.errors import DomainError
from mspaudit.extensions import db
from mspaudit.journal.actions import record
from mspaudit.kernel.french import slug
from mspaudit.kernel.ids import new_id
from mspaudit.kernel.text import one_line

LONGEST_LABEL = 120
MOST_SECRETS = 300


def hold(
    client: Client,
    *,
    code: str,
    title: str,
    used: bool,
    person: Person | None,
    deputy: Person | None,
    certificate_until: date | None,
    reviewed_on: date,
    now: datetime,
) -> PortalHolder:
    """Write who holds a portal; replacing someone who is leaving settles that line of their departure.

    Args:
        code: of the usual list; empty for a line of the client's own, which ``title`` names.

    Raises:
        DomainError: no title, people who left, or the deputy is the holder.
    """
    usual = {portal.code: portal.title for portal in content.portals(client.kind)}
    title = usual.get(code) or one_line(title, LONGEST_LABEL)
    code = code or slug(title)[:60]
    if not title or not code:
        raise DomainError("Donnez un nom à ce portail.")
    _check_holders(person, deputy)
    line = next((held.holder for held in queries.holders(client) if held.code == code), None)
    if line is None:
        line = PortalHolder(id=new_id(), client_id=client.id, code=code)
        db.session.add(line)
    before = line.person_id
    line.title, line.used, line.reviewed_on = title, used, reviewed_on
    line.person_id, line.deputy_id = person.id if person else None, deputy.id if deputy else None
    line.certificate_until = certificate_until
    db.session.flush()
    named = person.name if person else ""
    record("portal.held", title, subject_id=line.id, client_id=client.id, at=now, by=named, used=used)
    if before is not None and before != line.person_id:
        settle_about("portals", [line.id], now=now, person_id=before)
    mark(client.id)
    return line


def add_secret(
    client: Client, *, label: str, kept_in: str, level: str, rotated_on: date | None, now: datetime
) -> SharedSecret:
    """Write that a shared secret exists. Raises DomainError for a label that looks like the secret itself."""
    label, kept_in = one_line(label, LONGEST_LABEL), one_line(kept_in, LONGEST_LABEL)
    if not label:
        raise DomainError("Dites à quoi ce secret sert.")
    if level not in rules.LEVELS:
        raise DomainError("Choisissez ce qu’ouvre ce secret.")
    if rules.looks_like_a_secret(label) or rules.looks_like_a_secret(kept_in):
        raise DomainError(
            "Cela ressemble à un mot de passe. Écrivez seulement à quoi il sert et où il est rangé : "
            "le secret lui-même reste dans le coffre."
        )
    if len(queries.secrets(client.id)) >= MOST_SECRETS:
        raise DomainError(f"Ce registre a déjà {MOST_SECRETS} secrets. Retirez ceux qui ne servent plus.")
    secret = SharedSecret(
        id=new_id(), client_id=client.id, label=label, kept_in=kept_in, level=level, rotated_on=rotated_on,
        created_at=now,
    )  # fmt: skip
    db.session.add(secret)
    db.session.flush()
    record("secret.added", label, subject_id=secret.id, client_id=client.id, at=now)
    return secret


def set_knowers(client: Client, secret: SharedSecret, people: Collection[UUID], *, now: datetime) -> None:
    """Write who knows a secret. Raises DomainError for someone who is not of this client."""
    here = {person.id: person.name for person in clients.people(client.id)}
    if not set(people) <= here.keys():
        raise DomainError("Une de ces personnes n’est plus de ce client. Rechargez la page.")
    db.session.execute(delete(SecretKnower).where(SecretKnower.secret_id == secret.id))
    db.session.add_all(
        SecretKnower(client_id=client.id, secret_id=secret.id, person_id=person) for person in set(people)
    )
    db.session.flush()
    names = sorted(here[person] for person in set(people))
    record("secret.known", secret.label, subject_id=secret.id, client_id=client.id, at=now, by=names)


def rotate_secret(secret: SharedSecret, *, on: date, today: date, now: datetime) -> None:
    """Write that a secret changed on a day, which settles it in every departure that waits for it.

    Raises:
        DomainError: a day to come, before the last change, or a secret that is no longer used.
    """
    if secret.retired_at is not None:
        raise DomainError("Ce secret ne sert plus.")
    if on > today:
        raise DomainError("Cette date est à venir : notez le changement une fois fait.")
    if secret.rotated_on is not None and on < secret.rotated_on:
        raise DomainError("Un changement plus récent est déjà noté.")
    record(
        "secret.rotated", secret.label, subject_id=secret.id, client_id=secret.client_id, at=now, on=str(on)
    )
    rotated(secret, on=on, now=now)


def retire_secret(secret: SharedSecret, *, now: datetime) -> None:
    """Write that a secret no longer opens anything; the lists that waited for it are settled."""
    if secret.retired_at is None:
        secret.retired_at = now
        record("secret.retired", secret.label, subject_id=secret.id, client_id=secret.client_id, at=now)
        settle_about("secrets", [secret.id], now=now)


def _check_holders(person: Person | None, deputy: Person | None) -> None:
    for someone in filter(None, (person, deputy)):
        if someone.left_on is not None:
            raise DomainError(f"{someone.name} est parti et ne peut pas tenir ce portail.")
    if person is not None and deputy is not None and person.id == deputy.id:
        raise DomainError("Choisissez un suppléant qui n’est pas le titulaire.")
