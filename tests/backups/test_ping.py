"""Heartbeats, with the very addresses that Healthchecks' clients call."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from mspaudit.backups import door, ping_views, queries, rules
from mspaudit.backups.door import Line
from mspaudit.backups.models import BackupEvent, BackupJob
from mspaudit.backups.throttle import Throttle
from mspaudit.clients.models import Dirty
from mspaudit.extensions import db
from mspaudit.kernel.clock import today
from mspaudit.tenancy.gate import hashed
from tests.backups.helpers import events, follow, job_of
from tests.cast import Cast
from tests.servers import Servers

LOG = "borgmatic journal é\n" * 10


@pytest.fixture
def anyone(cast: Cast) -> FlaskClient:
    return cast.nobody()


@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
@pytest.mark.parametrize(
    ("signal", "kind", "code"),
    [
        ("", "success", None),
        ("/", "success", None),
        ("/start", "start", None),
        ("/fail", "fail", None),
        ("/log", "log", None),
        ("/0", "success", 0),
        ("/1", "fail", 1),
        ("/255", "fail", 255),
    ],
)
def test_each_address_says_what_it_says(
    cast: Cast, method: str, signal: str, kind: str, code: int | None
) -> None:
    job, token = follow(cast)
    answer = cast.nobody().open(f"/ping/{token}{signal}?rid={uuid4()}&create=1", method=method)
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    assert answer.data == (b"" if method == "HEAD" else b"OK")
    assert "Set-Cookie" not in answer.headers
    (event,) = events(cast, job)
    assert (event.kind, event.source, event.exit_code, event.body) == (kind, "ping", code, "")


def test_what_borgmatic_posts_is_kept(cast: Cast, anyone: FlaskClient) -> None:
    """Its hook posts an empty body to /start, then its log to the bare address, /fail or /log."""
    job, token = follow(cast)
    for suffix, body in (("/start", ""), ("", LOG), ("/start", ""), ("/fail", LOG), ("/log", LOG)):
        assert anyone.post(f"/ping/{token}{suffix}", data=body.encode()).data == b"OK"
    found = events(cast, job)
    assert [e.kind for e in found] == ["start", "success", "start", "fail", "log"]
    assert [e.body for e in found] == ["", LOG, "", LOG, LOG]
    assert [e.seconds is None for e in found] == [True, False, True, False, True]


def test_a_long_body_is_cut_and_taken(cast: Cast, anyone: FlaskClient) -> None:
    job, token = follow(cast)
    for data in (b"x" * 100_000, b"y" * (30 * 1024 * 1024)):
        assert anyone.post(f"/ping/{token}", data=data).status_code == 200
    assert [len(e.body) for e in events(cast, job)] == [10_000, 10_000]


@pytest.mark.parametrize("data", [b"\xff\xfe\x00\x00", b"a\x00b", "é".encode("latin-1"), b"\xed\xa0\x80"])
def test_any_body_is_taken(cast: Cast, anyone: FlaskClient, data: bytes) -> None:
    job, token = follow(cast)
    assert anyone.post(f"/ping/{token}/fail", data=data).status_code == 200
    assert "\0" not in events(cast, job)[0].body


def test_a_form_a_file_and_a_json_body_are_text(cast: Cast, anyone: FlaskClient) -> None:
    job, token = follow(cast)
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json"):
        assert anyone.post(f"/ping/{token}", data=b"a=1&b=2", content_type=kind).status_code == 200
    assert [e.body for e in events(cast, job)] == ["a=1&b=2"] * 3


def test_it_needs_no_form_token(cast: Cast) -> None:
    _job, token = follow(cast)
    cast.app.config["WTF_CSRF_ENABLED"] = True
    try:
        assert cast.nobody().post(f"/ping/{token}", data=b"done").data == b"OK"
    finally:
        cast.app.config["WTF_CSRF_ENABLED"] = False


@pytest.mark.parametrize("signal", ["", "/", "/start", "/0"])
def test_addresses_of_nobody_all_read_alike(cast: Cast, anyone: FlaskClient, signal: str) -> None:
    answers = [anyone.get(f"/ping/{token}{signal}") for token in (uuid4(), "x", "a" * 300, "%00", "é")]
    assert {(a.status_code, a.data) for a in answers} == {(404, b"not found")}


@pytest.mark.parametrize("signal", ["256", "999", "-1", "1.5", "exit", "Start", "٣", "01234"])
def test_a_signal_that_is_none_is_refused(cast: Cast, anyone: FlaskClient, signal: str) -> None:
    job, token = follow(cast)
    assert anyone.get(f"/ping/{token}/{signal}").status_code == 400
    assert events(cast, job) == []


def test_another_address_stops_the_former_at_once(cast: Cast, anyone: FlaskClient) -> None:
    job, token = follow(cast)
    page = cast.signed_in("technician").post(
        f"/{cast.tilleul.slug}/clients/valbrune/sauvegardes/{job}/adresse"
    )
    assert page.status_code == 200
    assert anyone.get(f"/ping/{token}").status_code == 404
    assert job_of(cast, job).token_hash != hashed(token)


def test_it_is_acknowledged_once_durable(cast: Cast, anyone: FlaskClient, servers: Servers) -> None:
    """Another connection, which sees only what was committed, finds the signal at once."""
    _job, token = follow(cast)
    with psycopg.connect(servers.postgres.url("mspaudit").replace("+psycopg", "")) as other:
        for count in range(1, 4):
            anyone.get(f"/ping/{token}/fail")
            other.rollback()
            row = other.execute(
                "SELECT count(*), max(j.last_result) FROM backup_event e JOIN backup_job j ON j.id = e.job_id"
                " WHERE j.token_hash = %s",
                [hashed(token)],
            ).fetchone()
            assert row == (count, "fail")


def test_a_connection_that_died_does_not_lose_the_signal(
    cast: Cast, anyone: FlaskClient, servers: Servers
) -> None:
    job, token = follow(cast)
    anyone.get(f"/ping/{token}")
    dsn = servers.postgres.url("mspaudit").replace("+psycopg", "")
    with psycopg.connect(dsn, autocommit=True) as superuser:
        superuser.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE usename = 'mspaudit_app' AND query LIKE '%%auth.ping%%'"
        )
    assert anyone.get(f"/ping/{token}").data == b"OK"
    assert len(events(cast, job)) == 2


def test_the_same_signal_tried_again_is_written_once(
    cast: Cast, anyone: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    job, token = follow(cast)
    same = uuid4()
    monkeypatch.setattr(door, "new_id", lambda: same)
    assert [anyone.get(f"/ping/{token}").status_code for _ in range(3)] == [200, 200, 200]
    assert len(events(cast, job)) == 1


def test_a_database_that_is_away_promises_nothing(
    cast: Cast, anyone: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    _job, token = follow(cast)
    away = Line("postgresql://nobody@127.0.0.1:1/none")
    monkeypatch.setitem(cast.app.extensions, "backups.line", away)
    answer = anyone.get(f"/ping/{token}")
    assert (answer.status_code, answer.data) == (503, b"try again")
    assert answer.headers["Retry-After"] == "5"


def test_a_loop_gone_wild_is_told_to_wait(
    cast: Cast, anyone: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    job, token = follow(cast)
    monkeypatch.setattr(ping_views, "_throttle", Throttle(a_minute=2))
    found = [anyone.get(f"/ping/{token}").status_code for _ in range(4)]
    assert found == [200, 200, 429, 429]
    assert len(events(cast, job)) == 2


def test_the_limit_is_by_address_and_by_minute() -> None:
    throttle = Throttle(a_minute=1)
    assert throttle.allows(b"a", seconds=0)
    assert throttle.allows(b"b", seconds=1)
    assert not throttle.allows(b"a", seconds=59)
    assert throttle.allows(b"a", seconds=60)


def test_a_change_of_result_has_the_figures_recomputed(cast: Cast, anyone: FlaskClient) -> None:
    job, token = follow(cast)

    def marked() -> int:
        with cast.inside():
            statement = select(func.count()).select_from(Dirty)
            return (
                db.session.scalar(statement.where(Dirty.client_id == cast.tilleul.clients["valbrune"])) or 0
            )

    for signal, expected in (("", 1), ("", 0), ("/fail", 1), ("/log", 0), ("/start", 0)):
        with cast.inside():
            db.session.query(Dirty).delete()
        anyone.get(f"/ping/{token}{signal}")
        assert marked() == expected, signal
    assert job_of(cast, job).last_result == "fail"


def test_a_pause_is_not_shortened_by_a_signal(cast: Cast, anyone: FlaskClient) -> None:
    job, token = follow(cast)
    now = datetime.now(UTC)
    with cast.inside():
        later = now + timedelta(days=20)
        values = {"paused_until": now + timedelta(days=19), "pause_reason": "Travaux", "due_at": later}
        db.session.execute(update(BackupJob).where(BackupJob.id == job).values(**values))
    anyone.get(f"/ping/{token}")
    assert job_of(cast, job).due_at == later


schedules = st.one_of(
    st.tuples(st.integers(1, 8784), st.integers(1, 720), st.just(False)),
    st.tuples(st.integers(1, 31).map(lambda days: days * 24), st.integers(1, 720), st.just(True)),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(schedules, st.lists(st.sampled_from(["success", "fail", "start", "log"]), max_size=5))
def test_the_door_keeps_what_the_rule_says(
    cast: Cast, schedule: tuple[int, int, bool], signals: list[rules.Kind]
) -> None:
    """The rule is written twice, in Python and for the door in PostgreSQL: they agree on every signal."""
    period, grace, working = schedule
    job, token = follow(cast, name=str(uuid4()), period_hours=period, grace_hours=grace, working_days=working)
    with cast.app.app_context():
        for kind in signals:
            before = queries.standing(job_of(cast, job))
            door.ping(hashed(token), kind, code=None, body="", today=today(datetime.now(UTC)))
            seen = events(cast, job)[-1]
            after, found = job_of(cast, job), rules.Schedule(period, grace, working)
            expected = rules.heard(before, kind, seen.at, found)
            again = before.last_result == kind and before.started_at is None
            if again:  # Said again within the second: the former standing stays.
                assert queries.standing(after).last_result == kind
            else:
                assert queries.standing(after) == expected
            assert seen.seconds == (None if again else rules.took(before, kind, seen.at)) or again
            assert seen.answer_by == (rules.answer_by(seen.at) if kind == "fail" else None)
    with cast.inside():
        count = select(func.count()).select_from(BackupEvent).where(BackupEvent.job_id == job)
        assert db.session.scalar(count) == len(signals)
