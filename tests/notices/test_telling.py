"""Telling: each threshold once to each person, never lost, never doubled, in one mail a day."""

import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, delete, select, update
from sqlalchemy.pool import NullPool

from mspaudit.backups.models import BackupJob
from mspaudit.clients.models import Assignment, Dirty, Referent
from mspaudit.extensions import db
from mspaudit.identity.models import StaffMember
from mspaudit.kernel import clock
from mspaudit.notices import actions, digest, jobs, preferences, rules, settings_actions, telling
from mspaudit.notices.models import DeadlineState, Notice
from mspaudit.outbox.models import OutgoingMail
from mspaudit.risk.models import Deadline
from mspaudit.tenancy import jobs as queue
from mspaudit.tenancy import scheduler
from mspaudit.tenancy.schedule import RESEND_AFTER, SCHEDULE
from tests.cast import Cast, House
from tests.notices.calendar_of import at, compute, due, mails, told
from tests.servers import Servers

# A Monday, far from any holiday; a mandate is told 60, 30 and 7 days before.
MONDAY = date(2026, 6, 15)


def run(cast: Cast, day: date = MONDAY, hour: int = 5, house: House | None = None) -> int:
    with cast.inside(house):
        return digest.tell_all(now=at(day, hour))


def only(cast: Cast, days: int, day: date = MONDAY, slug: str = "valbrune") -> UUID:
    """One deadline, that many days after that day; the legal calendar left out."""
    found = due(cast, day + timedelta(days=days), slug=slug, day=day)
    with cast.inside():
        db.session.execute(delete(Deadline).where(Deadline.kind == "calendar"))
    return found


def who(cast: Cast, name: str) -> UUID:
    return cast.tilleul.people[name].id


def test_it_is_told_to_whoever_looks_after_the_client(cast: Cast) -> None:
    deadline = only(cast, 30)
    assert run(cast) == 1
    with cast.inside():
        assert told(deadline) == [(who(cast, "limited"), 30, False), (who(cast, "limited"), 60, True)]
        (mail,) = mails("digest")
        assert mail.recipient == cast.tilleul.people["limited"].email
        assert "Valbrune" in mail.body
        assert mail.html is not None
        assert "Valbrune" in mail.html


def test_without_anybody_assigned_those_who_serve_all_clients_are_told(cast: Cast) -> None:
    deadline = only(cast, 30, slug="fontaine")
    run(cast)
    with cast.inside():
        members = {member for member, _, passed in told(deadline) if not passed}
    assert members == {who(cast, "admin"), who(cast, "technician")}


def test_the_one_in_charge_is_told_alone(cast: Cast) -> None:
    deadline = only(cast, 30)
    with cast.inside():
        actions.assign([deadline], who(cast, "technician"), now=at(MONDAY))
    run(cast)
    with cast.inside():
        assert {member for member, _, _ in told(deadline)} == {who(cast, "technician")}


def test_one_in_charge_who_left_hands_it_back(cast: Cast) -> None:
    deadline = only(cast, 30)
    with cast.inside():
        actions.assign([deadline], who(cast, "technician"), now=at(MONDAY))
        member = db.session.get_one(StaffMember, (cast.tilleul.id, who(cast, "technician")))
        member.disabled_at = at(MONDAY)
    run(cast)
    with cast.inside():
        assert {member for member, _, _ in told(deadline)} == {who(cast, "limited")}


def test_one_in_charge_who_no_longer_sees_the_client_is_not_written(cast: Cast) -> None:
    deadline = only(cast, 30)
    with cast.inside():
        actions.assign([deadline], who(cast, "limited"), now=at(MONDAY))
        db.session.execute(delete(Assignment).where(Assignment.member_id == who(cast, "limited")))
    run(cast)
    with cast.inside():
        assert who(cast, "limited") not in {member for member, _, _ in told(deadline)}


def test_it_is_told_once(cast: Cast) -> None:
    only(cast, 30)
    assert run(cast) == 1
    assert run(cast) == 0
    assert run(cast, MONDAY + timedelta(days=1)) == 0


def test_each_threshold_comes_in_its_turn(cast: Cast) -> None:
    deadline = only(cast, 61)
    days = [d for d in range(75) if run(cast, MONDAY + timedelta(days=d))]
    with cast.inside():
        found = sorted((threshold for _, threshold, passed in told(deadline) if not passed), reverse=True)
    assert found == [60, 30, 7]
    # 60 days before was a Tuesday, 30 a Thursday, 7 a Saturday: told on the Monday after.
    assert [(MONDAY + timedelta(days=d)).isoweekday() for d in days][:2] == [2, 4]
    assert len(days) in (3, 4)


