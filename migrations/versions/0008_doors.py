"""Ways back in for those who lost a factor; the link a proof came by; what is disproved."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

SQL = Path(__file__).resolve().parent.parent / "sql"

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def run(name: str) -> None:
    """Run one file of statements, as written."""
    statements = (SQL / f"0008_{name}.sql").read_text("utf-8")
    # Straight to the driver: without parameters it takes several statements and leaves % alone.
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(statements)


def upgrade() -> None:
    op.create_table(
        "pin_reset",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("login_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.CheckConstraint("asked_by IN ('self', 'msp')", name=op.f("ck_pin_reset_asked_by")),
        sa.CheckConstraint("outcome IN ('used', 'cancelled', 'expired')", name=op.f("ck_pin_reset_outcome")),
        sa.ForeignKeyConstraint(
            ["login_id"], ["login.id"], name=op.f("fk_pin_reset_login_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pin_reset")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_pin_reset_token_hash")),
    )
    op.create_index(
        "uq_pin_reset_open",
        "pin_reset",
        ["login_id"],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.add_column("evidence", sa.Column("delegation_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_evidence_tenant_id_delegation_id"),
        "evidence",
        "delegation",
        ["tenant_id", "delegation_id"],
        ["tenant_id", "id"],
        ondelete="NO ACTION",
    )
    op.create_table(
        "contradiction",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("observed_on", sa.Date(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["client.tenant_id", "client.id"],
            name=op.f("fk_contradiction_tenant_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_contradiction_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "client_id", "code", name=op.f("pk_contradiction")),
    )
    run("doors")
    run("policies")


def downgrade() -> None:
    run("doors_down")
    op.drop_table("contradiction")
    op.drop_column("evidence", "delegation_id")
    op.drop_table("pin_reset")
