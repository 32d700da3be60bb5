"""When people are told: thresholds, working days, hours, whatever the calendar does."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mspaudit.kernel.clock import local
from mspaudit.notices import rules
from mspaudit.notices.kinds import KINDS, OTHER, USUAL, kind
from mspaudit.notices.rules import Hours

DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))
THRESHOLDS = st.lists(st.integers(0, 365), min_size=1, max_size=8)


@given(DAYS, THRESHOLDS, st.integers(-30, 400))
def test_a_threshold_stays_reached_whatever_day_one_looks(act_by: date, days: list[int], ahead: int) -> None:
    today = act_by - timedelta(days=ahead)
    found = rules.reached(act_by, days, today)
    assert found == sorted({d for d in days if d >= ahead})
    later = rules.reached(act_by, days, today + timedelta(days=3))
    assert set(found) <= set(later)


@given(DAYS, THRESHOLDS, st.lists(st.integers(0, 10), min_size=1, max_size=60))
def test_each_threshold_is_settled_once_however_runs_are_missed(
    act_by: date, days: list[int], gaps: list[int]
) -> None:
    told: list[int] = []
    mails: list[int] = []
    today = act_by - timedelta(days=370)
    for gap in gaps:
        today += timedelta(days=gap)
        tell, passed = rules.told_now(act_by, days, told, today)
        told += passed + ([tell] if tell is not None else [])
        mails += [tell] if tell is not None else []
    assert len(told) == len(set(told))
    assert sorted(told) == rules.reached(act_by, days, today)
    # Each mail is closer to the day than the one before.
    assert mails == sorted(mails, reverse=True)


def test_after_three_days_only_the_most_urgent_is_told() -> None:
    act_by = date(2026, 3, 31)
    assert rules.told_now(act_by, USUAL, [90, 60], date(2026, 3, 26)) == (7, [15, 30])


@pytest.mark.parametrize(
    ("act_by", "threshold", "day"),
    [
        (date(2026, 5, 31), 90, date(2026, 3, 2)),
        (date(2028, 2, 29), 1, date(2028, 2, 28)),
        (date(2028, 3, 1), 1, date(2028, 2, 29)),
        (date(2027, 3, 1), 1, date(2027, 2, 28)),
        # The clocks change on 29 March and 25 October 2026: days are days.
        (date(2026, 3, 30), 1, date(2026, 3, 29)),
        (date(2026, 10, 26), 1, date(2026, 10, 25)),
        (date(2027, 1, 1), 1, date(2026, 12, 31)),
    ],
)
def test_days_are_counted_on_the_calendar(act_by: date, threshold: int, day: date) -> None:
    assert rules.reached(act_by, [threshold], day) == [threshold]
    assert rules.reached(act_by, [threshold], day - timedelta(days=1)) == []


def test_what_is_done_or_put_off_is_not_told_and_what_is_seen_waits_for_the_last_week() -> None:
    today = date(2026, 3, 2)
    assert rules.silenced("done", None, 1, today)
    assert rules.silenced("snoozed", date(2026, 3, 3), 1, today)
    assert not rules.silenced("snoozed", today, 1, today)
    assert rules.silenced("acknowledged", None, 15, today)
    assert not rules.silenced("acknowledged", None, 7, today)
    assert not rules.silenced("open", None, 90, today)


@pytest.mark.parametrize(
    ("day", "alsace", "works"),
    [
        (date(2026, 11, 20), False, True),
        (date(2026, 11, 21), False, False),
        (date(2026, 11, 11), False, False),
        (date(2026, 5, 14), False, False),
        (date(2026, 4, 6), False, False),
        (date(2026, 4, 3), False, True),
        (date(2026, 4, 3), True, False),
        (date(2029, 12, 26), True, False),
        (date(2029, 12, 26), False, True),
        (date(2026, 7, 14), False, False),
    ],
)
def test_it_knows_the_working_days_of_france(day: date, alsace: bool, works: bool) -> None:
    assert Hours(alsace=alsace).works(day) is works


def test_the_next_working_day_jumps_a_long_week_end() -> None:
    assert Hours().next_working_day(date(2026, 5, 13)) == date(2026, 5, 15)
    assert Hours().next_working_day(date(2026, 4, 2)) == date(2026, 4, 3)
    assert Hours(alsace=True).next_working_day(date(2026, 4, 2)) == date(2026, 4, 7)


@given(
    st.integers(0, 730 * 24 * 12).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=5 * n))
)
def test_a_summary_leaves_at_its_hour_in_paris_whatever_the_clocks_do(now: datetime) -> None:
    hours = Hours(time(8, 30))
    leaves = hours.leaves_at(now)
    here = local(now)
    assert (leaves is not None) == (hours.works(here.date()) and here.time() < rules.EVENING)
    if leaves is not None:
        assert local(leaves).time() == time(8, 30)
        assert local(leaves).date() == here.date()


def test_nights_when_the_clocks_change_keep_the_hour() -> None:
    everyday = Hours(time(8, 30), days=(1, 2, 3, 4, 5, 6, 7))
    winter, summer = datetime(2026, 3, 28, 5, tzinfo=UTC), datetime(2026, 3, 29, 5, tzinfo=UTC)
    assert everyday.leaves_at(winter) == datetime(2026, 3, 28, 7, 30, tzinfo=UTC)
    assert everyday.leaves_at(summer) == datetime(2026, 3, 29, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("90, 30 et 7", (90, 30, 7)),
        ("7;30;30", (30, 7)),
        ("1", (1,)),
        ("", None),
        ("demain", None),
        ("400", None),
        ("-3", None),
        ("1 2 3 4 5 6 7 8 9", None),
        ("²", None),
    ],
)
def test_it_reads_numbers_of_days_as_people_write_them(text: str, days: tuple[int, ...] | None) -> None:
    assert rules.thresholds(text) == days


def test_a_kind_nobody_heard_of_has_the_usual_thresholds() -> None:
    assert kind("satellite") is OTHER
    assert OTHER.days == USUAL
    for known in KINDS.values():
        assert rules.thresholds(", ".join(map(str, known.days))) == known.days


def test_silence_is_half_an_hour() -> None:
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert rules.silent(now - timedelta(minutes=30), now)
    assert not rules.silent(now - timedelta(minutes=29), now)
