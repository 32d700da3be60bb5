"""Backup jobs, what was heard of each, the mails that reported it, and the restore tests."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, SmallInteger, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mspaudit.backups.mail_rules import Verdict
from mspaudit.tenancy.models import (
    ClientEntity,
    ClientModel,
    ClientScoped,
    TenantEntity,
    Timestamp,
    UnitScoped,
    client_fk,
    fk,
    unique,
)


class BackupJob(UnitScoped, ClientEntity):
    """A recurring backup and where it stands, kept up to date by each signal (``rules.heard``).

    ``period_hours`` is counted in whole working days when ``working_days``. ``off_site`` and ``immutable``
    are None while nobody knows. ``due_at``: the instant after which silence is red.
    ``mail_from``: addresses, or « @domain », whose reports are its own when they hold one of ``mail_words``.
    """

    __tablename__ = "backup_job"
    __visible__ = "unit"
    __table_args__ = (
        client_fk(),
        fk("org_unit_id", to="org_unit.id", ondelete="SET NULL (org_unit_id)"),
        unique("client_id", "name"),
        CheckConstraint("period_hours BETWEEN 1 AND 8784", name="period"),
        CheckConstraint("grace_hours BETWEEN 1 AND 720", name="grace"),
        CheckConstraint("NOT working_days OR period_hours % 24 = 0 AND period_hours <= 744", name="working"),
        CheckConstraint("retention_days > 0", name="retention"),
        CheckConstraint("last_result IN ('success', 'warning', 'fail')", name="result"),
        CheckConstraint("(paused_until IS NULL) = (pause_reason IS NULL)", name="pause"),
        Index("ix_backup_job_token", "token_hash"),
    )

    name: Mapped[str] = mapped_column(Text)
    tool: Mapped[str] = mapped_column(Text, default="")
    destination: Mapped[str] = mapped_column(Text, default="")
    covers: Mapped[list[str]] = mapped_column(JSONB, default=list)
    off_site: Mapped[bool | None]
    immutable: Mapped[bool | None]
    retention_days: Mapped[int | None]
    period_hours: Mapped[int] = mapped_column(default=24)
    grace_hours: Mapped[int] = mapped_column(default=6)
    working_days: Mapped[bool] = mapped_column(default=False)
    token_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    mail_from: Mapped[list[str]] = mapped_column(JSONB, default=list)
    mail_words: Mapped[list[str]] = mapped_column(JSONB, default=list)
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    paused_until: Mapped[datetime | None] = mapped_column(Timestamp)
    pause_reason: Mapped[str | None] = mapped_column(Text)
    archived_at: Mapped[datetime | None] = mapped_column(Timestamp)
    last_result: Mapped[str | None] = mapped_column(Text)
    last_result_at: Mapped[datetime | None] = mapped_column(Timestamp)
    last_ok_at: Mapped[datetime | None] = mapped_column(Timestamp)
    started_at: Mapped[datetime | None] = mapped_column(Timestamp)
    due_at: Mapped[datetime] = mapped_column(Timestamp)


class BackupMail(ClientScoped, TenantEntity):
    """A report as it came in; without a job, it waits to be tied to one. The whole mail lies in storage.

    ``trusted``: it came to the job's own secret address; any other sender could be anyone.
    """

    __tablename__ = "backup_mail"
    __visible__ = "client"
    __table_args__ = (
        client_fk(),
        fk("job_id", to="backup_job.id", ondelete="SET NULL (job_id)"),
        unique("message_id"),
        CheckConstraint("verdict IN ('success', 'warning', 'fail', 'log')", name="verdict"),
        Index("ix_backup_mail_job", "tenant_id", "job_id"),
        Index(
            "ix_backup_mail_waiting",
            "tenant_id",
            "received_at",
            postgresql_where=text("job_id IS NULL AND set_aside_at IS NULL"),
        ),
    )

    client_id: Mapped[UUID | None] = mapped_column(nullable=True)
    job_id: Mapped[UUID | None]
    message_id: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(Timestamp)
    sender: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    excerpt: Mapped[str] = mapped_column(Text)
    verdict: Mapped[Verdict] = mapped_column(Text)
    trusted: Mapped[bool] = mapped_column(default=False)
    storage_key: Mapped[str] = mapped_column(Text)
    size: Mapped[int]
    set_aside_at: Mapped[datetime | None] = mapped_column(Timestamp)


class BackupEvent(ClientEntity):
    """One signal of a job. ``seconds``: how long the run took, when its start was heard.

    ``answer_by``: a failure should have been read by the end of the next working day; ``seen_at`` says
    when it was, and by whom.
    """

    __tablename__ = "backup_event"
    __visible__ = "client"
    __table_args__ = (
        client_fk(),
        fk("job_id", to="backup_job.id"),
        fk("mail_id", to="backup_mail.id", ondelete="SET NULL (mail_id)"),
        CheckConstraint("kind IN ('success', 'warning', 'fail', 'start', 'log')", name="kind"),
        CheckConstraint("source IN ('ping', 'mail', 'manual')", name="source"),
        Index("ix_backup_event_job", "tenant_id", "job_id", "at"),
        Index("ix_backup_event_fail", "tenant_id", "client_id", "at", postgresql_where=text("kind = 'fail'")),
        Index("ix_backup_event_mail", "tenant_id", "mail_id", postgresql_where=text("mail_id IS NOT NULL")),
    )

    job_id: Mapped[UUID]
    at: Mapped[datetime] = mapped_column(Timestamp)
    kind: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    exit_code: Mapped[int | None] = mapped_column(SmallInteger)
    seconds: Mapped[int | None]
    body: Mapped[str] = mapped_column(Text, default="")
    mail_id: Mapped[UUID | None]
    by_name: Mapped[str | None] = mapped_column(Text)
    answer_by: Mapped[datetime | None] = mapped_column(Timestamp)
    seen_at: Mapped[datetime | None] = mapped_column(Timestamp)
    seen_by: Mapped[str | None] = mapped_column(Text)
    seen_note: Mapped[str | None] = mapped_column(Text)


class RestoreTest(ClientEntity):
    """A restoration planned, then done by someone, with how long it took and its report as proof."""

    __tablename__ = "restore_test"
    __table_args__ = (
        client_fk(),
        fk("job_id", to="backup_job.id", ondelete="SET NULL (job_id)"),
        CheckConstraint("result IN ('ok', 'partly', 'failed')", name="result"),
        CheckConstraint("(done_on IS NULL) = (result IS NULL)", name="done"),
        CheckConstraint("minutes > 0", name="minutes"),
        Index("ix_restore_test_client", "tenant_id", "client_id"),
    )

    job_id: Mapped[UUID | None]
    what: Mapped[str] = mapped_column(Text)
    planned_on: Mapped[date]
    done_on: Mapped[date | None]
    result: Mapped[str | None] = mapped_column(Text)
    minutes: Mapped[int | None]
    by_name: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text, default="")
    report_key: Mapped[str | None] = mapped_column(Text)
    report_name: Mapped[str | None] = mapped_column(Text)
    report_mime: Mapped[str | None] = mapped_column(Text)
    cancelled_at: Mapped[datetime | None] = mapped_column(Timestamp)
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())


class BackupCoverage(ClientModel):
    """Whether the jobs followed cover everything the client cannot do without, as someone checked it."""

    __tablename__ = "backup_coverage"
    __table_args__ = (client_fk(),)

    complete: Mapped[bool]
    missing: Mapped[str] = mapped_column(Text, default="")
    stated_on: Mapped[date]
    stated_by: Mapped[str] = mapped_column(Text)
