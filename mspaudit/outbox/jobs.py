"""The worker's share of the outbox."""

from uuid import UUID

from mspaudit.adapters.mailer import mailer_from
from mspaudit.kernel.clock import now
from mspaudit.outbox import actions
from mspaudit.runtime import runtime
from mspaudit.tenancy.jobs import tenant_job


@tenant_job("outbox.send", queue="mail")
def send(mail_id: str) -> None:
    """Send one mail if it is still to send."""
    actions.send(UUID(mail_id), mailer=mailer_from(runtime().settings), now=now())
