"""The scheduler: each period once, late rather than never, and nothing lost when Redis forgets."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from mspaudit.clients import dirty
from mspaudit.tenancy import jobs, scheduler
from mspaudit.tenancy.schedule import PLATFORM, RESEND_AFTER, SCHEDULE, Recurring, daily, finish
from tests.cast import Cast
from tests.servers import Servers

NIGHTLY = Recurring("tests.nightly", "risk.nightly", daily(time(3, 15)))
# Far from the hour at which the period changes, whenever the tests run.
NOON = datetime.now(UTC).replace(hour=12)


@pytest.fixture
def dispatcher(servers: Servers, app: Flask) -> Iterator[Connection]:
    engine = create_engine(servers.url("dispatcher"), poolclass=NullPool)
    with app.app_context(), engine.connect() as connection:
        jobs.connection().flushdb()
        yield connection


def sent(name: str, cast: Cast) -> int:
    """How many jobs ``name`` wait for the cast's own tenant."""
    found = [j for q in jobs.QUEUES for j in jobs.queue(q).jobs if j.func_name == name]
    return sum(j.kwargs["tenant_id"] == str(cast.tilleul.id) for j in found)


def test_a_day_begins_at_its_hour_in_paris_whatever_the_clocks_do() -> None:
    at_three = daily(time(3, 15))
    assert at_three(datetime(2026, 7, 1, 1, 14, tzinfo=UTC)) == date(2026, 6, 30)
    assert at_three(datetime(2026, 7, 1, 1, 15, tzinfo=UTC)) == date(2026, 7, 1)
    assert at_three(datetime(2026, 1, 1, 2, 15, tzinfo=UTC)) == date(2026, 1, 1)
    assert at_three(datetime(2028, 2, 29, 12, tzinfo=UTC)) == date(2028, 2, 29)
    # On 25 October 2026 the hour from 2 to 3 comes twice; 3.15 a.m. comes once.
    assert at_three(datetime(2026, 10, 25, 2, 14, tzinfo=UTC)) == date(2026, 10, 24)
    assert at_three(datetime(2026, 10, 25, 2, 15, tzinfo=UTC)) == date(2026, 10, 25)


def test_two_schedulers_claim_a_period_once(dispatcher: Connection, cast: Cast) -> None:
    now = NOON
    scheduler._claim(dispatcher, NIGHTLY, now)
    scheduler._claim(dispatcher, NIGHTLY, now)
    assert sent("risk.nightly", cast) == 1


def test_a_round_of_no_tenant_comes_every_few_minutes_once(dispatcher: Connection) -> None:
    name, every, now = "backups.fetch", timedelta(minutes=3), NOON + timedelta(days=400)

    def waiting() -> int:
        return sum(j.func_name == name for q in jobs.QUEUES for j in jobs.queue(q).jobs)

    for after, count in ((0, 1), (0, 1), (179, 1), (180, 2), (3600, 3)):
        scheduler._go_round(dispatcher, name, now + timedelta(seconds=after), every)
        assert waiting() == count


def test_a_day_of_downtime_is_caught_up_with_the_latest_period(dispatcher: Connection, cast: Cast) -> None:
    now = NOON
    scheduler._claim(dispatcher, NIGHTLY, now)
    scheduler._claim(dispatcher, NIGHTLY, now + timedelta(days=4))
    assert sent("risk.nightly", cast) == 2


def test_a_claimed_period_that_nobody_finished_is_sent_again(dispatcher: Connection, cast: Cast) -> None:
    now = NOON
    scheduler._claim(dispatcher, NIGHTLY, now)
    scheduler._claim(dispatcher, NIGHTLY, now + RESEND_AFTER - timedelta(minutes=1))
    assert sent("risk.nightly", cast) == 1
    scheduler._claim(dispatcher, NIGHTLY, now + RESEND_AFTER + timedelta(minutes=1))
    assert sent("risk.nightly", cast) == 2


def test_a_finished_period_is_not_sent_again(dispatcher: Connection, cast: Cast) -> None:
    now = NOON
    scheduler._claim(dispatcher, NIGHTLY, now)
    with cast.inside():
        finish(NIGHTLY.kind, NIGHTLY.period(now))
    scheduler._claim(dispatcher, NIGHTLY, now + RESEND_AFTER + timedelta(minutes=1))
    assert sent("risk.nightly", cast) == 1


def test_a_redis_that_forgot_everything_loses_no_work(dispatcher: Connection, cast: Cast) -> None:
    with cast.inside() as house:
        dirty.mark(house.clients["valbrune"])
    jobs.connection().flushall()
    later = text("SELECT DISTINCT tenant_id FROM dirty_client WHERE since < now() + interval '1 s'")
    scheduler._sweep(dispatcher, "risk.recompute", (), str(later))
    assert sent("risk.recompute", cast) == 1


def test_the_dispatcher_sees_who_has_work_and_never_what(dispatcher: Connection, cast: Cast) -> None:
    for query in ("SELECT name FROM tenant", "SELECT body FROM outbox", "SELECT * FROM client"):
        with pytest.raises(Exception, match="permission denied"):
            dispatcher.execute(text(query))
        dispatcher.rollback()


def test_it_says_it_is_alive(dispatcher: Connection) -> None:
    now = NOON
    scheduler.tick(dispatcher, now=now)
    assert dispatcher.execute(text("SELECT at FROM heartbeat WHERE name = 'scheduler'")).scalar_one() >= now


def test_what_concerns_no_tenant_is_sent_once_a_day(dispatcher: Connection) -> None:
    def waiting() -> int:
        return sum(job.func_name == "identity.forget" for job in jobs.queue("default").jobs)

    forget = Recurring(f"tests.{uuid4()}", "identity.forget", daily(time(4, 30)))
    for _ in range(2):
        scheduler._claim_platform(dispatcher, forget, NOON)
    assert waiting() == 1
    scheduler._claim_platform(dispatcher, forget, NOON + timedelta(days=4))
    assert waiting() == 2
    scheduler._claim_platform(dispatcher, forget, NOON)
    assert waiting() == 2


def test_every_quarter_of_an_hour_it_looks_round_each_open_tenant_once(
    dispatcher: Connection, cast: Cast
) -> None:
    quarter = (NOON + timedelta(days=1)).replace(minute=30)
    for minutes in (0, 3, 14):
        scheduler._look_round(dispatcher, "notices.watch", quarter + timedelta(minutes=minutes))
    assert sent("notices.watch", cast) == 1
    scheduler._look_round(dispatcher, "notices.watch", quarter + timedelta(minutes=15))
    assert sent("notices.watch", cast) == 2
    back = text("UPDATE heartbeat SET at = :now WHERE name = 'sent:notices.watch'")
    dispatcher.execute(back, {"now": NOON - timedelta(days=1)})
    dispatcher.commit()


def test_the_jobs_of_the_schedule_exist(app: Flask) -> None:
    for recurring in (*SCHEDULE, *PLATFORM):
        assert recurring.job in jobs.registered()
