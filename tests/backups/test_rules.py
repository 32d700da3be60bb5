"""When a backup is expected and what its silence means: Paris days, nights the clocks change, days off."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mspaudit.backups import rules
from mspaudit.backups.rules import Heard, Schedule, Standing
from mspaudit.kernel.clock import PARIS, local

DAILY = Schedule(24, 6)
WORKING = Schedule(24, 6, working_days=True)
moments = st.integers(1_704_067_200, 1_893_456_000).map(lambda second: datetime.fromtimestamp(second, UTC))
schedules = st.one_of(
    st.builds(Schedule, st.integers(1, 8784), st.integers(1, 720)),
    st.builds(lambda d, g: Schedule(24 * d, g, working_days=True), st.integers(1, 31), st.integers(1, 720)),
)
kinds = st.sampled_from(["success", "warning", "fail", "start", "log"])


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS).astimezone(UTC)


def standing(**more: object) -> Standing:
    return Standing(**({"due_at": at("2026-11-21T12:00")} | more))  # type: ignore[arg-type]


def test_a_daily_backup_keeps_the_hour_of_the_clock_when_it_changes() -> None:
    assert rules.due_after(at("2026-10-24T23:30"), DAILY) == at("2026-10-25T23:30") + timedelta(hours=6)
    assert rules.due_after(at("2026-03-28T23:30"), DAILY) == at("2026-03-29T23:30") + timedelta(hours=6)


def test_the_hour_that_comes_twice_is_its_second_and_the_skipped_one_an_hour_later() -> None:
    assert rules.instant(date(2026, 10, 25), time(2, 30)) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert rules.instant(date(2026, 3, 29), time(2, 30)) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_a_backup_of_working_days_waits_for_monday() -> None:
    assert rules.due_after(at("2026-11-20T23:41"), WORKING) == at("2026-11-24T05:41")
    # Run on Saturday at one in the morning, for Friday: the next one runs on Tuesday.
    assert rules.due_after(at("2026-11-21T01:00"), WORKING) == at("2026-11-24T06:00")


def test_a_holiday_is_not_a_working_day() -> None:
    assert not rules.is_working(date(2026, 11, 11))
    assert not rules.is_working(date(2026, 4, 6)), "Easter Monday"
    assert rules.due_after(at("2026-11-10T22:00"), WORKING) == at("2026-11-13T04:00")


def test_a_failure_should_be_read_by_the_end_of_the_next_working_day() -> None:
    assert rules.answer_by(at("2026-11-20T23:41")) == at("2026-11-24T00:00")
    assert rules.answer_by(at("2026-11-21T10:00")) == at("2026-11-24T00:00")
    assert rules.answer_by(at("2026-11-23T09:00")) == at("2026-11-25T00:00")


@given(moments, schedules)
def test_what_is_due_is_due_after_its_grace(heard: datetime, schedule: Schedule) -> None:
    due = rules.due_after(heard, schedule)
    # An hour of slack: the night of October is an hour longer, that of March an hour shorter.
    assert due >= heard + timedelta(hours=schedule.period_hours + schedule.grace_hours - 1)
    if not schedule.working_days:
        assert due <= heard + timedelta(hours=schedule.period_hours + schedule.grace_hours + 1)


@given(moments, moments, schedules)
def test_a_later_success_is_never_due_earlier(one: datetime, other: datetime, schedule: Schedule) -> None:
    first, second = sorted((one, other))
    # Within the hours that come twice or not at all, the clock itself goes back.
    assert rules.due_after(second, schedule) >= rules.due_after(first, schedule) - timedelta(hours=1)


@given(moments)
def test_working_days_leave_as_much_time_as_calendar_days(heard: datetime) -> None:
    assert rules.due_after(heard, WORKING) >= rules.due_after(heard, DAILY)


def test_each_silence_has_its_own_word_and_all_are_red() -> None:
    late = at("2026-11-21T12:01")
    heard = {"last_result": "success", "last_result_at": at("2026-11-20T06:00")}
    for words, found in (
        ({}, "never"),
        (heard, "late"),
        ({"last_result": "fail", "last_result_at": late, "due_at": at("2026-12-01T00:00")}, "down"),
        (heard | {"started_at": at("2026-11-21T05:00"), "due_at": at("2026-12-01T00:00")}, "stuck"),
    ):
        state = rules.state(standing(**words), now=late, grace_hours=6)
        assert state == found
        assert state in rules.RED


def test_before_the_hour_it_waits_runs_or_is_up() -> None:
    now = at("2026-11-21T11:59")
    heard = {"last_result": "success", "last_result_at": at("2026-11-20T06:00")}
    assert rules.state(standing(), now=now, grace_hours=6) == "waiting"
    assert rules.state(standing(**heard), now=now, grace_hours=6) == "up"
    assert rules.state(standing(last_result="warning"), now=now, grace_hours=6) == "warned"
    assert rules.state(standing(started_at=at("2026-11-21T10:00")), now=now, grace_hours=6) == "running"


def test_a_pause_is_not_red_until_it_ends() -> None:
    until = at("2026-11-25T00:00")
    paused = standing(last_result="fail", paused_until=until)
    assert rules.state(paused, now=until - timedelta(seconds=1), grace_hours=6) == "paused"
    assert rules.state(paused, now=until, grace_hours=6) == "down"


@given(st.lists(st.tuples(kinds, moments), max_size=12), schedules)
def test_what_is_kept_is_what_the_signals_say_in_order(
    told: list[tuple[rules.Kind, datetime]], schedule: Schedule
) -> None:
    told.sort(key=lambda each: each[1])
    found = Standing(due_at=datetime(2023, 1, 1, tzinfo=UTC))
    for kind, moment in told:
        found = rules.heard(found, kind, moment, schedule)
    results = [each for each in told if each[0] in ("success", "warning", "fail")]
    good = [moment for kind, moment in results if kind != "fail"]
    assert (found.last_result, found.last_result_at) == (results[-1] if results else (None, None))
    assert found.last_ok_at == (good[-1] if good else None)
    if good:
        assert found.due_at == rules.due_after(good[-1], schedule)
    ends = [moment for _kind, moment in results]
    starts = [moment for kind, moment in told if kind == "start"]
    if found.started_at is not None:
        assert found.started_at == starts[-1]
        assert not ends or starts[-1] >= ends[-1]


@given(moments, moments, kinds)
def test_a_signal_older_than_the_last_result_changes_nothing(
    one: datetime, other: datetime, kind: rules.Kind
) -> None:
    first, second = sorted((one, other))
    if first != second:
        known = rules.heard(standing(), "fail", second, DAILY)
        assert rules.heard(known, kind, first, DAILY) == known


def test_a_run_is_timed_from_its_start() -> None:
    begun = rules.heard(standing(), "start", at("2026-11-20T22:00"), DAILY)
    assert rules.took(begun, "success", at("2026-11-20T22:45")) == 2700
    assert rules.took(begun, "log", at("2026-11-20T22:45")) is None
    assert rules.took(begun, "success", at("2026-12-20T22:45")) is None
    assert rules.took(standing(), "success", at("2026-11-20T22:45")) is None


def test_the_strip_shows_successes_failures_and_silences() -> None:
    days = [date(2026, 11, 16) + timedelta(days=n) for n in range(6)]
    told = {
        days[0]: Heard(False, at("2026-11-16T23:00")),
        days[1]: Heard(True, at("2026-11-17T23:00")),
        days[4]: Heard(True, at("2026-11-20T23:00")),
    }
    found = rules.nights(
        days, told, before=None, born=at("2026-11-01T00:00"), schedule=DAILY, now=at("2026-11-21T09:00")
    )
    assert found == ["ok", "failed", "", "missing", "failed", ""]


def test_a_day_off_is_not_a_silence() -> None:
    days = [date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 22), date(2026, 11, 23)]
    told = {days[0]: Heard(False, at("2026-11-20T20:00"))}
    found = rules.nights(
        days, told, before=None, born=at("2026-11-01T00:00"), schedule=WORKING, now=at("2026-11-24T09:00")
    )
    assert found == ["ok", "", "", ""]


def test_before_it_was_followed_nothing_was_expected() -> None:
    found = rules.nights(
        [date(2026, 11, 20)],
        {},
        before=None,
        born=at("2026-11-21T08:00"),
        schedule=DAILY,
        now=at("2026-11-21T09:00"),
    )
    assert found == [""]


@given(st.integers(0, 255))
def test_an_exit_status_of_zero_is_a_success_and_any_other_a_failure(code: int) -> None:
    assert rules.exit_kind(code) == ("success" if code == 0 else "fail")


@given(moments)
def test_working_days_are_never_a_weekend(moment: datetime) -> None:
    found = rules.working_from(local(moment).date(), 5)
    assert all(day.weekday() < 5 for day in found)
    assert list(found) == sorted(set(found))
    assert found[0] >= local(moment).date()
