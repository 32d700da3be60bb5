"""The scheduler: claims what is due and wakes workers; it sees which tenant has work, never what.

It signs in as ``mspaudit_dispatcher``. One scheduler at a time holds an advisory lock; a second
stands by and takes over when the first's connection ends.
"""

import signal
import threading
from datetime import UTC, datetime, time, timedelta
from types import FrameType

import structlog
from rq import Worker
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

from mspaudit.kernel.clock import PARIS
from mspaudit.tenancy import jobs
from mspaudit.tenancy.schedule import PLATFORM, RESEND_AFTER, SCHEDULE, Recurring

log = structlog.get_logger(__name__)
TICK_SECONDS = 5
LOCK = 0x6D737063

_TRY_LOCK = text("SELECT pg_try_advisory_lock(:key)")
_CLAIM = text(
    "INSERT INTO period (tenant_id, kind, period, claimed_at)"
    " SELECT t.id, :kind, :period, :now FROM tenant t WHERE t.closed_at IS NULL"
    " ON CONFLICT DO NOTHING RETURNING tenant_id"
)
_ABANDONED = text(
    "UPDATE period SET claimed_at = :now WHERE kind = :kind AND period = :period"
    " AND done_at IS NULL AND claimed_at < :before RETURNING tenant_id"
)
_BEAT = text(
    "INSERT INTO heartbeat (name, at) VALUES (:name, :at)"
    " ON CONFLICT (name) DO UPDATE SET at = greatest(heartbeat.at, excluded.at)"
)
_CLAIM_PLATFORM = text(
    "INSERT INTO heartbeat (name, at) VALUES (:name, :at)"
    " ON CONFLICT (name) DO UPDATE SET at = excluded.at WHERE heartbeat.at < excluded.at RETURNING name"
)
# What looks, at each open tenant and each quarter of an hour, for what time alone has changed.
_EACH_QUARTER = ("notices.watch", "incidents.watch")
_OPEN = text("SELECT id FROM tenant WHERE closed_at IS NULL")
# Work that a lost wake-up left behind; a few seconds of grace leave it to the wake-up first.
_SWEEPS = (
    (
        "risk.recompute",
        (),
        "SELECT DISTINCT tenant_id FROM dirty_client WHERE since < now() - interval '10 s'",
    ),
    (
        "outbox.send",
        ("mail_id",),
        "SELECT tenant_id, id FROM outbox WHERE state = 'waiting' AND due_at < now() - interval '10 s'"
        " ORDER BY due_at LIMIT 500",
    ),
    (
        "clients.import",
        ("run_id",),
        "SELECT tenant_id, id FROM import_run WHERE state IN ('waiting', 'running')"
        " AND touched_at < now() - interval '2 minutes'",
    ),
    (
        "intake.work",
        ("import_id",),
        "SELECT tenant_id, id FROM intake WHERE state IN ('waiting', 'running', 'undoing')"
        " AND touched_at < now() - interval '2 minutes'",
    ),
)
# Jobs of no tenant that come round by the minute; the claim is a heartbeat, whichever scheduler beats.
_ROUNDS = (("backups.fetch", timedelta(minutes=3)),)
_ROUND = text(
    "INSERT INTO heartbeat (name, at) VALUES (:name, :now)"
    " ON CONFLICT (name) DO UPDATE SET at = excluded.at WHERE heartbeat.at <= :before RETURNING name"
)
_LINKS = text(
    "SELECT id FROM link_request WHERE sent_at IS NULL"
    " AND created_at BETWEEN now() - interval '10 minutes' AND now() - interval '10 s'"
)
_RESETS = text(
    "SELECT id FROM pin_reset WHERE told_at IS NULL AND closed_at IS NULL"
    " AND asked_at < now() - interval '10 s'"
)


