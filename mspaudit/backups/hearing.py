"""One signal of a job that did not come by its address on the web: a report mail, or someone who looked."""

from datetime import datetime
from uuid import UUID

from mspaudit.backups import queries, rules
from mspaudit.backups.models import BackupEvent, BackupJob
from mspaudit.backups.rules import Kind
from mspaudit.clients.dirty import mark
from mspaudit.extensions import db
from mspaudit.kernel.ids import new_id


def hear(
    job: BackupJob,
    kind: Kind,
    *,
    at: datetime,
    source: str,
    body: str = "",
    mail_id: UUID | None = None,
    by_name: str | None = None,
) -> BackupEvent:
    """Write a signal and what it makes of the job, which the caller holds locked (``queries.locked``).

    Args:
        source: ``mail`` or ``manual``; the door writes its own.
    """
    before = queries.standing(job)
    event = BackupEvent(
        id=new_id(),
        client_id=job.client_id,
        job_id=job.id,
        at=at,
        kind=kind,
        source=source,
        body=body,
        seconds=rules.took(before, kind, at),
        mail_id=mail_id,
        by_name=by_name,
        answer_by=rules.answer_by(at) if kind == "fail" else None,
    )
    db.session.add(event)
    after = rules.heard(before, kind, at, queries.schedule(job))
    for field in ("due_at", "last_result", "last_result_at", "last_ok_at", "started_at"):
        setattr(job, field, getattr(after, field))
    mark(job.client_id)
    return event
