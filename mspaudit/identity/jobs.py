"""The worker's share of signing in."""

from uuid import UUID

from mspaudit.adapters.mailer import mailer_from
from mspaudit.identity import door, links, lost
from mspaudit.kernel.clock import now
from mspaudit.runtime import runtime
from mspaudit.tenancy.context import door as door_context
from mspaudit.tenancy.jobs import door_job
from mspaudit.tenancy.lifecycle import unit_of_work


@door_job("identity.send_link", queue="mail")
def send_link(request_id: str) -> None:
    """Send one sign-in link, if the request still waits for it."""
    with unit_of_work(door_context()):
        links.deliver(UUID(request_id), mailer=mailer_from(runtime().settings), now=now())


@door_job("identity.tell_reset", queue="mail")
def tell_reset(reset_id: str) -> None:
    """Tell someone that another code may be chosen in their name, if they were not told yet."""
    with unit_of_work(door_context()):
        lost.tell(UUID(reset_id), mailer=mailer_from(runtime().settings), now=now())


@door_job("identity.forget", queue="default")
def forget() -> None:
    """Delete old link requests and sessions ended long ago."""
    with unit_of_work(door_context()):
        door.forget_old()
