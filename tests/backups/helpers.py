"""What several tests of backups need: a job followed at Valbrune, and its secret."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from mspaudit.backups import actions
from mspaudit.backups.models import BackupEvent, BackupJob
from mspaudit.clients.queries import client_or_404
from mspaudit.extensions import db
from tests.cast import Cast, House

CARD: dict[str, Any] = {
    "name": "NAS-MAIRIE vers C2",
    "tool": "Hyper Backup",
    "destination": "C2 Synology",
    "period_hours": 24,
    "grace_hours": 6,
    "working_days": False,
}


def follow(cast: Cast, house: House | None = None, client: str = "valbrune", **more: Any) -> tuple[UUID, str]:
    """(job, token) of a new job."""
    now = more.pop("now", datetime.now(UTC))
    with cast.inside(house):
        job, token = actions.add_job(client_or_404(client), now=now, **(CARD | more))
        return job.id, token


def events(cast: Cast, job_id: UUID) -> list[BackupEvent]:
    """Everything heard of a job, in order."""
    with cast.inside():
        statement = select(BackupEvent).where(BackupEvent.job_id == job_id).order_by(BackupEvent.at)
        return list(db.session.scalars(statement))


def job_of(cast: Cast, job_id: UUID) -> BackupJob:
    """The job as it stands."""
    with cast.inside():
        return db.session.scalars(select(BackupJob).where(BackupJob.id == job_id)).one()
