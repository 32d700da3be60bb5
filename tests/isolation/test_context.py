"""The signature: whatever the application did not sign, or signed for another, sees and writes nothing."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import errors, sql

from mspaudit.extensions import db
from mspaudit.tenancy.context import NOBODY, NoContext, sign
from mspaudit.tenancy.lifecycle import as_context, unit_of_work
from tests.conftest import KEY
from tests.isolation import door_functions
from tests.isolation.forgeries import believes_the_genuine, forgeries, readable, sees_nothing, writes_nothing
from tests.isolation.houses import World
from tests.servers import Servers

Connection = psycopg.Connection[Any]


def test_what_the_application_signed_is_believed(as_app: Connection, world: World) -> None:
    believes_the_genuine(as_app, world)


def test_every_forgery_sees_no_row_of_any_table(as_app: Connection, world: World) -> None:
    for forgery in forgeries(world):
        sees_nothing(as_app, forgery)


def test_every_forgery_writes_nothing(as_app: Connection, world: World) -> None:
    for forgery in forgeries(world):
        writes_nothing(as_app, forgery, world)


@pytest.mark.parametrize("table", readable(), ids=lambda t: t.name)
def test_a_fresh_connection_and_a_recycled_one_see_nothing(
    servers: Servers, world: World, table: Any
) -> None:
    """The setting is NULL on the first and '' on the second: both must fail closed, and alike."""
    query = sql.SQL("SELECT * FROM {}").format(sql.Identifier(table.name))
    signed = sign(world.tilleul.context("msp"), KEY.encode())
    with psycopg.connect(servers.dsn("app"), prepare_threshold=None) as connection:
        assert connection.execute("SELECT current_setting('app.ctx', true)").fetchone() == (None,)
        assert connection.execute(query).fetchall() == []
        connection.execute("SELECT set_config('app.ctx', %s, true)", [signed])
        connection.commit()
        assert connection.execute("SELECT current_setting('app.ctx', true)").fetchone() == ("",)
        assert connection.execute(query).fetchall() == []


def test_an_injected_statement_gains_nothing_by_setting_the_context(as_app: Connection, world: World) -> None:
    genuine = sign(world.tilleul.context("client"), KEY.encode())
    as_app.execute("SELECT set_config('app.ctx', %s, true)", [genuine])
    other = genuine.replace(str(world.tilleul.house.id), str(world.saule.house.id))
    injected = sql.SQL(
        "SELECT name FROM client WHERE slug = '' OR set_config('app.ctx', {}, true) IS NOT NULL"
    ).format(sql.Literal(other))
    as_app.execute(injected)
    found = as_app.execute("SELECT name FROM client UNION SELECT name FROM staff_member").fetchall()
    assert found == []


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM tenancy.signing_key",
        "COPY tenancy.signing_key TO STDOUT",
        "INSERT INTO tenancy.signing_key VALUES (9, '', '')",
        "UPDATE tenancy.signing_key SET inner_pad = outer_pad",
        "DELETE FROM tenancy.signing_key",
        "LOCK TABLE tenancy.signing_key",
        "SELECT tenancy.verified()",
        "CREATE FUNCTION tenancy.tenant2() RETURNS uuid LANGUAGE sql AS 'SELECT NULL::uuid'",
        "CREATE OR REPLACE FUNCTION tenancy.tenant() RETURNS uuid LANGUAGE sql AS 'SELECT NULL::uuid'",
        "ALTER FUNCTION tenancy.verified() SECURITY INVOKER",
        "CREATE SCHEMA elsewhere",
        "CREATE TEMPORARY TABLE signing_key (id integer)",
        "ALTER TABLE client NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY client_tenant ON client",
        "ALTER ROLE mspaudit_app BYPASSRLS",
        "SET ROLE mspaudit_owner",
        "SET ROLE mspaudit_migrator",
        "SET SESSION AUTHORIZATION mspaudit_dump",
        "SET session_replication_role = replica",
        "SELECT pg_read_file('postgresql.conf')",
        "SELECT lo_import('/etc/hostname')",
        "COPY client TO PROGRAM 'cat'",
        "COPY client FROM PROGRAM 'echo'",
    ],
)
def test_the_key_and_the_locks_are_out_of_reach(as_app: Connection, query: str) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        as_app.execute(query)


def test_the_keys_bytes_are_nowhere_in_what_the_application_reads(
    as_app: Connection, superuser: Connection
) -> None:
    row = superuser.execute("SELECT encode(inner_pad, 'hex') FROM tenancy.signing_key").fetchone()
    assert row is not None
    for view in ("pg_stats", "pg_stat_activity", "pg_proc", "pg_settings", "pg_statistic_ext_data"):
        try:
            found = str(as_app.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(view))).fetchall())
        except errors.InsufficientPrivilege:
            as_app.rollback()
            continue
        assert row[0] not in found
        assert KEY not in found


@pytest.mark.parametrize("function", door_functions.NAMES)
@pytest.mark.parametrize("kind", ["nobody", "msp", "job", "limited", "client", "guest", "login"])
def test_sign_in_answers_only_at_the_door(
    as_app: Connection, superuser: Connection, world: World, function: str, kind: str
) -> None:
    before = door_functions.identity_rows(superuser)
    context = NOBODY if kind == "nobody" else world.tilleul.context(kind)
    answer = door_functions.call(as_app, world, function, context)
    as_app.commit()
    assert answer in ([], [(None,)], [("",)], "refused"), f"{function} answers {kind}: {answer}"
    superuser.rollback()
    assert door_functions.identity_rows(superuser) == before, f"{function} wrote for {kind}"


@pytest.mark.parametrize("function", door_functions.NAMES)
def test_sign_in_does_answer_at_the_door(as_app: Connection, world: World, function: str) -> None:
    """The control for the one above."""
    answer = door_functions.call(as_app, world, function, world.tilleul.context("door"))
    assert answer != "refused"
    if function in door_functions.ANSWERING:
        assert answer not in ([], [(None,)])


def test_one_sees_the_places_of_oneself_alone(as_app: Connection, world: World) -> None:
    mine, other = world.tilleul.house.people["secretary"], world.saule.house.people["secretary"]
    context = sign(world.tilleul.context("client"), KEY.encode())
    as_app.execute("SELECT set_config('app.ctx', %s, true)", [context])
    found = as_app.execute("SELECT msp_slug FROM auth.places(%s)", [mine.login_id]).fetchall()
    assert found == [(world.tilleul.house.slug,)]
    assert as_app.execute("SELECT * FROM auth.places(%s)", [other.login_id]).fetchall() == []
    assert as_app.execute("SELECT * FROM auth.tenants(%s)", [mine.login_id]).fetchall() == []


def test_the_door_closes_behind_each_question(world: World) -> None:
    with world.cast.app.app_context(), unit_of_work(NOBODY):
        with as_context(world.tilleul.context("door")):
            assert _kind() == "door"
        assert _kind() is None
    with world.cast.app.app_context(), unit_of_work(world.tilleul.context("msp")):
        with as_context(world.tilleul.context("door")):
            assert _kind() == "door"
        assert _kind() == "msp"


def test_the_session_refuses_to_read_outside_any_tenant(world: World) -> None:
    with world.cast.app.app_context(), unit_of_work(NOBODY):
        for table in readable():
            if "tenant_id" in table.c:
                with pytest.raises(NoContext):
                    db.session.execute(table.select())


def _kind() -> str | None:
    found: str | None = db.session.connection().exec_driver_sql("SELECT tenancy.kind()").scalar()
    return found


def test_a_signature_cannot_be_used_for_an_unknown_kind(as_app: Connection, world: World) -> None:
    """A kind that the code might one day sign and the policies do not know sees no client."""
    strange = replace(world.tilleul.context("msp"), kind="visitor", login_id=uuid4())  # type: ignore[arg-type]
    as_app.execute("SELECT set_config('app.ctx', %s, true)", [sign(strange, KEY.encode())])
    assert as_app.execute("SELECT * FROM client").fetchall() == []
    assert as_app.execute("SELECT * FROM outbox").fetchall() == []
