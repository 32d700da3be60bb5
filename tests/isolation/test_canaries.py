"""Nothing of anybody else's in what leaves the product: pages, files, mails, logs, Redis, Sentry."""

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import sentry_sdk
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlalchemy import select
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from mspaudit import telemetry
from mspaudit.clients import queries as clients
from mspaudit.config import Settings
from mspaudit.extensions import db
from mspaudit.outbox.jobs import send as send_mail
from mspaudit.outbox.models import OutgoingMail
from mspaudit.tenancy import jobs
from tests.isolation.houses import Filled, World, build_world
from tests.isolation.routes import Route, address, routes
from tests.pages import loose_signs, whole

# Asked of every page, so that lists and searches have something to find in both houses alike.
# The second asks as htmx does, which answers fragments.
QUESTIONS: tuple[tuple[str, dict[str, str]], ...] = (
    ("", {}),
    ("?q=client&texte=client&voir=1", {"HX-Request": "true"}),
)


@dataclass
class Told:
    """The two houses, someone's browser and what must not be told to them."""

    app: Flask
    world: World
    people: dict[str, FlaskClient]
    logs: list[Any] = field(default_factory=list)

    def foreign(self, who: str) -> list[str]:
        """What that person may never read."""
        found = [self.world.saule.mark]
        if who in ("limited", "secretary", "decider"):
            found += [self.world.tilleul.client_mark(c) for c in ("fontaine", self.world.tilleul.lonely)]
        return found


@pytest.fixture(scope="module")
def told(app: Flask) -> Told:
    world = build_world(app, lived_in=True)
    people = {who: world.cast.signed_in(who) for who in world.cast.tilleul.people}
    return Told(app, world, people)


def readable(app: Flask) -> list[Route]:
    """Every address that answers a GET."""
    return [r for r in routes(app) if r.method == "GET" and r.endpoint != "static"]


@pytest.mark.parametrize("who", ["admin", "limited", "reader", "secretary"])
def test_no_page_shows_a_foreign_word(told: Told, who: str) -> None:
    read, wrong = 0, []
    for route in readable(told.app):
        url = address(told.app, route, told.world.tilleul)
        for question, headers in QUESTIONS:
            text = everything_in(told.people[who].get(url + question, headers=headers))
            read += told.world.tilleul.mark in text
            wrong += [(str(route), question, word) for word in told.foreign(who) if word in text]
    assert wrong == []
    # The control: these people do read their own house's words.
    assert read > 5


@pytest.mark.parametrize("who", ["admin", "secretary"])
def test_every_page_is_whole(told: Told, who: str) -> None:
    """Valid HTML, one main title, named controls, security headers: on every page of every room."""
    wrong = []
    for route in readable(told.app):
        answer = told.people[who].get(address(told.app, route, told.world.tilleul))
        if answer.status_code == 200 and answer.mimetype == "text/html" and b"<html" in answer.data:
            try:
                whole(answer)
            except AssertionError as fault:
                wrong.append(f"{route}: {str(fault)[:300]}")
            wrong += [f"{route}: « {found} »" for found in loose_signs(answer.text)]
    assert not wrong, "\n".join(wrong)


def test_the_guests_link_shows_its_own_client_only(told: Told) -> None:
    home, nobody = told.world.tilleul, told.world.cast.nobody()
    for question, _headers in QUESTIONS:
        for path in ("", f"/{home.row('answer')['code']}"):
            text = everything_in(
                nobody.get(f"/question/{home.token('question', 'valbrune')}{path}{question}")
            )
            assert home.client_mark("valbrune") in text
            for word in told.foreign("secretary"):
                assert word not in text


def test_no_mail_mixes_two_houses(told: Told, settings: Settings) -> None:
    for filled in (told.world.tilleul, told.world.saule):
        _write_mails(told, filled)
    sent = 0
    for filled in (told.world.tilleul, told.world.saule):
        other = told.world.saule if filled is told.world.tilleul else told.world.tilleul
        for text in _sent(told, filled, settings.mail_folder):
            sent += 1
            assert filled.mark in text
            assert other.mark not in text
    assert sent >= 4


def test_no_log_line_tells_what_is_in_the_rows(told: Told, caplog: pytest.LogCaptureFixture) -> None:
    with capture_logs() as lines:
        for who in ("admin", "secretary"):
            for route in readable(told.app):
                told.people[who].get(address(told.app, route, told.world.tilleul))
    written = f"{lines} {caplog.text}"
    assert told.world.tilleul.mark not in written
    assert told.world.saule.mark not in written


