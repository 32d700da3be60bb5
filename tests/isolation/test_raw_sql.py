"""Raw SQL as the application's role: every statement of ``hostile.py`` on every table it can reach.

Nothing is rolled back on purpose: what a statement managed to write would stay, and the whole
database is compared before and after.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import errors, sql
from sqlalchemy import ForeignKeyConstraint, Table

from mspaudit.tenancy.context import Context, sign
from mspaudit.tenancy.policies import rights
from mspaudit.tenancy.rls import visibility
from tests.conftest import KEY
from tests.isolation import hostile
from tests.isolation.forgeries import readable
from tests.isolation.houses import World, tenant_tables
from tests.isolation.oracle import Row

Connection = psycopg.Connection[Any]
Everything = dict[str, list[Row]]
# 42501, 0A000 (COPY FROM under row security) and 42809 (not for this kind of object).
REFUSALS = (errors.InsufficientPrivilege, errors.FeatureNotSupported, errors.WrongObjectType)


@dataclass(frozen=True)
class Front:
    """Someone at the keyboard, a table, and whose rows of it they want."""

    who: str
    table: Table
    context: Context
    owner: str
    home: Any
    away: Any
    row: Row

    def fill(self, template: str) -> str:
        """The statement for this table."""
        keys = [c.name for c in self.table.primary_key.columns]
        theirs = json.dumps({self.owner: str(self.away)})
        genuine = sign(self.context, KEY.encode())
        values = {
            "t": self.table.name,
            "owner": self.owner,
            "home": self.home,
            "away": self.away,
            "key": keys[-1],
            "keys": ", ".join(keys),
            "foreign": " AND ".join(f"{k} = {_literal(self.row[k])}" for k in keys),
            "copy": f"SELECT (jsonb_populate_record(t, '{theirs}')).* FROM {self.table.name} t",
            "forged": genuine.replace(str(self.home), str(self.away)).replace(self.context.kind, "job"),
        }
        for name, value in values.items():
            template = template.replace(f"{{{name}}}", str(value))
        return template


def fronts(world: World, table: Table, rows: list[Row]) -> Iterator[Front]:
    """The MSP against the other MSP, a client and a limited technician against the other client."""
    home, away = world.tilleul, world.saule
    names = {"tenant": "id", "login": "id"}
    owner = names.get(table.name, "tenant_id" if "tenant_id" in table.c else "login_id")
    person = owner == "login_id" or table.name == "login"
    mine = home.house.people["admin"].login_id if person else home.house.id
    theirs = away.house.people["admin"].login_id if person else away.house.id
    yield Front("msp", table, home.context("msp"), owner, mine, theirs, _one(rows, owner, theirs))
    column = "id" if table.name == "client" else "client_id"
    if visibility()[table.name] in ("client", "unit"):
        valbrune, fontaine = home.house.clients["valbrune"], home.house.clients["fontaine"]
        for kind in ("client", "limited", "guest"):
            row = _one(rows, column, fontaine)
            yield Front(kind, table, home.context(kind), column, valbrune, fontaine, row)


def test_there_are_enough_of_them() -> None:
    each = hostile.NOTHING_FOREIGN + hostile.NOTHING_AT_ALL + hostile.NO_WRITE + hostile.REFUSED
    assert len(set(each)) == len(each)
    assert len(each) * len(readable()) >= 200


@pytest.mark.parametrize("table", readable(), ids=lambda t: t.name)
def test_no_statement_reaches_a_foreign_row(
    as_app: Connection, superuser: Connection, world: World, everything: Everything, table: Table
) -> None:
    before = fingerprint(superuser)
    for front in fronts(world, table, everything[table.name]):
        assert run(as_app, front, "SELECT * FROM {t}"), (
            f"{front.who} does not even see their own {table.name}"
        )
        for template in hostile.NOTHING_FOREIGN:
            _mentions_nobody_else(world, front, template, run(as_app, front, template))
        for template in hostile.NOTHING_AT_ALL:
            cells = [c for row in run(as_app, front, template) for c in row if c is not None]
            assert cells == [], f"{front.who}: {front.fill(template)}"
        for template in hostile.NO_WRITE:
            assert written(as_app, front, template) == 0, f"{front.who}: {front.fill(template)}"
    superuser.rollback()
    assert fingerprint(superuser) == before


@pytest.mark.parametrize("table", readable(), ids=lambda t: t.name)
def test_no_statement_becomes_the_owners(
    as_app: Connection, world: World, everything: Everything, table: Table
) -> None:
    front = next(fronts(world, table, everything[table.name]))
    for template in hostile.REFUSED:
        _enter(as_app, front)
        with pytest.raises(REFUSALS):
            as_app.execute(front.fill(template))  # type: ignore[arg-type]


@pytest.mark.parametrize("table", tenant_tables(), ids=lambda t: t.name)
def test_a_foreign_parent_is_refused_as_one_that_does_not_exist(
    as_app: Connection, world: World, everything: Everything, table: Table
) -> None:
    """Foreign-key checks bypass row security: the composite key is what refuses, and alike."""
    if "UPDATE" not in rights(table) or visibility()[table.name] == "ledger":
        return
    for key in table.constraints:
        if not isinstance(key, ForeignKeyConstraint) or len(key.elements) < 2:
            continue
        for element in key.elements:
            if isinstance(element.column.type, sa.Uuid) and element.column.name != "tenant_id":
                theirs = _one(everything[key.referred_table.name], "tenant_id", world.saule.house.id)
                foreign, missing = (
                    _pointed_at(as_app, world, table, element.parent.name, value)
                    for value in (theirs[element.column.name], uuid4())
                )
                assert foreign == missing, f"{table.name}.{element.parent.name} tells which exist"
                assert foreign in ("ForeignKeyViolation", "UniqueViolation", "nothing to point"), foreign


def run(connection: Connection, front: Front, template: str) -> list[tuple[Any, ...]]:
    """Every row that the statement (or each of several) answers; none when it is refused."""
    found: list[tuple[Any, ...]] = []
    statement = front.fill(template)
    _enter(connection, front)
    try:
        with connection.cursor() as cursor:
            if statement.startswith("COPY"):
                with cursor.copy(statement) as copy:  # type: ignore[arg-type]
                    found = [(bytes(block).decode(),) for block in copy]
            else:
                cursor.execute(statement)  # type: ignore[arg-type]
                found = list(_all_rows(cursor))
        connection.commit()
    except REFUSALS:
        connection.rollback()
    return found


def written(connection: Connection, front: Front, template: str) -> int:
    """How many rows the statement says it wrote."""
    _enter(connection, front)
    try:
        done = connection.execute(front.fill(template))  # type: ignore[arg-type]
        connection.commit()
    except (*REFUSALS, errors.IntegrityError):
        connection.rollback()
        return 0
    return max(done.rowcount, 0)


def fingerprint(superuser: Connection) -> list[Any]:
    """One hash a table, over every row of everybody."""
    parts = (
        sql.SQL("SELECT {}, count(*), md5(string_agg(t::text, ',' ORDER BY t::text)) FROM {} t").format(
            sql.Literal(t.name), sql.Identifier(t.name)
        )
        for t in readable()
    )
    # Sorted here: PostgreSQL may read the tables side by side.
    return sorted(superuser.execute(sql.SQL(" UNION ALL ").join(parts)).fetchall())


def _enter(connection: Connection, front: Front) -> None:
    connection.rollback()
    connection.execute("SELECT set_config('app.ctx', %s, true)", [sign(front.context, KEY.encode())])


def _all_rows(cursor: psycopg.Cursor[Any]) -> Iterator[tuple[Any, ...]]:
    while True:
        if cursor.description:
            yield from cursor.fetchall()
        if not cursor.nextset():
            return


def _mentions_nobody_else(world: World, front: Front, template: str, found: list[tuple[Any, ...]]) -> None:
    text = str(found)
    foreign = [str(world.saule.house.id), world.saule.mark]
    if front.who != "msp":
        foreign.append(world.tilleul.client_mark("fontaine"))
    foreign += [str(m.login_id) for m in world.saule.house.people.values()]
    for word in foreign:
        assert word not in text, f"{front.who} reads {word}: {front.fill(template)}"


def _pointed_at(connection: Connection, world: World, table: Table, column: str, value: Any) -> str:
    connection.rollback()
    signed = sign(world.tilleul.context("job"), KEY.encode())
    connection.execute("SELECT set_config('app.ctx', %s, true)", [signed])
    statement = sql.SQL("UPDATE {} SET {} = %s").format(sql.Identifier(table.name), sql.Identifier(column))
    try:
        done = connection.execute(statement, [value])
    except psycopg.Error as refusal:
        return type(refusal).__name__
    return "pointed" if done.rowcount else "nothing to point"


def _one(rows: list[Row], column: str, value: Any) -> Row:
    return next(r for r in rows if r[column] == value)


def _literal(value: Any) -> str:
    return f"'{value}'"
