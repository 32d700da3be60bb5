"""What the figures are measured on: servers of their own, three portfolios, a web server, a browser."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID

import psycopg
from flask import Flask

from mspaudit.embedded.postgres import EmbeddedPostgres
from mspaudit.embedded.valkey import EmbeddedValkey
from mspaudit.identity import actions, door
from mspaudit.kernel import clock
from mspaudit.risk.actions import recompute
from mspaudit.tenancy import gate, migrations
from mspaudit.tenancy.context import NOBODY, job, sign
from mspaudit.tenancy.database import Passwords, create_database, create_roles, install_key
from mspaudit.tenancy.lifecycle import unit_of_work
from tests.bench.portfolio import build
from tests.bench.site import create
from tests.servers import Servers

SIZES = (50, 500, 5000)
KEY = "contexte-" * 5
HISTORY = (84, 56, 28, 0)
CSRF = re.compile(r'name="csrf-token" content="([^"]+)"')
VERSION = re.compile(r'name="version" value="(\d+)"')


@dataclass
class Browser:
    """One signed-in person, on one connection that stays open."""

    connection: HTTPConnection
    cookies: dict[str, str]
    form: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> tuple[int, str]:
        """The status and text of a page."""
        return self._ask("GET", path, None)

    def post(self, path: str, **fields: str) -> tuple[int, str]:
        """The same for a form, with its CSRF token."""
        return self._ask("POST", path, urlencode(self.form | fields))

    def _ask(self, method: str, path: str, body: str | None) -> tuple[int, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie", []):
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, text


@dataclass
class Stand:
    """The three portfolios by size, the application in this process, and the same behind a web server."""

    servers: Servers
    app: Flask
    tenants: dict[int, UUID]
    tokens: dict[int, str]
    port: int

    def browser(self, size: int) -> Browser:
        """A technician of the portfolio of that size."""
        with self.app.test_request_context():
            cookies = {gate.cookie_name(): self.tokens[size]}
        found = Browser(HTTPConnection("127.0.0.1", self.port), cookies)
        _status, page = found.get(f"/banc-{size}/vide")
        token = CSRF.search(page)
        found.form = {"csrf_token": token[1]} if token else {}
        return found

    @contextmanager
    def connection(self, size: int, role: str = "app") -> Iterator[psycopg.Connection]:
        """A bare connection as `role`; as `app`, within the signed context of the portfolio of that size."""
        with psycopg.connect(self.servers.dsn(role)) as found:
            if role == "app":
                context = sign(job(self.tenants[size]), KEY.encode())
                found.execute("SELECT set_config('app.ctx', %s, false)", [context])
                found.commit()
            yield found


@contextmanager
def standing(folder: Path) -> Iterator[Stand]:
    """Everything started and filled; stopped and erased at the end."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    postgres, valkey = EmbeddedPostgres(folder / "pg"), EmbeddedValkey(folder / "valkey")
    try:
        postgres.start()
        valkey.start()
        servers = _database(postgres, valkey)
        environment = _environment(servers, folder)
        os.environ.update(environment)
        app = create()
        tenants = _portfolios(app, servers)
        tokens = {size: _technician(app, tenant, size) for size, tenant in tenants.items()}
        with _web(environment) as port:
            yield Stand(servers, app, tenants, tokens, port)
    finally:
        valkey.stop()
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _database(postgres: EmbeddedPostgres, valkey: EmbeddedValkey) -> Servers:
    passwords = Passwords(migrator="m" * 32, app="a" * 32, dispatcher="d" * 32, dump="u" * 32)
    superuser = postgres.url().replace("+psycopg", "")
    create_roles(superuser, passwords)
    create_database(superuser, "mspaudit")
    servers = Servers(postgres=postgres, valkey=valkey, passwords=passwords)
    migrations.upgrade(servers.url("migrator"))
    install_key(servers.dsn("migrator"), KEY.encode())
    return servers


def _environment(servers: Servers, folder: Path) -> dict[str, str]:
    return {
        "MSPAUDIT_DATA": str(folder / "data"),
        "MSPAUDIT_DATABASE_URL": servers.url("app"),
        "MSPAUDIT_DISPATCHER_URL": servers.url("dispatcher"),
        "MSPAUDIT_MIGRATOR_URL": servers.url("migrator"),
        "MSPAUDIT_REDIS_URL": servers.valkey.url,
        "MSPAUDIT_SECRET_KEY": "s" * 48,
        "MSPAUDIT_CONTEXT_KEY": KEY,
        "MSPAUDIT_PUBLIC_URL": "http://127.0.0.1",
    }


def _portfolios(app: Flask, servers: Servers) -> dict[int, UUID]:
    now = clock.now()
    today = clock.today(now)
    found = {size: build(servers.dsn("migrator"), f"banc-{size}", size, now, today) for size in SIZES}
    with app.app_context():
        for tenant in found.values():
            for back in HISTORY:
                with unit_of_work(job(tenant)):
                    recompute(today=today - timedelta(days=back), now=now)
    vacuum(servers)
    return found


def vacuum(servers: Servers) -> None:
    """Leave the tables as autovacuum would, so that no run pays for the one before."""
    with psycopg.connect(servers.dsn("migrator"), autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE standing, snapshot, portfolio_day, client, answer")


def _technician(app: Flask, tenant: UUID, size: int) -> str:
    with app.app_context():
        with unit_of_work(job(tenant)):
            email = f"banc-{size}@example.test"
            login = door.ensure_login(email)
            actions.add_staff(login_id=login, name="Banc", email=email, role="technician")
        with unit_of_work(NOBODY):
            return actions.open_session(login, strength="full", agent="banc", address="127.0.0.1")


@contextmanager
def _web(environment: dict[str, str]) -> Iterator[int]:
    """One gunicorn process with threads, as `mspaudit web` runs it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    command = [
        sys.executable, "-m", "gunicorn", "tests.bench.site:create()", "--bind", f"127.0.0.1:{port}",
        "--worker-class", "gthread", "--threads", "4", "--log-level", "warning",
    ]  # fmt: skip
    process = subprocess.Popen(command, env=os.environ | environment)
    try:
        _wait(port)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _wait(port: int, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 0.5).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the web server did not answer")
