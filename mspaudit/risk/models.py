"""Impacts, the standing of each client today, one snapshot a day, and the portfolio's totals."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Index, SmallInteger, Text, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, REAL
from sqlalchemy.orm import Mapped, mapped_column

from mspaudit.tenancy.models import ClientEntity, ClientModel, TenantModel, Timestamp, client_fk


class Impact(ClientModel):
    """How hard each scenario would hit this client, 0 to 3, in the order of ``risk.rules.SCENARIOS``."""

    __tablename__ = "impact"
    __table_args__ = (client_fk(),)

    i1: Mapped[int] = mapped_column(SmallInteger)
    i2: Mapped[int] = mapped_column(SmallInteger)
    i3: Mapped[int] = mapped_column(SmallInteger)
    i4: Mapped[int] = mapped_column(SmallInteger)
    i5: Mapped[int] = mapped_column(SmallInteger)
    i6: Mapped[int] = mapped_column(SmallInteger)


class _Figures(ClientModel):
    """Points out of 100. ``missing`` + ``unproven`` = ``risk``; ``x1``..``x6``: exposure by scenario."""

    __abstract__ = True

    # The client belongs to the tenant already: a second foreign key would cost half of each insert.
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-30)
    risk: Mapped[float] = mapped_column(REAL)
    missing: Mapped[float] = mapped_column(REAL)
    unproven: Mapped[float] = mapped_column(REAL)
    posture: Mapped[float] = mapped_column(REAL)
    certainty: Mapped[float] = mapped_column(REAL)
    x1: Mapped[float] = mapped_column(REAL)
    x2: Mapped[float] = mapped_column(REAL)
    x3: Mapped[float] = mapped_column(REAL)
    x4: Mapped[float] = mapped_column(REAL)
    x5: Mapped[float] = mapped_column(REAL)
    x6: Mapped[float] = mapped_column(REAL)


class Snapshot(_Figures):
    """The figures of one client on one day (Europe/Paris)."""

    __tablename__ = "snapshot"
    __table_args__ = (client_fk(), Index("ix_snapshot_day", "tenant_id", "day"))

    day: Mapped[date] = mapped_column(Date, primary_key=True)


class Standing(_Figures):
    """Where one client stands now, with what the dashboard shows beside it.

    ``worst``: 1..6, the most exposed scenario. ``spark``: thirteen weekly risks over 90 days, the
    oldest first. ``act_by``: the last useful day of the next deadline.

    No index but the key, and room left in each page: a recomputation then rewrites five thousand rows in
    15 ms instead of 60, while sorting one tenant's rows without an index costs 2.
    """

    __tablename__ = "standing"
    __table_args__ = (client_fk(), {"postgresql_with": {"fillfactor": 50}})

    worst: Mapped[int] = mapped_column(SmallInteger)
    worst_exposure: Mapped[float] = mapped_column(REAL)
    contradicted: Mapped[int] = mapped_column(SmallInteger, default=0)
    unknown: Mapped[int] = mapped_column(SmallInteger, default=0)
    delta: Mapped[float] = mapped_column(REAL, default=0.0)
    spark: Mapped[list[float]] = mapped_column(ARRAY(REAL), default=list)
    act_by: Mapped[date | None]
    deadline: Mapped[str | None] = mapped_column(Text)
    computed_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())


class Deadline(ClientEntity):
    """Something due at a client as its room told it when the client was last computed; never edited.

    ``id`` is made from client, kind, subject and ``due_on``: another date is another deadline. ``act_by``:
    the last useful day. ``amount``: cents a year, or once.
    """

    __tablename__ = "deadline"
    __visible__ = "served"
    __table_args__ = (
        client_fk(),
        Index("ix_deadline_client", "tenant_id", "client_id", "act_by"),
        # What the law sets falls on every client the same day: the list of the others leaves it out.
        Index("ix_deadline_act_by", "tenant_id", "act_by", "id", postgresql_where=text("kind <> 'calendar'")),
    )

    kind: Mapped[str] = mapped_column(Text)
    subject_id: Mapped[UUID]
    subject: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date]
    act_by: Mapped[date]
    amount: Mapped[int | None]
    detail: Mapped[str | None] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())


class PortfolioDay(TenantModel):
    """The portfolio's means and distribution on one day, and its shared gaps when last computed.

    ``levels``: clients by level, faible to critique. ``gaps`` and ``moves``: see ``risk.gaps``; they may
    be a little older than the rest (``gaps_at``).
    """

    __tablename__ = "portfolio_day"
    __visible__ = "msp"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    clients: Mapped[int]
    risk: Mapped[float] = mapped_column(REAL)
    posture: Mapped[float] = mapped_column(REAL)
    certainty: Mapped[float] = mapped_column(REAL)
    levels: Mapped[list[int]] = mapped_column(JSONB, default=list)
    gaps: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB)
    moves: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB)
    gaps_at: Mapped[datetime | None] = mapped_column(Timestamp)
    computed_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
