"""What every page test asks of a page: valid HTML, a title, no repeated identifier, few statements."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import html5lib
from flask import Flask
from sqlalchemy import event
from werkzeug.test import TestResponse

from mspaudit.extensions import db


def checked(response: TestResponse) -> str:
    """The text of a page that answered 200, once its HTML was found sound."""
    assert response.status_code == 200, response.status
    return sound(response.text)


def sound(text: str) -> str:
    """The same for any page, whatever its status."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    document = parser.parse(text)
    assert not parser.errors, [(place, code, more) for place, code, more in parser.errors]
    assert (document.findtext("head/title") or "").strip()
    identifiers = Counter(each.get("id") for each in document.iter() if each.get("id"))
    assert not [name for name, count in identifiers.items() if count > 1]
    assert not [each for each in document.iter() if each.get("style")]
    return text


def whole(response: TestResponse) -> str:
    """A whole page that answered 200: sound, with one main title, named controls, and what protects it."""
    text = checked(response)
    document = html5lib.parse(text, namespaceHTMLElements=False)
    assert len(list(document.iter("h1"))) == 1, "a page has one h1"
    assert document.get("lang") == "fr"
    assert not [each for each in document.iter() for name in each.attrib if name.startswith("on")]
    assert not [each for each in document.iter("script") if not each.get("src") and each.text]
    nameless = [_described(each) for each in _controls(document) if not _named(document, each)]
    assert nameless == [], "a control has a label, an aria-label or an aria-labelledby"
    for name, value in HEADERS.items():
        found = response.headers.get(name, "")
        assert value in found or found == STRICTER.get(name), name
    return text


LOOSE = re.compile(r"[\wÀ-ÿ»)’] [?;:!»%€](?=\s|$)|« |[A-Za-zà-ÿ]'[a-zà-ÿ]|[a-zà-ÿ]\.\.\.")


def loose_signs(text: str) -> list[str]:
    """Where a page breaks French typography: a sign parted from its word, a typed apostrophe."""
    document = html5lib.parse(text, namespaceHTMLElements=False)
    return [
        line[max(0, m.start() - 30) : m.end() + 10] for line in _lines(document) for m in LOOSE.finditer(line)
    ]


def _lines(element: Any) -> Iterator[str]:
    if element.tag in ("script", "style", "code", "pre", "textarea"):
        return
    yield element.text or ""
    for name in ("title", "aria-label", "placeholder", "alt"):
        yield element.get(name) or ""
    for child in element:
        if isinstance(child.tag, str):
            yield from _lines(child)
        yield child.tail or ""


HEADERS = {
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# A page whose address is itself a secret tells it to no page at all.
STRICTER = {"Referrer-Policy": "no-referrer"}
SILENT = ("hidden", "submit", "button", "reset", "image")


def _controls(document: Any) -> Iterator[Any]:
    for each in document.iter():
        if each.tag in ("select", "textarea") or (each.tag == "input" and each.get("type") not in SILENT):
            yield each


def _named(document: Any, control: Any) -> bool:
    if control.get("aria-label") or control.get("aria-labelledby") or control.get("title"):
        return True
    labels = list(document.iter("label"))
    wanted = control.get("id")
    return any((wanted and each.get("for") == wanted) or control in each.iter() for each in labels)


def _described(control: Any) -> str:
    return f"{control.tag} {dict(control.attrib)}"


@contextmanager
def counting(app: Flask) -> Iterator[list[str]]:
    """The statements that PostgreSQL was sent meanwhile."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        # Once a minute, whichever page comes first looks at the engine: that is no cost of the page.
        if "heartbeat" not in statement:
            statements.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)
