"""Fetching the mailbox of backup reports, and forgetting old signals."""

from datetime import date

import structlog

from mspaudit.adapters.mailbox import Address, MailboxUnreachable, opened
from mspaudit.backups import keeping, receiving
from mspaudit.kernel import clock
from mspaudit.runtime import runtime
from mspaudit.tenancy.jobs import door_job, tenant_job
from mspaudit.tenancy.schedule import finish

log = structlog.get_logger(__name__)
MOST_MAILS = 200


@door_job("backups.fetch", queue="mail")
def fetch() -> None:
    """Take in what is new in the mailbox; a mail is marked once what it says is on disk."""
    url = runtime().settings.imap_url
    if url is None:
        return
    try:
        with opened(Address.parse(url.get_secret_value())) as mailbox:
            for message in mailbox.unread(MOST_MAILS):
                fate = "heavy"
                if message.raw is not None:
                    fate = receiving.receive(message.raw, now=clock.now(), at=message.at).fate
                mailbox.mark(message.uid)
                log.info("backup_mail_fetched", fate=fate)
    except MailboxUnreachable as error:
        log.warning("backup_mailbox_unreachable", error=str(error))


@tenant_job("backups.forget", queue="default")
def forget(period: str) -> None:
    """Delete the signals that no page and no figure reads any more."""
    keeping.forget_old(now=clock.now())
    finish("backups.forget", date.fromisoformat(period))
