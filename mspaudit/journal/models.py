"""The journal and the head of each tenant's hash chain."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, LargeBinary, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mspaudit.tenancy.models import ClientScoped, TenantEntity, TenantModel, Timestamp


class Entry(ClientScoped, TenantEntity):
    """One thing that someone did. ``seq`` and ``hash`` are set by PostgreSQL when the transaction commits."""

    __tablename__ = "journal"
    __visible__ = "client"
    __table_args__ = (
        Index("ix_journal_tenant_at", "tenant_id", "at"),
        Index("ix_journal_unchained", "tenant_id", "id", postgresql_where=text("seq IS NULL")),
        Index("ix_journal_client_at", "tenant_id", "client_id", "at"),
    )

    client_id: Mapped[UUID | None] = mapped_column(nullable=True)
    at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    verb: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    subject_id: Mapped[UUID | None]
    actor_kind: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(Text)
    login_id: Mapped[UUID | None]
    data: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    seq: Mapped[int | None] = mapped_column(BigInteger)
    hash: Mapped[bytes | None] = mapped_column(LargeBinary)


class Head(TenantModel):
    """The last link of a tenant's chain; only the database's own trigger writes it."""

    __tablename__ = "journal_head"
    __visible__ = "ledger"

    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
