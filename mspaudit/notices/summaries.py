"""Deadlines read for other than their list: who was told, what the law sets, a calendar, what to look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, cast, func, select

from mspaudit.backups import standing_sql
from mspaudit.backups.models import BackupJob
from mspaudit.clients.models import Client
from mspaudit.extensions import db
from mspaudit.identity.models import StaffMember
from mspaudit.notices.calendar import Due
from mspaudit.notices.models import DeadlineState, Notice
from mspaudit.notices.queries import CALENDAR, of_state
from mspaudit.risk.deadlines import OVERDUE_SHOWN_DAYS
from mspaudit.risk.models import Deadline


@dataclass(frozen=True)
class Told:
    """Somebody was told of a deadline; ``passed``: a more urgent threshold was told instead."""

    name: str
    threshold: int
    at: datetime
    passed: bool


def told(deadline_id: UUID) -> list[Told]:
    """Who was told of a deadline, the latest first."""
    statement = (
        select(StaffMember.name, Notice.threshold, Notice.at, Notice.passed)
        .join(StaffMember, StaffMember.id == Notice.member_id)
        .where(Notice.deadline_id == deadline_id)
        .order_by(Notice.at.desc(), Notice.threshold, StaffMember.name)
        .limit(100)
    )
    return [Told(*row) for row in db.session.execute(statement)]


@dataclass(frozen=True)
class Legal:
    """A date of the legal calendar and how many clients it still concerns."""

    subject: str
    act_by: date
    detail: str
    clients: int


def legal(*, today: date, days: int) -> list[Legal]:
    """The dates of the legal calendar in the days to come, each once for the whole portfolio."""
    d = Deadline
    statement = (
        select(d.subject, d.act_by, func.min(func.coalesce(d.detail, "")), func.count())
        .outerjoin(DeadlineState, DeadlineState.id == d.id)
        .where(d.kind == CALENDAR, d.act_by.between(today, today + timedelta(days=days)))
        .where(of_state("", today))
        .group_by(d.subject, d.act_by)
        .order_by(d.act_by, d.subject)
    )
    rows: list[Any] = list(db.session.execute(statement))
    return [Legal(*row) for row in rows]


def clients_to_look_at(*, now: datetime) -> Sequence[UUID]:
    """The clients one of whose backups went wrong, or right again, unknown to the list of deadlines."""
    listed = (
        select(Deadline.id)
        .where(Deadline.kind == "backup", Deadline.client_id == BackupJob.client_id)
        .where(Deadline.subject_id == BackupJob.id)
        .exists()
    )
    red = func.coalesce(standing_sql.red(cast(now, DateTime(timezone=True))), False)
    statement = select(BackupJob.client_id).where(BackupJob.archived_at.is_(None), red != listed).distinct()
    return db.session.scalars(statement).all()


def events(*, today: date, until: date, most: int = 2000) -> list[Due]:
    """What is still to do up to ``until``, what was missed within a month included, as events."""
    changed = func.greatest(Deadline.changed_at, func.coalesce(DeadlineState.at, Deadline.changed_at))
    statement = (
        select(
            Deadline.id,
            Client.name,
            Deadline.kind,
            Deadline.subject,
            Deadline.act_by,
            Deadline.due_on,
            changed,
        )
        .join(Client, Client.id == Deadline.client_id)
        .outerjoin(DeadlineState, DeadlineState.id == Deadline.id)
        .where(Deadline.act_by.between(today - timedelta(days=OVERDUE_SHOWN_DAYS), until))
        .where(of_state("", today))
        .order_by(Deadline.act_by, Deadline.id)
        .limit(most)
    )
    return [Due(*row) for row in db.session.execute(statement)]
