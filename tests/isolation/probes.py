"""The database layer's own probes: raw statements as the application's role, compared with the oracle.

Each raises AssertionError when a row leaks, a write passes, or a legitimate one is refused. They run
inside an open transaction and leave it as they found it, so that the mutation tests can run the very
same ones over a damaged schema.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import errors, sql
from psycopg.types.json import Jsonb
from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import JSONB

from mspaudit.tenancy.context import sign
from mspaudit.tenancy.policies import rights
from tests.conftest import KEY
from tests.isolation.oracle import Row, Seat, sight

Rows = list[Row]
EVERY_RIGHT = "SELECT, INSERT, UPDATE, DELETE"
# For the tables of which only some columns may change: one of them, and a value for it.
CHANGEABLE: dict[str, tuple[str, Any]] = {
    "tenant": ("name", "changed"),
    "login": ("pin_hash", "changed"),
    "web_session": ("scratch", Jsonb({})),
}


class Bench:
    """Where the probes run: a connection, and what it may do beside what the policies say."""

    def __init__(self, connection: psycopg.Connection[Any], *, every_right: bool = False):
        self.connection = connection
        self._every_right = every_right

    def may(self, right: str, table: Table) -> bool:
        """Whether the connection's role was granted that right."""
        if self._every_right:
            return True
        return sight(table.name) not in ("hidden", "ledger") and right in rights(table)

    def changeable(self, table: Table) -> tuple[str, Any] | None:
        """The column to change in a table of which only some may be."""
        return None if self._every_right else CHANGEABLE.get(table.name)


@contextmanager
def attempt(connection: psycopg.Connection[Any], seat: Seat) -> Iterator[None]:
    """A savepoint that is always rolled back, with ``seat`` signed in."""
    connection.execute("SAVEPOINT attempt")
    try:
        signed = sign(seat.context, KEY.encode()) if seat.context else ""
        connection.execute("SELECT set_config('app.ctx', %s, true)", [signed])
        yield
    finally:
        connection.execute("ROLLBACK TO SAVEPOINT attempt")


def reads_exactly(bench: Bench, seat: Seat, table: Table, rows: Rows) -> None:
    """Sees every row it may and no other."""
    if not bench.may("SELECT", table):
        return
    expected = {_key(table, r) for r in rows if seat.reads(table.name, r)}
    columns = sql.SQL(", ").join(sql.Identifier(c.name) for c in table.primary_key.columns)
    with attempt(bench.connection, seat):
        found = set(bench.connection.execute(_on("SELECT {} FROM {}", columns, table)).fetchall())
    assert found == expected, f"{seat.name} reads {table.name}: {len(found)} rows instead of {len(expected)}"


def updates_exactly(bench: Bench, seat: Seat, table: Table, rows: Rows) -> None:
    """A blanket UPDATE, which needs no right to read, changes every row it may and no other."""
    if not bench.may("UPDATE", table):
        return
    expected = sum(seat.writes(table.name, r) for r in rows)
    column, value = bench.changeable(table) or _unchanging(table, seat, rows)
    with attempt(bench.connection, seat):
        done = bench.connection.execute(_on("UPDATE {} SET {} = %s", table, sql.Identifier(column)), [value])
        assert done.rowcount == expected, f"{seat.name} updates {table.name}: {done.rowcount}, not {expected}"


def deletes_exactly(bench: Bench, seat: Seat, table: Table, rows: Rows) -> None:
    """A blanket DELETE takes every row it may and no other."""
    if not bench.may("DELETE", table):
        return
    expected = sum(seat.writes(table.name, r) for r in rows)
    with attempt(bench.connection, seat):
        try:
            done = bench.connection.execute(_on("DELETE FROM {}", table)).rowcount
        except errors.ForeignKeyViolation:
            # Its own rows, which others need: the policy let them through.
            assert expected, f"{seat.name} could delete from {table.name}"
            return
    assert done == expected, f"{seat.name} deletes from {table.name}: {done}, not {expected}"


