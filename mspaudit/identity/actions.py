"""Who may come in: memberships and sessions."""

import json
import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID

from mspaudit.extensions import db
from mspaudit.identity import door
from mspaudit.identity.models import ClientMember, StaffMember
from mspaudit.journal.actions import record
from mspaudit.kernel.ids import new_id
from mspaudit.tenancy.gate import hashed


def create_tenant(*, slug: str, name: str, brand: dict[str, Any] | None = None) -> UUID:
    """Create an MSP and return its identifier; add its first administrator under its own context."""
    tenant_id = new_id()
    door.create_tenant(tenant_id, slug=slug, name=name, brand=json.dumps(brand or {}))
    return tenant_id


def add_staff(
    *, login_id: UUID, name: str, email: str, role: str, all_clients: bool = True, phone: str | None = None
) -> StaffMember:
    """Make a login a member of the current MSP."""
    member = StaffMember(
        login_id=login_id, name=name, email=email.lower(), role=role, all_clients=all_clients, phone=phone
    )
    db.session.add(member)
    db.session.flush()
    record("staff.added", name, subject_id=member.id, role=role, all_clients=all_clients)
    return member


def add_client_member(
    *, client_id: UUID, login_id: UUID, name: str, email: str, role: str, org_unit_id: UUID | None = None
) -> ClientMember:
    """Let a login into one client's space; ``org_unit_id`` confines them to that unit's people."""
    member = ClientMember(
        client_id=client_id,
        login_id=login_id,
        name=name,
        email=email.lower(),
        role=role,
        org_unit_id=org_unit_id,
    )
    db.session.add(member)
    db.session.flush()
    record("client_member.added", name, subject_id=member.id, client_id=client_id, role=role)
    return member


def open_session(
    login_id: UUID,
    *,
    strength: str,
    agent: str,
    address: str,
    lasts: timedelta | None = None,
    carried: dict[str, Any] | None = None,
) -> str:
    """Open a session and return the token for the cookie; only its hash is stored.

    Args:
        carried: what the session must remember until its next step: how the first factor was given.
    """
    token = secrets.token_urlsafe(32)
    door.open_session(
        login_id,
        hashed(token),
        strength=strength,
        agent=agent,
        address=address,
        lasts=lasts or (door.SESSION_LASTS if strength == "full" else door.HALF_WAY_LASTS),
        carried=json.dumps(carried or {}),
    )
    return token
