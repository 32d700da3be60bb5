"""Logins belong to people, not to tenants; memberships belong to tenants."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, synonym

from mspaudit.kernel.ids import new_id
from mspaudit.tenancy.models import (
    ClientScoped,
    LoginModel,
    LoginScoped,
    Secured,
    TenantEntity,
    Timestamp,
    client_fk,
    fk,
    unique,
)


class Login(LoginScoped, Secured):
    """One person who may sign in, whatever the organisations they serve. The e-mail is lower case."""

    __tablename__ = "login"
    __visible__ = "self"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(Text, unique=True)
    password_hash: Mapped[str | None] = mapped_column(Text)
    pin_hash: Mapped[str | None] = mapped_column(Text)
    totp_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    totp_confirmed_at: Mapped[datetime | None] = mapped_column(Timestamp)
    totp_last_step: Mapped[int | None] = mapped_column(BigInteger)
    platform: Mapped[bool] = mapped_column(default=False)
    disabled_at: Mapped[datetime | None] = mapped_column(Timestamp)
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(Timestamp)
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())

    login_id = synonym("id")


class Passkey(LoginModel):
    """A WebAuthn credential."""

    __tablename__ = "passkey"

    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    label: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    last_used_at: Mapped[datetime | None] = mapped_column(Timestamp)


class RecoveryCode(LoginModel):
    """A code that replaces a lost second factor, once. Random, so a plain SHA-256 stores it safely."""

    __tablename__ = "recovery_code"

    code_hash: Mapped[bytes] = mapped_column(LargeBinary)
    used_at: Mapped[datetime | None] = mapped_column(Timestamp)


class WebSession(LoginModel):
    """A browser that is signed in, or half-way (``first``). ``scratch`` holds a challenge, once."""

    __tablename__ = "web_session"
    __table_args__ = (CheckConstraint("strength IN ('first', 'full')", name="strength"),)

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    strength: Mapped[str] = mapped_column(Text)
    user_agent: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    seen_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    expires_at: Mapped[datetime] = mapped_column(Timestamp)
    ended_at: Mapped[datetime | None] = mapped_column(Timestamp)
    scratch: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)


class LoginEvent(LoginModel):
    """What happened to a login: signed in, failed, second factor changed. Shown to its owner."""

    __tablename__ = "login_event"

    at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    what: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    user_agent: Mapped[str] = mapped_column(Text)


class LinkRequest(Secured):
    """Someone asked for a sign-in link. Written alike for known and unknown addresses; no token in clear."""

    __tablename__ = "link_request"
    __visible__ = "hidden"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(Text)
    browser_hash: Mapped[bytes] = mapped_column(LargeBinary)
    token_hash: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    next_url: Mapped[str] = mapped_column(Text, default="/")
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now(), index=True)
    sent_at: Mapped[datetime | None] = mapped_column(Timestamp)
    used_at: Mapped[datetime | None] = mapped_column(Timestamp)


class PinReset(Secured):
    """A forgotten personal code about to be chosen again, from ``ready_at`` until ``expires_at``.

    ``asked_by``: the person, or an MSP that serves them. ``token_hash``: of the link that cancels it.
    """

    __tablename__ = "pin_reset"
    __visible__ = "hidden"
    __table_args__ = (
        CheckConstraint("asked_by IN ('self', 'msp')", name="asked_by"),
        CheckConstraint("outcome IN ('used', 'cancelled', 'expired')", name="outcome"),
        Index("uq_pin_reset_open", "login_id", unique=True, postgresql_where=text("closed_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    login_id: Mapped[UUID] = mapped_column(ForeignKey("login.id", ondelete="CASCADE"))
    asked_by: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    ready_at: Mapped[datetime] = mapped_column(Timestamp)
    expires_at: Mapped[datetime] = mapped_column(Timestamp)
    token_hash: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    told_at: Mapped[datetime | None] = mapped_column(Timestamp)
    closed_at: Mapped[datetime | None] = mapped_column(Timestamp)
    outcome: Mapped[str | None] = mapped_column(Text)


class StaffMember(TenantEntity):
    """Someone who works for the MSP. ``all_clients`` false: only the clients assigned to them."""

    __tablename__ = "staff_member"
    __visible__ = "staff"
    __table_args__ = (
        unique("login_id"),
        CheckConstraint("role IN ('reader', 'technician', 'admin')", name="role"),
    )

    login_id: Mapped[UUID] = mapped_column(ForeignKey("login.id"), index=True)
    name: Mapped[str] = mapped_column(Text)
    email: Mapped[str] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    all_clients: Mapped[bool] = mapped_column(default=True)
    disabled_at: Mapped[datetime | None] = mapped_column(Timestamp)
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())

    @hybrid_property
    def serves_all(self) -> bool:
        """Whether they serve every client: an administrator always does. The same as ``gate.serves_all``."""
        return self.all_clients | (self.role == "admin")


class ClientMember(ClientScoped, TenantEntity):
    """Someone of a client who may sign in to its space."""

    __tablename__ = "client_member"
    __visible__ = "client"
    __table_args__ = (
        client_fk(),
        fk("org_unit_id", to="org_unit.id"),
        unique("client_id", "login_id"),
        CheckConstraint("role IN ('respondent', 'decider')", name="role"),
    )

    client_id: Mapped[UUID]
    org_unit_id: Mapped[UUID | None]
    login_id: Mapped[UUID] = mapped_column(ForeignKey("login.id"), index=True)
    name: Mapped[str] = mapped_column(Text)
    email: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    disabled_at: Mapped[datetime | None] = mapped_column(Timestamp)
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())


class Invitation(TenantEntity):
    """A colleague invited to the MSP, for seven days, by a link used once."""

    __tablename__ = "invitation"
    __table_args__ = (Index("ix_invitation_token", "token_hash", unique=False),)

    email: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    all_clients: Mapped[bool] = mapped_column(default=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    invited_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    expires_at: Mapped[datetime] = mapped_column(Timestamp)
    accepted_at: Mapped[datetime | None] = mapped_column(Timestamp)
    revoked_at: Mapped[datetime | None] = mapped_column(Timestamp)
