"""What each kind of person may read and write, said once more and differently from ``tenancy/rls.py``.

The database is compared with this, row by row: neither is derived from the other.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.rows import dict_row
from sqlalchemy import Table

from mspaudit.extensions import Base
from mspaudit.tenancy.context import Context
from mspaudit.tenancy.rls import visibility
from tests.isolation.houses import World

Row = dict[str, Any]
MSP_SIDE = ("msp", "limited", "job")
CONFINED = ("client", "guest")


@dataclass(frozen=True)
class Seat:
    """Someone in front of the database: a context, and the clients assigned to them when limited."""

    name: str
    context: Context | None
    assigned: frozenset[UUID] = field(default_factory=frozenset)

    def reads(self, table: str, row: Row) -> bool:
        """Whether this person may see that row."""
        context = self.context
        visible = sight(table)
        if context is None or visible == "hidden":
            return False
        if visible == "login" or table == "login":
            return context.login_id is not None and row.get("login_id", row["id"]) == context.login_id
        if table == "tenant":
            return bool(row["id"] == context.tenant_id)
        if context.tenant_id is None or row["tenant_id"] != context.tenant_id:
            return False
        return self._reads_within(table, row)

    def writes(self, table: str, row: Row) -> bool:
        """Whether this person may change that row (or write one like it)."""
        visible = sight(table)
        if self.context is None or not self.reads(table, row):
            return False
        if visible == "staff" or table == "tenant":
            return self.context.kind in ("msp", "job")
        return visible != "tenant" or self.context.kind in MSP_SIDE

    def _reads_within(self, table: str, row: Row) -> bool:
        assert self.context is not None
        kind, visible = self.context.kind, sight(table)
        if visible in ("msp", "served") and kind not in MSP_SIDE:
            return False
        if visible in ("client", "unit", "served"):
            client = row["id"] if table == "client" else row["client_id"]
            if kind in CONFINED and client != self.context.client_id:
                return False
            if kind == "limited" and client not in self.assigned:
                return False
        unit = self.context.unit_id
        return visible != "unit" or unit is None or bool(row["org_unit_id"] == unit)


def seats(world: World) -> Iterator[Seat]:
    """Everyone who may stand before the database, from home and from the stranger's."""
    home, away = world.tilleul, world.saule
    mine = frozenset([home.house.clients["valbrune"]])
    yield Seat("job", home.context("job"))
    yield Seat("msp", home.context("msp"))
    yield Seat("limited", home.context("limited"), mine)
    yield Seat("client", home.context("client"))
    yield Seat("other client", home.context("client", "fontaine"))
    yield Seat("unit", home.context("client", unit=True))
    yield Seat("guest", home.context("guest"))
    yield Seat("login", home.context("login"))
    yield Seat("door", home.context("door"))
    yield Seat("nobody", None)
    yield Seat("stranger", away.context("msp"))


@cache
def sight(table: str) -> str:
    """The visibility of ``table``."""
    return visibility()[table]


def secured() -> list[Table]:
    """Every table under row-level security."""
    return [t for t in Base.metadata.sorted_tables if t.name in visibility()]


def truth(superuser: psycopg.Connection[Any], world: World) -> dict[str, list[Row]]:
    """Every row of both houses and their people in every secured table, as only a superuser sees them."""
    houses = (world.tilleul.house, world.saule.house)
    owners = {h.id for h in houses} | {m.login_id for h in houses for m in h.people.values()}
    found = {}
    with superuser.cursor(row_factory=dict_row) as cursor:
        for table in secured():
            cursor.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(table.name)))
            rows = cursor.fetchall()
            hidden = sight(table.name) == "hidden"
            found[table.name] = [r for r in rows if hidden or _owner(table.name, r) in owners]
    return found


def _owner(table: str, row: Row) -> Any:
    return row["id"] if sight(table) == "self" else row.get("tenant_id", row.get("login_id"))
