"""Recomputing in the background: what changed within seconds, everything each night."""

from datetime import date

from mspaudit.kernel import clock
from mspaudit.risk import actions
from mspaudit.tenancy.context import tenant_id
from mspaudit.tenancy.jobs import enqueue, tenant_job
from mspaudit.tenancy.schedule import finish


@tenant_job("risk.recompute", queue="risk")
def recompute() -> None:
    """Recompute the clients that changed."""
    now = clock.now()
    if actions.recompute_changed(today=clock.today(now), now=now):
        enqueue("risk.recompute", tenant_id=tenant_id())
    # What has just come within a day of its last useful day is told at once.
    enqueue("notices.urgent", tenant_id=tenant_id())


@tenant_job("risk.nightly", queue="risk")
def nightly(period: str) -> None:
    """Recompute every client, because proofs, dates and measurements age. `period`: the night's ISO date."""
    now = clock.now()
    actions.recompute(today=clock.today(now), now=now)
    enqueue("notices.urgent", tenant_id=tenant_id())
    finish("risk.nightly", date.fromisoformat(period), now=now)
