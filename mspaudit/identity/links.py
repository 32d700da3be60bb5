"""Sign-in links: asked alike for any address, sent by a worker, used once by the browser that asked."""

import secrets
from datetime import datetime
from uuid import UUID

import structlog

from mspaudit.adapters.mailer import Mail, Mailer, MailRefused
from mspaudit.identity import door, keys
from mspaudit.outbox.letters import address, letter
from mspaudit.tenancy.gate import hashed
from mspaudit.tenancy.jobs import enqueue

log = structlog.get_logger(__name__)


def new_browser_token() -> str:
    """What the browser that asks keeps in a cookie, so that the link works nowhere else."""
    return secrets.token_urlsafe(32)


def ask(email: str, *, browser_token: str, suite: str) -> UUID:
    """Have a link sent to ``email`` if someone has it; nothing here tells whether."""
    request_id = door.ask_link(email, hashed(browser_token), suite)
    enqueue("identity.send_link", request_id=request_id)
    return request_id


def use(token: str, browser_token: str) -> tuple[UUID, str] | None:
    """The login and the wanted page, once; None when used, too old, unknown or asked from elsewhere."""
    return door.use_link(hashed(token), hashed(browser_token))


def deliver(request_id: UUID, *, mailer: Mailer, now: datetime) -> bool:
    """Write to whoever asked, once; False when nobody is to be written to.

    The token is derived from the request, so that a try repeated after a crash sends the same link.

    Raises:
        MailDelayed: nothing was sent; try again.
    """
    token = keys.fingerprint(str(request_id), "link")
    addressee = door.arm_link(request_id, hashed(token))
    if addressee is None:
        return False
    written = letter("sign_in_link", who=addressee, url=address("sign_in.arrive", token=token))
    mail = Mail(
        to=addressee.email,
        subject=written.subject,
        text=written.body,
        message_id=f"<link-{request_id}@mspaudit.invalid>",
    )
    try:
        mailer.send(mail, now=now)
    except MailRefused as refused:
        log.warning("link_refused", request_id=str(request_id), reason=str(refused))
    return True