def test_redis_holds_identifiers_only(told: Told) -> None:
    with told.app.app_context():
        connection = jobs.connection()
        held = [
            zlib_or_plain(part) for key in connection.scan_iter() for part in (key, *_parts(connection, key))
        ]
    assert held, "nothing was ever put in Redis"
    everything = b" ".join(held)
    for filled in (told.world.tilleul, told.world.saule):
        assert filled.mark.encode() not in everything
        assert str(filled.house.id).encode() in everything or filled is told.world.saule


def test_an_error_tells_neither_the_log_nor_sentry_what_it_was_about(
    told: Told, settings: Settings, monkeypatch: pytest.MonkeyPatch, sentry: list[bytes]
) -> None:
    home = told.world.tilleul

    def fails(slug: str) -> Any:
        raise RuntimeError(f"DETAIL: Key (name)=({home.client_mark(slug)}) already exists.")

    monkeypatch.setattr(clients, "client_or_404", fails)
    with capture_logs() as lines:
        answer = told.people["admin"].get(f"/{home.house.slug}/clients/valbrune/fiche?q={home.mark}")
    assert answer.status_code == 500
    sentry_sdk.flush()
    assert any(b"RuntimeError" in envelope for envelope in sentry), "Sentry heard nothing"
    assert [line for line in lines if line.get("error") == "RuntimeError"], "the log heard nothing"
    written = b" ".join(sentry) + str(lines).encode() + answer.data
    for word in (home.mark, "valbrune", "already exists"):
        assert word.encode() not in written.replace(b"/clients/<client>", b"")


@pytest.fixture
def sentry(settings: Settings) -> Iterator[list[bytes]]:
    """A Sentry of our own on the loopback: the envelopes that it received."""
    received: list[bytes] = []

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append(gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_arguments: Any) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Listener)
    Thread(target=server.serve_forever, daemon=True).start()
    dsn = SecretStr(f"http://key@127.0.0.1:{server.server_port}/1")
    telemetry.init(settings.model_copy(update={"sentry_dsn": dsn}))
    yield received
    sentry_sdk.get_client().close()
    sentry_sdk.get_global_scope().set_client(None)
    server.shutdown()


def everything_in(answer: TestResponse) -> str:
    """The headers and the body of an answer, the inside of a workbook included."""
    body = answer.data
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = b" ".join(archive.read(name) for name in archive.namelist())
    return f"{answer.headers} {body.decode('utf-8', 'replace')}"


def _write_mails(told: Told, filled: Filled) -> None:
    """Ask for what makes the product write: an invitation, a delegated question, a reminder."""
    cast, slug = told.world.cast, filled.house.slug
    admin, secretary = cast.signed_in("admin", filled.house), cast.signed_in("secretary", filled.house)
    invited = {"name": f"{filled.mark} Nouveau", "email": f"nouveau@{filled.mark}.example", "role": "reader"}
    code = filled.row("answer")["code"]
    asked = {"name": f"{filled.mark} Collègue", "email": f"collegue@{filled.mark}.example"}
    for browser, path, form in (
        (admin, f"/{slug}/equipe/invitations", invited),
        (secretary, f"/{slug}/espace/valbrune/questions/{code}/demander", asked),
        (admin, f"/{slug}/clients/valbrune/questionnaire/rappels", {}),
    ):
        answer = browser.post(path, data=form)
        assert answer.status_code < 400, (path, answer.status_code)


def _sent(told: Told, filled: Filled, folder: Path) -> Iterator[str]:
    before = set(folder.glob("*.eml")) if folder.exists() else set()
    with told.world.cast.inside(filled.house):
        waiting = list(db.session.scalars(select(OutgoingMail.id).where(OutgoingMail.state == "waiting")))
    for mail in waiting:
        with told.app.app_context():
            send_mail(tenant_id=str(filled.house.id), mail_id=str(mail))
    for file in sorted(set(folder.glob("*.eml")) - before):
        yield file.read_text("utf-8", "replace")


def _parts(connection: Any, key: bytes) -> list[bytes]:
    readers = {
        b"hash": lambda: [part for pair in connection.hgetall(key).items() for part in pair],
        b"list": lambda: connection.lrange(key, 0, -1),
        b"set": lambda: list(connection.smembers(key)),
        b"zset": lambda: connection.zrange(key, 0, -1),
        b"string": lambda: [connection.get(key)],
        b"stream": lambda: [str(connection.xrange(key)).encode()],
    }
    found: list[bytes] = readers[connection.type(key)]()
    return found


def zlib_or_plain(part: bytes) -> bytes:
    """What is in there: RQ compresses a job's data."""
    try:
        return zlib.decompress(part)
    except zlib.error:
        return part
