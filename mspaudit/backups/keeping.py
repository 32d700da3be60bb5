"""How long signals are kept: thirteen months of results, and at most some thousands a job."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from mspaudit.backups.models import BackupEvent
from mspaudit.extensions import db

KEPT = timedelta(days=400)
MOST_A_JOB = 5_000


def forget_old(*, now: datetime) -> int:
    """Delete signals older than thirteen months, and those beyond the latest 5,000 of a job; how many."""
    place = func.row_number().over(partition_by=BackupEvent.job_id, order_by=BackupEvent.at.desc())
    ranked = select(BackupEvent.id, place.label("place")).subquery()
    surplus = select(ranked.c.id).where(ranked.c.place > MOST_A_JOB)
    gone = delete(BackupEvent).where((BackupEvent.at < now - KEPT) | BackupEvent.id.in_(surplus))
    done = db.session.execute(gone.execution_options(synchronize_session=False))
    return int(getattr(done, "rowcount", 0))
