"""Incidents, their clocks, logs and lessons; who may sign for a client."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

SQL = Path(__file__).resolve().parent.parent / "sql"

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def run(name: str) -> None:
    """Run one file of statements, as written."""
    statements = (SQL / f"0011_{name}.sql").read_text("utf-8")
    # Straight to the driver: without parameters it takes several statements and leaves % alone.
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(statements)


def upgrade() -> None:
    op.create_table(
        "incident",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("awareness_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("personal", sa.Text(), nullable=False),
        sa.Column("risk", sa.Text(), nullable=False),
        sa.Column("insured", sa.Text(), nullable=False),
        sa.Column("money", sa.Boolean(), nullable=False),
        sa.Column("at_provider", sa.Boolean(), nullable=False),
        sa.Column("nis2", sa.Boolean(), nullable=False),
        sa.Column("insurer", sa.Text(), nullable=False),
        sa.Column("csirt", sa.Text(), nullable=False),
        sa.Column("breach_data", sa.Text(), nullable=False),
        sa.Column("breach_people", sa.Integer(), nullable=True),
        sa.Column("breach_effects", sa.Text(), nullable=False),
        sa.Column("breach_measures", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.Column("lessons_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("insured IN ('unknown', 'yes', 'no')", name=op.f("ck_incident_insured")),
        sa.CheckConstraint(
            "kind IN ('ransomware', 'account', 'fraud', 'leak', 'loss', 'outage', 'other')",
            name=op.f("ck_incident_kind"),
        ),
        sa.CheckConstraint("personal IN ('unknown', 'yes', 'no')", name=op.f("ck_incident_personal")),
        sa.CheckConstraint(
            "risk IN ('unknown', 'unlikely', 'likely', 'high')", name=op.f("ck_incident_risk")
        ),
        sa.CheckConstraint("breach_people >= 0", name=op.f("ck_incident_breach_people")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["client.tenant_id", "client.id"],
            name=op.f("fk_incident_tenant_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_incident_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_incident")),
        sa.UniqueConstraint(
            "tenant_id", "client_id", "number", name=op.f("uq_incident_tenant_id_client_id_number")
        ),
    )
    op.create_index(
        "ix_incident_open",
        "incident",
        ["tenant_id"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "signing_right",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("complaint", sa.Boolean(), nullable=False),
        sa.Column("cnil", sa.Boolean(), nullable=False),
        sa.Column("insurer", sa.Boolean(), nullable=False),
        sa.Column("granted_on", sa.Date(), nullable=True),
        sa.Column("document_key", sa.Text(), nullable=True),
        sa.Column("document_name", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["client.tenant_id", "client.id"],
            name=op.f("fk_signing_right_tenant_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_signing_right_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_signing_right")),
    )
    op.create_index("ix_signing_right_client", "signing_right", ["tenant_id", "client_id"], unique=False)
    op.create_table(
        "incident_clock",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("applies", sa.Boolean(), nullable=False),
        sa.Column("waived", sa.Boolean(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.Text(), nullable=True),
        sa.CheckConstraint("hours >= 0", name=op.f("ck_incident_clock_hours")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["client.tenant_id", "client.id"],
            name=op.f("fk_incident_clock_tenant_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "incident_id"],
            ["incident.tenant_id", "incident.id"],
            name=op.f("fk_incident_clock_tenant_id_incident_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_incident_clock_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_incident_clock")),
        sa.UniqueConstraint(
            "tenant_id", "incident_id", "duty", name=op.f("uq_incident_clock_tenant_id_incident_id_duty")
        ),
    )
    op.create_table(
        "incident_entry",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("corrects", sa.Integer(), nullable=True),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('fact', 'decision', 'action')", name=op.f("ck_incident_entry_kind")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["client.tenant_id", "client.id"],
            name=op.f("fk_incident_entry_tenant_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "incident_id"],
            ["incident.tenant_id", "incident.id"],
            name=op.f("fk_incident_entry_tenant_id_incident_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_incident_entry_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_incident_entry")),
        sa.UniqueConstraint(
            "tenant_id", "incident_id", "seq", name=op.f("uq_incident_entry_tenant_id_incident_id_seq")
        ),
    )
    op.create_table(
        "incident_lesson",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["client.tenant_id", "client.id"],
            name=op.f("fk_incident_lesson_tenant_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "incident_id"],
            ["incident.tenant_id", "incident.id"],
            name=op.f("fk_incident_lesson_tenant_id_incident_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_incident_lesson_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_incident_lesson")),
    )
    op.create_index(
        "ix_incident_lesson_incident", "incident_lesson", ["tenant_id", "incident_id"], unique=False
    )
    run("dump")
    run("policies")


def downgrade() -> None:
    op.drop_index("ix_incident_lesson_incident", table_name="incident_lesson")
    op.drop_table("incident_lesson")
    op.drop_table("incident_entry")
    op.drop_table("incident_clock")
    op.drop_index("ix_signing_right_client", table_name="signing_right")
    op.drop_table("signing_right")
    op.drop_index("ix_incident_open", table_name="incident", postgresql_where=sa.text("closed_at IS NULL"))
    op.drop_table("incident")
