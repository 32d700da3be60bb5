"""The two questions that a backup asks from outside, before any tenant is known; see ``identity/door.py``.

A heartbeat is one statement on a connection of its own, committed by PostgreSQL before it answers: what
was acknowledged is on disk.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

import psycopg
from flask import current_app
from sqlalchemy import text

from mspaudit.backups.rules import Kind, working_from
from mspaudit.extensions import db
from mspaudit.kernel.ids import new_id
from mspaudit.runtime import runtime
from mspaudit.tenancy.context import door, sign
from mspaudit.tenancy.lifecycle import as_context

_PING = (
    "SELECT auth.ping(%(token)s, %(what)s, %(code)s, %(said)s, %(event)s, %(working)s)"
    " FROM set_config('app.ctx', %(context)s, true)"
)
_ROUTES = text("SELECT * FROM auth.mail_routes(:tokens, :msp, :sender)")
CONNECT_SECONDS = 3


@dataclass(frozen=True, slots=True)
class Route:
    """Whose a mail may be. ``how``: ``token``, ``msp`` or ``sender``."""

    how: str
    tenant_id: UUID
    job_id: UUID | None
    words: tuple[str, ...]


class Line:
    """Connections kept open for heartbeats alone: a pool that checks each first would double their time."""

    def __init__(self, url: str) -> None:
        """``url``: the database as ``mspaudit_app``. Connects at the first question."""
        self._url = url
        self._idle: deque[psycopg.Connection[Any]] = deque()

    def ask(self, statement: str, values: dict[str, Any]) -> Any:
        """The first value that ``statement`` answers, committed.

        A connection that died while idle is not the caller's fault: it is asked again on a new one, so the
        statement must be safe to run twice. Raises psycopg.OperationalError when the database is away.
        """
        try:
            return self._asked(self._idle.pop() if self._idle else self._connected(), statement, values)
        except psycopg.OperationalError:
            self._idle.clear()
            return self._asked(self._connected(), statement, values)

    def _asked(self, connection: psycopg.Connection[Any], statement: str, values: dict[str, Any]) -> Any:
        row = connection.execute(statement.encode(), values).fetchone()
        self._idle.append(connection)
        return row[0] if row else None

    def _connected(self) -> psycopg.Connection[Any]:
        return psycopg.connect(
            self._url, autocommit=True, prepare_threshold=None, connect_timeout=CONNECT_SECONDS
        )


def ping(token_hash: bytes, kind: Kind, *, code: int | None, body: str, today: date) -> bool:
    """Write one signal; True once it is durable, False when the address is nobody's.

    Raises psycopg.OperationalError when the database is away: nothing was promised.
    """
    values = {
        "token": token_hash,
        "what": kind,
        "code": code,
        "said": body,
        # What makes it safe to ask twice.
        "event": new_id(),
        # From yesterday: PostgreSQL's clock decides which day it is.
        "working": _listed(today - timedelta(days=1)),
        "context": sign(door(), runtime().context_key),
    }
    return bool(_line().ask(_PING, values))


def mail_routes(token_hashes: Sequence[bytes], msp: str, sender: str) -> list[Route]:
    """Whose a mail may be: by its secret addresses, the MSP it names, then its sender (oldest job first)."""
    with as_context(door()):
        rows = db.session.execute(_ROUTES, {"tokens": list(token_hashes), "msp": msp, "sender": sender})
        return [Route(how, tenant, job, tuple(words or ())) for how, tenant, job, words in rows]


def _line() -> Line:
    found: Line | None = current_app.extensions.get("backups.line")
    if found is None:
        url = str(runtime().settings.database_url).replace("+psycopg", "")
        found = current_app.extensions["backups.line"] = Line(url)
    return found


@lru_cache(maxsize=8)
def _listed(day: date) -> str:
    """The working days from ``day`` on, as PostgreSQL reads an array."""
    return "{" + ",".join(each.isoformat() for each in working_from(day)) + "}"
