"""Everything on one machine: embedded servers, schema, web, one worker a queue, scheduler."""

import http.client
import json
import os
import secrets
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from types import FrameType

import psycopg

from mspaudit.config import Settings, load_settings
from mspaudit.embedded.folder import EmbeddedError, claim, port_is_free
from mspaudit.embedded.postgres import EmbeddedPostgres
from mspaudit.embedded.supervisor import Child, Supervisor
from mspaudit.embedded.valkey import EmbeddedValkey
from mspaudit.tenancy.database import (
    MIGRATIONS,
    Passwords,
    create_database,
    create_roles,
    install_key,
    role,
)

DATABASE = "mspaudit"
ENVIRONMENT = "environment.json"
READY_SECONDS = 60


@dataclass(frozen=True)
class Secrets:
    """What one data folder keeps for itself, made at its first start."""

    secret_key: str
    context_key: str
    passwords: Passwords


@contextmanager
def servers(data: Path) -> Iterator[dict[str, str]]:
    """Hold ``data``, run PostgreSQL and Valkey in it, and give the environment that reaches them.

    Raises:
        EmbeddedError: the folder cannot be used or a server does not start; one French sentence.
    """
    with claim(data.absolute()) as folder:
        postgres, valkey = EmbeddedPostgres(folder / "postgres"), EmbeddedValkey(folder / "valkey")
        try:
            valkey.start()
            postgres.start()
            yield environment(folder, postgres, valkey)
        finally:
            valkey.stop()
            postgres.stop()


def environment(data: Path, postgres: EmbeddedPostgres, valkey: EmbeddedValkey) -> dict[str, str]:
    """The variables of every process, the schema having been brought up to date."""
    kept = _secrets(data / "secrets.json")
    urls = {
        name: postgres.url(DATABASE, role(name), getattr(kept.passwords, name))
        for name in ("app", "dispatcher", "migrator")
    }
    superuser = postgres.url().replace("+psycopg", "")
    _bring_up_to_date(data / "schema", superuser, urls["migrator"], kept)
    return {
        "MSPAUDIT_DATA": str(data),
        "MSPAUDIT_DATABASE_URL": urls["app"],
        "MSPAUDIT_DISPATCHER_URL": urls["dispatcher"],
        "MSPAUDIT_MIGRATOR_URL": urls["migrator"],
        "MSPAUDIT_REDIS_URL": valkey.url,
        "MSPAUDIT_SECRET_KEY": kept.secret_key,
        "MSPAUDIT_CONTEXT_KEY": kept.context_key,
    }


def attached(data: Path) -> dict[str, str]:
    """The environment of the instance that runs in ``data``, for a tool beside it.

    Raises:
        EmbeddedError: nothing has ever run there.
    """
    path = data / ENVIRONMENT
    if not path.exists():
        raise EmbeddedError(f"Rien ne tourne dans {data} : lancez d’abord mspaudit up ou mspaudit demo.")
    found: dict[str, str] = json.loads(path.read_text("utf-8"))
    return found


def _bring_up_to_date(stamp: Path, superuser: str, migrator_url: str, kept: Secrets) -> None:
    """Migrate, unless this very set of migrations was applied before: Alembic takes a while to load."""
    wanted = sha256(
        b"".join(p.read_bytes() for p in sorted(MIGRATIONS.rglob("*.*")) if p.is_file())
    ).hexdigest()
    if stamp.exists() and stamp.read_text("utf-8") == wanted:
        return
    migrations = import_module("mspaudit.tenancy.migrations")
    _make_database(superuser, kept.passwords)
    migrations.upgrade(migrator_url)
    install_key(migrator_url.replace("+psycopg", ""), kept.context_key.encode())
    stamp.write_text(wanted, "utf-8")


def _make_database(superuser: str, passwords: Passwords) -> None:
    """The roles, then the database, unless a former start has made both."""
    with psycopg.connect(superuser) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
    if known is None:
        create_roles(superuser, passwords)
        create_database(superuser, DATABASE)


def _secrets(path: Path) -> Secrets:
    if path.exists():
        stored = json.loads(path.read_text("utf-8"))
        return Secrets(**{**stored, "passwords": Passwords(**stored["passwords"])})
    made = Secrets(
        secret_key=secrets.token_urlsafe(48),
        context_key=secrets.token_urlsafe(48),
        passwords=Passwords(*(secrets.token_urlsafe(24) for _ in range(4))),
    )
    _write_private(path, asdict(made))
    return made


def _write_private(path: Path, content: object) -> None:
    """Whole or not at all, and readable by nobody else at any moment."""
    partial = path.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(content, file)
    partial.replace(path)


def children(env: dict[str, str], after: Path | None) -> list[Child]:
    """The web, and the crew of workers and scheduler, which starts work once ``after`` exists."""
    command = [sys.executable, "-m", "mspaudit"]
    wait = ["--after", str(after)] if after is not None else []
    return [Child("web", [*command, "web"], env), Child("crew", [*command, "crew", *wait], env)]


def run(
    data: Path,
    *,
    host: str,
    port: int,
    extra: dict[str, str] | None = None,
    meanwhile: Callable[[Settings], None] | None = None,
    after: str | None = None,
    ready: Callable[[Settings], None],
) -> None:
    """Run everything until SIGINT or SIGTERM, which stop every child and keep the data.

    Args:
        meanwhile: called while the processes start (the demonstration is loaded then).
        after: a file of ``data`` that ``meanwhile`` makes; background work waits for it.
        ready: called once the web answers.

    Raises:
        EmbeddedError: a taken port, a folder that cannot be written, a server that does not start.
    """
    if not port_is_free(host, port):
        raise EmbeddedError(
            f"Le port {port} est déjà pris : arrêtez l’autre programme ou choisissez-en un autre avec PORT=…"
        )
    signal.signal(signal.SIGTERM, _leave)
    with servers(data) as reached:
        env = reached | {
            "MSPAUDIT_HOST": host,
            "MSPAUDIT_PORT": str(port),
            "MSPAUDIT_PUBLIC_URL": f"http://{host}:{port}",
            **(extra or {}),
        }
        os.environ.update(env)
        _write_private(data / ENVIRONMENT, env)
        settings = load_settings()
        awaited = settings.data / after if after is not None else None
        with Supervisor(children(env, awaited)) as supervisor:
            if meanwhile is not None:
                meanwhile(settings)
            wait_until_ready(settings)
            ready(settings)
            supervisor.wait()


def wait_until_ready(settings: Settings) -> None:
    """Wait for the web to answer.

    Raises:
        EmbeddedError: it did not within a minute.
    """
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if _answers(settings):
            return
        time.sleep(0.05)
    raise EmbeddedError("Le serveur web ne répond pas ; les lignes ci-dessus disent pourquoi.")


def _answers(settings: Settings) -> bool:
    connection = http.client.HTTPConnection(settings.host, settings.port, timeout=2)
    try:
        connection.request("GET", "/sante")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _leave(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)