def test_a_scheduler_down_three_days_loses_nothing_and_tells_the_most_urgent(cast: Cast) -> None:
    deadline = only(cast, 31)
    run(cast)
    # Down from 30 days before to 6 days before.
    run(cast, MONDAY + timedelta(days=25))
    with cast.inside():
        assert [(t, p) for _, t, p in told(deadline)] == [(7, False), (30, True), (60, False)]
        assert len(mails("digest")) == 2


def test_nothing_leaves_on_a_week_end_or_a_holiday_and_monday_says_it_all(cast: Cast) -> None:
    saturday, sunday = date(2026, 6, 20), date(2026, 6, 21)
    only(cast, 30, day=saturday)
    only(cast, 30, day=sunday)
    assert run(cast, saturday) == run(cast, sunday) == 0
    assert run(cast, date(2026, 6, 22)) == 1
    with cast.inside():
        (mail,) = mails("digest")
        assert mail.subject.startswith("2 échéances")
    national = date(2026, 7, 14)
    only(cast, 30, day=national)
    assert run(cast, national) == 0
    assert run(cast, national + timedelta(days=1)) == 1


def test_a_summary_waits_for_its_readers_hour(cast: Cast) -> None:
    only(cast, 30)
    with cast.inside():
        limited = db.session.get_one(StaffMember, (cast.tilleul.id, who(cast, "limited")))
        settings_actions.choose_hours(
            limited, at=rules.half_hours()[8], days=[1, 2], alsace=False, now=at(MONDAY)
        )
    run(cast)
    with cast.inside():
        (mail,) = mails("digest")
        assert mail.due_at == at(MONDAY, 10, 0)
        assert preferences.of(who(cast, "limited")).days == (1, 2)


def test_a_run_late_in_the_evening_leaves_it_to_the_next_working_day(cast: Cast) -> None:
    only(cast, 30)
    assert run(cast, MONDAY, hour=19) == 0
    assert run(cast, MONDAY + timedelta(days=1)) == 1


def test_before_a_week_end_it_says_what_monday_would_be_too_late_for(cast: Cast) -> None:
    friday = date(2026, 6, 19)
    only(cast, 3, day=friday - timedelta(days=1))
    run(cast, friday - timedelta(days=1))
    run(cast, friday)
    with cast.inside():
        last = mails("digest")[-1]
        assert f"digest:{who(cast, 'limited')}:{friday}" == last.key
        assert "À faire avant" in last.body


def test_what_is_urgent_leaves_at_once_by_itself_and_is_not_said_again(cast: Cast) -> None:
    deadline = only(cast, 30)
    with cast.inside():
        actions.set_thresholds([deadline], [30, 1], now=at(MONDAY))
    eve = MONDAY + timedelta(days=29)
    with cast.inside():
        assert digest.tell_urgent(now=at(eve, 22)) == 1
        assert digest.tell_urgent(now=at(eve, 23)) == 0
        (mail,) = mails("urgent")
        assert mail.subject == "Valbrune\u00a0: mandat, dernier jour utile demain"
        assert [(t, p) for _, t, p in told(deadline)] == [(1, False), (30, True)]
    assert run(cast, eve + timedelta(days=1)) == 0


def test_an_items_own_thresholds_go_before_its_kinds(cast: Cast) -> None:
    deadline = only(cast, 45)
    with cast.inside():
        actions.set_thresholds([deadline], [45], now=at(MONDAY))
    run(cast)
    with cast.inside():
        assert [(t, p) for _, t, p in told(deadline)] == [(45, False)]


def test_the_msp_sets_the_thresholds_of_a_kind(cast: Cast) -> None:
    deadline = only(cast, 45)
    with cast.inside():
        settings_actions.choose_thresholds("mandate", [50], now=at(MONDAY))
    run(cast)
    with cast.inside():
        assert [(t, p) for _, t, p in told(deadline)] == [(50, False)]


@pytest.mark.parametrize("state", ["done", "snoozed"])
def test_what_is_done_or_put_off_is_not_told(cast: Cast, state: str) -> None:
    deadline = only(cast, 30)
    with cast.inside():
        if state == "done":
            actions.say([deadline], "done", now=at(MONDAY))
        else:
            until = MONDAY + timedelta(days=10)
            actions.snooze([deadline], until=until, reason="Devis", today=MONDAY, now=at(MONDAY))
    assert run(cast) == 0
    if state == "snoozed":
        assert run(cast, MONDAY + timedelta(days=10)) == 1


