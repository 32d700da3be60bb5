"""Packs as loaded, assessments, answers with their history, proofs and delegations."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    SmallInteger,
    Text,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mspaudit.tenancy.models import (
    ClientEntity,
    ClientModel,
    TenantEntity,
    TenantModel,
    Timestamp,
    client_fk,
    fk,
    unique,
)


class LoadedPack(TenantEntity):
    """A content pack as an assessment pinned it; its words stay in ``content/`` and ``tenants/``."""

    __tablename__ = "pack"
    __visible__ = "tenant"
    __table_args__ = (unique("digest"),)

    name: Mapped[str] = mapped_column(Text)
    version: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(Text)
    content: Mapped[str] = mapped_column(Text)
    loaded_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())


class LoadedControl(TenantModel):
    """The figures of one control that the risk computation needs in SQL; ``m1``..``m6``: its strengths."""

    __tablename__ = "pack_control"
    __visible__ = "tenant"
    __table_args__ = (fk("pack_id", to="pack.id"),)

    pack_id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Text, primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    weight: Mapped[int] = mapped_column(SmallInteger)
    scale: Mapped[str] = mapped_column(Text)
    hours: Mapped[float]
    cost_eur: Mapped[int]
    m1: Mapped[int] = mapped_column(SmallInteger)
    m2: Mapped[int] = mapped_column(SmallInteger)
    m3: Mapped[int] = mapped_column(SmallInteger)
    m4: Mapped[int] = mapped_column(SmallInteger)
    m5: Mapped[int] = mapped_column(SmallInteger)
    m6: Mapped[int] = mapped_column(SmallInteger)


class Assessment(ClientEntity):
    """A campaign of questions for one client, pinned to a pack. ``current``: the one whose answers count."""

    __tablename__ = "assessment"
    __table_args__ = (
        client_fk(),
        fk("pack_id", to="pack.id"),
        CheckConstraint("scope IN ('full', 'express')", name="scope"),
        Index(
            "uq_assessment_current", "tenant_id", "client_id", unique=True, postgresql_where=text("current")
        ),
    )

    pack_id: Mapped[UUID]
    scope: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    current: Mapped[bool] = mapped_column(default=True)
    due_on: Mapped[date | None]
    started_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    started_by: Mapped[str] = mapped_column(Text)
    reminded_at: Mapped[datetime | None] = mapped_column(Timestamp)
    closed_at: Mapped[datetime | None] = mapped_column(Timestamp)
    closed_by: Mapped[str | None] = mapped_column(Text)
    reopened_at: Mapped[datetime | None] = mapped_column(Timestamp)
    reopen_reason: Mapped[str | None] = mapped_column(Text)


class Answer(ClientEntity):
    """The answer to one control: a row exists from the start of the assessment, unanswered.

    ``points``: 0, 1 or 2 halves of the full value for what the choice alone decides; a dated answer
    is worth what ``done_on`` says today. ``asked``: the questionnaire puts the question. ``carried``:
    comes from the previous campaign and is not confirmed yet. ``version`` grows each time the answer
    is given or confirmed; proofs leave it alone.
    """

    __tablename__ = "answer"
    __table_args__ = (
        client_fk(),
        fk("assessment_id", to="assessment.id"),
        ForeignKeyConstraint(
            ["tenant_id", "pack_id", "code"],
            ["pack_control.tenant_id", "pack_control.pack_id", "pack_control.code"],
        ),
        unique("assessment_id", "code"),
        CheckConstraint("choice IN ('yes', 'partly', 'no', 'unknown', 'na')", name="choice"),
        CheckConstraint(
            "state IN ('unanswered', 'unknown', 'declared', 'evidenced', 'verified')", name="state"
        ),
        CheckConstraint("by_kind IN ('client', 'msp', 'machine')", name="by_kind"),
        CheckConstraint("percent >= 0 AND percent <= 100", name="percent"),
        CheckConstraint("points >= 0 AND points <= 2", name="points"),
        CheckConstraint("(choice = 'na') = (na_reason IS NOT NULL)", name="na_reason"),
        Index("ix_answer_client", "tenant_id", "client_id", "assessment_id"),
    )

    assessment_id: Mapped[UUID]
    pack_id: Mapped[UUID]
    code: Mapped[str] = mapped_column(Text)
    asked: Mapped[bool] = mapped_column(default=True)
    carried: Mapped[bool] = mapped_column(default=False)
    choice: Mapped[str | None] = mapped_column(Text)
    points: Mapped[int] = mapped_column(SmallInteger, default=0)
    done_on: Mapped[date | None]
    percent: Mapped[int | None] = mapped_column(SmallInteger)
    na_reason: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(Text, default="unanswered")
    proof_until: Mapped[date | None]
    by_kind: Mapped[str | None] = mapped_column(Text)
    by_name: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None] = mapped_column(Timestamp)
    version: Mapped[int] = mapped_column(default=0)

    # To read only: tenant_id belongs to every key, so no relationship may write it.
    assessment: Mapped["Assessment"] = relationship(viewonly=True)
    proofs: Mapped[list["Evidence"]] = relationship(viewonly=True)


class AnswerEvent(ClientEntity):
    """One line of an answer's history: who, when, from what to what."""

    __tablename__ = "answer_event"
    __table_args__ = (
        client_fk(),
        fk("answer_id", to="answer.id"),
        Index("ix_answer_event_answer", "tenant_id", "answer_id", "at"),
    )

    answer_id: Mapped[UUID]
    at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    by_kind: Mapped[str] = mapped_column(Text)
    by_name: Mapped[str] = mapped_column(Text)
    what: Mapped[str] = mapped_column(Text)
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)


