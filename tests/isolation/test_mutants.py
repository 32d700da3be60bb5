"""The database's locks broken one by one: its own probes must go red each time.

Every mutant lives in a transaction of the superuser that is rolled back; the probes run in it as
the application's role.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Table

from tests.isolation import catalogue, forgeries, mutants
from tests.isolation.houses import World
from tests.isolation.oracle import Row, seats, secured
from tests.isolation.probes import Bench, probe

Connection = psycopg.Connection[Any]
Everything = dict[str, list[Row]]


@contextmanager
def damaged(superuser: Connection, statement: str, *, table: str | None = None) -> Iterator[None]:
    """The schema with ``statement`` applied, seen as the application; undone afterwards.

    With ``table``, the application has every right on it: its policies are then alone to hold.
    """
    superuser.execute("SAVEPOINT whole")
    if table is not None:
        superuser.execute(sql.SQL("GRANT ALL ON {} TO mspaudit_app").format(sql.Identifier(table)))
    superuser.execute(statement)  # type: ignore[arg-type]
    superuser.execute("SET LOCAL ROLE mspaudit_app")
    try:
        yield
    finally:
        superuser.execute("ROLLBACK TO SAVEPOINT whole")


def everyone_and_forgers(superuser: Connection, world: World, everything: Everything) -> None:
    """Every probe of this layer that does not look into the catalogue."""
    for table in secured():
        probe(Bench(superuser), seats(world), table, everything[table.name])
    forgers(superuser, world)


def forgers(superuser: Connection, world: World) -> None:
    forgeries.believes_the_genuine(superuser, world)
    for forgery in forgeries.forgeries(world):
        forgeries.sees_nothing(superuser, forgery)


def survives(check: Any, *arguments: Any) -> bool:
    try:
        check(*arguments)
    except (AssertionError, psycopg.Error):
        return False
    return True


def test_the_probes_are_green_as_the_superuser_plays_the_application(
    superuser: Connection, world: World, everything: Everything
) -> None:
    """Otherwise each mutant below would die of the disguise."""
    with damaged(superuser, "SELECT"):
        everyone_and_forgers(superuser, world, everything)


@pytest.mark.parametrize("table", secured(), ids=lambda t: t.name)
def test_each_policy_that_falls_is_noticed(
    superuser: Connection, world: World, everything: Everything, table: Table
) -> None:
    bench, people = Bench(superuser, every_right=True), list(seats(world))
    with damaged(superuser, "SELECT", table=table.name):
        probe(bench, people, table, everything[table.name])
    alive = []
    for mutant in mutants.of_policies(table):
        with damaged(superuser, mutant.statement, table=table.name):
            if survives(probe, bench, people, table, everything[table.name]):
                alive.append(mutant.name)
    assert alive == []


def test_each_right_too_many_is_noticed(superuser: Connection) -> None:
    alive = []
    for mutant in mutants.of_rights():
        if not catalogue.may(superuser, *mutant.name.split(": ")):
            with damaged(superuser, mutant.statement):
                if survives(catalogue.rights_are_those_declared, superuser):
                    alive.append(mutant.name)
    assert alive == []


@pytest.mark.parametrize("name", mutants.VERIFICATION)
def test_each_step_of_the_verification_is_needed(superuser: Connection, world: World, name: str) -> None:
    with damaged(superuser, edited(superuser, "tenancy.verified()", *mutants.VERIFICATION[name])):
        assert not survives(forgers, superuser, world)


@pytest.mark.parametrize("name", mutants.CONFINEMENT)
def test_each_confusion_of_two_people_is_noticed(
    superuser: Connection, world: World, everything: Everything, name: str
) -> None:
    with damaged(superuser, edited(superuser, *mutants.CONFINEMENT[name])):
        assert not survives(everyone_and_forgers, superuser, world, everything)


def edited(superuser: Connection, function: str, before: str, after: str) -> str:
    """The function's definition with one part of its text replaced."""
    row = superuser.execute("SELECT pg_get_functiondef(%s::regprocedure)", [function]).fetchone()
    assert row is not None
    assert before in row[0], f"{function} has changed: mend tests/isolation/mutants.py"
    return str(sql.SQL(row[0].replace(before, after)).as_string(superuser))