def test_what_was_seen_is_told_again_in_its_last_week(cast: Cast) -> None:
    deadline = only(cast, 30)
    with cast.inside():
        actions.say([deadline], "acknowledged", now=at(MONDAY))
    assert run(cast) == 0
    assert run(cast, MONDAY + timedelta(days=23)) == 1


def test_another_date_is_another_deadline(cast: Cast) -> None:
    deadline = only(cast, 30)
    with cast.inside():
        actions.say([deadline], "done", now=at(MONDAY))
        row = db.session.scalars(select(Deadline).where(Deadline.id == deadline)).one()
        subject = row.subject_id
    with cast.inside():
        referent = db.session.scalars(select(Referent).where(Referent.id == subject)).one()
        assert referent.mandate_until is not None
        referent.mandate_until += timedelta(days=365)
    compute(cast, day=MONDAY)
    with cast.inside():
        found = db.session.scalars(select(Deadline.id).where(Deadline.subject_id == subject)).one()
        assert found != deadline
        assert db.session.scalar(select(DeadlineState).where(DeadlineState.id == found)) is None


def test_the_mail_says_no_more_than_it_needs(cast: Cast) -> None:
    """Mail leaves the house: a client, a subject and a date; never the detail, here a person's name."""
    only(cast, 30)
    run(cast)
    with cast.inside():
        (mail,) = mails("digest")
        assert "Personne 20" not in mail.body + (mail.html or "")


def test_the_law_is_said_once_for_all_clients(cast: Cast) -> None:
    day = date(2027, 3, 15) - timedelta(days=90)
    compute(cast, day=day)
    run(cast, day)
    with cast.inside():
        bodies = [mail.body for mail in mails("digest")]
        assert bodies
        assert all(body.count("Certificats de site limités à 100") == 1 for body in bodies)


