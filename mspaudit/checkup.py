"""What an operator asks of a running installation: is it isolated, alive, reachable, up to date?"""

import os
import smtplib
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import redis
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from mspaudit.config import Settings
from mspaudit.tenancy import migrations
from mspaudit.tenancy.jobs import QUEUES

SKEW = timedelta(seconds=5)
SILENCE = timedelta(seconds=90)

_ROLE = text(
    "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
)
_OWNED = text(
    "SELECT count(*) FROM pg_class WHERE relowner = (SELECT oid FROM pg_roles WHERE rolname = current_user)"
)
_BARE = text(
    "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped"
    " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND (NOT c.relforcerowsecurity"
    " OR NOT c.relrowsecurity OR NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid))"
)
_BEATS = text("SELECT name, at FROM heartbeat")


@dataclass(frozen=True)
class Finding:
    """One thing looked at. ``well`` false is something to act on."""

    subject: str
    well: bool
    said: str

    def as_dict(self) -> dict[str, object]:
        """For ``--json``."""
        return asdict(self)


def examine(settings: Settings) -> list[Finding]:
    """Look at everything; what cannot be looked at is itself a finding, never an exception."""
    found: list[Finding] = []
    engine = create_engine(settings.database_url or "", poolclass=NullPool)
    try:
        with engine.connect() as connection:
            for look in (_role, _tables, _clock):
                found.append(look(connection))
            beats = {row.name: row.at for row in connection.execute(_BEATS)}
            found += _alive(beats)
        found.append(_migrations(settings))
    except DBAPIError as error:
        found.append(Finding("Base de données", False, f"ne répond pas ({type(error.orig).__name__})"))
    found.append(_queues(settings))
    found.append(_mail(settings))
    return found


def _role(connection: Connection) -> Finding:
    superuser, bypass, roles, databases = connection.execute(_ROLE).one()
    owned = connection.execute(_OWNED).scalar_one()
    wrong = [
        words
        for words, held in (
            ("superutilisateur", superuser),
            ("BYPASSRLS", bypass),
            ("CREATEROLE", roles),
            ("CREATEDB", databases),
            (f"propriétaire de {owned} objets", owned),
        )
        if held
    ]
    return Finding("Rôle de l’application", not wrong, ", ".join(wrong) or "restreint, ne possède rien")


def _tables(connection: Connection) -> Finding:
    bare = list(connection.execute(_BARE).scalars())
    return Finding("Tables sans isolation", not bare, ", ".join(bare) or "aucune")


def _clock(connection: Connection) -> Finding:
    skew = connection.execute(text("SELECT clock_timestamp()")).scalar_one() - datetime.now(UTC)
    seconds = f"{skew.total_seconds():.1f}".replace(".", ",")
    return Finding("Écart d’horloge avec la base", abs(skew) < SKEW, f"{seconds} s")


def _alive(beats: dict[str, datetime]) -> Iterator[Finding]:
    names = {"scheduler": "Planificateur"} | {f"worker:{q}": f"Ouvrier de la file {q}" for q in QUEUES}
    for name, words in names.items():
        at = beats.get(name)
        if at is None:
            yield Finding(words, False, "n’a jamais donné signe de vie")
            continue
        silent = datetime.now(UTC) - at
        yield Finding(words, silent < SILENCE, f"dernier signe il y a {int(silent.total_seconds())} s")


def _migrations(settings: Settings) -> Finding:
    pending = migrations.pending(settings.database_url or "")
    return Finding("Migrations en attente", not pending, ", ".join(pending) or "aucune")


def _queues(settings: Settings) -> Finding:
    try:
        connection = redis.Redis.from_url(settings.redis_url or "", socket_connect_timeout=2)
        lengths = {name: int(connection.llen(f"rq:queue:{name}")) for name in QUEUES}
    except redis.RedisError as error:
        return Finding("Files d’attente", False, f"Redis ne répond pas ({type(error).__name__})")
    return Finding("Files d’attente", True, ", ".join(f"{name} {n}" for name, n in lengths.items()))


def _mail(settings: Settings) -> Finding:
    look: Callable[[Settings], str] = _smtp if settings.smtp_url else _folder
    started = time.monotonic()
    try:
        said = look(settings)
    except (OSError, smtplib.SMTPException) as error:
        return Finding("Courriel", False, f"injoignable ({type(error).__name__})")
    return Finding("Courriel", True, f"{said}, {int((time.monotonic() - started) * 1000)} ms")


def _smtp(settings: Settings) -> str:
    url = urlsplit(settings.smtp_url or "")
    sort = smtplib.SMTP_SSL if url.scheme == "smtps" else smtplib.SMTP
    with sort(url.hostname or "", url.port or 0, timeout=5) as server:
        server.noop()
    return f"{url.hostname} répond"


def _folder(settings: Settings) -> str:
    settings.mail_folder.mkdir(parents=True, exist_ok=True)
    if not os.access(settings.mail_folder, os.W_OK):
        raise PermissionError(settings.mail_folder)
    return f"pas de serveur SMTP : fichiers .eml dans {settings.mail_folder}"
