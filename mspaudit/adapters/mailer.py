"""How a mail leaves: by SMTP, or as a `.eml` file in a folder when no server is configured."""

import hashlib
import ipaddress
import os
import re
import smtplib
import ssl
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP, default
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

TIMEOUT_SECONDS = 20.0
_ADDRESS = re.compile(
    r"""(?:(?P<name>[^<>@\r\n]*)<)?           # a name, then the address between < and >
        (?P<local>[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*)
        @(?P<domain>[^\W_](?:[\w.-]*[^\W_])?)
        (?(name)>)""",
    re.VERBOSE,
)
COPIES = frozenset({"cc", "bcc", "resent-to", "resent-cc", "resent-bcc"})


class MailRefused(Exception):
    """The receiving side will never take this mail; trying again is useless."""


class MailDelayed(Exception):
    """It did not leave this time, for a reason that may pass."""


@dataclass(frozen=True, kw_only=True)
class Mail:
    """One mail to one person. `message_id` is `<…@…>`, the same each time the same mail is tried again."""

    to: str
    subject: str
    text: str
    message_id: str
    html: str | None = None
    reply_to: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def message(self, *, sender: str, now: datetime) -> EmailMessage:
        """The mail as sent: French, UTF-8, marked automatic. `now` has a time zone.

        Raises `ValueError` for a line break in a header, an address that is not exactly one, or a header
        that would add recipients.
        """
        if copies := COPIES & {name.lower() for name in self.headers}:
            raise ValueError(f"a mail has one recipient: header {min(copies)} is refused")
        message = EmailMessage(policy=SMTP)
        message["From"] = _one_address(sender)
        message["To"] = _one_address(self.to)
        message["Subject"] = self.subject
        message["Message-ID"] = self.message_id
        message["Date"] = now
        message["Auto-Submitted"] = "auto-generated"
        if self.reply_to is not None:
            message["Reply-To"] = _one_address(self.reply_to)
        for name, value in self.headers.items():
            message[name] = value
        message.set_content(self.text, charset="utf-8")
        if self.html is not None:
            message.add_alternative(self.html, subtype="html", charset="utf-8")
        message["Content-Language"] = "fr"  # Last: becoming multipart moves such headers to a part.
        return message


def _one_address(text: str) -> Address:
    """`Nom <a@b>` or `a@b`, an accented domain in its ASCII form. Raises `ValueError` for anything else.

    Not the standard library's parser: it takes lists and groups for one address, and crashes on some names.
    """
    found = _ADDRESS.fullmatch(text.strip())
    if found is None:
        raise ValueError("a mail goes to exactly one address")
    if not found["local"].isascii():
        raise ValueError("the part of an address before @ must be ASCII")
    domain = found["domain"].encode("idna").decode()
    return Address((found["name"] or "").strip(' "'), found["local"], domain)


class Mailer(Protocol):
    """Where the outbox hands its mails."""

    def send(self, mail: Mail, *, now: datetime) -> None:
        """Hand over one mail. Raises `MailRefused` or `MailDelayed`."""


class MailSettings(Protocol):
    """What `mailer_from` reads of the configuration."""

    @property
    def smtp_url(self) -> str | None: ...
    @property
    def mail_from(self) -> str: ...
    @property
    def mail_folder(self) -> Path: ...


def mailer_from(settings: MailSettings) -> "SmtpMailer | FolderMailer":
    """By SMTP when an address is set, else into the folder of mails."""
    if settings.smtp_url:
        return SmtpMailer(settings.smtp_url, sender=settings.mail_from)
    return FolderMailer(settings.mail_folder, sender=settings.mail_from)


