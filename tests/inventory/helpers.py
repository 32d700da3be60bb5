"""Machines and contracts for the tests of this room."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from mspaudit.content.support import matched
from mspaudit.extensions import db
from mspaudit.inventory.models import Agreement, Asset
from mspaudit.inventory.reading import agreement_key, asset_key
from mspaudit.kernel.ids import new_id

NOW = datetime(2026, 11, 20, 13, 32, tzinfo=UTC)
TODAY = date(2026, 11, 20)


def machine(client_id: UUID, name: str, system: str = "", version: str = "", **more: Any) -> Asset:
    """A machine in use; its product is the one that its system names."""
    product = matched(system, version)
    row = Asset(
        **{
            "id": new_id(),
            "client_id": client_id,
            "key": asset_key(name),
            "name": name,
            "kind": "desktop",
            "os": system,
            "os_version": version,
            "product": product.key if product else None,
            "seen_at": NOW,
            "touched_at": NOW,
        }
        | more
    )
    db.session.add(row)
    return row


def term(client_id: UUID, label: str = "Maintenance", kind: str = "contract", **more: Any) -> Agreement:
    """A contract listed today."""
    row = Agreement(
        **{
            "id": new_id(),
            "client_id": client_id,
            "key": agreement_key(label),
            "label": label,
            "kind": kind,
            "seen_at": NOW,
            "touched_at": NOW,
        }
        | more
    )
    db.session.add(row)
    return row
