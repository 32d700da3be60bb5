"""What people said of deadlines, what they were told, and how they want to be told."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Index, LargeBinary, SmallInteger, Text, Time, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mspaudit.notices.rules import MORNING, WEEK
from mspaudit.tenancy.models import (
    ClientEntity,
    ClientModel,
    TenantEntity,
    TenantModel,
    Timestamp,
    client_fk,
    fk,
)


class DeadlineState(ClientEntity):
    """What somebody said of one deadline, whose identifier it shares; no row means open and nobody's.

    ``until``: the day a snoozed one comes back. ``thresholds``: its own, instead of its kind's. ``before``:
    what the last change replaced, for as long as that ``change_id`` can be undone.
    """

    __tablename__ = "deadline_state"
    __visible__ = "served"
    __table_args__ = (
        client_fk(),
        fk("assignee_id", to="staff_member.id", ondelete="SET NULL (assignee_id)"),
        CheckConstraint("state IN ('open', 'acknowledged', 'snoozed', 'done')", name="state"),
        CheckConstraint("(state = 'snoozed') = (until IS NOT NULL)", name="until"),
        Index("ix_deadline_state_change", "tenant_id", "change_id"),
    )

    state: Mapped[str] = mapped_column(Text, default="open")
    reason: Mapped[str] = mapped_column(Text, default="")
    until: Mapped[date | None]
    assignee_id: Mapped[UUID | None]
    thresholds: Mapped[list[int] | None] = mapped_column(ARRAY(SmallInteger))
    by: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Timestamp)
    change_id: Mapped[UUID]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)


class Notice(ClientModel):
    """One person was told of one deadline at one threshold: the key makes it happen once.

    ``passed``: a more urgent threshold was told instead, after days without a scheduler.
    """

    __tablename__ = "notice"
    __visible__ = "served"
    __table_args__ = (
        client_fk(),
        fk("member_id", to="staff_member.id"),
        Index("ix_notice_deadline", "tenant_id", "deadline_id"),
    )

    deadline_id: Mapped[UUID] = mapped_column(primary_key=True)
    member_id: Mapped[UUID] = mapped_column(primary_key=True)
    threshold: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    passed: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(Timestamp)


class KindThresholds(TenantModel):
    """The thresholds that this MSP gave a kind of deadlines, instead of ours."""

    __tablename__ = "notice_rule"

    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    days: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))


class Preference(TenantModel):
    """When a colleague wants the daily summary; no row means half past eight, Monday to Friday."""

    __tablename__ = "notice_preference"
    __table_args__ = (fk("member_id", to="staff_member.id"),)

    member_id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[time] = mapped_column(Time, default=MORNING)
    days: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger), default=lambda: list(WEEK))
    alsace: Mapped[bool] = mapped_column(default=False)


class CalendarFeed(TenantEntity):
    """A colleague's secret calendar address: its hash, until it is revoked. ``read_at``: to the hour."""

    __tablename__ = "calendar_feed"
    __table_args__ = (
        fk("member_id", to="staff_member.id"),
        Index("ix_calendar_feed_token", "token_hash"),
        Index(
            "uq_calendar_feed_current",
            "tenant_id",
            "member_id",
            unique=True,
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    member_id: Mapped[UUID]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    read_at: Mapped[datetime | None] = mapped_column(Timestamp)
    revoked_at: Mapped[datetime | None] = mapped_column(Timestamp)


class Trial(TenantEntity):
    """A test alert: asked for on a page, taken by a worker, then followed in the outbox by its key."""

    __tablename__ = "alert_trial"
    __table_args__ = (fk("member_id", to="staff_member.id"),)

    member_id: Mapped[UUID]
    asked_at: Mapped[datetime] = mapped_column(Timestamp)
    taken_at: Mapped[datetime | None] = mapped_column(Timestamp)
