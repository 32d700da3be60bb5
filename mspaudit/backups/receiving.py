"""A report mail from its arrival to its job: whose it is, what it says, kept whole as evidence."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from mspaudit.backups import door, hearing, letters, mail_rules, queries
from mspaudit.backups.letters import Letter
from mspaudit.backups.models import BackupJob, BackupMail
from mspaudit.extensions import db
from mspaudit.kernel.ids import new_id
from mspaudit.kernel.text import plain
from mspaudit.runtime import runtime
from mspaudit.tenancy.context import NOBODY, job
from mspaudit.tenancy.context import tenant_id as here
from mspaudit.tenancy.gate import hashed
from mspaudit.tenancy.lifecycle import unit_of_work

Fate = Literal["heard", "waiting", "known", "nobody"]
BIGGEST = 25 * 1024 * 1024
ACTOR = "courriel"


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a mail: a job's, waiting to be tied to one, known already, or nobody's."""

    fate: Fate
    verdict: str = ""
    job: str = ""


def receive(
    raw: bytes, *, now: datetime, recipients: tuple[str, ...] = (), msp: str = "", at: datetime | None = None
) -> Received:
    """Take a mail in, durable when this returns; the same one twice is written once.

    Args:
        recipients: where the server says it was delivered, which outranks what its headers say.
        msp: the slug of the MSP whose mailbox this is, when the mailbox is one MSP's.
        at: when it reached the mailbox; ``now`` if omitted, and never later.
    """
    letter = letters.read(raw)
    with unit_of_work(NOBODY):
        found = _route(letter, recipients, msp)
    if found is None:
        return Received("nobody")
    tenant, job_id, trusted = found
    with unit_of_work(job(tenant, actor=ACTOR)):
        return _keep(letter, raw, job_id, trusted=trusted, at=min(at or now, now))


def _route(letter: Letter, recipients: tuple[str, ...], msp: str) -> tuple[UUID, UUID | None, bool] | None:
    """(tenant, job, trusted). By a secret address; else its MSP; else the job that expects its sender."""
    tags = mail_rules.tags(recipients or letter.recipients)
    routes = door.mail_routes([hashed(tag) for tag in tags], msp or (tags[0] if tags else ""), letter.sender)
    by_token = next((route for route in routes if route.how == "token"), None)
    if by_token is not None:
        return by_token.tenant_id, by_token.job_id, True
    owner = next((route.tenant_id for route in routes if route.how == "msp"), None)
    if msp and owner is None:
        return None
    for route in routes:
        expected = route.how == "sender" and owner in (None, route.tenant_id)
        if expected and mail_rules.about(route.words, letter.subject, letter.text):
            return route.tenant_id, route.job_id, False
    return None if owner is None else (owner, None, False)


def _keep(letter: Letter, raw: bytes, job_id: UUID | None, *, trusted: bool, at: datetime) -> Received:
    found = queries.locked(job_id) if job_id is not None else None
    mail_id = _written(letter, raw, found, trusted=trusted, at=at)
    if mail_id is None:
        return Received("known")
    verdict = mail_rules.verdict(letter.subject, letter.text)
    if found is None:
        return Received("waiting", verdict)
    hearing.hear(found, verdict, at=at, source="mail", body=_excerpt(letter), mail_id=mail_id)
    return Received("heard", verdict, found.name)


def _written(
    letter: Letter, raw: bytes, found: BackupJob | None, *, trusted: bool, at: datetime
) -> UUID | None:
    """Store the mail, then its row; None when it was received before."""
    known = select(BackupMail.id).where(BackupMail.message_id == letter.message_id)
    if db.session.scalar(known) is not None:
        return None
    key = runtime().storage.put(here(), sha256(raw).hexdigest(), raw)
    values = {
        "tenant_id": here(),
        "id": new_id(),
        "client_id": found.client_id if found else None,
        "job_id": found.id if found else None,
        "message_id": letter.message_id,
        "received_at": at,
        "sender": letter.sender,
        "subject": letter.subject,
        "excerpt": _excerpt(letter),
        "verdict": mail_rules.verdict(letter.subject, letter.text),
        "trusted": trusted,
        "storage_key": key,
        "size": len(raw),
    }
    # Two deliveries at once: the second finds the first's row and writes nothing.
    statement = insert(BackupMail).values(values).on_conflict_do_nothing().returning(BackupMail.id)
    written: UUID | None = db.session.scalar(statement)
    return written


def _excerpt(letter: Letter) -> str:
    return plain(letter.text, letters.EXCERPT)
