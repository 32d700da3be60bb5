"""What this room does by itself."""

from mspaudit.crisis.incidents import letters
from mspaudit.kernel import clock
from mspaudit.tenancy.jobs import tenant_job


@tenant_job("incidents.watch", queue="mail")
def watch() -> None:
    """Tell people of open incidents and of clocks that run down: each quarter of an hour, and at once."""
    letters.tell_all(now=clock.now())
