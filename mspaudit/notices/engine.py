"""The engine watches itself: who beats, who fell silent, and who is told when nobody is left to tell.

One statement a minute and a process reads the heartbeats; every page shows what it said. When the
scheduler or a worker is silent for half an hour, no worker may be there to send a mail: the web process
that notices, on the first page somebody opens, writes the administrators itself, once an outage. If
nobody opens a page, nobody is told by us: that is for an outside watch on ``/sante`` and ``doctor``.
"""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import structlog
from flask import Flask, current_app
from sqlalchemy import select

from mspaudit.adapters.mailer import mailer_from
from mspaudit.extensions import db
from mspaudit.identity import queries as staff
from mspaudit.notices.rules import silent
from mspaudit.outbox import actions as outbox
from mspaudit.outbox.letters import address, letter
from mspaudit.outbox.queries import by_key
from mspaudit.runtime import runtime
from mspaudit.tenancy.context import job, tenant_id
from mspaudit.tenancy.jobs import QUEUES
from mspaudit.tenancy.lifecycle import unit_of_work
from mspaudit.tenancy.models import Heartbeat, Tenant

log = structlog.get_logger(__name__)
KEPT_SECONDS = 45.0
PARTS = {"scheduler": "Le planificateur"} | {
    f"worker:{name}": f"L’ouvrier de la file « {name} »" for name in QUEUES
}


@dataclass(frozen=True)
class Pulse:
    """What the heartbeats said. ``silence``: (part, its last beat or when we began to wait for one)."""

    beat_at: datetime | None
    silence: tuple[tuple[str, datetime], ...] = ()

    @property
    def well(self) -> bool:
        """Whether alerts are being sent."""
        return not self.silence

    @property
    def said(self) -> str:
        """Who is silent, in words."""
        return PARTS[self.silence[0][0]] if self.silence else ""


class Watch:
    """What one process knows of the heartbeats; no tenant's data, so every tenant shares it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._read_at = float("-inf")
        self._pulse = Pulse(None)
        self._began: datetime | None = None
        self._warned: set[tuple[UUID, str, datetime]] = set()

    def pulse(self, *, now: datetime) -> Pulse:
        """The heartbeats, read again when what we know is older than 45 seconds."""
        with self._lock:
            if time.monotonic() - self._read_at > KEPT_SECONDS:
                beats = {row.name: row.at for row in db.session.scalars(select(Heartbeat))}
                self._began = self._began or now
                self._pulse = read(beats, began=self._began, now=now)
                self._read_at = time.monotonic()
            return self._pulse

    def forget(self) -> None:
        """Read the heartbeats again next time."""
        self._read_at = float("-inf")

    def warn(self, pulse: Pulse, tenant: UUID, *, now: datetime) -> threading.Thread | None:
        """Write the tenant's administrators of an outage, apart from this request; once for each."""
        part, since = pulse.silence[0]
        with self._lock:
            if (tenant, part, since) in self._warned:
                return None
            self._warned.add((tenant, part, since))
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
        thread = threading.Thread(target=_warn, args=(app, tenant, part, since, now), daemon=True)
        thread.start()
        return thread


def read(beats: Mapping[str, datetime], *, began: datetime, now: datetime) -> Pulse:
    """What these heartbeats say; what never beat is given half an hour from ``began``."""
    last = {part: beats.get(part, began) for part in PARTS}
    gone = tuple(sorted(((p, at) for p, at in last.items() if silent(at, now)), key=lambda pair: pair[1]))
    known = [beats[part] for part in PARTS if part in beats]
    return Pulse(min(known) if len(known) == len(PARTS) else None, gone)


def warn(part: str, since: datetime, *, now: datetime) -> int:
    """Write and send at once, one mail an administrator and outage; how many left. In the tenant's context.

    The outbox's key holds whatever the number of web processes; a mail that the server put off is tried
    again by the workers, once they are back.
    """
    tenant, left = db.session.get_one(Tenant, tenant_id()), 0
    mailer = mailer_from(runtime().settings)
    for member in (m for m in staff.staff() if m.role == "admin"):
        key = f"outage:{part}:{since.astimezone(UTC):%Y%m%dT%H%M%S}:{member.id}"
        if by_key(key) is not None:
            continue
        url = address("alerts.index", msp=tenant.slug)
        mail = letter("outage", member=member, msp=tenant.name, what=PARTS[part], since=since, url=url)
        added = outbox.queue_mail(
            key=key, recipient=member.email, subject=mail.subject, body=mail.body, due_at=now
        )
        if added is not None:
            left += outbox.send(added, mailer=mailer, now=now) == "sent"
    return left


def _warn(app: Flask, tenant: UUID, part: str, since: datetime, now: datetime) -> None:
    with app.app_context(), unit_of_work(job(tenant)):
        left = warn(part, since, now=now)
    log.warning("engine_silent", part=part, told=left)
