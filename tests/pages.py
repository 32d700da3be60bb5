"""What every page test asks of a page: valid HTML, a title, no repeated identifier, few statements."""

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


@contextmanager
def counting(app: Flask) -> Iterator[list[str]]:
    """The statements that PostgreSQL was sent meanwhile."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        statements.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)
