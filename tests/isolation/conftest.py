"""One pair of houses for the whole folder, and connections as the database's various roles."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from flask import Flask

from tests.isolation.houses import World, build_world
from tests.isolation.logins import give_each_login_a_trace
from tests.isolation.oracle import Row, truth
from tests.servers import Servers

Connection = psycopg.Connection[Any]


@pytest.fixture(scope="session")
def superuser_dsn(servers: Servers) -> str:
    """The address of the database as its superuser, for what the tests set up and count."""
    return servers.postgres.url("mspaudit").replace("+psycopg", "")


@pytest.fixture(scope="session")
def world(app: Flask, superuser_dsn: str) -> World:
    """Two filled houses that the database tests share: they change nothing in them."""
    found = build_world(app)
    with psycopg.connect(superuser_dsn) as connection:
        give_each_login_a_trace(connection, found)
    return found


@pytest.fixture
def superuser(superuser_dsn: str) -> Iterator[Connection]:
    """The superuser, rolled back afterwards."""
    with psycopg.connect(superuser_dsn) as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def as_app(servers: Servers) -> Iterator[Connection]:
    """The application's own role, rolled back afterwards."""
    with psycopg.connect(servers.dsn("app"), prepare_threshold=None) as connection:
        yield connection
        connection.rollback()


@pytest.fixture(scope="session")
def everything(world: World, superuser_dsn: str) -> dict[str, list[Row]]:
    """Every row of the two houses, by table."""
    with psycopg.connect(superuser_dsn) as connection:
        return truth(connection, world)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let ``python -m tests.isolation.roles --write`` write the matrix it compares otherwise."""
    parser.addoption("--write-roles", action="store_true", help="write tests/isolation/roles.txt anew")