class Scheduler:
    """Ticks until told to stop. Needs an application context around it for Redis."""

    def __init__(self, url: str):
        """``url``: the database as ``mspaudit_dispatcher``."""
        self._engine: Engine = create_engine(url, pool_pre_ping=True, pool_size=1)
        self._stop = threading.Event()

    def run(self) -> None:
        """Tick every few seconds; a database or Redis that is away is waited for, not fatal."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._asked_to_stop)
        while not self._stop.is_set():
            try:
                with self._engine.connect() as connection:
                    self._lead(connection)
            except DBAPIError as error:
                log.warning("scheduler_waits_for_database", error=type(error.orig).__name__)
                self._stop.wait(TICK_SECONDS)

    def _asked_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stop.set()

    def _lead(self, connection: Connection) -> None:
        while not self._stop.is_set():
            leader = connection.execute(_TRY_LOCK, {"key": LOCK}).scalar_one()
            connection.commit()
            if leader:
                self._tick_until_stopped(connection)
            self._stop.wait(TICK_SECONDS)

    def _tick_until_stopped(self, connection: Connection) -> None:
        while not self._stop.is_set():
            tick(connection, now=datetime.now(UTC))
            self._stop.wait(TICK_SECONDS)


def tick(connection: Connection, *, now: datetime) -> None:
    """Claim the periods due at ``now``, sweep up what a lost wake-up left, and say we are alive."""
    for recurring in SCHEDULE:
        _claim(connection, recurring, now)
    for recurring in PLATFORM:
        _claim_platform(connection, recurring, now)
    for name in _EACH_QUARTER:
        _look_round(connection, name, now)
    for name, keys, query in _SWEEPS:
        if name in jobs.registered():
            _sweep(connection, name, keys, query)
    for name, every in _ROUNDS:
        _go_round(connection, name, now, every)
    for (request_id,) in connection.execute(_LINKS).all():
        jobs.send("identity.send_link", {"request_id": str(request_id)})
    for (reset_id,) in connection.execute(_RESETS).all():
        jobs.send("identity.tell_reset", {"reset_id": str(reset_id)})
    _beat(connection, now)
    connection.commit()


def _claim(connection: Connection, recurring: Recurring, now: datetime) -> None:
    period = recurring.period(now)
    values = {"kind": recurring.kind, "period": period, "now": now}
    found = list(connection.execute(_CLAIM, values).scalars())
    found += connection.execute(_ABANDONED, values | {"before": now - RESEND_AFTER}).scalars()
    # The claim must be durable before the wake-up: the other order could run a period twice.
    connection.commit()
    for tenant in found:
        jobs.send(recurring.job, {"tenant_id": str(tenant), "period": period.isoformat()})


def _claim_platform(connection: Connection, recurring: Recurring, now: datetime) -> None:
    """Send a job of no tenant once a period: the row that says which day it was last sent is its claim."""
    day = datetime.combine(recurring.period(now), time(), PARIS)
    claimed = connection.execute(_CLAIM_PLATFORM, {"name": f"sent:{recurring.kind}", "at": day}).first()
    connection.commit()
    if claimed is not None:
        jobs.send(recurring.job, {})


def _look_round(connection: Connection, name: str, now: datetime) -> None:
    quarter = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)
    claimed = connection.execute(_CLAIM_PLATFORM, {"name": f"sent:{name}", "at": quarter}).first()
    connection.commit()
    if claimed is not None and name in jobs.registered():
        for tenant in connection.execute(_OPEN).scalars():
            jobs.send(name, {"tenant_id": str(tenant)})


def _sweep(connection: Connection, name: str, keys: tuple[str, ...], query: str) -> None:
    for tenant, *rest in connection.execute(text(query)).all():
        ids = dict(zip(keys, map(str, rest), strict=True))
        jobs.send(name, {"tenant_id": str(tenant), **ids})


def _go_round(connection: Connection, name: str, now: datetime, every: timedelta) -> None:
    claimed = connection.execute(_ROUND, {"name": f"round:{name}", "now": now, "before": now - every}).all()
    connection.commit()
    if claimed and name in jobs.registered():
        jobs.send(name, {})


def _beat(connection: Connection, now: datetime) -> None:
    connection.execute(_BEAT, {"name": "scheduler", "at": now})
    for name in jobs.QUEUES:
        beats = [w.last_heartbeat for w in Worker.all(queue=jobs.queue(name)) if w.last_heartbeat]
        if beats:
            connection.execute(_BEAT, {"name": f"worker:{name}", "at": max(beats).replace(tzinfo=UTC)})
