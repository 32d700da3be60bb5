"""Migrations: up and down on data, equal to the models, and every reference still pointing somewhere."""

from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask
from psycopg import Connection, sql
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.pool import NullPool

from mspaudit.app import create_app
from mspaudit.config import Settings
from mspaudit.extensions import Base, db
from mspaudit.tenancy import migrations
from mspaudit.tenancy.database import create_database, install_key
from tests.cast import build_cast
from tests.servers import Servers

DATABASE = "migrated"


@pytest.fixture(scope="module")
def engine(servers: Servers, settings: Settings) -> Iterator[Engine]:
    """A database of this module's own, at head and inhabited."""
    create_database(servers.postgres.url().replace("+psycopg", ""), DATABASE)
    migrations.upgrade(servers.url("migrator", DATABASE))
    install_key(servers.dsn("migrator", DATABASE), settings.context_key.get_secret_value().encode())
    app: Flask = create_app(settings.model_copy(update={"database_url": servers.url("app", DATABASE)}))
    build_cast(app)
    with app.app_context():
        db.engine.dispose()
    found = create_engine(servers.url("migrator", DATABASE), poolclass=NullPool)
    yield found
    found.dispose()


def test_the_migrated_schema_is_the_models(engine: Engine) -> None:
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    assert differences == []


def test_nothing_is_pending_once_upgraded(servers: Servers, engine: Engine) -> None:
    assert migrations.pending(servers.url("app", DATABASE)) == []


def test_every_table_and_function_belongs_to_a_role_that_cannot_sign_in(engine: Engine) -> None:
    owners = text(
        "SELECT DISTINCT r.rolname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner"
        " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname IN ('public', 'tenancy', 'auth')"
        " UNION SELECT DISTINCT r.rolname FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner"
        " JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname IN ('tenancy', 'auth')"
    )
    with engine.connect() as connection:
        found = set(connection.execute(owners).scalars())
        can_login = text("SELECT bool_or(rolcanlogin) FROM pg_roles WHERE rolname = ANY(:names)")
        assert connection.execute(can_login, {"names": list(found)}).scalar_one() is False


def test_every_foreign_key_holds_by_an_anti_join_of_its_own(engine: Engine) -> None:
    """PostgreSQL may call a constraint valid that row-level security kept it from checking."""
    looked_at = 0
    with engine.connect() as connection:
        inspector = inspect(connection)
        for table in Base.metadata.sorted_tables:
            for key in inspector.get_foreign_keys(table.name):
                looked_at += 1
                assert _orphans(connection.connection.driver_connection, table.name, key) == 0, key["name"]
    assert looked_at > 30


def _orphans(connection: Connection, table: str, key: dict[str, object]) -> int:
    columns = list(zip(key["constrained_columns"], key["referred_columns"], strict=True))  # type: ignore[call-overload]
    query = sql.SQL("SELECT count(*) FROM {} c WHERE {} AND NOT EXISTS (SELECT FROM {} p WHERE {})").format(
        sql.Identifier(table),
        sql.SQL(" AND ").join(sql.SQL("c.{} IS NOT NULL").format(sql.Identifier(a)) for a, _ in columns),
        sql.Identifier(str(key["referred_table"])),
        sql.SQL(" AND ").join(
            sql.SQL("p.{} = c.{}").format(sql.Identifier(b), sql.Identifier(a)) for a, b in columns
        ),
    )
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else -1


def test_down_to_nothing_and_up_again_on_inhabited_tables(servers: Servers, engine: Engine) -> None:
    url = servers.url("migrator", DATABASE)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM client")).scalar_one() > 0
    migrations.downgrade(url, "base")
    with engine.connect() as connection:
        left = set(inspect(connection).get_table_names()) - {"alembic_version"}
        schemas = set(inspect(connection).get_schema_names())
    assert left == set()
    assert not {"tenancy", "auth"} & schemas
    migrations.upgrade(url)
    assert migrations.pending(url) == []
