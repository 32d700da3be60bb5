"""Questions to PostgreSQL's own catalogue, compared with what the models declare."""

from typing import Any

import psycopg
from sqlalchemy import Table

from mspaudit.tenancy.policies import create, rights
from mspaudit.tenancy.rls import policies, visibility
from tests.isolation.oracle import secured

Connection = psycopg.Connection[Any]
OURS = "IN ('public'::regnamespace, 'tenancy'::regnamespace, 'auth'::regnamespace)"
# A view runs as its owner, a materialised one stores everyone's rows, a sequence counts everyone's;
# a large object and an extension's tables carry no policy.
ABSENT = {
    "view": f"SELECT relname FROM pg_class WHERE relkind IN ('v', 'm', 'f') AND relnamespace {OURS}",
    "sequence": f"SELECT relname FROM pg_class WHERE relkind = 'S' AND relnamespace {OURS}",
    "rule": f"SELECT rulename FROM pg_rewrite JOIN pg_class c ON c.oid = ev_class WHERE relnamespace {OURS}",
    "exclusion constraint": f"SELECT conname FROM pg_constraint WHERE contype = 'x' AND connamespace {OURS}",
    "publication": "SELECT pubname FROM pg_publication",
    "large object": "SELECT oid FROM pg_largeobject_metadata",
    "extension": "SELECT extname FROM pg_extension WHERE extname <> 'plpgsql'",
}
RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN")


def rows(connection: Connection, query: str, *values: Any) -> list[tuple[Any, ...]]:
    """What the catalogue answers."""
    return connection.execute(query, values or None).fetchall()  # type: ignore[arg-type]


def may(connection: Connection, table: str, right: str, role: str = "mspaudit_app") -> bool:
    """Whether ``role`` has that right on the whole table."""
    return bool(rows(connection, "SELECT has_table_privilege(%s, %s, %s)", role, table, right)[0][0])


def declared(table_name: str) -> dict[str, set[str]]:
    """Right → columns (``*`` for all) that ``tenancy/policies.py`` gives the application."""
    table = next(t for t in secured() if t.name == table_name)
    if visibility()[table_name] in ("hidden", "ledger"):
        return {}
    found: dict[str, set[str]] = {}
    for part in rights(table).replace("), ", ")|").replace("E, ", "E|").replace("T, ", "T|").split("|"):
        right, _, columns = part.partition(" (")
        found[right] = set(columns.rstrip(")").split(", ")) if columns else {"*"}
    return found


def rights_are_those_declared(connection: Connection) -> None:
    """On every secured table, neither more nor less; and nothing that only an owner needs."""
    for table in secured():
        expected = declared(table.name)
        for right in RIGHTS:
            whole = expected.get(right) == {"*"}
            assert may(connection, table.name, right) == whole, f"{right} on {table.name}"
        for right in ("SELECT", "INSERT", "UPDATE", "REFERENCES"):
            query = "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
            query += " AND NOT attisdropped AND has_column_privilege('mspaudit_app', attrelid, attnum, %s)"
            found = {name for (name,) in rows(connection, query, table.name, right)}
            columns = expected.get(right, set())
            assert found == ({c.name for c in table.columns} if columns == {"*"} else columns), (
                f"{right} on columns of {table.name}: {found}"
            )


# What the dispatcher may read of each table: which tenant, which row, when; never what it says.
DISPATCHER = {
    "tenant": {"id", "closed_at"},
    "dirty_client": {"tenant_id", "since"},
    "outbox": {"tenant_id", "id", "state", "due_at"},
    "import_run": {"tenant_id", "id", "state", "touched_at"},
    "intake": {"tenant_id", "id", "state", "touched_at"},
    "link_request": {"id", "sent_at", "created_at"},
    "pin_reset": {"id", "asked_at", "told_at", "closed_at"},
}


def recreate_policies(connection: Connection, table: Table) -> None:
    """Drop the application's policies on ``table`` and create those that the code declares."""
    for policy in policies(table, visibility()[table.name]):
        connection.execute(f"DROP POLICY {policy.name} ON {table.name}")  # type: ignore[arg-type]
        connection.execute(create(policy, table))  # type: ignore[arg-type]
