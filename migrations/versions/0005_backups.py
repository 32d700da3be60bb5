"""Backup jobs, what was heard of them, and restore tests."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

SQL = Path(__file__).resolve().parent.parent / "sql"

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def run(name: str) -> None:
    """Run one file of statements, as written."""
    statements = (SQL / f"0005_{name}.sql").read_text("utf-8")
    # Straight to the driver: without parameters it takes several statements and leaves % alone.
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(statements)


def upgrade() -> None:
    op.create_table(
        "backup_coverage",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("missing", sa.Text(), nullable=False),
        sa.Column("stated_on", sa.Date(), nullable=False),
        sa.Column("stated_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["client.tenant_id", "client.id"],
            name=op.f("fk_backup_coverage_tenant_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_backup_coverage_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "client_id", name=op.f("pk_backup_coverage")),
    )
    op.create_table(
        "backup_job",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("tool", sa.Text(), nullable=False),
        sa.Column("destination", sa.Text(), nullable=False),
        sa.Column("covers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("off_site", sa.Boolean(), nullable=True),
        sa.Column("immutable", sa.Boolean(), nullable=True),
        sa.Column("retention_days", sa.Integer(), nullable=True),
        sa.Column("period_hours", sa.Integer(), nullable=False),
        sa.Column("grace_hours", sa.Integer(), nullable=False),
        sa.Column("working_days", sa.Boolean(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=True),
        sa.Column("mail_from", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("mail_words", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pause_reason", sa.Text(), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_result", sa.Text(), nullable=True),
        sa.Column("last_result_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_ok_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("org_unit_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "last_result IN ('success', 'warning', 'fail')", name=op.f("ck_backup_job_result")
        ),
        sa.CheckConstraint(
            "(paused_until IS NULL) = (pause_reason IS NULL)", name=op.f("ck_backup_job_pause")
        ),
        sa.CheckConstraint(
            "NOT working_days OR period_hours % 24 = 0 AND period_hours <= 744",
            name=op.f("ck_backup_job_working"),
        ),
        sa.CheckConstraint("grace_hours BETWEEN 1 AND 720", name=op.f("ck_backup_job_grace")),
        sa.CheckConstraint("period_hours BETWEEN 1 AND 8784", name=op.f("ck_backup_job_period")),
        sa.CheckConstraint("retention_days > 0", name=op.f("ck_backup_job_retention")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["client.tenant_id", "client.id"],
            name=op.f("fk_backup_job_tenant_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "org_unit_id"],
            ["org_unit.tenant_id", "org_unit.id"],
            name=op.f("fk_backup_job_tenant_id_org_unit_id"),
            ondelete="SET NULL (org_unit_id)",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_backup_job_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_backup_job")),
        sa.UniqueConstraint(
            "tenant_id", "client_id", "name", name=op.f("uq_backup_job_tenant_id_client_id_name")
        ),
    )
    op.create_index("ix_backup_job_token", "backup_job", ["token_hash"], unique=False)
    op.create_table(
        "backup_mail",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("excerpt", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("trusted", sa.Boolean(), nullable=False),
        sa.Column("storage_key", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("set_aside_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "verdict IN ('success', 'warning', 'fail', 'log')", name=op.f("ck_backup_mail_verdict")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["client.tenant_id", "client.id"],
            name=op.f("fk_backup_mail_tenant_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "job_id"],
            ["backup_job.tenant_id", "backup_job.id"],
            name=op.f("fk_backup_mail_tenant_id_job_id"),
            ondelete="SET NULL (job_id)",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_backup_mail_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_backup_mail")),
        sa.UniqueConstraint("tenant_id", "message_id", name=op.f("uq_backup_mail_tenant_id_message_id")),
    )
    op.create_index("ix_backup_mail_job", "backup_mail", ["tenant_id", "job_id"], unique=False)
    op.create_index(
        "ix_backup_mail_waiting",
        "backup_mail",
        ["tenant_id", "received_at"],
        unique=False,
        postgresql_where=sa.text("job_id IS NULL AND set_aside_at IS NULL"),
    )
    op.create_table(
        "restore_test",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("report_key", sa.Text(), nullable=True),
        sa.Column("report_name", sa.Text(), nullable=True),
        sa.Column("report_mime", sa.Text(), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("result IN ('ok', 'partly', 'failed')", name=op.f("ck_restore_test_result")),
        sa.CheckConstraint("(done_on IS NULL) = (result IS NULL)", name=op.f("ck_restore_test_done")),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_restore_test_minutes")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["client.tenant_id", "client.id"],
            name=op.f("fk_restore_test_tenant_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "job_id"],
            ["backup_job.tenant_id", "backup_job.id"],
            name=op.f("fk_restore_test_tenant_id_job_id"),
            ondelete="SET NULL (job_id)",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_restore_test_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_restore_test")),
    )
    op.create_index("ix_restore_test_client", "restore_test", ["tenant_id", "client_id"], unique=False)
    op.create_table(
        "backup_event",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("exit_code", sa.SmallInteger(), nullable=True),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("mail_id", sa.Uuid(), nullable=True),
        sa.Column("by_name", sa.Text(), nullable=True),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_by", sa.Text(), nullable=True),
        sa.Column("seen_note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('success', 'warning', 'fail', 'start', 'log')", name=op.f("ck_backup_event_kind")
        ),
        sa.CheckConstraint("source IN ('ping', 'mail', 'manual')", name=op.f("ck_backup_event_source")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["client.tenant_id", "client.id"],
            name=op.f("fk_backup_event_tenant_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "job_id"],
            ["backup_job.tenant_id", "backup_job.id"],
            name=op.f("fk_backup_event_tenant_id_job_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "mail_id"],
            ["backup_mail.tenant_id", "backup_mail.id"],
            name=op.f("fk_backup_event_tenant_id_mail_id"),
            ondelete="SET NULL (mail_id)",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_backup_event_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_backup_event")),
    )
    op.create_index(
        "ix_backup_event_fail",
        "backup_event",
        ["tenant_id", "client_id", "at"],
        unique=False,
        postgresql_where=sa.text("kind = 'fail'"),
    )
    op.create_index("ix_backup_event_job", "backup_event", ["tenant_id", "job_id", "at"], unique=False)
    op.create_index(
        "ix_backup_event_mail",
        "backup_event",
        ["tenant_id", "mail_id"],
        unique=False,
        postgresql_where=sa.text("mail_id IS NOT NULL"),
    )
    run("ping")
    run("policies")


def downgrade() -> None:
    op.drop_index(
        "ix_backup_event_mail", table_name="backup_event", postgresql_where=sa.text("mail_id IS NOT NULL")
    )
    op.drop_index("ix_backup_event_job", table_name="backup_event")
    op.drop_index(
        "ix_backup_event_fail", table_name="backup_event", postgresql_where=sa.text("kind = 'fail'")
    )
    op.drop_table("backup_event")
    op.drop_index("ix_restore_test_client", table_name="restore_test")
    op.drop_table("restore_test")
    op.drop_index(
        "ix_backup_mail_waiting",
        table_name="backup_mail",
        postgresql_where=sa.text("job_id IS NULL AND set_aside_at IS NULL"),
    )
    op.drop_index("ix_backup_mail_job", table_name="backup_mail")
    op.drop_table("backup_mail")
    op.drop_index("ix_backup_job_token", table_name="backup_job")
    op.drop_table("backup_job")
    op.drop_table("backup_coverage")
    op.execute("DROP FUNCTION auth.ping(bytea, text, integer, text, uuid, date[])")
    op.execute("DROP FUNCTION auth.mail_routes(bytea[], text, text)")
    op.execute("DROP POLICY auth_all ON dirty_client")
    op.execute("REVOKE ALL ON dirty_client FROM mspaudit_auth")