def inserts_only_its_own(bench: Bench, seat: Seat, table: Table, rows: Rows) -> None:
    """Writing a row like each existing one: its own is refused as a duplicate, another's by the policy."""
    if not bench.may("INSERT", table):
        return
    for row in _one_of_each_owner(rows):
        expected = errors.UniqueViolation if seat.writes(table.name, row) else errors.InsufficientPrivilege
        with attempt(bench.connection, seat):
            refusal = _refusal(bench, _insert(table), _adapted(table, row))
        assert isinstance(refusal, expected), f"{seat.name} inserts into {table.name}: {refusal!r}"


def moves_nothing(bench: Bench, seat: Seat, table: Table, rows: Rows) -> None:
    """No row of its own can be given to another tenant or client."""
    if not bench.may("UPDATE", table) or bench.changeable(table):
        return
    mine = [r for r in rows if seat.writes(table.name, r)]
    owners = ("id",) if sight(table.name) == "self" else ("tenant_id", "client_id", "org_unit_id")
    for column in owners:
        for other in _others(column, mine, rows) if column in table.c else ():
            if mine and not seat.writes(table.name, mine[0] | {column: other}):
                with attempt(bench.connection, seat):
                    refusal = _refusal(
                        bench, _on("UPDATE {} SET {} = %s", table, sql.Identifier(column)), [other]
                    )
                assert isinstance(refusal, errors.InsufficientPrivilege), (
                    f"{seat.name} moves {table.name}.{column}: {refusal!r}"
                )


def refused_outright(bench: Bench, seat: Seat, table: Table, _rows: Rows) -> None:
    """A table that only the database's own functions use has no right at all."""
    if bench.may("SELECT", table):
        return
    for statement in ("SELECT FROM {}", "DELETE FROM {}", "INSERT INTO {} DEFAULT VALUES"):
        with attempt(bench.connection, seat):
            refusal = _refusal(bench, _on(statement, table), [])
        assert isinstance(refusal, errors.InsufficientPrivilege), f"{seat.name} reaches {table.name}"


Probe = Callable[[Bench, Seat, Table, Rows], None]
PROBES: tuple[Probe, ...] = (
    reads_exactly,
    updates_exactly,
    deletes_exactly,
    inserts_only_its_own,
    moves_nothing,
    refused_outright,
)


def probe(bench: Bench, seats: Iterable[Seat], table: Table, rows: Rows) -> None:
    """Every probe, for everyone, on one table."""
    for seat in seats:
        for each in PROBES:
            each(bench, seat, table, rows)


def _refusal(bench: Bench, statement: sql.Composed, values: Any) -> Exception | None:
    try:
        bench.connection.execute(statement, values)
    except psycopg.Error as error:
        return error
    return None


def _on(statement: str, *parts: Table | sql.Composable) -> sql.Composed:
    named = [sql.Identifier(p.name) if isinstance(p, Table) else p for p in parts]
    return sql.SQL(statement).format(*named)


def _insert(table: Table) -> sql.Composed:
    names = [c.name for c in table.columns]
    return sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(table.name),
        sql.SQL(", ").join(map(sql.Identifier, names)),
        sql.SQL(", ").join(map(sql.Placeholder, names)),
    )


def _adapted(table: Table, row: Row) -> Row:
    return {n: Jsonb(v) if isinstance(table.c[n].type, JSONB) else v for n, v in row.items()}


def _key(table: Table, row: Row) -> tuple[Any, ...]:
    return tuple(row[c.name] for c in table.primary_key.columns)


def _unchanging(table: Table, seat: Seat, rows: Rows) -> tuple[str, Any]:
    """A column and its own value, so that the UPDATE breaks no constraint."""
    column = next(n for n in ("tenant_id", "login_id", "id") if n in table.c)
    mine = [r[column] for r in rows if seat.writes(table.name, r)] or [r[column] for r in rows]
    return column, mine[0]


def _one_of_each_owner(rows: Rows) -> list[Row]:
    owners = ("tenant_id", "client_id", "org_unit_id", "login_id")
    first: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        first.setdefault(tuple(row.get(o, row.get("id")) for o in owners), row)
    return list(first.values())


def _others(column: str, mine: Rows, rows: Rows) -> list[Any]:
    own = {r[column] for r in mine}
    return list({r[column] for r in rows if r[column] is not None} - own)[:2]
