"""Nothing ties a report to a person, a device or a minute: no table, log, Redis, journal or Sentry."""

import json
import logging
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import psycopg
import pytest
import sentry_sdk
from psycopg import sql
from pydantic import SecretStr
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport
from sqlalchemy.exc import ProgrammingError
from structlog.testing import capture_logs

from mspaudit import telemetry
from mspaudit.extensions import Base
from mspaudit.fieldwork import actions, public_views, rules
from mspaudit.fieldwork.discretion import Later
from mspaudit.fieldwork.rules import HalfDay
from mspaudit.kernel import clock
from mspaudit.runtime import runtime
from tests.cast import Cast
from tests.fieldwork.campaigns import opened, stored, typed
from tests.servers import Servers

ADDRESS, AGENT = "203.0.113.77", "Telephone-de-Zoe/4.2"
PHONE = {"User-Agent": AGENT, "Accept": "application/json", "X-Forwarded-For": ADDRESS}
Tables = dict[str, set[str]]


def tables(servers: Servers) -> Tables:
    """Every row of every table, as text, read by the superuser."""
    dsn = servers.postgres.url("mspaudit").replace("+psycopg", "")
    with psycopg.connect(dsn) as connection:
        return {
            name: {
                row[0]
                for row in connection.execute(
                    sql.SQL("SELECT to_jsonb(t)::text FROM {} t").format(sql.Identifier(name))
                )
            }
            for name in Base.metadata.tables
        }


def tell(cast: Cast, token: str, **other: Any) -> Any:
    """One report from a phone that can be recognised."""
    return cast.nobody().post(
        f"/t/{token}", data=typed(**other), headers=PHONE, environ_base={"REMOTE_ADDR": ADDRESS}
    )


def test_a_report_changes_one_table_by_one_row(cast: Cast, servers: Servers) -> None:
    _, tokens = opened(cast)
    before = tables(servers)
    assert tell(cast, tokens["Accueil"]).status_code == 200
    after = tables(servers)
    changed = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    assert set(changed) == {"field_report"}
    (row,) = changed["field_report"]
    assert ADDRESS not in row
    assert AGENT not in row


def test_a_row_holds_no_instant_and_its_identifier_is_drawn(cast: Cast, servers: Servers) -> None:
    _, tokens = opened(cast)
    before = tables(servers)["field_report"]
    tell(cast, tokens["Accueil"])
    (text,) = tables(servers)["field_report"] - before
    row = json.loads(text)
    assert UUID(row["id"]).version == 4
    instants = [v for v in row.values() if isinstance(v, str) and ":" in v and "T" in v]
    assert instants == []
    assert (date.fromisoformat(row["told_on"]), row["told_half"]) == rules.half_day(clock.now())


def test_two_people_alone_in_their_group_are_not_tied_to_it(cast: Cast) -> None:
    _, tokens = opened(cast, CCAS=2, Accueil=5)
    tell(cast, tokens["CCAS"], moment="deux")
    tell(cast, tokens["Accueil"], moment="cinq")
    assert {r.moment: r.group_id is None for r in stored(cast)} == {"deux": True, "cinq": False}


def test_redis_keeps_nothing_of_a_phone(cast: Cast) -> None:
    _, tokens = opened(cast)
    tell(cast, tokens["Accueil"])
    with cast.app.app_context():
        redis = runtime().redis
        found = [
            key + b" " + (redis.get(key) if redis.type(key) == b"string" else b"")
            for key in redis.scan_iter()
        ]
    for line in found:
        assert ADDRESS.encode() not in line
        assert tokens["Accueil"].encode() not in line


def test_no_log_line_is_written(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    _, tokens = opened(cast)
    caplog.set_level(logging.INFO)
    caplog.clear()
    with capture_logs() as lines:
        tell(cast, tokens["Accueil"])
        tell(cast, tokens["Accueil"], reason_code="")
        tell(cast, "inconnu")
    assert caplog.messages == []
    assert lines == []


class Kept(Transport):
    """A Sentry that only listens."""

    def __init__(self) -> None:
        super().__init__({})
        self.envelopes: list[Envelope] = []

    def capture_envelope(self, envelope: Envelope) -> None:
        self.envelopes.append(envelope)


@pytest.fixture
def sentry(cast: Cast) -> Any:
    """Sentry as the product sets it up, listened to."""
    kept = Kept()
    with cast.app.app_context():
        settings = runtime().settings.model_copy(
            update={"sentry_dsn": SecretStr("https://public@sentry.example/1")}
        )
    telemetry.init(settings)
    client = sentry_sdk.get_client()
    client.transport = kept
    yield kept
    sentry_sdk.get_global_scope().set_client(None)


def test_sentry_hears_nothing_even_when_a_report_cannot_be_written(
    cast: Cast, sentry: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error waits for its half-day to end, and says neither the page nor the words."""
    _, tokens = opened(cast)
    later = Later()
    monkeypatch.setattr(public_views, "_later", later)

    def broken(*_given: object) -> None:
        raise ProgrammingError("INSERT INTO field_report", {"moment": "secret"}, Exception("secret"))

    with capture_logs() as lines, monkeypatch.context() as broke:
        broke.setattr(actions, "tell", broken)
        assert tell(cast, tokens["Accueil"]).status_code == 503
    assert tell(cast, tokens["Accueil"]).status_code == 200
    sentry_sdk.flush()
    assert sentry.envelopes == []
    assert lines == []
    with capture_logs() as lines:
        later.tell(HalfDay(date(2199, 1, 1), "am"))
    said = str(lines)
    assert "ProgrammingError" in said
    assert "secret" not in said
    assert tokens["Accueil"] not in said


def test_an_error_is_told_once_its_half_day_is_over_and_once_only() -> None:
    later, morning = Later(), HalfDay(date(2026, 11, 20), "am")
    with capture_logs() as lines:
        later.keep(ValueError("Zoé Delorme"), morning)
        later.keep(ValueError("Zoé Delorme"), morning)
        later.tell(morning)
        assert lines == []
        later.tell(HalfDay(date(2026, 11, 20), "pm"))
        later.tell(HalfDay(date(2026, 11, 21), "am"))
    assert [line["event"] for line in lines] == ["error_of_an_earlier_half_day"]
    assert "Zoé" not in str(lines)


def test_a_limit_passed_is_not_logged() -> None:
    assert not logging.getLogger("flask-limiter").isEnabledFor(logging.INFO)


@pytest.mark.parametrize(
    ("moment", "half"),
    [
        (datetime(2026, 11, 20, 10, 59, 59, tzinfo=UTC), "am"),
        (datetime(2026, 11, 20, 11, 0, tzinfo=UTC), "pm"),
        (datetime(2026, 7, 20, 9, 59, tzinfo=UTC), "am"),
        (datetime(2026, 7, 20, 10, 0, tzinfo=UTC), "pm"),
    ],
)
def test_noon_is_that_of_paris(moment: datetime, half: str) -> None:
    assert rules.half_day(moment).half == half
