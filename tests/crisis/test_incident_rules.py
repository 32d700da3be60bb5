"""Clocks count elapsed hours, whatever the night; what is not known yet starts them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mspaudit.clients.rules import Refused
from mspaudit.crisis.incidents import rules
from mspaudit.crisis.incidents.duties import ANSWERS, DUTIES, RISKS
from mspaudit.crisis.incidents.rules import Told
from mspaudit.kernel.clock import PARIS

START = datetime(2024, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 6 * 366 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))
HOURS = st.integers(1, rules.LONGEST_HOURS)
NOW = datetime(2026, 11, 20, 13, 32, tzinfo=UTC)


@given(MOMENTS, HOURS)
def test_a_clock_ends_after_exactly_that_many_elapsed_hours(aware: datetime, hours: int) -> None:
    due = rules.due_at(aware, hours)
    assert due is not None
    assert due.astimezone(PARIS).astimezone(UTC) - aware == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("aware", "due"),
    [
        # Clocks went back on 25 October 2026: that night has an hour more.
        (datetime(2026, 10, 23, 18, 0, tzinfo=PARIS), "2026-10-26T17:00:00+01:00"),
        # They go forward on 28 March 2027.
        (datetime(2027, 3, 26, 18, 0, tzinfo=PARIS), "2027-03-29T19:00:00+02:00"),
        # An ordinary weekend.
        (datetime(2026, 11, 20, 18, 0, tzinfo=PARIS), "2026-11-23T18:00:00+01:00"),
    ],
)
def test_seventy_two_hours_cross_the_nights_when_clocks_change(aware: datetime, due: str) -> None:
    found = rules.due_at(aware.astimezone(UTC), 72)
    assert found is not None
    assert found.astimezone(PARIS).isoformat() == due


@given(MOMENTS, HOURS, MOMENTS)
def test_a_clock_is_running_or_late_and_never_both(aware: datetime, hours: int, now: datetime) -> None:
    due = rules.due_at(aware, hours)
    assert due is not None
    state = rules.state(applies=True, hours=hours, due=due, done=None, now=now)
    assert state == ("late" if now > due else "running")
    assert rules.time_left(due, now).startswith("dépassé" if now > due else "reste")


def test_what_was_done_stays_done_on_time_or_after_it() -> None:
    due = NOW
    words = {"applies": True, "hours": 72, "due": due, "now": NOW + timedelta(days=9)}
    assert rules.state(done=NOW - timedelta(hours=1), **words) == "met"
    assert rules.state(done=NOW + timedelta(hours=1), **words) == "met_late"
    assert rules.state(applies=False, hours=72, due=due, done=None, now=NOW) == "na"
    assert rules.state(applies=True, hours=None, due=None, done=None, now=NOW) == "untold"
    assert rules.state(applies=True, hours=0, due=None, done=None, now=NOW) == "at_once"


@given(MOMENTS, st.integers(-200, 200))
def test_the_threshold_told_is_the_most_pressing_one_reached(due: datetime, left: int) -> None:
    found = rules.threshold(due, due - timedelta(hours=left))
    assert found == min((h for h in rules.WARN_HOURS if h >= left), default=None)


TOLD = st.builds(
    Told,
    personal=st.sampled_from(list(ANSWERS)),
    risk=st.sampled_from(list(RISKS)),
    insured=st.sampled_from(list(ANSWERS)),
    money=st.booleans(),
    at_provider=st.booleans(),
    nis2=st.booleans(),
    inhabitants=st.none() | st.integers(0, 100_000),
)


@given(TOLD)
def test_duties_follow_what_is_known(told: Told) -> None:
    holds = {duty for duty in DUTIES if rules.applies(duty, told)}
    assert ("cnil" in holds) == (told.personal != "no" and told.risk != "unlikely")
    assert ("people" in holds) <= ("cnil" in holds)
    assert ("bank" in holds) == told.money
    assert ("complaint" in holds) == (told.insured != "no")
    if told.inhabitants is not None and told.inhabitants <= 30_000:
        assert not any(duty.startswith("nis2") for duty in holds)


def test_a_commune_is_never_under_nis2_by_default() -> None:
    assert not any(rules.applies(duty, Told()) for duty in DUTIES if duty.startswith("nis2"))


def test_a_moment_is_read_on_a_clock_in_paris() -> None:
    assert rules.moment("2026-11-20T10:05", now=NOW) == datetime(2026, 11, 20, 9, 5, tzinfo=UTC)
    assert rules.moment("2026-11-20T14:33", now=NOW) == NOW
    for wrong in ("hier", "2026-11-21T10:05", "2020-01-01T00:00"):
        with pytest.raises(Refused):
            rules.moment(wrong, now=NOW)


def test_hours_are_whole_and_within_a_year() -> None:
    assert rules.whole_hours(" 120 ") == 120
    for wrong in ("0", "-3", "1,5", "9000", "bientôt"):
        with pytest.raises(Refused):
            rules.whole_hours(wrong)


@given(st.text(max_size=20), st.text(max_size=20))
def test_a_seal_tells_one_text_from_another(one: str, other: str) -> None:
    seals = {rules.seal("", 1, NOW, NOW, "fact", "Nora", text, "-") for text in (one, other)}
    assert len(seals) == len({one, other})


def test_a_line_written_long_after_says_so() -> None:
    assert rules.written_late(NOW, NOW + timedelta(hours=2))
    assert not rules.written_late(NOW, NOW + timedelta(minutes=20))
