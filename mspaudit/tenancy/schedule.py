"""What recurs, as data; each period of each tenant happens once, and late rather than never.

Periods are rows in PostgreSQL under a primary key, so two schedulers, a restart or a day of
downtime neither repeat nor lose one. A claimed period whose job never finished is sent again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import update

from mspaudit.extensions import db
from mspaudit.kernel.clock import PARIS
from mspaudit.tenancy.context import tenant_id
from mspaudit.tenancy.models import Period

RESEND_AFTER = timedelta(minutes=15)


@dataclass(frozen=True)
class Recurring:
    """A job that runs once a period for each tenant. ``period(now)`` names the latest one that is due."""

    kind: str
    job: str
    period: Callable[[datetime], date]


def daily(at: time) -> Callable[[datetime], date]:
    """Each day from ``at`` on, Europe/Paris: 2 a.m. exists once even on the nights the clocks change."""

    def period(now: datetime) -> date:
        local = now.astimezone(PARIS)
        return local.date() if local.time() >= at else local.date() - timedelta(days=1)

    return period


SCHEDULE = (
    Recurring("inventory.match", "inventory.match", daily(time(2, 30))),
    Recurring("risk.nightly", "risk.nightly", daily(time(3, 15))),
    Recurring("checklists.reminders", "checklists.reminders", daily(time(8, 30))),
    Recurring("backups.forget", "backups.forget", daily(time(4, 0))),
    # How far each register goes, once the day is over.
    Recurring("plan.anchor", "plan.anchor", daily(time(0, 30))),
    # Written before anybody's hours; each summary leaves at its reader's own.
    Recurring("notices.digest", "notices.digest", daily(time(5))),
)


# What recurs for the platform itself, in no tenant. These jobs only tidy: one that is lost is made up for by
# the next, so a mark beside the heartbeats is claim enough.
PLATFORM = (Recurring("identity.forget", "identity.forget", daily(time(4, 30))),)


def finish(kind: str, period: date, *, now: datetime | None = None) -> None:
    """Mark this tenant's period done, in the job's own transaction."""
    db.session.execute(
        update(Period)
        .where(Period.tenant_id == tenant_id(), Period.kind == kind, Period.period == period)
        .values(done_at=now or datetime.now(UTC))
    )
