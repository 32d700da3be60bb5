"""Who may sign for a client when something happens: written down with the proof, before the day comes."""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from mspaudit.adapters import uploads
from mspaudit.clients import dirty
from mspaudit.clients.mandate_actions import Upload
from mspaudit.clients.models import Client
from mspaudit.crisis.incidents.models import SigningRight
from mspaudit.errors import DomainError
from mspaudit.extensions import db
from mspaudit.journal.actions import record
from mspaudit.kernel.ids import new_id
from mspaudit.kernel.text import one_line
from mspaudit.runtime import runtime
from mspaudit.tenancy.context import current, tenant_id

LONGEST = 120


@dataclass(frozen=True)
class Right:
    """What someone may sign. ``granted_on``: the day of the deliberation or mandate, None when by office."""

    name: str
    title: str
    complaint: bool
    cnil: bool
    insurer: bool
    granted_on: date | None


def grant(
    client: Client, given: Right, *, document: Upload | None, today: date, now: datetime
) -> SigningRight:
    """Write that someone may sign for a client.

    Raises:
        DomainError: no name, nothing to sign, a day to come, or a file that is not accepted.
    """
    name = one_line(given.name, LONGEST)
    if not name:
        raise DomainError("Indiquez le nom de la personne.")
    if not (given.complaint or given.cnil or given.insurer):
        raise DomainError("Cochez ce que cette personne peut signer.")
    if given.granted_on is not None and given.granted_on > today:
        raise DomainError("Cette date est à venir.")
    right = SigningRight(
        id=new_id(), client_id=client.id, name=name, title=one_line(given.title, LONGEST),
        complaint=given.complaint, cnil=given.cnil, insurer=given.insurer, granted_on=given.granted_on,
        document_key=_stored(document) if document else None,
        document_name=one_line(document.filename, LONGEST) if document else None,
        recorded_at=now, recorded_by=current().actor,
    )  # fmt: skip
    db.session.add(right)
    _tell(right, "signing.granted", now)
    return right


def end(right: SigningRight, *, now: datetime) -> None:
    """Write that someone may not sign any more. Raises DomainError when that was so already."""
    if right.ended_at is not None:
        raise DomainError("C’est déjà noté.")
    right.ended_at = now
    _tell(right, "signing.ended", now)


def _stored(document: Upload) -> str:
    try:
        uploads.sniff(document.data, document.filename)
    except uploads.UploadRefused as refused:
        raise DomainError(str(refused)) from None
    return runtime().storage.put(tenant_id(), sha256(document.data).hexdigest(), document.data)


def _tell(right: SigningRight, verb: str, now: datetime) -> None:
    db.session.flush()
    dirty.mark(right.client_id, profile=False)
    record(verb, right.name, subject_id=right.id, client_id=right.client_id, at=now)
