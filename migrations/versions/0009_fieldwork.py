"""Fieldwork: campaigns, groups, reports without authors, what the direction answered."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

SQL = Path(__file__).resolve().parent.parent / "sql"

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def run(name: str) -> None:
    """Run one file of statements, as written."""
    statements = (SQL / f"0009_{name}.sql").read_text("utf-8")
    # Straight to the driver: without parameters it takes several statements and leaves % alone.
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(statements)


def upgrade() -> None:
    op.create_table(
        "field_campaign",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("facilitator_id", sa.Uuid(), nullable=True),
        sa.Column("facilitator", sa.Text(), nullable=False),
        sa.Column("session_on", sa.Date(), nullable=False),
        sa.Column("session_half", sa.Text(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("promised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("promised_by", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.CheckConstraint("session_half IN ('am', 'pm')", name=op.f("ck_field_campaign_half")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["client.tenant_id", "client.id"],
            name=op.f("fk_field_campaign_tenant_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "facilitator_id"],
            ["staff_member.tenant_id", "staff_member.id"],
            name=op.f("fk_field_campaign_tenant_id_facilitator_id"),
            ondelete="SET NULL (facilitator_id)",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_field_campaign_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_field_campaign")),
    )
    op.create_index(
        "uq_field_campaign_open",
        "field_campaign",
        ["tenant_id", "client_id"],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "direction_answer",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "choice IN ('yes', 'partly', 'no', 'unknown')", name=op.f("ck_direction_answer_choice")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "campaign_id"],
            ["field_campaign.tenant_id", "field_campaign.id"],
            name=op.f("fk_direction_answer_tenant_id_campaign_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["client.tenant_id", "client.id"],
            name=op.f("fk_direction_answer_tenant_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_direction_answer_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "campaign_id", "code", name=op.f("pk_direction_answer")),
    )
    op.create_table(
        "field_group",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("headcount", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("headcount >= 1 AND headcount < 100000", name=op.f("ck_field_group_headcount")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "campaign_id"],
            ["field_campaign.tenant_id", "field_campaign.id"],
            name=op.f("fk_field_group_tenant_id_campaign_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["client.tenant_id", "client.id"],
            name=op.f("fk_field_group_tenant_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_field_group_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_field_group")),
    )
    op.create_index("ix_field_group_campaign", "field_group", ["tenant_id", "campaign_id"], unique=False)
    op.create_index("ix_field_group_token", "field_group", ["token_hash"], unique=False)
    op.create_table(
        "field_report",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("told_half", sa.Text(), nullable=False),
        sa.Column("moment", sa.Text(), nullable=False),
        sa.Column("tool", sa.Text(), nullable=False),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sharing", sa.Text(), nullable=False),
        sa.Column("accessors", sa.Text(), nullable=False),
        sa.Column("external_access", sa.Boolean(), nullable=False),
        sa.Column("shared_credential", sa.Boolean(), nullable=False),
        sa.Column("open_to_all", sa.Boolean(), nullable=False),
        sa.Column("frequency", sa.SmallInteger(), nullable=False),
        sa.Column("reason_code", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("suggestion", sa.Text(), nullable=False),
        sa.Column("cleared", sa.Boolean(), nullable=False),
        sa.Column("merged_into", sa.Uuid(), nullable=True),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("exposure", sa.SmallInteger(), nullable=False),
        sa.Column("level", sa.Text(), nullable=True),
        sa.Column("triaged_on", sa.Date(), nullable=True),
        sa.Column("rank", sa.SmallInteger(), nullable=True),
        sa.Column("business_view", sa.Text(), nullable=False),
        sa.Column("it_view", sa.Text(), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=False),
        sa.Column("positions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answer_why", sa.Text(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.CheckConstraint("answer IN ('done', 'later', 'refused')", name=op.f("ck_field_report_answer")),
        sa.CheckConstraint(
            "category IN ('client_data', 'financial', 'admin_access', 'comfort')",
            name=op.f("ck_field_report_category"),
        ),
        sa.CheckConstraint("cause IN ('tool', 'organisation', 'none')", name=op.f("ck_field_report_cause")),
        sa.CheckConstraint(
            "level IN ('immediate', 'structural', 'comfort')", name=op.f("ck_field_report_level")
        ),
        sa.CheckConstraint("told_half IN ('am', 'pm')", name=op.f("ck_field_report_half")),
        sa.CheckConstraint("exposure >= 1 AND exposure <= 3", name=op.f("ck_field_report_exposure")),
        sa.CheckConstraint("frequency >= 1 AND frequency <= 3", name=op.f("ck_field_report_frequency")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "campaign_id"],
            ["field_campaign.tenant_id", "field_campaign.id"],
            name=op.f("fk_field_report_tenant_id_campaign_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["client.tenant_id", "client.id"],
            name=op.f("fk_field_report_tenant_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "group_id"],
            ["field_group.tenant_id", "field_group.id"],
            name=op.f("fk_field_report_tenant_id_group_id"),
            ondelete="SET NULL (group_id)",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "merged_into"],
            ["field_report.tenant_id", "field_report.id"],
            name=op.f("fk_field_report_tenant_id_merged_into"),
            ondelete="SET NULL (merged_into)",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_field_report_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_field_report")),
    )
    op.create_index("ix_field_report_campaign", "field_report", ["tenant_id", "campaign_id"], unique=False)
    op.create_table(
        "report_control",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("linked_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["client.tenant_id", "client.id"],
            name=op.f("fk_report_control_tenant_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "report_id"],
            ["field_report.tenant_id", "field_report.id"],
            name=op.f("fk_report_control_tenant_id_report_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_report_control_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "report_id", "code", name=op.f("pk_report_control")),
    )
    run("fieldwork")
    run("policies")


def downgrade() -> None:
    op.drop_table("report_control")
    op.drop_index("ix_field_report_campaign", table_name="field_report")
    op.drop_table("field_report")
    op.drop_index("ix_field_group_token", table_name="field_group")
    op.drop_index("ix_field_group_campaign", table_name="field_group")
    op.drop_table("field_group")
    op.drop_table("direction_answer")
    op.drop_index(
        "uq_field_campaign_open", table_name="field_campaign", postgresql_where=sa.text("closed_at IS NULL")
    )
    op.drop_table("field_campaign")
    op.execute("DROP FUNCTION auth.field_group(bytea)")
