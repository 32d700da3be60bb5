"""Reading a mail that anyone may have written: whatever its encodings, its size or its faults.

The standard library's older parser is used on purpose: the newer one reads some headers recursively, and
a mail can be written to exhaust it. Addresses are searched for, not parsed, for the same reason.
"""

import re
from binascii import Error as Base64Error
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from hashlib import sha256
from html.parser import HTMLParser

from mspaudit.kernel.text import one_line, plain

# What a technician reads of it on a page; the whole mail is kept as it came.
EXCERPT = 4_000
TEXT = 60_000
MOST_PARTS = 60
LONGEST_HEADER = 4_000
_ADDRESS = re.compile(r"[^\s<>,;:\"()\[\]@]{1,64}@[^\s<>,;:\"()\[\]@]{1,190}")
_TO = ("delivered-to", "x-original-to", "envelope-to", "to", "cc")


@dataclass(frozen=True, slots=True)
class Letter:
    """What was understood of a mail. ``recipients``: every address it seems to have been sent to."""

    message_id: str
    sender: str
    recipients: tuple[str, ...]
    subject: str
    text: str


def read(raw: bytes) -> Letter:
    """Understand a mail, never fail: what cannot be read is empty; a mail without a name gets its hash's."""
    try:
        message = message_from_bytes(raw)
    except RecursionError:  # Parts within parts within parts: nothing that a tool sends.
        message = Message()
    text = _text(message)
    found = one_line(_header(message, "message-id"), 300)
    return Letter(
        message_id=found or f"<{sha256(raw).hexdigest()}@sans-nom.invalid>",
        sender=next(iter(_addresses(message, ("from",))), ""),
        recipients=tuple(_addresses(message, _TO)),
        subject=one_line(_header(message, "subject"), 300),
        text=plain(text, TEXT),
    )


def _header(message: Message, name: str) -> str:
    """One header as text, its encoded words decoded where they can be."""
    written = next((value for key, value in message.raw_items() if key.lower() == name), "")
    # Bytes that are not ASCII come escaped from the parser.
    said = _decoded(str(written).encode("utf-8", "surrogateescape"), None)
    raw = "".join(said.splitlines())[:LONGEST_HEADER]
    try:
        parts = decode_header(raw)
    except (MessageError, ValueError, Base64Error):
        parts = [(raw, None)]
    return "".join(part if isinstance(part, str) else _decoded(part, charset) for part, charset in parts)


def _decoded(data: bytes, charset: str | None) -> str:
    """Bytes in the encoding they claim, or the likeliest one."""
    for encoding in (charset or "utf-8", "utf-8"):
        try:
            return data.decode(encoding)
        except (LookupError, ValueError):
            continue
    return data.decode("cp1252", "replace")


def _addresses(message: Message, names: tuple[str, ...]) -> list[str]:
    found = (
        one_line(each, 254).lower() for name in names for each in _ADDRESS.findall(_header(message, name))
    )
    return list(dict.fromkeys(each for each in found if each))


def _text(message: Message) -> str:
    """The first part in plain text that says something; else the words of the first in HTML."""
    html = ""
    for count, part in enumerate(message.walk()):
        if count >= MOST_PARTS:
            break
        kind = part.get_content_type()
        if kind not in ("text/plain", "text/html") or part.get_content_disposition() == "attachment":
            continue
        content = _content(part)
        if kind == "text/plain" and content.strip():
            return content
        html = html or (content if kind == "text/html" else "")
    return _words_of(html)


def _content(part: Message) -> str:
    """The text of a part, in the encoding it claims or the likeliest one."""
    payload = part.get_payload(decode=True)
    return _decoded(payload, part.get_content_charset()) if isinstance(payload, bytes) else ""


class _Reader(HTMLParser):
    """Keeps the words of a page, a line a block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A block begins a line; scripts and styles say nothing."""
        if tag in ("script", "style", "head", "title"):
            self._silent += 1
        elif tag in ("br", "p", "div", "tr", "li", "h1", "h2", "h3", "table"):
            self.words.append("\n")
        elif tag in ("td", "th"):
            self.words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        """The end of what said nothing."""
        if tag in ("script", "style", "head", "title") and self._silent:
            self._silent -= 1

    def handle_data(self, data: str) -> None:
        """Words."""
        if not self._silent:
            self.words.append(data)


def _words_of(html: str) -> str:
    reader = _Reader()
    try:
        reader.feed(html[: 10 * TEXT])
        reader.close()
    except (AssertionError, ValueError):
        return ""
    return re.sub(r"\n\s*\n+", "\n", re.sub(r"[ \t\xa0]+", " ", "".join(reader.words)))
