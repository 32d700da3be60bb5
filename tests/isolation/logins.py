"""A row in each table that belongs to a person rather than to a tenant."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb
from sqlalchemy import Boolean, DateTime, Integer, LargeBinary, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from mspaudit.extensions import Base
from mspaudit.kernel.clock import now
from mspaudit.tenancy.rls import visibility
from tests.isolation.houses import Filled, World, choices


def give_each_login_a_trace(superuser: psycopg.Connection[Any], world: World) -> None:
    """Sessions, passkeys, codes, events and link requests for someone of each house; committed."""
    personal = [t for t in Base.metadata.sorted_tables if visibility().get(t.name) in ("login", "hidden")]
    for filled in (world.tilleul, world.saule):
        for who in filled.house.people:
            for table in personal:
                if "tenant_id" not in table.c:
                    _insert(superuser, table, _row(filled, who, table))
    superuser.commit()


def _row(filled: Filled, who: str, table: Table) -> dict[str, Any]:
    person = filled.house.people[who]
    found: dict[str, Any] = {}
    for column in table.columns:
        if column.name == "login_id":
            found["login_id"] = person.login_id
        elif column.name in choices(table):
            found[column.name] = choices(table)[column.name]
        elif not column.nullable:
            found[column.name] = _value(column.type, f"{filled.mark}-{table.name}-{column.name}")
    return found


def _value(kind: Any, text: str) -> Any:
    for expected, value in (
        (Uuid, uuid4()),
        (LargeBinary, uuid4().bytes),
        (DateTime, now() + timedelta(hours=1)),
        (JSONB, Jsonb({"canary": text})),
        (Boolean, False),
        (Integer, 1),
        (Text, text),
    ):
        if isinstance(kind, expected):
            return value
    raise LookupError(f"No value for a {kind!r}: add one to tests/isolation/logins.py.")


def _insert(superuser: psycopg.Connection[Any], table: Table, row: dict[str, Any]) -> None:
    superuser.execute(
        sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
            sql.Identifier(table.name),
            sql.SQL(", ").join(map(sql.Identifier, row)),
            sql.SQL(", ").join(map(sql.Placeholder, row)),
        ),
        row,
    )