class SmtpMailer:
    """`smtp://user:password@host:587` (STARTTLS, required unless on this machine) or `smtps://…:465`."""

    def __init__(self, url: str, *, sender: str, timeout: float = TIMEOUT_SECONDS) -> None:
        """`timeout`: seconds for each exchange. Raises `ValueError` for an address that is not SMTP's."""
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ValueError("a mail server's address is smtp://host or smtps://host")
        self._implicit_tls = parts.scheme == "smtps"
        self._host = parts.hostname
        self._port = parts.port or (465 if self._implicit_tls else 587)
        self._login = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
        self._sender = sender
        self._timeout = timeout

    def send(self, mail: Mail, *, now: datetime) -> None:
        """Returns once the server has taken charge of the mail. Raises `MailRefused` or `MailDelayed`."""
        try:
            message = mail.message(sender=self._sender, now=now)
        except ValueError as error:
            raise MailRefused(str(error)) from error
        server = self._connect()
        try:
            _deliver(server, message)
        finally:
            # What a server answers to QUIT changes nothing: it has the mail, and must not get it twice.
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
            server.close()

    def _connect(self) -> smtplib.SMTP:
        """Nothing said before the mail is about the mail: not even a wrong password refuses it."""
        with ExitStack() as until_ready:
            try:
                server = self._open()
                until_ready.callback(server.close)
                if not self._implicit_tls and not _is_this_machine(self._host):
                    server.starttls(context=ssl.create_default_context())
                if self._login:
                    server.login(*self._login)
            except (smtplib.SMTPException, OSError) as error:
                raise MailDelayed(_reason(error)) from error
            until_ready.pop_all()
            return server

    def _open(self) -> smtplib.SMTP:
        if not self._implicit_tls:
            return smtplib.SMTP(self._host, self._port, timeout=self._timeout)
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(self._host, self._port, timeout=self._timeout, context=context)


def _deliver(server: smtplib.SMTP, message: EmailMessage) -> None:
    sender, recipient = (message[name].addresses[0].addr_spec for name in ("From", "To"))
    try:
        server.send_message(message, sender, [recipient])
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        raise _verdict(code)(_reason(smtplib.SMTPResponseException(code, said))) from error
    except smtplib.SMTPResponseException as error:
        raise _verdict(error.smtp_code)(_reason(error)) from error
    except (smtplib.SMTPException, OSError) as error:
        raise MailDelayed(_reason(error)) from error


def _verdict(code: int) -> type[MailRefused] | type[MailDelayed]:
    return MailRefused if 500 <= code < 600 else MailDelayed


def _reason(error: Exception) -> str:
    """One line for the journal of sendings."""
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        text = said.decode(errors="replace") if isinstance(said, bytes) else said
        return " ".join(f"{error.smtp_code} {text}".split())[:500]
    return " ".join(f"{type(error).__name__}: {error}".split())[:500]


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@dataclass(frozen=True)
class StoredMail:
    """A mail written to the folder. `name` identifies it there."""

    name: str
    sent_at: datetime
    to: str
    subject: str
    text: str
    html: str | None


class FolderMailer:
    """Writes each mail whole to `<folder>/<date>-<message id>.eml`, for demonstrations and tests."""

    def __init__(self, folder: Path, *, sender: str) -> None:
        self._folder = folder
        self._sender = sender

    def send(self, mail: Mail, *, now: datetime) -> None:
        """Write the mail; the same mail at the same instant is written once. Raises `MailRefused`."""
        try:
            message = mail.message(sender=self._sender, now=now)
        except ValueError as error:
            raise MailRefused(str(error)) from error
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = self._folder / f"{now.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}-{_file_part(mail.message_id)}.eml"
        partial = file.with_suffix(f".{os.getpid()}.partial")
        partial.write_bytes(bytes(message))
        partial.replace(file)

    def list(self) -> "list[StoredMail]":
        """Every mail, the latest first."""
        files = sorted(self._folder.glob("*.eml"), reverse=True)
        return [_stored(file) for file in files]

    def read(self, name: str) -> StoredMail:
        """One mail by its name. Raises `KeyError` when the folder has none of that name."""
        if not re.fullmatch(r"[A-Za-z0-9.-]+\.eml", name) or not (self._folder / name).is_file():
            raise KeyError(name)
        return _stored(self._folder / name)


def _file_part(message_id: str) -> str:
    readable = re.sub(r"[^A-Za-z0-9.-]+", "-", message_id).strip("-.")[:60]
    return f"{readable}-{hashlib.sha256(message_id.encode()).hexdigest()[:8]}"


def _stored(file: Path) -> StoredMail:
    with file.open("rb") as stream:
        message = BytesParser(policy=default).parse(stream)
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    return StoredMail(
        name=file.name,
        sent_at=message["Date"].datetime,
        to=str(message["To"]),
        subject=str(message["Subject"]),
        text=text.get_content() if text else "",
        html=html.get_content() if html else None,
    )
