"""Clients and what they are made of."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, synonym

from mspaudit.tenancy.models import (
    ClientEntity,
    ClientModel,
    ClientScoped,
    TenantEntity,
    TenantModel,
    Timestamp,
    UnitScoped,
    client_fk,
    fk,
    unique,
)


class Client(ClientScoped, TenantEntity):
    """An audited organisation. ``name_key`` is the name folded for search and sorting (kernel/french)."""

    __tablename__ = "client"
    __visible__ = "client"
    __table_args__ = (
        unique("slug"),
        CheckConstraint("kind IN ('enterprise', 'commune')", name="kind"),
        CheckConstraint("population >= 0 AND population < 10000000", name="population"),
        CheckConstraint("headcount >= 0 AND headcount < 1000000", name="headcount"),
        Index("uq_client_tenant_siren", "tenant_id", "siren", unique=True),
        Index("ix_client_name", "tenant_id", "name_key"),
    )

    kind: Mapped[str] = mapped_column(Text)
    slug: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    name_key: Mapped[str] = mapped_column(Text)
    siren: Mapped[str | None] = mapped_column(Text)
    insee_code: Mapped[str | None] = mapped_column(Text)
    population: Mapped[int | None]
    headcount: Mapped[int | None]
    postal_code: Mapped[str | None] = mapped_column(Text)
    department: Mapped[str | None] = mapped_column(Text)
    epci_name: Mapped[str | None] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(Text)
    notes: Mapped[str] = mapped_column(Text, default="")
    last_contact_at: Mapped[datetime | None] = mapped_column(Timestamp)
    archived_at: Mapped[datetime | None] = mapped_column(Timestamp)
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())

    client_id = synonym("id")

    @property
    def is_commune(self) -> bool:
        return self.kind == "commune"


class Tag(ClientModel):
    """A label on a client."""

    __tablename__ = "client_tag"
    __table_args__ = (client_fk(), Index("ix_client_tag_tag", "tenant_id", "tag"))

    tag: Mapped[str] = mapped_column(Text, primary_key=True)


class Assignment(TenantModel):
    """A technician looks after a client. Read by the policies themselves (``tenancy.clients()``)."""

    __tablename__ = "assignment"
    __visible__ = "staff"
    __table_args__ = (client_fk(), fk("member_id", to="staff_member.id"))

    client_id: Mapped[UUID] = mapped_column(primary_key=True)
    member_id: Mapped[UUID] = mapped_column(primary_key=True)


class OrgUnit(ClientEntity):
    """A part of a client: mairie, CCAS (a public body with its own SIRET), school, workshop."""

    __tablename__ = "org_unit"
    __table_args__ = (client_fk(), Index("ix_org_unit_client", "tenant_id", "client_id"))

    code: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    siret: Mapped[str | None] = mapped_column(Text)
    legal_entity: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)


class Person(UnitScoped, ClientEntity):
    """Someone of a client: agent, elected, employee, contractor. Not necessarily someone who signs in."""

    __tablename__ = "person"
    __visible__ = "unit"
    __table_args__ = (
        client_fk(),
        fk("org_unit_id", to="org_unit.id", ondelete="SET NULL (org_unit_id)"),
        CheckConstraint("status IN ('agent', 'elected', 'employee', 'contractor', 'other')", name="status"),
        Index("ix_person_client", "tenant_id", "client_id"),
    )

    name: Mapped[str] = mapped_column(Text)
    name_key: Mapped[str] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(Text)
    title: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)
    left_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())


class Referent(ClientEntity):
    """Who follows a subject at the client, with a written mandate and planned hours, or without."""

    __tablename__ = "referent"
    __table_args__ = (
        client_fk(),
        fk("person_id", to="person.id"),
        fk("deputy_id", to="person.id", ondelete="SET NULL (deputy_id)"),
        CheckConstraint("role IN ('pilot', 'cyber', 'dpo', 'einvoicing', 'crisis')", name="role"),
        CheckConstraint("hours_a_month >= 0 AND hours_a_month <= 200", name="hours"),
        Index("ix_referent_client", "tenant_id", "client_id"),
        Index(
            "uq_referent_current",
            "tenant_id",
            "client_id",
            "role",
            unique=True,
            postgresql_where=text("until IS NULL"),
        ),
    )

    person_id: Mapped[UUID]
    deputy_id: Mapped[UUID | None]
    role: Mapped[str] = mapped_column(Text)
    hours_a_month: Mapped[float | None]
    mandate_signed_on: Mapped[date | None]
    mandate_until: Mapped[date | None]
    mandate_key: Mapped[str | None] = mapped_column(Text)
    since: Mapped[date]
    until: Mapped[date | None]


class Dirty(ClientModel):
    """A client whose figures must be recomputed; deleted by the computation that saw its change."""

    __tablename__ = "dirty_client"
    __table_args__ = (client_fk(),)

    since: Mapped[datetime] = mapped_column(Timestamp, server_default=func.clock_timestamp())
    profile: Mapped[bool] = mapped_column(default=False)


class ImportRun(TenantEntity):
    """A portfolio file being imported: what was read, how far it is, what was refused and why."""

    __tablename__ = "import_run"
    __table_args__ = (
        CheckConstraint(
            "state IN ('mapping', 'waiting', 'running', 'done', 'cancelled', 'failed')", name="state"
        ),
    )

    filename: Mapped[str] = mapped_column(Text)
    storage_key: Mapped[str] = mapped_column(Text)
    mapping: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict)
    state: Mapped[str] = mapped_column(Text, default="mapping")
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    created: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0)
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    touched_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now(), onupdate=func.now())
    finished_at: Mapped[datetime | None] = mapped_column(Timestamp)
