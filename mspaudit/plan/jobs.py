"""What recurs in this room."""

from datetime import date

from mspaudit.kernel import clock
from mspaudit.plan import actions
from mspaudit.tenancy.jobs import tenant_job
from mspaudit.tenancy.schedule import finish


@tenant_job("plan.anchor", queue="default")
def anchor(period: str) -> None:
    """Note how far each register goes, once a day."""
    now = clock.now()
    actions.anchor(day=date.fromisoformat(period), now=now)
    finish("plan.anchor", date.fromisoformat(period), now=now)
