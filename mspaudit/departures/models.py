"""Departures and their lists, missions and their accesses, holders of portals, shared secrets."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mspaudit.tenancy.models import (
    ClientEntity,
    ClientScoped,
    TenantModel,
    Timestamp,
    UnitScoped,
    client_fk,
    fk,
    unique,
)


class Departure(UnitScoped, ClientEntity):
    """Someone who leaves. Its state is ``rules.departure_state``; days are business days in Paris.

    ``kind``: leave, the end of a mandate (term), or a conflict, which cuts access on the day it is told.
    ``prepared_at``: when its list was made; ``cut_at``: when nothing let the person in any more;
    ``verify_by``: when someone else should have looked. ``record``: what was done, sealed when it was closed;
    ``record_hash``: its SHA-256.
    """

    __tablename__ = "departure"
    __visible__ = "unit"
    __table_args__ = (
        client_fk(),
        fk("person_id", to="person.id"),
        fk("org_unit_id", to="org_unit.id", ondelete="SET NULL (org_unit_id)"),
        CheckConstraint("kind IN ('leave', 'term', 'conflict')", name="kind"),
        Index("ix_departure_client", "tenant_id", "client_id"),
        Index(
            "uq_departure_open",
            "tenant_id",
            "person_id",
            unique=True,
            postgresql_where=text("closed_at IS NULL AND cancelled_at IS NULL"),
        ),
    )

    person_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(Text)
    leaves_on: Mapped[date]
    verify_by: Mapped[date]
    note: Mapped[str] = mapped_column(Text, default="")
    announced_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    announced_by: Mapped[str] = mapped_column(Text)
    prepared_at: Mapped[datetime | None] = mapped_column(Timestamp)
    cut_at: Mapped[datetime | None] = mapped_column(Timestamp)
    verified_at: Mapped[datetime | None] = mapped_column(Timestamp)
    verified_by: Mapped[str | None] = mapped_column(Text)
    closed_at: Mapped[datetime | None] = mapped_column(Timestamp)
    closed_by: Mapped[str | None] = mapped_column(Text)
    record: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    record_hash: Mapped[str | None] = mapped_column(Text)
    cancelled_at: Mapped[datetime | None] = mapped_column(Timestamp)
    cancel_reason: Mapped[str | None] = mapped_column(Text)

    @property
    def open(self) -> bool:
        return self.closed_at is None and self.cancelled_at is None


class DepartureItem(ClientEntity):
    """One line of a departure's list, and the four eyes on it: who settled it, who checked it.

    ``task``: a key of ``content.departures``; ``about_id``: the account, secret or portal that it is
    about. ``act_by``: the last working day to do it, never before the last day.
    """

    __tablename__ = "departure_item"
    __visible__ = "served"
    __table_args__ = (
        client_fk(),
        fk("departure_id", to="departure.id"),
        CheckConstraint("state IN ('todo', 'done', 'na')", name="state"),
        Index("ix_departure_item_departure", "tenant_id", "departure_id"),
    )

    departure_id: Mapped[UUID]
    position: Mapped[int] = mapped_column(SmallInteger)
    task: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    about_id: Mapped[UUID | None]
    cuts: Mapped[bool] = mapped_column(default=False)
    due_on: Mapped[date]
    act_by: Mapped[date]
    state: Mapped[str] = mapped_column(Text, default="todo")
    reason: Mapped[str | None] = mapped_column(Text)
    settled_at: Mapped[datetime | None] = mapped_column(Timestamp)
    settled_by: Mapped[str | None] = mapped_column(Text)
    settled_by_id: Mapped[UUID | None]
    checked_at: Mapped[datetime | None] = mapped_column(Timestamp)
    checked_by: Mapped[str | None] = mapped_column(Text)


class Mission(ClientEntity):
    """Someone from outside who works for the client for a time. Its state is ``rules.mission_state``.

    ``sponsor_id``: who follows it at the client. ``renewals``: [{from, until, by, on}].
    ``certificate_*``: the signed certificate of destruction.
    """

    __tablename__ = "mission"
    __visible__ = "served"
    __table_args__ = (
        client_fk(),
        fk("person_id", to="person.id", ondelete="SET NULL (person_id)"),
        fk("sponsor_id", to="person.id", ondelete="SET NULL (sponsor_id)"),
        CheckConstraint("ends_on >= starts_on", name="term"),
        Index("ix_mission_client", "tenant_id", "client_id"),
    )

    person_id: Mapped[UUID | None]
    sponsor_id: Mapped[UUID | None]
    name: Mapped[str] = mapped_column(Text)
    company: Mapped[str] = mapped_column(Text, default="")
    email: Mapped[str | None] = mapped_column(Text)
    purpose: Mapped[str] = mapped_column(Text, default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    renewals: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    exposed: Mapped[list[str]] = mapped_column(JSONB, default=list)
    clauses: Mapped[list[str]] = mapped_column(JSONB, default=list)
    contract_key: Mapped[str | None] = mapped_column(Text)
    contract_name: Mapped[str | None] = mapped_column(Text)
    contract_signed_on: Mapped[date | None]
    charter_signed_on: Mapped[date | None]
    briefed_on: Mapped[date | None]
    device: Mapped[str | None] = mapped_column(Text)
    device_declared_on: Mapped[date | None]
    certificate_key: Mapped[str | None] = mapped_column(Text)
    certificate_name: Mapped[str | None] = mapped_column(Text)
    certificate_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    created_by: Mapped[str] = mapped_column(Text)
    closed_at: Mapped[datetime | None] = mapped_column(Timestamp)
    closed_by: Mapped[str | None] = mapped_column(Text)


class MissionAccess(ClientEntity):
    """One named account opened for a mission, and its end."""

    __tablename__ = "mission_access"
    __visible__ = "served"
    __table_args__ = (
        client_fk(),
        fk("mission_id", to="mission.id"),
        Index("ix_mission_access_mission", "tenant_id", "mission_id"),
    )

    mission_id: Mapped[UUID]
    account: Mapped[str] = mapped_column(Text)
    device: Mapped[str] = mapped_column(Text, default="")
    mfa: Mapped[bool] = mapped_column(default=False)
    opened_on: Mapped[date]
    opened_by: Mapped[str] = mapped_column(Text)
    revoked_on: Mapped[date | None]
    revoked_by: Mapped[str | None] = mapped_column(Text)
    revoked_by_id: Mapped[UUID | None]


class PortalHolder(ClientEntity):
    """Who holds a portal outside any directory. ``code``: of ``content.departures``, or of a line added here.

    ``used``: False for a usual portal that this client does not have.
    """

    __tablename__ = "portal_holder"
    __visible__ = "served"
    __table_args__ = (
        client_fk(),
        fk("person_id", to="person.id", ondelete="SET NULL (person_id)"),
        fk("deputy_id", to="person.id", ondelete="SET NULL (deputy_id)"),
        unique("client_id", "code"),
    )

    code: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    used: Mapped[bool] = mapped_column(default=True)
    person_id: Mapped[UUID | None]
    deputy_id: Mapped[UUID | None]
    certificate_until: Mapped[date | None]
    reviewed_on: Mapped[date | None]


class SharedSecret(ClientEntity):
    """That a shared secret exists, where it is kept and when it last changed; never the secret itself.

    ``rotated_before``: the rotation before the last, to undo a tick.
    """

    __tablename__ = "shared_secret"
    __visible__ = "served"
    __table_args__ = (
        client_fk(),
        CheckConstraint("level IN ('critical', 'other')", name="level"),
        Index("ix_shared_secret_client", "tenant_id", "client_id"),
    )

    label: Mapped[str] = mapped_column(Text)
    kept_in: Mapped[str] = mapped_column(Text, default="")
    level: Mapped[str] = mapped_column(Text, default="other")
    rotated_on: Mapped[date | None]
    rotated_before: Mapped[date | None]
    retired_at: Mapped[datetime | None] = mapped_column(Timestamp)
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())


class SecretKnower(ClientScoped, TenantModel):
    """Someone knows a shared secret."""

    __tablename__ = "secret_knower"
    __visible__ = "served"
    __table_args__ = (
        client_fk(),
        fk("secret_id", to="shared_secret.id"),
        fk("person_id", to="person.id"),
        Index("ix_secret_knower_person", "tenant_id", "person_id"),
    )

    secret_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
