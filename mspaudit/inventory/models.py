"""Machines, and everything that is paid for until a day: contracts, licences, domains, insurance."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger, Text, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mspaudit.tenancy.models import ClientEntity, ClientModel, Timestamp, client_fk, fk, unique


class Asset(ClientEntity):
    """A machine. ``key`` tells it from the client's others: its serial number, else its name, folded.

    ``product``: the key of its system in ``content/support``, None when nothing names it for sure.
    ``extended_until``: the last day of the paid fixes that the client bought. ``source``: the kind of
    file it came from, or ``manual``. ``seen_at``: when a file or a person last said that it is there;
    ``seen_import``: which import did. ``touched_at`` moves with every change.
    """

    __tablename__ = "asset"
    __visible__ = "served"
    __table_args__ = (
        client_fk(),
        fk("org_unit_id", to="org_unit.id", ondelete="SET NULL (org_unit_id)"),
        unique("client_id", "key"),
        CheckConstraint(
            "kind IN ('desktop', 'laptop', 'server', 'mobile', 'network', 'printer', 'other')", name="kind"
        ),
        CheckConstraint("status IN ('in_use', 'stock', 'repair', 'retired')", name="status"),
        Index("ix_asset_product", "tenant_id", "product"),
    )

    org_unit_id: Mapped[UUID | None]
    key: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    maker: Mapped[str] = mapped_column(Text, default="")
    model: Mapped[str] = mapped_column(Text, default="")
    serial: Mapped[str] = mapped_column(Text, default="")
    asset_tag: Mapped[str] = mapped_column(Text, default="")
    os: Mapped[str] = mapped_column(Text, default="")
    os_version: Mapped[str] = mapped_column(Text, default="")
    product: Mapped[str | None] = mapped_column(Text)
    place: Mapped[str] = mapped_column(Text, default="")
    user_name: Mapped[str] = mapped_column(Text, default="")
    last_seen_on: Mapped[date | None]
    bought_on: Mapped[date | None]
    warranty_until: Mapped[date | None]
    extended_until: Mapped[date | None]
    status: Mapped[str] = mapped_column(Text, default="in_use")
    source: Mapped[str] = mapped_column(Text, default="manual")
    seen_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    seen_import: Mapped[UUID | None]
    touched_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    gone_at: Mapped[datetime | None] = mapped_column(Timestamp)


class Agreement(ClientEntity):
    """A thing with a term: contract, licence, software, domain, certificate, insurance, platform.

    ``ends_on``: the last day of its first period; what renews itself goes on from there (``rules.Term``).
    ``notice_months`` None: nobody noted whether a notice is asked. ``yearly_cents``: before tax.
    ``noticed_on``: notice was given that day, with its proof. ``product``: as of a machine, for software.
    """

    __tablename__ = "agreement"
    __table_args__ = (
        client_fk(),
        unique("client_id", "key"),
        CheckConstraint(
            "kind IN ('contract', 'licence', 'software', 'domain', 'certificate', 'insurance', 'platform')",
            name="kind",
        ),
        CheckConstraint("budget IN ('operating', 'investment')", name="budget"),
        CheckConstraint("notice_months >= 0 AND notice_months <= 120", name="notice_months"),
        CheckConstraint("notice_days >= 0 AND notice_days <= 730", name="notice_days"),
        CheckConstraint("renewal_months > 0 AND renewal_months <= 120", name="renewal_months"),
        CheckConstraint("yearly_cents >= 0", name="yearly_cents"),
        CheckConstraint("seats >= 0", name="seats"),
        Index("ix_agreement_ends", "tenant_id", "ends_on"),
    )

    key: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    label: Mapped[str] = mapped_column(Text)
    supplier: Mapped[str] = mapped_column(Text, default="")
    reference: Mapped[str] = mapped_column(Text, default="")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    notice_months: Mapped[int | None] = mapped_column(SmallInteger)
    notice_days: Mapped[int] = mapped_column(SmallInteger, default=0)
    tacit: Mapped[bool] = mapped_column(default=False)
    renewal_months: Mapped[int] = mapped_column(SmallInteger, default=12)
    yearly_cents: Mapped[int | None]
    seats: Mapped[int | None]
    budget: Mapped[str | None] = mapped_column(Text)
    product: Mapped[str | None] = mapped_column(Text)
    notes: Mapped[str] = mapped_column(Text, default="")
    document_key: Mapped[str | None] = mapped_column(Text)
    noticed_on: Mapped[date | None]
    notice_key: Mapped[str | None] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text, default="manual")
    seen_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    seen_import: Mapped[UUID | None]
    touched_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    gone_at: Mapped[datetime | None] = mapped_column(Timestamp)


class InsurancePolicy(ClientEntity):
    """What a cyber insurance asks and pays. ``prerequisites``: ``{"code", "text", "met"}`` in their order.

    ``code``: the control that a prerequisite rests on, or empty. ``notify_hours``: how long one has to
    declare a claim, from its discovery.
    """

    __tablename__ = "insurance_policy"
    __table_args__ = (
        client_fk(),
        fk("agreement_id", to="agreement.id"),
        unique("agreement_id"),
        CheckConstraint("notify_hours > 0 AND notify_hours <= 8760", name="notify_hours"),
    )

    agreement_id: Mapped[UUID]
    prerequisites: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    exclusions: Mapped[str] = mapped_column(Text, default="")
    notify_hours: Mapped[int | None]
    claim_phone: Mapped[str] = mapped_column(Text, default="")
    claim_contact: Mapped[str] = mapped_column(Text, default="")


class InventoryChange(ClientModel):
    """What an import did to a row, so that it can be undone: its columns as they were before.

    ``at``: the row's ``touched_at`` since; when that moved on, somebody else changed the row.
    """

    __tablename__ = "inventory_change"
    __visible__ = "served"
    __table_args__ = (
        client_fk(),
        CheckConstraint("verb IN ('new', 'changed', 'gone')", name="verb"),
    )

    import_id: Mapped[UUID] = mapped_column(primary_key=True)
    row_id: Mapped[UUID] = mapped_column(primary_key=True)
    verb: Mapped[str] = mapped_column(Text)
    before: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    at: Mapped[datetime] = mapped_column(Timestamp)
