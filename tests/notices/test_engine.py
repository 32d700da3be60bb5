"""The engine watches itself: what pages say of it, and whom the web process writes when all is silent."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from flask import Flask

from mspaudit.kernel import clock
from mspaudit.notices import engine, shell_views
from mspaudit.notices.engine import PARTS, Watch, read
from tests.cast import Cast
from tests.notices.calendar_of import mails
from tests.pages import counting, loose_signs, whole
from tests.servers import Servers

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def beating(servers: Servers, **silent: timedelta) -> None:
    """Everything beat just now, but these parts, that long ago."""
    with psycopg.connect(servers.dsn("migrator")) as connection:
        for part in PARTS:
            at = clock.now() - silent.get(part.replace(":", "_"), timedelta())
            connection.execute(
                "INSERT INTO heartbeat (name, at) VALUES (%s, %s)"
                " ON CONFLICT (name) DO UPDATE SET at = excluded.at",
                [part, at],
            )
    shell_views.watch.forget()


@pytest.fixture(autouse=True)
def _as_before(servers: Servers) -> Iterator[None]:
    yield
    with psycopg.connect(servers.dsn("migrator")) as connection:
        connection.execute("DELETE FROM heartbeat")
    shell_views.watch.forget()


def test_it_is_well_when_everything_beats() -> None:
    found = read(dict.fromkeys(PARTS, NOW - MINUTE), began=NOW, now=NOW)
    assert found.well
    assert found.beat_at == NOW - MINUTE


def test_half_an_hour_of_silence_is_an_outage() -> None:
    beats = dict.fromkeys(PARTS, NOW) | {"worker:mail": NOW - 30 * MINUTE}
    found = read(beats, began=NOW, now=NOW)
    assert found.silence == (("worker:mail", NOW - 30 * MINUTE),)
    assert "mail" in found.said


def test_what_never_beat_is_given_half_an_hour() -> None:
    assert read({}, began=NOW, now=NOW + 29 * MINUTE).well
    found = read({}, began=NOW, now=NOW + 31 * MINUTE)
    assert len(found.silence) == len(PARTS)


def test_every_page_says_that_alerts_are_sent(cast: Cast, servers: Servers) -> None:
    beating(servers)
    for page in ("", "echeances", "alertes/"):
        text = cast.signed_in("technician").get(f"/{cast.tilleul.slug}/{page}").text
        assert "Alertes en service" in text
        assert "Les alertes ne partent plus" not in text


def test_every_page_says_when_they_stopped_and_the_clients_space_does_not(
    cast: Cast, servers: Servers
) -> None:
    beating(servers, scheduler=31 * MINUTE)
    for page in ("", "echeances", "alertes/"):
        text = whole(cast.signed_in("technician").get(f"/{cast.tilleul.slug}/{page}"))
        assert "Les alertes ne partent plus" in text
        assert "Le planificateur n’a pas donné signe de vie" in text
        assert loose_signs(text) == []
    space = cast.signed_in("secretary").get(f"/{cast.tilleul.slug}/espace/valbrune/").text
    assert "Les alertes ne partent plus" not in space


def test_it_asks_the_database_once_a_minute(cast: Cast, app: Flask, servers: Servers) -> None:
    beating(servers)
    browser = cast.signed_in("technician")
    browser.get(f"/{cast.tilleul.slug}/echeances")
    with counting(app) as sent:
        browser.get(f"/{cast.tilleul.slug}/echeances")
    assert not [statement for statement in sent if "heartbeat" in statement]


def test_the_web_process_writes_each_administrator_once_an_outage(cast: Cast, app: Flask) -> None:
    since = NOW - 40 * MINUTE
    for _ in range(2):
        with cast.inside():
            engine.warn("scheduler", since, now=NOW)
    with cast.inside():
        (mail,) = mails("outage")
        assert mail.recipient == cast.tilleul.people["admin"].email
        assert mail.state == "sent"
        assert "Le planificateur" in mail.body
    with cast.inside():
        assert engine.warn("scheduler", NOW, now=NOW + 40 * MINUTE) == 1


def test_a_page_opened_during_an_outage_is_what_warns(cast: Cast, app: Flask, servers: Servers) -> None:
    watch = Watch()
    beating(servers, worker_mail=45 * MINUTE)
    with cast.inside():
        found = watch.pulse(now=clock.now())
        thread = watch.warn(found, cast.tilleul.id, now=clock.now())
        assert watch.warn(found, cast.tilleul.id, now=clock.now()) is None
    assert thread is not None
    thread.join(20)
    with cast.inside():
        assert [mail.state for mail in mails("outage")] == ["sent"]
    with cast.inside(cast.saule):
        assert mails("outage") == []
