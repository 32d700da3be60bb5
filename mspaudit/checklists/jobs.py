"""What checklists do by themselves."""

from datetime import date

from mspaudit.checklists import actions
from mspaudit.kernel import clock
from mspaudit.tenancy.jobs import tenant_job
from mspaudit.tenancy.schedule import finish


@tenant_job("checklists.reminders", queue="default")
def reminders(period: str) -> None:
    """Remind the clients whose answers are due soon or late. `period`: the day's ISO date."""
    now = clock.now()
    actions.remind_late(now=now)
    finish("checklists.reminders", date.fromisoformat(period), now=now)