class Contradiction(ClientModel):
    """A measurement that disproves the current answer to one control, as the last computation left it.

    Kept for the client's own people, who may read this sentence but not the accounts and machines behind it.
    ``by``: what measured, as it reads after « par ».
    """

    __tablename__ = "contradiction"
    __table_args__ = (client_fk(),)

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[float]
    observed_on: Mapped[date]
    detail: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(Text)


class Evidence(ClientEntity):
    """A proof attached to an answer. The file lies in storage under the hash of its content.

    ``delegation_id``: the link that it came by, when someone without an account sent it.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        client_fk(),
        fk("answer_id", to="answer.id"),
        fk("delegation_id", to="delegation.id", ondelete="NO ACTION"),
        Index("ix_evidence_answer", "tenant_id", "answer_id"),
        Index("ix_evidence_client", "tenant_id", "client_id", "valid_until"),
    )

    answer_id: Mapped[UUID]
    filename: Mapped[str] = mapped_column(Text)
    mime: Mapped[str] = mapped_column(Text)
    size: Mapped[int]
    storage_key: Mapped[str] = mapped_column(Text)
    valid_until: Mapped[date]
    uploaded_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    uploaded_by: Mapped[str] = mapped_column(Text)
    by_kind: Mapped[str] = mapped_column(Text)
    verified_at: Mapped[datetime | None] = mapped_column(Timestamp)
    verified_by: Mapped[str | None] = mapped_column(Text)
    refused_at: Mapped[datetime | None] = mapped_column(Timestamp)
    refused_reason: Mapped[str | None] = mapped_column(Text)
    removed_at: Mapped[datetime | None] = mapped_column(Timestamp)
    delegation_id: Mapped[UUID | None]


class Delegation(ClientEntity):
    """Questions sent to someone without an account, for fourteen days."""

    __tablename__ = "delegation"
    __table_args__ = (
        client_fk(),
        fk("assessment_id", to="assessment.id"),
        Index("ix_delegation_client", "tenant_id", "client_id"),
        Index("ix_delegation_token", "token_hash"),
    )

    assessment_id: Mapped[UUID]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    name: Mapped[str] = mapped_column(Text)
    email: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    created_by: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[datetime] = mapped_column(Timestamp)
    opened_at: Mapped[datetime | None] = mapped_column(Timestamp)
    revoked_at: Mapped[datetime | None] = mapped_column(Timestamp)


class DelegatedQuestion(ClientEntity):
    """One question of a delegation."""

    __tablename__ = "delegated_question"
    __table_args__ = (
        client_fk(),
        fk("delegation_id", to="delegation.id"),
        fk("answer_id", to="answer.id"),
        unique("delegation_id", "answer_id"),
        Index("ix_delegated_question_answer", "tenant_id", "answer_id"),
    )

    delegation_id: Mapped[UUID]
    answer_id: Mapped[UUID]
    answered_at: Mapped[datetime | None] = mapped_column(Timestamp)
