"""The journal's chain: what an owner of the database changes behind the product's back shows."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from flask import Flask
from psycopg import errors, sql

from mspaudit.extensions import db
from mspaudit.journal import queries
from mspaudit.journal.actions import record
from mspaudit.tenancy.context import sign
from tests.cast import Cast, build_cast
from tests.conftest import KEY
from tests.isolation.houses import Filled, World

Connection = psycopg.Connection[Any]
# Every field of an entry, and what a forger would write in it.
EDITS = {
    "verb": "'answer.deleted'",
    "subject": "subject || ' '",
    "subject_id": "gen_random_uuid()",
    "client_id": "NULL",
    "actor_kind": "'intruder'",
    "actor": "'quelqu’un d’autre'",
    "login_id": "gen_random_uuid()",
    "data": "jsonb_build_object('to', 3)",
    "at": "at - interval '1 microsecond'",
    "hash": "sha256(hash)",
    "seq": "seq + 1000000",
    "id": "gen_random_uuid()",
}


@pytest.fixture(scope="module")
def written(app: Flask) -> Cast:
    """A house with a journal of several transactions."""
    cast = build_cast(app)
    for number in range(6):
        with cast.inside():
            for part in range(2):
                record("answer.saved", f"{number}-{part}", client_id=cast.tilleul.clients["valbrune"], to=2)
    return cast


@pytest.fixture
def tamper(superuser_dsn: str, written: Cast) -> Iterator[Any]:
    """Run a statement on the journal as its owner would, and take it back afterwards."""
    saved: list[Any] = []
    with psycopg.connect(superuser_dsn, autocommit=True) as connection:
        mine = sql.Literal(written.tilleul.id)
        connection.execute("DROP TABLE IF EXISTS pg_temp.kept")
        connection.execute(
            sql.SQL("CREATE TEMPORARY TABLE kept AS SELECT * FROM journal WHERE tenant_id = {}").format(mine)
        )
        connection.execute("SET session_replication_role = replica")

        def run(statement: str) -> None:
            saved.append(connection.execute(sql.SQL(statement).format(tenant=mine)).rowcount)  # type: ignore[arg-type]

        yield run
        connection.execute(sql.SQL("DELETE FROM journal WHERE tenant_id = {}").format(mine))
        connection.execute("INSERT INTO journal SELECT * FROM kept")
    assert saved, "nothing was tampered with"
    assert all(saved)


def verified(cast: Cast, anchor: queries.Anchor | None = None) -> int | None:
    with cast.inside():
        return queries.verify(anchor)


def test_an_untouched_chain_is_whole(written: Cast) -> None:
    assert verified(written) is None
    with written.inside():
        anchor = queries.head()
    assert anchor is not None
    assert verified(written, anchor) is None


@pytest.mark.parametrize("column", EDITS)
def test_every_edit_of_every_field_shows(written: Cast, tamper: Any, column: str) -> None:
    tamper(f"UPDATE journal SET {column} = {EDITS[column]} WHERE tenant_id = {{tenant}} AND seq = 7")
    found = verified(written)
    assert found == 8 if column == "seq" else found == 7


@pytest.mark.parametrize("number", range(1, 13))
def test_an_edit_shows_wherever_it_is(written: Cast, tamper: Any, number: int) -> None:
    tamper(f"UPDATE journal SET subject = 'x' WHERE tenant_id = {{tenant}} AND seq = {number}")
    assert verified(written) == number


@pytest.mark.parametrize("number", range(1, 13))
def test_an_entry_taken_away_shows(written: Cast, tamper: Any, number: int) -> None:
    tamper(f"DELETE FROM journal WHERE tenant_id = {{tenant}} AND seq = {number}")
    assert verified(written) == number + 1


def test_an_entry_slipped_in_shows(written: Cast, tamper: Any) -> None:
    tamper(
        "INSERT INTO journal SELECT (jsonb_populate_record(j,"
        " jsonb_build_object('id', gen_random_uuid(), 'subject', 'x'))).*"
        " FROM journal j WHERE tenant_id = {tenant} AND seq = 5"
    )
    assert verified(written) in (5, 6)


def test_an_entry_without_a_number_shows(written: Cast, tamper: Any) -> None:
    tamper(
        "INSERT INTO journal SELECT (jsonb_populate_record(j, jsonb_build_object('id', gen_random_uuid(),"
        " 'seq', null, 'hash', null))).* FROM journal j WHERE tenant_id = {tenant} AND seq = 5"
    )
    assert verified(written) is not None


def test_two_entries_exchanged_show(written: Cast, tamper: Any) -> None:
    tamper("UPDATE journal SET seq = 11 - seq WHERE tenant_id = {tenant} AND seq IN (5, 6)")
    assert verified(written) == 5


def test_a_truncated_tail_shows_only_against_an_anchor(written: Cast, tamper: Any) -> None:
    with written.inside():
        anchor = queries.head()
    assert anchor is not None
    tamper(f"DELETE FROM journal WHERE tenant_id = {{tenant}} AND seq > {anchor.seq - 3}")
    assert verified(written) is None
    assert verified(written, anchor) == anchor.seq


def test_another_houses_chain_does_not_matter(written: Cast, world: World, tamper: Any) -> None:
    tamper("UPDATE journal SET subject = 'x' WHERE tenant_id = {tenant} AND seq = 1")
    with world.cast.inside(world.saule.house):
        assert queries.verify() is None


def test_entries_are_numbered_once_in_order_across_transactions(written: Cast) -> None:
    with written.inside():
        numbers = db.session.execute(db.select(queries.Entry.seq).order_by(queries.Entry.seq)).scalars().all()
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET subject = 'x'",
        "DELETE FROM journal",
        "TRUNCATE journal",
        "UPDATE journal_head SET seq = 0",
        "DELETE FROM journal_head",
        "SELECT hash FROM journal_head",
        "ALTER TABLE journal DISABLE TRIGGER journal_chain",
    ],
)
def test_the_application_cannot_rewrite_it(as_app: Connection, world: World, statement: str) -> None:
    _enter(as_app, world)
    with pytest.raises(errors.InsufficientPrivilege):
        as_app.execute(statement)  # type: ignore[arg-type]


@pytest.mark.parametrize("column", ["seq", "hash"])
def test_an_entry_cannot_bring_its_own_number(as_app: Connection, world: World, column: str) -> None:
    """It would be believed to be chained already."""
    _enter(as_app, world)
    value = {"seq": "1", "hash": "'x'"}[column]
    as_app.execute(
        sql.SQL(
            "INSERT INTO journal (tenant_id, id, verb, subject, actor_kind, actor, data, {})"
            " VALUES ({}, gen_random_uuid(), 'x', 'x', 'x', 'x', '{{}}', {})"
        ).format(sql.Identifier(column), sql.Literal(world.tilleul.house.id), sql.SQL(value))  # type: ignore[arg-type]
    )
    with pytest.raises(errors.InsufficientPrivilege):
        as_app.commit()


def test_a_chain_goes_on_under_every_kind_of_person(app: Flask) -> None:
    cast = build_cast(app)
    home = Filled(cast.tilleul)
    for kind in ("msp", "limited", "client", "guest", "job"):
        with cast.inside(context=home.context(kind)):
            record("test.done", kind, client_id=cast.tilleul.clients["valbrune"])
    assert verified(cast) is None


def _enter(connection: Connection, world: World) -> None:
    signed = sign(world.tilleul.context("msp"), KEY.encode())
    connection.execute("SELECT set_config('app.ctx', %s, true)", [signed])
