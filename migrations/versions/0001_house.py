"""The house: tenants, people, clients, checklists, risk."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

SQL = Path(__file__).resolve().parent.parent / "sql"

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def run(name: str) -> None:
    """Run one file of statements, as written."""
    statements = (SQL / f"0001_{name}.sql").read_text("utf-8")
    # Straight to the driver: without parameters it takes several statements and leaves % alone.
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(statements)


def upgrade() -> None:
    run("context")
    op.create_table(
        "heartbeat",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_heartbeat")),
    )
    op.create_table(
        "link_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("browser_hash", sa.LargeBinary(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=True),
        sa.Column("next_url", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_request")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_link_request_token_hash")),
    )
    op.create_index(op.f("ix_link_request_created_at"), "link_request", ["created_at"], unique=False)
    op.create_table(
        "login",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("pin_hash", sa.Text(), nullable=True),
        sa.Column("totp_secret", sa.LargeBinary(), nullable=True),
        sa.Column("totp_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("totp_last_step", sa.BigInteger(), nullable=True),
        sa.Column("platform", sa.Boolean(), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login")),
        sa.UniqueConstraint("email", name=op.f("uq_login_email")),
    )
    op.create_table(
        "tenant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("brand", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenant")),
        sa.UniqueConstraint("slug", name=op.f("uq_tenant_slug")),
    )
    op.create_table(
        "client",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("siren", sa.Text(), nullable=True),
        sa.Column("insee_code", sa.Text(), nullable=True),
        sa.Column("population", sa.Integer(), nullable=True),
        sa.Column("headcount", sa.Integer(), nullable=True),
        sa.Column("postal_code", sa.Text(), nullable=True),
        sa.Column("department", sa.Text(), nullable=True),
        sa.Column("epci_name", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("last_contact_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("kind IN ('enterprise', 'commune')", name=op.f("ck_client_kind")),
        sa.CheckConstraint("headcount >= 0 AND headcount < 1000000", name=op.f("ck_client_headcount")),
        sa.CheckConstraint("population >= 0 AND population < 10000000", name=op.f("ck_client_population")),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_client_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_client")),
        sa.UniqueConstraint("tenant_id", "slug", name=op.f("uq_client_tenant_id_slug")),
    )
    op.create_index("ix_client_name", "client", ["tenant_id", "name_key"], unique=False)
    op.create_index("uq_client_tenant_siren", "client", ["tenant_id", "siren"], unique=True)
    op.create_table(
        "import_run",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("storage_key", sa.Text(), nullable=False),
        sa.Column("mapping", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("problems", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('mapping', 'waiting', 'running', 'done', 'cancelled', 'failed')",
            name=op.f("ck_import_run_state"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_import_run_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_import_run")),
    )
    op.create_table(
        "invitation",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("all_clients", sa.Boolean(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("invited_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_invitation_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_invitation")),
    )
    op.create_index("ix_invitation_token", "invitation", ["token_hash"], unique=False)
    op.create_table(
        "journal",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("login_id", sa.Uuid(), nullable=True),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.Column("hash", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_journal_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_journal")),
    )
    op.create_index("ix_journal_client_at", "journal", ["tenant_id", "client_id", "at"], unique=False)
    op.create_index("ix_journal_tenant_at", "journal", ["tenant_id", "at"], unique=False)
    op.create_index(
        "ix_journal_unchained",
        "journal",
        ["tenant_id", "id"],
        unique=False,
        postgresql_where=sa.text("seq IS NULL"),
    )
    op.create_table(
        "journal_head",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_journal_head_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", name=op.f("pk_journal_head")),
    )
    op.create_table(
        "login_event",
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("user_agent", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("login_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["login_id"], ["login.id"], name=op.f("fk_login_event_login_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_event")),
    )
    op.create_index(op.f("ix_login_event_login_id"), "login_event", ["login_id"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=True),
        sa.Column("reply_to", sa.Text(), nullable=True),
        sa.Column("headers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("secret", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'sent', 'refused', 'cancelled')", name=op.f("ck_outbox_state")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_outbox_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("tenant_id", "key", name=op.f("uq_outbox_tenant_id_key")),
    )
    op.create_index(
        "ix_outbox_due",
        "outbox",
        ["tenant_id", "due_at"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "pack",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_pack_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_pack")),
        sa.UniqueConstraint("tenant_id", "digest", name=op.f("uq_pack_tenant_id_digest")),
    )
    op.create_table(
        "passkey",
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("login_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["login_id"], ["login.id"], name=op.f("fk_passkey_login_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    op.create_index(op.f("ix_passkey_login_id"), "passkey", ["login_id"], unique=False)
    op.create_table(
        "period",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_period_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "kind", "period", name=op.f("pk_period")),
    )
    op.create_table(
        "portfolio_day",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("clients", sa.Integer(), nullable=False),
        sa.Column("risk", sa.REAL(), nullable=False),
        sa.Column("posture", sa.REAL(), nullable=False),
        sa.Column("certainty", sa.REAL(), nullable=False),
        sa.Column("levels", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("gaps", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("moves", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("gaps_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("computed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_portfolio_day_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "day", name=op.f("pk_portfolio_day")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("login_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["login_id"], ["login.id"], name=op.f("fk_recovery_code_login_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
    )
    op.create_index(op.f("ix_recovery_code_login_id"), "recovery_code", ["login_id"], unique=False)
    op.create_table(
        "staff_member",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("login_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("all_clients", sa.Boolean(), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("role IN ('reader', 'technician', 'admin')", name=op.f("ck_staff_member_role")),
        sa.ForeignKeyConstraint(["login_id"], ["login.id"], name=op.f("fk_staff_member_login_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_staff_member_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_staff_member")),
        sa.UniqueConstraint("tenant_id", "login_id", name=op.f("uq_staff_member_tenant_id_login_id")),
    )
    op.create_index(op.f("ix_staff_member_login_id"), "staff_member", ["login_id"], unique=False)
    op.create_table(
        "web_session",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("strength", sa.Text(), nullable=False),
        sa.Column("user_agent", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("scratch", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("login_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("strength IN ('first', 'full')", name=op.f("ck_web_session_strength")),
        sa.ForeignKeyConstraint(
            ["login_id"], ["login.id"], name=op.f("fk_web_session_login_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_web_session_token_hash")),
    )
    op.create_index(op.f("ix_web_session_login_id"), "web_session", ["login_id"], unique=False)
    op.create_table(
        "assessment",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("pack_id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("started_by", sa.Text(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopen_reason", sa.Text(), nullable=True),
        sa.CheckConstraint("scope IN ('full', 'express')", name=op.f("ck_assessment_scope")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["client.tenant_id", "client.id"],
            name=op.f("fk_assessment_tenant_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "pack_id"],
            ["pack.tenant_id", "pack.id"],
            name=op.f("fk_assessment_tenant_id_pack_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_assessment_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_assessment")),
    )
    op.create_index(
        "uq_assessment_current",
        "assessment",
        ["tenant_id", "client_id"],
        unique=True,
        postgresql_where=sa.text("current"),
    )
    op.create_table(
        "assignment",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["client.tenant_id", "client.id"],
            name=op.f("fk_assignment_tenant_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "member_id"],
            ["staff_member.tenant_id", "staff_member.id"],
            name=op.f("fk_assignment_tenant_id_member_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_assignment_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "client_id", "member_id", name=op.f("pk_assignment")),
    )
    op.create_table(
        "client_tag",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["client.tenant_id", "client.id"],
            name=op.f("fk_client_tag_tenant_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_client_tag_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "client_id", "tag", name=op.f("pk_client_tag")),
    )
    op.create_index("ix_client_tag_tag", "client_tag", ["tenant_id", "tag"], unique=False)
    op.create_table(
        "dirty_client",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column(
            "since", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("profile", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["client.tenant_id", "client.id"],
            name=op.f("fk_dirty_client_tenant_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_dirty_client_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "client_id", name=op.f("pk_dirty_client")),
    )
    op.create_table(
        "impact",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("i1", sa.SmallInteger(), nullable=False),
        sa.Column("i2", sa.SmallInteger(), nullable=False),
        sa.Column("i3", sa.SmallInteger(), nullable=False),
        sa.Column("i4", sa.SmallInteger(), nullable=False),
        sa.Column("i5", sa.SmallInteger(), nullable=False),
        sa.Column("i6", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["client.tenant_id", "client.id"],
            name=op.f("fk_impact_tenant_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_impact_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "client_id", name=op.f("pk_impact")),
    )
    op.create_table(
        "org_unit",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("siret", sa.Text(), nullable=True),
        sa.Column("legal_entity", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["client.tenant_id", "client.id"],
            name=op.f("fk_org_unit_tenant_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_org_unit_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_org_unit")),
    )
    op.create_index("ix_org_unit_client", "org_unit", ["tenant_id", "client_id"], unique=False)
    op.create_table(
        "pack_control",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("pack_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("weight", sa.SmallInteger(), nullable=False),
        sa.Column("scale", sa.Text(), nullable=False),
        sa.Column("hours", sa.Double(), nullable=False),
        sa.Column("cost_eur", sa.Integer(), nullable=False),
        sa.Column("m1", sa.SmallInteger(), nullable=False),
        sa.Column("m2", sa.SmallInteger(), nullable=False),
        sa.Column("m3", sa.SmallInteger(), nullable=False),
        sa.Column("m4", sa.SmallInteger(), nullable=False),
        sa.Column("m5", sa.SmallInteger(), nullable=False),
        sa.Column("m6", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "pack_id"],
            ["pack.tenant_id", "pack.id"],
            name=op.f("fk_pack_control_tenant_id_pack_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_pack_control_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "pack_id", "code", name=op.f("pk_pack_control")),
    )
    op.create_table(
        "snapshot",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("risk", sa.REAL(), nullable=False),
        sa.Column("missing", sa.REAL(), nullable=False),
        sa.Column("unproven", sa.REAL(), nullable=False),
        sa.Column("posture", sa.REAL(), nullable=False),
        sa.Column("certainty", sa.REAL(), nullable=False),
        sa.Column("x1", sa.REAL(), nullable=False),
        sa.Column("x2", sa.REAL(), nullable=False),
        sa.Column("x3", sa.REAL(), nullable=False),
        sa.Column("x4", sa.REAL(), nullable=False),
        sa.Column("x5", sa.REAL(), nullable=False),
        sa.Column("x6", sa.REAL(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["client.tenant_id", "client.id"],
            name=op.f("fk_snapshot_tenant_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "client_id", "day", name=op.f("pk_snapshot")),
    )
    op.create_index("ix_snapshot_day", "snapshot", ["tenant_id", "day"], unique=False)
    op.create_table(
        "standing",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("worst", sa.SmallInteger(), nullable=False),
        sa.Column("worst_exposure", sa.REAL(), nullable=False),
        sa.Column("contradicted", sa.SmallInteger(), nullable=False),
        sa.Column("unknown", sa.SmallInteger(), nullable=False),
        sa.Column("delta", sa.REAL(), nullable=False),
        sa.Column("spark", postgresql.ARRAY(sa.REAL()), nullable=False),
        sa.Column("act_by", sa.Date(), nullable=True),
        sa.Column("deadline", sa.Text(), nullable=True),
        sa.Column("computed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("risk", sa.REAL(), nullable=False),
        sa.Column("missing", sa.REAL(), nullable=False),
        sa.Column("unproven", sa.REAL(), nullable=False),
        sa.Column("posture", sa.REAL(), nullable=False),
        sa.Column("certainty", sa.REAL(), nullable=False),
        sa.Column("x1", sa.REAL(), nullable=False),
        sa.Column("x2", sa.REAL(), nullable=False),
        sa.Column("x3", sa.REAL(), nullable=False),
        sa.Column("x4", sa.REAL(), nullable=False),
        sa.Column("x5", sa.REAL(), nullable=False),
        sa.Column("x6", sa.REAL(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["client.tenant_id", "client.id"],
            name=op.f("fk_standing_tenant_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "client_id", name=op.f("pk_standing")),
        postgresql_with={"fillfactor": 50},
    )
    op.create_table(
        "answer",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("pack_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("asked", sa.Boolean(), nullable=False),
        sa.Column("carried", sa.Boolean(), nullable=False),
        sa.Column("choice", sa.Text(), nullable=True),
        sa.Column("points", sa.SmallInteger(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("percent", sa.SmallInteger(), nullable=True),
        sa.Column("na_reason", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("proof_until", sa.Date(), nullable=True),
        sa.Column("by_kind", sa.Text(), nullable=True),
        sa.Column("by_name", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(choice = 'na') = (na_reason IS NOT NULL)", name=op.f("ck_answer_na_reason")),
        sa.CheckConstraint("by_kind IN ('client', 'msp', 'machine')", name=op.f("ck_answer_by_kind")),
        sa.CheckConstraint(
            "choice IN ('yes', 'partly', 'no', 'unknown', 'na')", name=op.f("ck_answer_choice")
        ),
        sa.CheckConstraint(
            "state IN ('unanswered', 'unknown', 'declared', 'evidenced', 'verified')",
            name=op.f("ck_answer_state"),
        ),
        sa.CheckConstraint("percent >= 0 AND percent <= 100", name=op.f("ck_answer_percent")),
        sa.CheckConstraint("points >= 0 AND points <= 2", name=op.f("ck_answer_points")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "assessment_id"],
            ["assessment.tenant_id", "assessment.id"],
            name=op.f("fk_answer_tenant_id_assessment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["client.tenant_id", "client.id"],
            name=op.f("fk_answer_tenant_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "pack_id", "code"],
            ["pack_control.tenant_id", "pack_control.pack_id", "pack_control.code"],
            name=op.f("fk_answer_tenant_id_pack_id_code"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_answer_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_answer")),
        sa.UniqueConstraint(
            "tenant_id", "assessment_id", "code", name=op.f("uq_answer_tenant_id_assessment_id_code")
        ),
    )
    op.create_index("ix_answer_client", "answer", ["tenant_id", "client_id", "assessment_id"], unique=False)
    op.create_table(
        "client_member",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("org_unit_id", sa.Uuid(), nullable=True),
        sa.Column("login_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("role IN ('respondent', 'decider')", name=op.f("ck_client_member_role")),
        sa.ForeignKeyConstraint(["login_id"], ["login.id"], name=op.f("fk_client_member_login_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["client.tenant_id", "client.id"],
            name=op.f("fk_client_member_tenant_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "org_unit_id"],
            ["org_unit.tenant_id", "org_unit.id"],
            name=op.f("fk_client_member_tenant_id_org_unit_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_client_member_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_client_member")),
        sa.UniqueConstraint(
            "tenant_id", "client_id", "login_id", name=op.f("uq_client_member_tenant_id_client_id_login_id")
        ),
    )
    op.create_index(op.f("ix_client_member_login_id"), "client_member", ["login_id"], unique=False)
    op.create_table(
        "delegation",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "assessment_id"],
            ["assessment.tenant_id", "assessment.id"],
            name=op.f("fk_delegation_tenant_id_assessment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["client.tenant_id", "client.id"],
            name=op.f("fk_delegation_tenant_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_delegation_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_delegation")),
    )
    op.create_index("ix_delegation_client", "delegation", ["tenant_id", "client_id"], unique=False)
    op.create_index("ix_delegation_token", "delegation", ["token_hash"], unique=False)
    op.create_table(
        "person",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("org_unit_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "status IN ('agent', 'elected', 'employee', 'contractor', 'other')", name=op.f("ck_person_status")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["client.tenant_id", "client.id"],
            name=op.f("fk_person_tenant_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "org_unit_id"],
            ["org_unit.tenant_id", "org_unit.id"],
            name=op.f("fk_person_tenant_id_org_unit_id"),
            ondelete="SET NULL (org_unit_id)",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_person_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_person")),
    )
    op.create_index("ix_person_client", "person", ["tenant_id", "client_id"], unique=False)
    op.create_table(
        "answer_event",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("by_kind", sa.Text(), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "answer_id"],
            ["answer.tenant_id", "answer.id"],
            name=op.f("fk_answer_event_tenant_id_answer_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["client.tenant_id", "client.id"],
            name=op.f("fk_answer_event_tenant_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_answer_event_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_answer_event")),
    )
    op.create_index("ix_answer_event_answer", "answer_event", ["tenant_id", "answer_id", "at"], unique=False)
    op.create_table(
        "delegated_question",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("delegation_id", sa.Uuid(), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "answer_id"],
            ["answer.tenant_id", "answer.id"],
            name=op.f("fk_delegated_question_tenant_id_answer_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["client.tenant_id", "client.id"],
            name=op.f("fk_delegated_question_tenant_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "delegation_id"],
            ["delegation.tenant_id", "delegation.id"],
            name=op.f("fk_delegated_question_tenant_id_delegation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_delegated_question_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_delegated_question")),
        sa.UniqueConstraint(
            "tenant_id",
            "delegation_id",
            "answer_id",
            name=op.f("uq_delegated_question_tenant_id_delegation_id_answer_id"),
        ),
    )
    op.create_index(
        "ix_delegated_question_answer", "delegated_question", ["tenant_id", "answer_id"], unique=False
    )
    op.create_table(
        "evidence",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("mime", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("storage_key", sa.Text(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("uploaded_by", sa.Text(), nullable=False),
        sa.Column("by_kind", sa.Text(), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verified_by", sa.Text(), nullable=True),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_reason", sa.Text(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "answer_id"],
            ["answer.tenant_id", "answer.id"],
            name=op.f("fk_evidence_tenant_id_answer_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["client.tenant_id", "client.id"],
            name=op.f("fk_evidence_tenant_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_evidence_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_evidence")),
    )
    op.create_index("ix_evidence_answer", "evidence", ["tenant_id", "answer_id"], unique=False)
    op.create_index("ix_evidence_client", "evidence", ["tenant_id", "client_id", "valid_until"], unique=False)
    op.create_table(
        "referent",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("deputy_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("hours_a_month", sa.Double(), nullable=True),
        sa.Column("mandate_signed_on", sa.Date(), nullable=True),
        sa.Column("mandate_until", sa.Date(), nullable=True),
        sa.Column("mandate_key", sa.Text(), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "role IN ('pilot', 'cyber', 'dpo', 'einvoicing', 'crisis')", name=op.f("ck_referent_role")
        ),
        sa.CheckConstraint("hours_a_month >= 0 AND hours_a_month <= 200", name=op.f("ck_referent_hours")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["client.tenant_id", "client.id"],
            name=op.f("fk_referent_tenant_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "deputy_id"],
            ["person.tenant_id", "person.id"],
            name=op.f("fk_referent_tenant_id_deputy_id"),
            ondelete="SET NULL (deputy_id)",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"],
            ["person.tenant_id", "person.id"],
            name=op.f("fk_referent_tenant_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_referent_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_referent")),
    )
    op.create_index("ix_referent_client", "referent", ["tenant_id", "client_id"], unique=False)
    op.create_index(
        "uq_referent_current",
        "referent",
        ["tenant_id", "client_id", "role"],
        unique=True,
        postgresql_where=sa.text("until IS NULL"),
    )
    for part in ("confinement", "policies", "auth", "roles"):
        run(part)


def downgrade() -> None:
    op.execute("DROP SCHEMA auth CASCADE")
    op.execute("DROP TRIGGER journal_chain ON journal")
    op.execute("DROP SCHEMA tenancy CASCADE")
    op.drop_index("uq_referent_current", table_name="referent", postgresql_where=sa.text("until IS NULL"))
    op.drop_index("ix_referent_client", table_name="referent")
    op.drop_table("referent")
    op.drop_index("ix_evidence_client", table_name="evidence")
    op.drop_index("ix_evidence_answer", table_name="evidence")
    op.drop_table("evidence")
    op.drop_index("ix_delegated_question_answer", table_name="delegated_question")
    op.drop_table("delegated_question")
    op.drop_index("ix_answer_event_answer", table_name="answer_event")
    op.drop_table("answer_event")
    op.drop_index("ix_person_client", table_name="person")
    op.drop_table("person")
    op.drop_index("ix_delegation_token", table_name="delegation")
    op.drop_index("ix_delegation_client", table_name="delegation")
    op.drop_table("delegation")
    op.drop_index(op.f("ix_client_member_login_id"), table_name="client_member")
    op.drop_table("client_member")
    op.drop_index("ix_answer_client", table_name="answer")
    op.drop_table("answer")
    op.drop_table("standing")
    op.drop_index("ix_snapshot_day", table_name="snapshot")
    op.drop_table("snapshot")
    op.drop_table("pack_control")
    op.drop_index("ix_org_unit_client", table_name="org_unit")
    op.drop_table("org_unit")
    op.drop_table("impact")
    op.drop_table("dirty_client")
    op.drop_index("ix_client_tag_tag", table_name="client_tag")
    op.drop_table("client_tag")
    op.drop_table("assignment")
    op.drop_index("uq_assessment_current", table_name="assessment", postgresql_where=sa.text("current"))
    op.drop_table("assessment")
    op.drop_index(op.f("ix_web_session_login_id"), table_name="web_session")
    op.drop_table("web_session")
    op.drop_index(op.f("ix_staff_member_login_id"), table_name="staff_member")
    op.drop_table("staff_member")
    op.drop_index(op.f("ix_recovery_code_login_id"), table_name="recovery_code")
    op.drop_table("recovery_code")
    op.drop_table("portfolio_day")
    op.drop_table("period")
    op.drop_index(op.f("ix_passkey_login_id"), table_name="passkey")
    op.drop_table("passkey")
    op.drop_table("pack")
    op.drop_index("ix_outbox_due", table_name="outbox", postgresql_where=sa.text("state = 'waiting'"))
    op.drop_table("outbox")
    op.drop_index(op.f("ix_login_event_login_id"), table_name="login_event")
    op.drop_table("login_event")
    op.drop_table("journal_head")
    op.drop_index("ix_journal_unchained", table_name="journal", postgresql_where=sa.text("seq IS NULL"))
    op.drop_index("ix_journal_tenant_at", table_name="journal")
    op.drop_index("ix_journal_client_at", table_name="journal")
    op.drop_table("journal")
    op.drop_index("ix_invitation_token", table_name="invitation")
    op.drop_table("invitation")
    op.drop_table("import_run")
    op.drop_index("uq_client_tenant_siren", table_name="client")
    op.drop_index("ix_client_name", table_name="client")
    op.drop_table("client")
    op.drop_table("tenant")
    op.drop_table("login")
    op.drop_index(op.f("ix_link_request_created_at"), table_name="link_request")
    op.drop_table("link_request")
    op.drop_table("heartbeat")
