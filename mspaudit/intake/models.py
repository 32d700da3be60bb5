"""Imports, what they write for each client, and what the desk remembers for next time."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mspaudit.intake.feeds import Counts
from mspaudit.tenancy.models import (
    ClientEntity,
    ClientScoped,
    TenantEntity,
    Timestamp,
    client_fk,
    fk,
    unique,
)

STATES = ("mapping", "waiting", "running", "done", "cancelled", "failed", "undoing", "undone")


class Counted:
    """Mixin: how many rows were written, by verb."""

    added: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    gone: Mapped[int] = mapped_column(default=0)
    same: Mapped[int] = mapped_column(default=0)
    ignored: Mapped[int] = mapped_column(default=0)

    @property
    def counts(self) -> Counts:
        return Counts(self.added, self.changed, self.gone, self.same, self.ignored)

    def count(self, more: Counts) -> None:
        """Add what was just written."""
        self.added += more.new
        self.changed += more.changed
        self.gone += more.gone
        self.same += more.same
        self.ignored += more.ignored


class Import(Counted, ClientScoped, TenantEntity):
    """A file at the desk, for one client or, with no ``client_id``, for several.

    ``columns``: our field names → headers. ``routes``: with several clients, what the lines carry (a domain,
    an entity) → the identifier of their client, empty for lines to leave aside. ``refused`` keeps the first
    few hundred refusals; ``refusals`` counts them all. ``total`` and ``done`` count lines. ``table_key``: the
    file once read, so that no page and no worker reads it again.
    """

    __tablename__ = "intake"
    __visible__ = "served"
    __table_args__ = (
        client_fk(),
        CheckConstraint(f"state IN {STATES}", name="state"),
        Index("ix_intake_recent", "tenant_id", "client_id", "created_at"),
    )

    client_id: Mapped[UUID | None] = mapped_column(sort_order=-10)
    filename: Mapped[str] = mapped_column(Text)
    storage_key: Mapped[str] = mapped_column(Text)
    table_key: Mapped[str] = mapped_column(Text)
    kind: Mapped[str | None] = mapped_column(Text)
    headers: Mapped[list[str]] = mapped_column(JSONB, default=list)
    columns: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict)
    routes: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict)
    state: Mapped[str] = mapped_column(Text, default="mapping")
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    refusals: Mapped[int] = mapped_column(default=0)
    refused: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    touched_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now(), onupdate=func.now())
    finished_at: Mapped[datetime | None] = mapped_column(Timestamp)
    undone_by: Mapped[str | None] = mapped_column(Text)
    undone_at: Mapped[datetime | None] = mapped_column(Timestamp)

    @property
    def shared(self) -> bool:
        """Whether its lines go to several clients."""
        return self.client_id is None


class ImportPart(Counted, ClientEntity):
    """What an import writes for one client: ``done`` of its ``total`` lines so far."""

    __tablename__ = "intake_part"
    __visible__ = "served"
    __table_args__ = (client_fk(), fk("import_id", to="intake.id"), unique("import_id", "client_id"))

    import_id: Mapped[UUID]
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None] = mapped_column(Timestamp)
    undone_at: Mapped[datetime | None] = mapped_column(Timestamp)


class KnownColumns(TenantEntity):
    """What an MSP said of a file with these very headers; ``headers`` is their digest."""

    __tablename__ = "intake_columns"
    __visible__ = "msp"
    __table_args__ = (unique("headers"),)

    headers: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    columns: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict)
    said_by: Mapped[str] = mapped_column(Text)


class KnownRoute(ClientEntity):
    """Which client lines with this domain or entity went to; ``key`` is ``domain:…`` or ``entity:…``."""

    __tablename__ = "intake_route"
    __visible__ = "served"
    __table_args__ = (client_fk(), unique("key"))

    key: Mapped[str] = mapped_column(Text)
