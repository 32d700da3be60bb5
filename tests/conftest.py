"""Real servers, one application for the run, and the cast.

Tests do not clean up after themselves: each has MSPs of its own, which is what the product
promises to keep apart.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from mspaudit.app import create_app
from mspaudit.config import Settings
from mspaudit.embedded.postgres import EmbeddedPostgres
from mspaudit.embedded.valkey import EmbeddedValkey
from mspaudit.tenancy import migrations
from mspaudit.tenancy.database import Passwords, create_database, create_roles, install_key
from tests.cast import Cast, build_cast
from tests.servers import Servers

KEY = "contexte-" * 5


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """PostgreSQL and Valkey for this process, the schema at head, addresses by role."""
    folder: Path = tmp_path_factory.mktemp("servers")
    postgres, valkey = EmbeddedPostgres(folder / "pg", durable=False), EmbeddedValkey(folder / "valkey")
    postgres.start()
    valkey.start()
    passwords = Passwords(migrator="m" * 32, app="a" * 32, dispatcher="d" * 32, dump="u" * 32)
    superuser = postgres.url().replace("+psycopg", "")
    create_roles(superuser, passwords)
    create_database(superuser, "mspaudit")
    found = Servers(postgres=postgres, valkey=valkey, passwords=passwords)
    migrations.upgrade(found.url("migrator"))
    install_key(found.dsn("migrator"), KEY.encode())
    yield found
    valkey.stop()
    postgres.stop()


@pytest.fixture(scope="session")
def settings(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of the tested application: the restricted database role, mail in a folder."""
    return Settings(
        data=tmp_path_factory.mktemp("data"),
        database_url=servers.url("app"),
        dispatcher_url=servers.url("dispatcher"),
        migrator_url=servers.url("migrator"),
        redis_url=servers.valkey.url,
        secret_key="s" * 48,
        context_key=KEY,
        public_url="http://localhost",
    )


@pytest.fixture(scope="session")
def app(settings: Settings) -> Flask:
    """The application, as production creates it."""
    found = create_app(settings)
    found.testing = True
    # A test posts forms as the browser would, through CSRF, only where that is what it tests.
    found.config["WTF_CSRF_ENABLED"] = False
    found.config["RATELIMIT_ENABLED"] = False
    return found


@pytest.fixture
def cast(app: Flask) -> Cast:
    """Two MSPs of this test alone, their people, and the stranger between them."""
    return build_cast(app)
