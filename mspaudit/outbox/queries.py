"""Reading the outbox of the current MSP."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from mspaudit.extensions import db
from mspaudit.outbox.models import OutgoingMail


def claim(mail_id: UUID) -> OutgoingMail | None:
    """The mail if it is still to send and nobody else is sending it; locked until this transaction ends."""
    return db.session.scalar(
        select(OutgoingMail)
        .where(OutgoingMail.id == mail_id, OutgoingMail.state == "waiting")
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )


def due(now: datetime, limit: int = 500) -> Sequence[UUID]:
    """The mails that should have left by ``now``, the oldest first."""
    return db.session.scalars(
        select(OutgoingMail.id)
        .where(OutgoingMail.state == "waiting", OutgoingMail.due_at <= now)
        .order_by(OutgoingMail.due_at)
        .limit(limit)
    ).all()


def by_key(key: str) -> OutgoingMail | None:
    """The mail of that key, whatever became of it."""
    return db.session.scalar(select(OutgoingMail).where(OutgoingMail.key == key))


def about(client_id: UUID, limit: int = 50) -> Sequence[OutgoingMail]:
    """The latest mails about one client, the newest first."""
    return db.session.scalars(
        select(OutgoingMail)
        .where(OutgoingMail.client_id == client_id)
        .order_by(OutgoingMail.created_at.desc())
        .limit(limit)
    ).all()
