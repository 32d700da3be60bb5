"""The outbox."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mspaudit.tenancy.models import ClientScoped, TenantEntity, Timestamp, unique


class OutgoingMail(ClientScoped, TenantEntity):
    """A mail to send once: ``key`` (what, for whom, which period) is unique in the tenant.

    The text of a mail that carries a link is erased once it has left.
    """

    __tablename__ = "outbox"
    __visible__ = "client"
    __table_args__ = (
        unique("key"),
        CheckConstraint("state IN ('waiting', 'sent', 'refused', 'cancelled')", name="state"),
        Index("ix_outbox_due", "tenant_id", "due_at", postgresql_where=text("state = 'waiting'")),
    )

    client_id: Mapped[UUID | None] = mapped_column(nullable=True)
    key: Mapped[str] = mapped_column(Text)
    recipient: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str | None] = mapped_column(Text)
    reply_to: Mapped[str | None] = mapped_column(Text)
    headers: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    secret: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(Text, default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(Text)
    due_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    sent_at: Mapped[datetime | None] = mapped_column(Timestamp)
