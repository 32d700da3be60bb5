"""Campaigns, their groups, what the field told, and what direction answered before reading it.

A report holds nothing that ties it to a person, a device or a minute: its identifier is drawn at random
(UUIDv4: the usual one carries the millisecond), its time is a half-day, and it has no date of writing.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Index, LargeBinary, SmallInteger, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mspaudit.tenancy.models import ClientEntity, ClientScoped, TenantModel, Timestamp, client_fk, fk


class FieldCampaign(ClientEntity):
    """One round of listening. Nothing opens before the direction has promised (``promised_at``).

    ``facilitator_id``: the member of staff who alone reads what was written before names are cleared.
    """

    __tablename__ = "field_campaign"
    __table_args__ = (
        client_fk(),
        fk("facilitator_id", to="staff_member.id", ondelete="SET NULL (facilitator_id)"),
        CheckConstraint("session_half IN ('am', 'pm')", name="half"),
        Index(
            "uq_field_campaign_open",
            "tenant_id",
            "client_id",
            unique=True,
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    message: Mapped[str] = mapped_column(Text)
    facilitator_id: Mapped[UUID | None]
    facilitator: Mapped[str] = mapped_column(Text)
    session_on: Mapped[date]
    session_half: Mapped[str] = mapped_column(Text)
    next_on: Mapped[date]
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    created_by: Mapped[str] = mapped_column(Text)
    promised_at: Mapped[datetime | None] = mapped_column(Timestamp)
    promised_by: Mapped[str | None] = mapped_column(Text)
    closed_at: Mapped[datetime | None] = mapped_column(Timestamp)
    closed_by: Mapped[str | None] = mapped_column(Text)

    @property
    def open(self) -> bool:
        """Whether reports may come in."""
        return self.promised_at is not None and self.closed_at is None


class FieldGroup(ClientEntity):
    """Some people who do the same work, and their link, kept as its hash alone (see ``tokens.py``)."""

    __tablename__ = "field_group"
    __table_args__ = (
        client_fk(),
        fk("campaign_id", to="field_campaign.id"),
        CheckConstraint("headcount >= 1 AND headcount < 100000", name="headcount"),
        Index("ix_field_group_campaign", "tenant_id", "campaign_id"),
        Index("ix_field_group_token", "token_hash"),
    )

    campaign_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(Text)
    headcount: Mapped[int]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)


class FieldReport(ClientEntity):
    """A moment of somebody's day. ``group_id`` is null for a group under five people.

    ``cleared``: the facilitator looked for names. ``rank``: the client's order among too many immediate
    ones. ``positions``: {side: {agrees, words}} of ``rules.SIDES``. The days are of what was done about it.
    """

    __tablename__ = "field_report"
    __table_args__ = (
        client_fk(),
        fk("campaign_id", to="field_campaign.id"),
        fk("group_id", to="field_group.id", ondelete="SET NULL (group_id)"),
        fk("merged_into", to="field_report.id", ondelete="SET NULL (merged_into)"),
        CheckConstraint("told_half IN ('am', 'pm')", name="half"),
        CheckConstraint("frequency >= 1 AND frequency <= 3", name="frequency"),
        CheckConstraint("exposure >= 1 AND exposure <= 3", name="exposure"),
        CheckConstraint(
            "category IN ('client_data', 'financial', 'admin_access', 'comfort')", name="category"
        ),
        CheckConstraint("cause IN ('tool', 'organisation', 'none')", name="cause"),
        CheckConstraint("level IN ('immediate', 'structural', 'comfort')", name="level"),
        CheckConstraint("answer IN ('done', 'later', 'refused')", name="answer"),
        Index("ix_field_report_campaign", "tenant_id", "campaign_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4, sort_order=-20)
    campaign_id: Mapped[UUID]
    group_id: Mapped[UUID | None]
    told_on: Mapped[date]
    told_half: Mapped[str] = mapped_column(Text)
    moment: Mapped[str] = mapped_column(Text)
    tool: Mapped[str] = mapped_column(Text)
    data: Mapped[list[str]] = mapped_column(JSONB, default=list)
    sharing: Mapped[str] = mapped_column(Text)
    accessors: Mapped[str] = mapped_column(Text, default="")
    external_access: Mapped[bool] = mapped_column(default=False)
    shared_credential: Mapped[bool] = mapped_column(default=False)
    open_to_all: Mapped[bool] = mapped_column(default=False)
    frequency: Mapped[int] = mapped_column(SmallInteger, default=1)
    reason_code: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text, default="")
    suggestion: Mapped[str] = mapped_column(Text, default="")
    cleared: Mapped[bool] = mapped_column(default=False)
    merged_into: Mapped[UUID | None]
    category: Mapped[str | None] = mapped_column(Text)
    cause: Mapped[str | None] = mapped_column(Text)
    exposure: Mapped[int] = mapped_column(SmallInteger, default=1)
    level: Mapped[str | None] = mapped_column(Text)
    triaged_on: Mapped[date | None]
    rank: Mapped[int | None] = mapped_column(SmallInteger)
    business_view: Mapped[str] = mapped_column(Text, default="")
    it_view: Mapped[str] = mapped_column(Text, default="")
    proposal: Mapped[str] = mapped_column(Text, default="")
    positions: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    answer: Mapped[str | None] = mapped_column(Text)
    answer_why: Mapped[str] = mapped_column(Text, default="")
    answered_on: Mapped[date | None]


class ReportControl(ClientScoped, TenantModel):
    """A report speaks of a control. ``linked_on``: the day the facilitator said so."""

    __tablename__ = "report_control"
    __visible__ = "client"
    __table_args__ = (client_fk(), fk("report_id", to="field_report.id"))

    report_id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Text, primary_key=True)
    linked_on: Mapped[date]


class DirectionAnswer(ClientScoped, TenantModel):
    """What the direction answered to one of the express questions before it read any report."""

    __tablename__ = "direction_answer"
    __visible__ = "client"
    __table_args__ = (
        client_fk(),
        fk("campaign_id", to="field_campaign.id"),
        CheckConstraint("choice IN ('yes', 'partly', 'no', 'unknown')", name="choice"),
    )

    campaign_id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Text, primary_key=True)
    choice: Mapped[str] = mapped_column(Text)
    answered_by: Mapped[str] = mapped_column(Text)
    answered_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
