"""Writing the journal."""

from datetime import datetime
from typing import Any
from uuid import UUID

from mspaudit.extensions import db
from mspaudit.journal.models import Entry
from mspaudit.tenancy.context import current


def record(
    verb: str,
    subject: str,
    *,
    subject_id: UUID | None = None,
    client_id: UUID | None = None,
    at: datetime | None = None,
    **data: Any,
) -> None:
    """Write that the current person or job did ``verb`` to ``subject``, in this transaction.

    Args:
        verb: past tense, dotted by room: ``answer.saved``.
        subject: what it was done to, in words a person reads; no secret and no token.
        at: when, UTC; now if omitted.
        data: small JSON values, such as what it was and what it became.
    """
    context = current()
    entry = Entry(
        verb=verb,
        subject=subject,
        subject_id=subject_id,
        client_id=client_id if client_id is not None else context.client_id,
        actor_kind=context.kind,
        actor=context.actor,
        login_id=context.login_id,
        data=data,
    )
    if at is not None:
        entry.at = at
    db.session.add(entry)