def test_a_killed_worker_has_told_nothing_and_the_next_tells_all(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    deadline = only(cast, 30)

    def killed(**_values: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(digest, "queue_mail", killed)
        with pytest.raises(SystemExit):
            run(cast)
    with cast.inside():
        assert told(deadline) == []
    assert run(cast) == 1


def test_two_workers_at_once_tell_once(cast: Cast) -> None:
    for days in (8, 20, 30):
        only(cast, days)
    together(*[lambda: run(cast)] * 4)
    with cast.inside():
        assert len(mails("digest")) == 1
        rows = db.session.scalars(select(Notice)).all()
        assert len({(r.deadline_id, r.threshold) for r in rows}) == len(rows)


def together(*calls: Callable[[], object]) -> None:
    """Run all of these at the same moment, each in a thread and a connection of its own."""
    barrier, failed = threading.Barrier(len(calls)), []

    def one(call: Callable[[], object]) -> None:
        barrier.wait()
        try:
            call()
        except BaseException as error:
            failed.append(error)
            raise

    threads = [threading.Thread(target=one, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def test_two_schedulers_at_once_wake_one_worker_a_day(cast: Cast, app: Flask, servers: Servers) -> None:
    recurring = next(r for r in SCHEDULE if r.kind == "notices.digest")
    engine = create_engine(servers.url("dispatcher"), poolclass=NullPool)
    with app.app_context():
        queue.queue("mail").empty()

    def claim(now: datetime) -> None:
        with app.app_context(), engine.connect() as connection:
            scheduler._claim(connection, recurring, now)

    def sent() -> int:
        with app.app_context():
            found = [job for job in queue.queue("mail").jobs if job.func_name == "notices.digest"]
        return sum(job.kwargs["tenant_id"] == str(cast.tilleul.id) for job in found)

    together(*[lambda: claim(at(MONDAY, 6))] * 4)
    assert sent() == 1
    # Three days down: the latest day alone is claimed.
    claim(at(MONDAY + timedelta(days=3), 6))
    assert sent() == 2
    # A worker that died holding it: it is sent again.
    claim(at(MONDAY + timedelta(days=3), 6) + RESEND_AFTER + timedelta(minutes=1))
    assert sent() == 3


def test_the_job_closes_its_period(cast: Cast, app: Flask) -> None:
    with app.app_context():
        jobs.daily(tenant_id=str(cast.tilleul.id), period=MONDAY.isoformat())
    with cast.inside():
        assert db.session.scalar(select(OutgoingMail.id).limit(1)) is None


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    ahead=st.integers(-40, 120),
    own=st.none() | st.lists(st.integers(0, 100), min_size=1, max_size=4, unique=True),
    state=st.sampled_from(rules.STATES),
    away=st.integers(-2, 2),
    before=st.lists(st.integers(0, 100), max_size=3, unique=True),
)
def test_the_statement_says_what_the_rules_say(
    cast: Cast, *, ahead: int, own: list[int] | None, state: str, away: int, before: list[int]
) -> None:
    """The reference is ``rules.py``; one statement computes the same for a whole portfolio."""
    act_by = MONDAY + timedelta(days=ahead)
    until = MONDAY + timedelta(days=away) if state == "snoozed" else None
    member = who(cast, "limited")
    with cast.inside() as home:
        client = home.clients["valbrune"]
        db.session.execute(delete(Notice))
        db.session.execute(delete(Deadline))
        db.session.execute(delete(DeadlineState))
        deadline = Deadline(
            client_id=client, kind="autre", subject_id=member, subject="x", due_on=act_by, act_by=act_by
        )
        db.session.add(deadline)
        db.session.flush()
        db.session.add(
            DeadlineState(
                id=deadline.id, client_id=client, state=state, until=until, thresholds=own,
                by="", at=at(MONDAY), change_id=member,
            )
        )  # fmt: skip
        for days in before:
            db.session.add(
                Notice(
                    client_id=client, deadline_id=deadline.id, member_id=member, threshold=days,
                    at=at(MONDAY),
                )
            )  # fmt: skip
        db.session.flush()
        staff = db.session.get_one(StaffMember, (home.id, member))
        lines = telling.claim(staff, telling.rules(), today=MONDAY, now=at(MONDAY), urgent=False)
        rows = [(t, p) for _, t, p in told(deadline.id) if t not in before]
    allowed = own if own is not None else list(telling.OTHER.days)
    kept = [d for d in allowed if not rules.silenced(state, until, d, MONDAY)] if ahead >= -30 else []
    tell, passed = rules.told_now(act_by, kept, before, MONDAY)
    assert [line.threshold for line in lines] == ([tell] if tell is not None else [])
    assert rows == sorted([(d, True) for d in passed] + ([(tell, False)] if tell is not None else []))


def backup(cast: Cast, *, failed: bool) -> UUID:
    """A backup of valbrune that failed, or that is only late."""
    with cast.inside() as home:
        now = clock.now()
        job = BackupJob(
            client_id=home.clients["valbrune"],
            name="Serveur",
            created_at=now - timedelta(days=3),
            last_result="fail" if failed else "success",
            last_result_at=now - timedelta(hours=1),
            last_ok_at=now - timedelta(days=2),
            due_at=now + timedelta(hours=12 if failed else -1),
        )
        db.session.add(job)
        db.session.flush()
        return job.id


def test_a_failed_backup_is_told_at_once_and_once_until_one_succeeds(cast: Cast) -> None:
    job, now = backup(cast, failed=True), clock.now()
    compute(cast)
    with cast.inside():
        assert digest.tell_urgent(now=now) == 1
        (mail,) = mails("urgent")
        assert mail.subject == "Valbrune\u00a0: sauvegarde en défaut\u00a0: serveur"
        assert "à regarder sans attendre" in mail.body
    compute(cast, day=clock.today(now) + timedelta(days=1))
    with cast.inside():
        assert digest.tell_urgent(now=now + timedelta(days=1)) == 0
        db.session.execute(
            update(BackupJob).where(BackupJob.id == job).values(last_ok_at=now - timedelta(hours=2))
        )
    compute(cast, day=clock.today(now) + timedelta(days=1))
    with cast.inside():
        told_again = clock.today(now) != clock.today(now - timedelta(days=2))
        assert digest.tell_urgent(now=now + timedelta(days=1)) == int(told_again)


def test_silence_alone_is_noticed(cast: Cast, app: Flask) -> None:
    """No signal says that a backup is late: somebody has to look."""
    backup(cast, failed=False)
    with app.app_context():
        jobs.watch(tenant_id=str(cast.tilleul.id))
    with cast.inside() as home:
        assert db.session.scalars(select(Dirty.client_id)).all() == [home.clients["valbrune"]]
    compute(cast)
    with cast.inside():
        db.session.execute(delete(Dirty))
    with app.app_context():
        jobs.watch(tenant_id=str(cast.tilleul.id))
    with cast.inside():
        assert db.session.scalars(select(Dirty.client_id)).all() == []
