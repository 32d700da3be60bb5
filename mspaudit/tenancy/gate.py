"""The gate: from a session cookie and a URL to a context, in one statement, or nothing.

The statement calls ``auth.enter`` (``migrations/sql``), which runs with the narrow rights of
role ``mspaudit_auth``; whatever it does not return, the rest of the request cannot reach.
"""

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from uuid import UUID

from flask import current_app, g, request
from sqlalchemy import text

from mspaudit.extensions import db
from mspaudit.tenancy import lifecycle
from mspaudit.tenancy.context import Context, Kind, door

ENTER = text("SELECT * FROM auth.enter(:token, :msp, :client)")
ROLES = {"reader": 0, "technician": 1, "admin": 2}
PORTAL_ROLES = {"respondent": 0, "decider": 1}


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is at the door. Fields after ``strength`` are empty unless they belong where the URL leads."""

    session_id: UUID
    login_id: UUID
    email: str
    strength: str
    platform: bool = False
    tenant_id: UUID | None = None
    tenant_slug: str = ""
    tenant_name: str = ""
    brand: dict[str, Any] = field(default_factory=dict)
    member_id: UUID | None = None
    member_name: str = ""
    role: str = ""
    all_clients: bool = False
    client_id: UUID | None = None
    client_slug: str = ""
    client_name: str = ""
    unit_id: UUID | None = None

    @property
    def signed_in(self) -> bool:
        """Whether every factor that this person needs was given."""
        return self.strength == "full"


def cookie_name() -> str:
    """``__Host-`` binds the cookie to this very host, which browsers accept over HTTPS only."""
    return "__Host-mspaudit" if current_app.config["SESSION_COOKIE_SECURE"] else "mspaudit_session"


def hashed(token: str) -> bytes:
    """Tokens are random 256-bit strings: one SHA-256 stores them safely."""
    return sha256(token.encode()).digest()


def visitor(msp: str | None = None, client: str | None = None) -> Visitor | None:
    """Who holds this request's cookie and what they are to ``msp`` and its ``client``; None if nobody.

    Touches the session's last-seen time at most once a minute.
    """
    token = request.cookies.get(cookie_name())
    if not token or len(token) > 100:
        return None
    with lifecycle.as_context(door(), used_up=True):
        row = db.session.execute(ENTER, {"token": hashed(token), "msp": msp, "client": client}).one_or_none()
    if row is None:
        return None
    values = dict(row._mapping)
    values["brand"] = values["brand"] or {}
    return Visitor(**{k: v for k, v in values.items() if v is not None})


def serves_all(role: str, all_clients: bool) -> bool:
    """Whether a member of the MSP serves every client, or only those assigned to them."""
    return all_clients or role == "admin"


def staff_kind(role: str, all_clients: bool) -> Kind:
    """The kind of context in which a member of the MSP works."""
    return "msp" if serves_all(role, all_clients) else "limited"


def admit_staff(person: Visitor) -> None:
    """Enter the MSP of ``person``, over all its clients or those assigned to them."""
    _admit(
        person,
        Context(
            staff_kind(person.role, person.all_clients),
            tenant_id=person.tenant_id,
            member_id=person.member_id,
            login_id=person.login_id,
            actor=person.member_name,
            role=person.role,
        ),
    )


def admit_client(person: Visitor) -> None:
    """Enter the one organisation of ``person`` that the URL names."""
    _admit(
        person,
        Context(
            "client",
            tenant_id=person.tenant_id,
            client_id=person.client_id,
            unit_id=person.unit_id,
            member_id=person.member_id,
            login_id=person.login_id,
            actor=person.member_name,
            role=person.role,
        ),
    )


def admit_login(person: Visitor) -> None:
    """Enter no tenant: the pages of one's own account."""
    _admit(person, Context("login", login_id=person.login_id, actor=person.email))


def _admit(person: Visitor, context: Context) -> None:
    g.visitor = person
    lifecycle.enter(context)
