"""Recomputing in the background: what changed within seconds, everything each night."""

from datetime import date

from sqlalchemy import delete, select

from mspaudit.clients.models import Dirty
from mspaudit.extensions import db
from mspaudit.kernel import clock
from mspaudit.risk import actions
from mspaudit.tenancy.context import tenant_id
from mspaudit.tenancy.jobs import enqueue, tenant_job
from mspaudit.tenancy.schedule import finish

MOST_AT_ONCE = 500


@tenant_job("risk.recompute", queue="risk")
def recompute() -> None:
    """Recompute the clients that changed.

    Their marks are locked until the figures commit: a change made meanwhile waits, then marks its client
    anew and wakes another run. Two runs at once share the work.
    """
    now = clock.now()
    marks = db.session.scalars(
        select(Dirty).order_by(Dirty.since).limit(MOST_AT_ONCE).with_for_update(skip_locked=True)
    ).all()
    if not marks:
        return
    clients = [mark.client_id for mark in marks]
    actions.recompute(
        today=clock.today(now),
        now=now,
        clients=clients,
        profiles=[mark.client_id for mark in marks if mark.profile],
    )
    db.session.execute(delete(Dirty).where(Dirty.client_id.in_(clients)))
    if len(clients) == MOST_AT_ONCE:
        enqueue("risk.recompute", tenant_id=tenant_id())


@tenant_job("risk.nightly", queue="risk")
def nightly(period: str) -> None:
    """Recompute every client, because proofs, dates and measurements age. `period`: the night's ISO date."""
    now = clock.now()
    actions.recompute(today=clock.today(now), now=now)
    finish("risk.nightly", date.fromisoformat(period), now=now)
