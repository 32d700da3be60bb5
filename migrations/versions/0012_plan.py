"""Actions, recommendations, decisions and the register that chains them."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

SQL = Path(__file__).resolve().parent.parent / "sql"

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def run(name: str) -> None:
    """Run one file of statements, as written."""
    statements = (SQL / f"0012_{name}.sql").read_text("utf-8")
    # Straight to the driver: without parameters it takes several statements and leaves % alone.
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(statements)


def upgrade() -> None:
    op.create_table(
        "action_item",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("source_kind", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("hours", sa.Double(), nullable=False),
        sa.Column("once_cents", sa.Integer(), nullable=False),
        sa.Column("yearly_cents", sa.Integer(), nullable=False),
        sa.Column("nature", sa.Text(), nullable=False),
        sa.Column("covered", sa.Boolean(), nullable=False),
        sa.Column("owner_side", sa.Text(), nullable=False),
        sa.Column("owner_name", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("postponed_until", sa.Date(), nullable=True),
        sa.Column("depends_on", sa.Uuid(), nullable=True),
        sa.Column("stream", sa.Text(), nullable=True),
        sa.Column("quarter", sa.Date(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("before", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.CheckConstraint("(status = 'done') = (done_on IS NOT NULL)", name=op.f("ck_action_item_done")),
        sa.CheckConstraint(
            "nature IN ('operating', 'investment', 'both')", name=op.f("ck_action_item_nature")
        ),
        sa.CheckConstraint("owner_side IN ('msp', 'client')", name=op.f("ck_action_item_owner_side")),
        sa.CheckConstraint(
            "status IN ('proposed', 'decided', 'in_progress', 'done', 'refused', 'postponed', 'cancelled')",
            name=op.f("ck_action_item_status"),
        ),
        sa.CheckConstraint(
            "stream IN ('fundamentals', 'einvoicing', 'fleet', 'contracts', 'own')",
            name=op.f("ck_action_item_stream"),
        ),
        sa.CheckConstraint("hours >= 0 AND hours <= 10000", name=op.f("ck_action_item_hours")),
        sa.CheckConstraint("once_cents >= 0 AND yearly_cents >= 0", name=op.f("ck_action_item_cents")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["client.tenant_id", "client.id"],
            name=op.f("fk_action_item_tenant_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "depends_on"],
            ["action_item.tenant_id", "action_item.id"],
            name=op.f("fk_action_item_tenant_id_depends_on"),
            ondelete="SET NULL (depends_on)",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_action_item_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_action_item")),
    )
    op.create_index(
        "ix_action_item_client", "action_item", ["tenant_id", "client_id", "status"], unique=False
    )
    op.create_table(
        "decision_event",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), server_default=sa.FetchedValue(), nullable=False),
        sa.Column("recommendation_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.FetchedValue(), nullable=False
        ),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("actor_kind", sa.Text(), server_default=sa.FetchedValue(), nullable=False),
        sa.Column("login_id", sa.Uuid(), server_default=sa.FetchedValue(), nullable=True),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("prev_hash", sa.LargeBinary(), server_default=sa.FetchedValue(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), server_default=sa.FetchedValue(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('sent', 'opened', 'accepted', 'refused', 'postponed', 'withdrawn', 'contested')",
            name=op.f("ck_decision_event_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["client.tenant_id", "client.id"],
            name=op.f("fk_decision_event_tenant_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_decision_event_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_decision_event")),
        sa.UniqueConstraint(
            "tenant_id", "client_id", "seq", name=op.f("uq_decision_event_tenant_id_client_id_seq")
        ),
    )
    op.create_table(
        "register_anchor",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("file_key", sa.Text(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["client.tenant_id", "client.id"],
            name=op.f("fk_register_anchor_tenant_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_register_anchor_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "client_id", "day", name=op.f("pk_register_anchor")),
    )
    op.create_table(
        "recommendation",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Uuid(), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("options", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("risk_if_not", sa.Text(), nullable=False),
        sa.Column("nature", sa.Text(), nullable=False),
        sa.Column("gain", sa.Double(), nullable=True),
        sa.Column("gain_on", sa.Date(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by", sa.Text(), nullable=False),
        sa.Column("recipients", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_by", sa.Text(), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "nature IN ('operating', 'investment', 'both')", name=op.f("ck_recommendation_nature")
        ),
        sa.CheckConstraint(
            "state IN ('sent', 'opened', 'accepted', 'refused', 'postponed', 'withdrawn')",
            name=op.f("ck_recommendation_state"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "action_id"],
            ["action_item.tenant_id", "action_item.id"],
            name=op.f("fk_recommendation_tenant_id_action_id"),
            ondelete="SET NULL (action_id)",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["client.tenant_id", "client.id"],
            name=op.f("fk_recommendation_tenant_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_recommendation_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_recommendation")),
        sa.UniqueConstraint(
            "tenant_id", "client_id", "number", name=op.f("uq_recommendation_tenant_id_client_id_number")
        ),
    )
    op.create_index("ix_recommendation_action", "recommendation", ["tenant_id", "action_id"], unique=False)
    op.create_index(
        "ix_recommendation_state", "recommendation", ["tenant_id", "state", "sent_at"], unique=False
    )
    op.create_table(
        "decision",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("recommendation_id", sa.Uuid(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("option", sa.SmallInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("decider", sa.Text(), nullable=False),
        sa.Column("decider_title", sa.Text(), nullable=False),
        sa.Column("login_id", sa.Uuid(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("received_how", sa.Text(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("document_key", sa.Text(), nullable=True),
        sa.Column("document_name", sa.Text(), nullable=True),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("contested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contested_by", sa.Text(), nullable=True),
        sa.Column("contest", sa.Text(), nullable=True),
        sa.CheckConstraint("channel IN ('portal', 'override')", name=op.f("ck_decision_channel")),
        sa.CheckConstraint(
            "received_how IN ('phone', 'letter', 'email', 'meeting', 'deliberation')",
            name=op.f("ck_decision_received_how"),
        ),
        sa.CheckConstraint("verdict = 'accepted' OR reason <> ''", name=op.f("ck_decision_reason")),
        sa.CheckConstraint(
            "verdict IN ('accepted', 'refused', 'postponed')", name=op.f("ck_decision_verdict")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["client.tenant_id", "client.id"],
            name=op.f("fk_decision_tenant_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "recommendation_id"],
            ["recommendation.tenant_id", "recommendation.id"],
            name=op.f("fk_decision_tenant_id_recommendation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_decision_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_decision")),
    )
    op.create_index(
        "ix_decision_recommendation", "decision", ["tenant_id", "recommendation_id", "at"], unique=False
    )
    run("register")
    run("policies")


def downgrade() -> None:
    op.drop_index("ix_decision_recommendation", table_name="decision")
    op.drop_table("decision")
    op.drop_index("ix_recommendation_state", table_name="recommendation")
    op.drop_index("ix_recommendation_action", table_name="recommendation")
    op.drop_table("recommendation")
    op.drop_table("register_anchor")
    op.drop_table("decision_event")
    op.drop_index("ix_action_item_client", table_name="action_item")
    op.drop_table("action_item")
