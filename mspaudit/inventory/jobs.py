"""What recurs in this room."""

from datetime import date

from mspaudit.inventory import actions
from mspaudit.kernel import clock
from mspaudit.tenancy.jobs import tenant_job
from mspaudit.tenancy.schedule import finish


@tenant_job("inventory.match", queue="default")
def match(period: str) -> None:
    """Name every machine's system again: a new version of the product may know more of them."""
    actions.match_again(now=clock.now())
    finish("inventory.match", date.fromisoformat(period))
