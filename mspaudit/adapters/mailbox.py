"""A mailbox read over IMAP: what is new is handed over, and marked only once it was taken."""

import imaplib
import re
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

from mspaudit.kernel.addresses import is_loopback

TIMEOUT_SECONDS = 20.0
BIGGEST = 25 * 1024 * 1024
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class MailboxUnreachable(Exception):
    """The server did not answer, or refused; nothing was lost, the next reading begins where this one did."""


@dataclass(frozen=True, slots=True)
class Message:
    """One mail of the mailbox. ``raw`` is None when it is too heavy to take.

    ``at``: when it arrived, if the server says so.
    """

    uid: str
    raw: bytes | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Address:
    """``imaps://user:password@host:993/folder``, or ``imap://`` with STARTTLS (spared on a loopback)."""

    host: str
    port: int
    user: str
    password: str
    folder: str
    tls: bool

    @classmethod
    def parse(cls, url: str) -> "Address":
        """Raises ValueError for anything else; the message tells no password."""
        parts = urlsplit(url)
        if parts.scheme not in ("imap", "imaps") or not parts.hostname or not parts.username:
            raise ValueError("a mailbox is imaps://user:password@host/folder")
        tls = parts.scheme == "imaps"
        port = parts.port or (993 if tls else 143)
        password, folder = unquote(parts.password or ""), unquote(parts.path.strip("/")) or "INBOX"
        return cls(parts.hostname, port, unquote(parts.username), password, folder, tls)


class Mailbox:
    """An open folder. Use ``opened``."""

    def __init__(self, server: imaplib.IMAP4) -> None:
        self._server = server

    def unread(self, most: int) -> Iterator[Message]:
        """Up to ``most`` mails that were never marked, the oldest first."""
        _kind, found = self._server.uid("SEARCH", "UNSEEN")
        for uid in (found[0] or b"").split()[:most]:
            yield self._fetched(uid.decode("ascii"))

    def mark(self, uid: str) -> None:
        """Say that a mail was taken: it is not handed over again."""
        self._server.uid("STORE", uid, "+FLAGS", r"(\Seen)")

    def _fetched(self, uid: str) -> Message:
        _kind, told = self._server.uid("FETCH", uid, "(RFC822.SIZE INTERNALDATE)")
        line = b" ".join(part if isinstance(part, bytes) else part[0] for part in told if part)
        size, at = _SIZE.search(line), imaplib.Internaldate2tuple(line)
        arrived = datetime.fromtimestamp(time.mktime(at), UTC) if at else None
        if size is None or int(size[1]) > BIGGEST:
            return Message(uid, None, arrived)
        # PEEK: reading does not mark.
        _kind, parts = self._server.uid("FETCH", uid, "(BODY.PEEK[])")
        raw = next((part[1] for part in parts if isinstance(part, tuple)), None)
        return Message(uid, raw, arrived)


@contextmanager
def opened(address: Address, *, timeout: float = TIMEOUT_SECONDS) -> Iterator[Mailbox]:
    """The folder of that address. Raises MailboxUnreachable, at any moment of its use too."""
    server: imaplib.IMAP4 | None = None
    try:
        server = _connected(address, timeout)
        server.login(address.user, address.password)
        kind, _count = server.select(f'"{address.folder}"')
        if kind != "OK":
            raise MailboxUnreachable(f"no such folder: {address.folder}")
        yield Mailbox(server)
    except (imaplib.IMAP4.error, OSError) as error:
        raise MailboxUnreachable(type(error).__name__) from error
    finally:
        if server is not None:
            with suppress(imaplib.IMAP4.error, OSError):
                server.logout()


def _connected(address: Address, timeout: float) -> imaplib.IMAP4:
    context = ssl.create_default_context()
    if address.tls:
        return imaplib.IMAP4_SSL(address.host, address.port, ssl_context=context, timeout=timeout)
    server = imaplib.IMAP4(address.host, address.port, timeout=timeout)
    if not (address.host == "localhost" or is_loopback(address.host)):
        server.starttls(context)
    return server
