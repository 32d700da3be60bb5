"""Contexts that the application did not sign, or not for this: every one must see nothing."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

import psycopg
from psycopg import errors, sql
from sqlalchemy import Table

from mspaudit.tenancy.context import SIGNATURE_SECONDS, sign
from mspaudit.tenancy.rls import visibility
from tests.conftest import KEY
from tests.isolation.houses import World
from tests.isolation.oracle import Seat, secured
from tests.isolation.probes import attempt

FIELDS = ("tenant", "kind", "client", "unit", "member", "login", "expiry")


@dataclass(frozen=True)
class Forgery:
    """A value of ``app.ctx`` that must be worth nothing; None leaves it unset."""

    name: str
    value: str | None


def forgeries(world: World) -> Iterator[Forgery]:
    """Every way tried to be believed without the key."""
    genuine = sign(world.tilleul.context("msp"), KEY.encode())
    message, _, signature = genuine.rpartition(".")
    yield Forgery("unset", None)
    yield Forgery("empty, as on a recycled connection", "")
    yield Forgery("a word", "tilleul")
    yield Forgery("the bare tenant", str(world.tilleul.house.id))
    yield Forgery("unsigned", message)
    yield Forgery("an empty signature", f"{message}.")
    yield Forgery("a signature of zeros", f"{message}.{'0' * 64}")
    yield Forgery("a hash without the key", f"{message}.{sha256(message.encode()).hexdigest()}")
    yield Forgery("an empty key", sign(world.tilleul.context("msp"), b""))
    yield Forgery("another key", sign(world.tilleul.context("msp"), b"another key of forty characters or so"))
    yield Forgery("capitals", f"{message}.{signature.upper()}" if signature.upper() != signature else message)
    yield Forgery("one character short", genuine[:-1])
    yield Forgery("one character long", f"{genuine}0")
    yield Forgery("a space before", f" {genuine}")
    yield Forgery("a field more", f"-.{genuine}")
    yield Forgery("a field after", f"{message}.-.{signature}")
    yield Forgery("a million fields", "." * 1_000_000)
    yield from _expired(world)
    yield from _tampered(world, message.split("."), signature)


def _expired(world: World) -> Iterator[Forgery]:
    context = world.tilleul.context("msp")
    long_ago = time.time() - SIGNATURE_SECONDS
    # PostgreSQL compares with the start of its transaction: a long one keeps the context it began with.
    yield Forgery("expired a minute ago", sign(context, KEY.encode(), at=long_ago - 60))
    yield Forgery("expired a year ago", sign(context, KEY.encode(), at=long_ago - 31_000_000))
    yield Forgery("before all time", sign(context, KEY.encode(), at=-10_000_000))
    yield Forgery("after all time", sign(context, KEY.encode(), at=10**13))


def _tampered(world: World, fields: list[str], signature: str) -> Iterator[Forgery]:
    other = sign(world.saule.context("msp"), KEY.encode()).split(".")
    values = [*other[:6], str(int(fields[6]) + 1)]
    values[1], values[2], values[3] = "job", other[0], other[0]
    for position, name in enumerate(FIELDS):
        changed = [*fields[:position], values[position], *fields[position + 1 :]]
        yield Forgery(f"another {name}", ".".join([*changed, signature]))
        yield Forgery(f"no {name}", ".".join([*fields[:position], "", *fields[position + 1 :], signature]))
        yield Forgery(f"cut before {name}", ".".join(fields[:position]))
    yield Forgery("the stranger's signature replayed here", ".".join([*fields, other[7]]))
    login = sign(replace(world.tilleul.context("login")), KEY.encode()).split(".")
    yield Forgery("a login made an administrator", ".".join([fields[0], "msp", *login[2:]]))
    client = sign(world.tilleul.context("client"), KEY.encode()).split(".")
    yield Forgery("a client made a worker", ".".join([client[0], "job", *client[2:]]))
    yield Forgery("a client made its neighbour", ".".join([*client[:2], str(_neighbour(world)), *client[3:]]))


def _neighbour(world: World) -> Any:
    return world.tilleul.house.clients["fontaine"]


def readable() -> list[Table]:
    """The tables that the application may read at all."""
    return [t for t in secured() if visibility()[t.name] not in ("hidden", "ledger")]


def believes_the_genuine(connection: psycopg.Connection[Any], world: World) -> None:
    """The control: what the application did sign is believed."""
    with attempt(connection, Seat("msp", world.tilleul.context("msp"))):
        found = connection.execute("SELECT tenant_id FROM client").fetchall()
    assert set(found) == {(world.tilleul.house.id,)}


def sees_nothing(connection: psycopg.Connection[Any], forgery: Forgery) -> None:
    """Not one row of any table, and not one row written."""
    connection.execute("SAVEPOINT forged")
    try:
        if forgery.value is not None:
            connection.execute("SELECT set_config('app.ctx', %s, true)", [forgery.value])
        for table in readable():
            name = sql.Identifier(table.name)
            found = connection.execute(sql.SQL("SELECT * FROM {} LIMIT 1").format(name)).fetchall()
            assert found == [], f"{forgery.name}: a row of {table.name}"
        for function in ("tenant", "msp_tenant", "whole_tenant", "login", "kind", "unit"):
            row = connection.execute(
                sql.SQL("SELECT tenancy.{}()").format(sql.Identifier(function))
            ).fetchone()
            assert row == (None,), f"{forgery.name}: tenancy.{function}() answers"
        assert connection.execute("SELECT tenancy.clients()").fetchone() == ([],), forgery.name
    finally:
        connection.execute("ROLLBACK TO SAVEPOINT forged")


def writes_nothing(connection: psycopg.Connection[Any], forgery: Forgery, world: World) -> None:
    """No journal entry in the name of either house."""
    for filled in (world.tilleul, world.saule):
        connection.execute("SAVEPOINT forged")
        try:
            if forgery.value is not None:
                connection.execute("SELECT set_config('app.ctx', %s, true)", [forgery.value])
            connection.execute(
                "INSERT INTO journal (tenant_id, id, verb, subject, actor_kind, actor, data)"
                " VALUES (%s, gen_random_uuid(), 'x', 'x', 'x', 'x', '{}')",
                [filled.house.id],
            )
        except errors.InsufficientPrivilege:
            continue
        finally:
            connection.execute("ROLLBACK TO SAVEPOINT forged")
        raise AssertionError(f"{forgery.name}: wrote in the journal of {filled.mark}")
