"""The one question that a group's link asks before any tenant is known; see ``identity/door.py``."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text

from mspaudit.extensions import db
from mspaudit.tenancy.context import door
from mspaudit.tenancy.lifecycle import as_context

_GROUP = text("SELECT tenant_id, client_id, id, tenant_name, client_name FROM auth.field_group(:token)")


class Opened(NamedTuple):
    """Whose a link is."""

    tenant_id: UUID
    client_id: UUID
    group_id: UUID
    msp: str
    client: str


def group(token_hash: bytes) -> Opened | None:
    """Whose link has this hash; None before the direction has promised, and for what is nobody's."""
    with as_context(door()):
        row = db.session.execute(_GROUP, {"token": token_hash}).one_or_none()
    return None if row is None else Opened(*row)
