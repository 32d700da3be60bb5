"""Machines, contracts, insurance policies, and what imports changed."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

SQL = Path(__file__).resolve().parent.parent / "sql"

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def run(name: str) -> None:
    """Run one file of statements, as written."""
    statements = (SQL / f"0006_{name}.sql").read_text("utf-8")
    # Straight to the driver: without parameters it takes several statements and leaves % alone.
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(statements)


def upgrade() -> None:
    op.create_table(
        "agreement",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("supplier", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("notice_months", sa.SmallInteger(), nullable=True),
        sa.Column("notice_days", sa.SmallInteger(), nullable=False),
        sa.Column("tacit", sa.Boolean(), nullable=False),
        sa.Column("renewal_months", sa.SmallInteger(), nullable=False),
        sa.Column("yearly_cents", sa.Integer(), nullable=True),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("budget", sa.Text(), nullable=True),
        sa.Column("product", sa.Text(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("document_key", sa.Text(), nullable=True),
        sa.Column("noticed_on", sa.Date(), nullable=True),
        sa.Column("notice_key", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("seen_import", sa.Uuid(), nullable=True),
        sa.Column("touched_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("budget IN ('operating', 'investment')", name=op.f("ck_agreement_budget")),
        sa.CheckConstraint(
            "kind IN ('contract', 'licence', 'software', 'domain', 'certificate', 'insurance', 'platform')",
            name=op.f("ck_agreement_kind"),
        ),
        sa.CheckConstraint("notice_days >= 0 AND notice_days <= 730", name=op.f("ck_agreement_notice_days")),
        sa.CheckConstraint(
            "notice_months >= 0 AND notice_months <= 120", name=op.f("ck_agreement_notice_months")
        ),
        sa.CheckConstraint(
            "renewal_months > 0 AND renewal_months <= 120", name=op.f("ck_agreement_renewal_months")
        ),
        sa.CheckConstraint("seats >= 0", name=op.f("ck_agreement_seats")),
        sa.CheckConstraint("yearly_cents >= 0", name=op.f("ck_agreement_yearly_cents")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["client.tenant_id", "client.id"],
            name=op.f("fk_agreement_tenant_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_agreement_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_agreement")),
        sa.UniqueConstraint(
            "tenant_id", "client_id", "key", name=op.f("uq_agreement_tenant_id_client_id_key")
        ),
    )
    op.create_index("ix_agreement_ends", "agreement", ["tenant_id", "ends_on"], unique=False)
    op.create_table(
        "inventory_change",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("verb IN ('new', 'changed', 'gone')", name=op.f("ck_inventory_change_verb")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["client.tenant_id", "client.id"],
            name=op.f("fk_inventory_change_tenant_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_inventory_change_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "client_id", "import_id", "row_id", name=op.f("pk_inventory_change")
        ),
    )
    op.create_table(
        "asset",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("org_unit_id", sa.Uuid(), nullable=True),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("maker", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column("asset_tag", sa.Text(), nullable=False),
        sa.Column("os", sa.Text(), nullable=False),
        sa.Column("os_version", sa.Text(), nullable=False),
        sa.Column("product", sa.Text(), nullable=True),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("last_seen_on", sa.Date(), nullable=True),
        sa.Column("bought_on", sa.Date(), nullable=True),
        sa.Column("warranty_until", sa.Date(), nullable=True),
        sa.Column("extended_until", sa.Date(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("seen_import", sa.Uuid(), nullable=True),
        sa.Column("touched_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('desktop', 'laptop', 'server', 'mobile', 'network', 'printer', 'other')",
            name=op.f("ck_asset_kind"),
        ),
        sa.CheckConstraint(
            "status IN ('in_use', 'stock', 'repair', 'retired')", name=op.f("ck_asset_status")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["client.tenant_id", "client.id"],
            name=op.f("fk_asset_tenant_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "org_unit_id"],
            ["org_unit.tenant_id", "org_unit.id"],
            name=op.f("fk_asset_tenant_id_org_unit_id"),
            ondelete="SET NULL (org_unit_id)",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_asset_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_asset")),
        sa.UniqueConstraint("tenant_id", "client_id", "key", name=op.f("uq_asset_tenant_id_client_id_key")),
    )
    op.create_index("ix_asset_product", "asset", ["tenant_id", "product"], unique=False)
    op.create_table(
        "insurance_policy",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("prerequisites", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("exclusions", sa.Text(), nullable=False),
        sa.Column("notify_hours", sa.Integer(), nullable=True),
        sa.Column("claim_phone", sa.Text(), nullable=False),
        sa.Column("claim_contact", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "notify_hours > 0 AND notify_hours <= 8760", name=op.f("ck_insurance_policy_notify_hours")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "agreement_id"],
            ["agreement.tenant_id", "agreement.id"],
            name=op.f("fk_insurance_policy_tenant_id_agreement_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["client.tenant_id", "client.id"],
            name=op.f("fk_insurance_policy_tenant_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_insurance_policy_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_insurance_policy")),
        sa.UniqueConstraint(
            "tenant_id", "agreement_id", name=op.f("uq_insurance_policy_tenant_id_agreement_id")
        ),
    )

    run("policies")


def downgrade() -> None:
    op.drop_table("insurance_policy")
    op.drop_index("ix_asset_product", table_name="asset")
    op.drop_table("asset")
    op.drop_table("inventory_change")
    op.drop_index("ix_agreement_ends", table_name="agreement")
    op.drop_table("agreement")
