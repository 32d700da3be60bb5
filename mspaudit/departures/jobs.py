"""The list of a departure that the client's own people announced."""

from uuid import UUID

from mspaudit.departures import actions
from mspaudit.departures.models import Departure
from mspaudit.extensions import db
from mspaudit.kernel import clock
from mspaudit.tenancy.context import tenant_id
from mspaudit.tenancy.jobs import tenant_job


@tenant_job("departures.prepare", queue="default")
def prepare(departure_id: str) -> None:
    """Make the list of what to do; a second run adds nothing."""
    departure = db.session.get(Departure, (tenant_id(), UUID(departure_id)))
    if departure is not None and departure.open and departure.prepared_at is None:
        actions.prepare(departure, now=clock.now())
