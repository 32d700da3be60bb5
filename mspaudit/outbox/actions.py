"""Queue a mail with what it tells, send it once, give up in the end."""

from datetime import datetime
from hashlib import sha256
from uuid import UUID

import structlog
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from mspaudit.adapters.mailer import Mail, MailDelayed, Mailer, MailRefused
from mspaudit.extensions import db
from mspaudit.outbox import queries
from mspaudit.outbox.models import OutgoingMail
from mspaudit.outbox.rules import wait_after
from mspaudit.tenancy.context import current, tenant_id
from mspaudit.tenancy.jobs import enqueue

log = structlog.get_logger(__name__)

ERASED = "(texte effacé après l’envoi : il portait un lien personnel)"


def queue_mail(
    *,
    key: str,
    recipient: str,
    subject: str,
    body: str,
    client_id: UUID | None = None,
    html: str | None = None,
    reply_to: str | None = None,
    secret: bool = False,
    headers: dict[str, str] | None = None,
    due_at: datetime | None = None,
) -> UUID | None:
    """Have a mail sent once this transaction commits; None when ``key`` was already queued.

    Args:
        key: what, for whom, which period; the same key is never sent twice by this MSP.
        client_id: whom it is about; a client's own people can only write about their own.
        secret: it carries a personal link: its text is erased once it has left.
        due_at: not before that instant.
    """
    values = {
        "tenant_id": tenant_id(),
        "key": key,
        "recipient": recipient,
        "subject": subject,
        "body": body,
        "client_id": client_id or current().client_id,
        "html": html,
        "reply_to": reply_to,
        "secret": secret,
        "headers": headers or {},
        **({"due_at": due_at} if due_at else {}),
    }
    statement = (
        insert(OutgoingMail).values(values).on_conflict_do_nothing(index_elements=["tenant_id", "key"])
    )
    added = db.session.scalar(statement.returning(OutgoingMail.id))
    if added is not None and due_at is None:
        enqueue("outbox.send", tenant_id=tenant_id(), mail_id=added)
    return added


def send(mail_id: UUID, *, mailer: Mailer, now: datetime) -> str:
    """Send one mail and mark it, in this one transaction; returns its new state.

    ``taken`` when it left already or another worker holds it. A crash between the two sends it
    again with the same Message-ID, so that the reader's mailbox can tell.
    """
    mail = queries.claim(mail_id)
    if mail is None or mail.due_at > now:
        return "taken" if mail is None else mail.state
    mail.attempts += 1
    try:
        mailer.send(_as_sent(mail), now=now)
    except MailRefused as refused:
        _close(mail, "refused", error=str(refused))
    except MailDelayed as delayed:
        _postpone(mail, str(delayed), now=now)
    else:
        mail.sent_at = now
        _close(mail, "sent")
    db.session.flush()
    log.info("mail", state=mail.state, attempts=mail.attempts, mail_id=str(mail.id))
    return mail.state


def cancel(key: str) -> None:
    """Stop the mail of that key if it has not left yet."""
    db.session.execute(
        update(OutgoingMail)
        .where(OutgoingMail.key == key, OutgoingMail.state == "waiting")
        .values(state="cancelled", body=ERASED, html=None)
    )


def message_id(tenant: UUID, key: str, domain: str) -> str:
    """The same for the same mail, whatever the number of tries; tells nothing of the key."""
    return f"<{sha256(f'{tenant}:{key}'.encode()).hexdigest()[:40]}@{domain}>"


def _as_sent(mail: OutgoingMail) -> Mail:
    return Mail(
        to=mail.recipient,
        subject=mail.subject,
        text=mail.body,
        html=mail.html,
        reply_to=mail.reply_to,
        headers=mail.headers,
        message_id=message_id(mail.tenant_id, mail.key, "mspaudit.invalid"),
    )


def _postpone(mail: OutgoingMail, error: str, *, now: datetime) -> None:
    wait = wait_after(mail.attempts)
    if wait is None:
        _close(mail, "refused", error=error)
        return
    mail.last_error = error
    mail.due_at = now + wait


def _close(mail: OutgoingMail, state: str, *, error: str | None = None) -> None:
    mail.state = state
    mail.last_error = error
    if mail.secret:
        mail.body, mail.html = ERASED, None
