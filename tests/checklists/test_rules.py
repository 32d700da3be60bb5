"""Answers: what they are worth today, how far they are proven, what is left."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mspaudit.checklists.rules import (
    AnswerState,
    ChecklistError,
    Choice,
    Proof,
    Remaining,
    Scale,
    allowed_choices,
    answer_value,
    conflict,
    halves,
    remaining,
    settled,
    share,
    state_on,
    stated,
)
from mspaudit.kernel.periods import add_months

TODAY = date(2026, 11, 21)
days = st.dates(date(2000, 1, 1), date(2100, 1, 1))


def points(scale: str, choice: str, **given: object) -> float | None:
    return answer_value(scale, choice, **{"today": TODAY, **given})


@pytest.mark.parametrize(
    ("scale", "choice", "expected"),
    [
        ("S3", "no", 0),
        ("S3", "partly", 1.5),
        ("S3", "yes", 3),
        ("ON", "no", 0),
        ("ON", "yes", 3),
        ("DT", "no", 0),
        ("PC", "no", 0),
        ("PC", "yes", 3),
    ],
)
def test_each_scale_gives_its_points(scale: str, choice: str, expected: float) -> None:
    assert points(scale, choice) == expected


@pytest.mark.parametrize("scale", Scale)
def test_not_knowing_scores_zero_and_not_concerned_is_excluded(scale: Scale) -> None:
    assert points(scale, "unknown") == 0.0
    assert points(scale, "na") is None


def test_points_become_a_share_for_the_risk_model() -> None:
    assert [share(value) for value in (0.0, 1.5, 3.0, None)] == [0.0, 0.5, 1.0, None]


@pytest.mark.parametrize("scale", ["ON", "DT"])
def test_a_question_without_middle_ground_refuses_partly(scale: str) -> None:
    assert Choice.PARTLY not in allowed_choices(scale)
    with pytest.raises(ChecklistError, match="pas proposée"):
        points(scale, "partly")


def test_a_three_step_question_offers_five_choices() -> None:
    assert allowed_choices("S3") == tuple(Choice)


@pytest.mark.parametrize(("percent", "expected"), [(0, 0), (49.9, 0), (50, 1.5), (99.9, 1.5), (100, 3)])
def test_coverage_has_three_steps(percent: float, expected: float) -> None:
    assert points("PC", "partly", percent=percent) == expected


@pytest.mark.parametrize("percent", [-1, 100.1, float("nan"), None])
def test_it_refuses_an_impossible_or_missing_coverage(percent: float | None) -> None:
    with pytest.raises(ChecklistError, match="part couverte"):
        points("PC", "partly", percent=percent)


def test_a_stated_coverage_outranks_the_word_yes() -> None:
    assert points("PC", "yes", percent=80) == 1.5


def test_it_refuses_a_yes_without_its_date() -> None:
    with pytest.raises(ChecklistError, match="date"):
        points("DT", "yes")


def test_it_refuses_a_date_in_the_future() -> None:
    assert points("DT", "yes", done_on=TODAY) == 3
    with pytest.raises(ChecklistError, match="futur"):
        points("DT", "yes", done_on=TODAY + timedelta(days=1))


@pytest.mark.parametrize(
    ("done_on", "today", "expected"),
    [
        (date(2025, 11, 21), date(2026, 11, 21), 3),  # the anniversary itself is still within
        (date(2025, 11, 21), date(2026, 11, 22), 1.5),
        (date(2024, 11, 21), date(2026, 11, 21), 1.5),
        (date(2024, 11, 21), date(2026, 11, 22), 0),
        (date(2024, 2, 29), date(2025, 2, 28), 3),  # 29 February's anniversary is 28 February
        (date(2024, 2, 29), date(2025, 3, 1), 1.5),
        (date(2024, 2, 29), date(2026, 2, 28), 1.5),
        (date(2024, 2, 29), date(2026, 3, 1), 0),
        (date(2023, 2, 28), date(2024, 2, 28), 3),  # and 28 February's is never 29 February
        (date(2023, 2, 28), date(2024, 2, 29), 1.5),
    ],
)
def test_a_dated_answer_ages_by_whole_months(done_on: date, today: date, expected: float) -> None:
    assert points("DT", "yes", done_on=done_on, today=today) == expected


@given(done_on=days, waits=st.lists(st.integers(0, 1500), min_size=2))
def test_a_dated_answer_never_gains_by_waiting(done_on: date, waits: list[int]) -> None:
    worth = [points("DT", "yes", done_on=done_on, today=done_on + timedelta(days=n)) for n in sorted(waits)]
    assert worth == sorted(worth, reverse=True)


@given(done_on=days)
def test_a_dated_answer_is_whole_up_to_its_anniversary_and_no_longer(done_on: date) -> None:
    anniversary = add_months(done_on, 12)
    assert points("DT", "yes", done_on=done_on, today=anniversary) == 3
    assert points("DT", "yes", done_on=done_on, today=anniversary + timedelta(days=1)) == 1.5


@given(
    scale=st.sampled_from(Scale),
    choice=st.sampled_from(Choice),
    done_on=st.none() | days,
    percent=st.none() | st.floats(),
    today=days,
)
def test_any_answer_is_worth_0_to_3_or_excluded_or_refused(
    scale: Scale, choice: Choice, done_on: date | None, percent: float | None, today: date
) -> None:
    try:
        value = answer_value(scale, choice, done_on=done_on, percent=percent, today=today)
    except ChecklistError:
        return
    assert value in (None, 0.0, 1.5, 3.0)
    assert (value is None) == (choice is Choice.NOT_APPLICABLE)


@pytest.mark.parametrize("proven", [AnswerState.EVIDENCED, AnswerState.VERIFIED])
def test_proof_is_valid_on_its_last_day_and_expired_the_next(proven: AnswerState) -> None:
    assert state_on(proven, proof_until=TODAY, today=TODAY) is proven
    assert state_on(proven, proof_until=TODAY - timedelta(days=1), today=TODAY) is AnswerState.EXPIRED


def test_proof_without_a_last_day_does_not_expire() -> None:
    assert state_on("verified", proof_until=None, today=TODAY) is AnswerState.VERIFIED


@pytest.mark.parametrize("state", ["unanswered", "unknown", "declared", "contradicted", "expired"])
def test_only_proof_expires(state: str) -> None:
    assert state_on(state, proof_until=date(2000, 1, 1), today=TODAY) == state


def test_a_fresh_answer_is_declared_unknown_or_absent() -> None:
    assert [stated(choice) for choice in ("yes", "na", "unknown", None)] == [
        AnswerState.DECLARED,
        AnswerState.DECLARED,
        AnswerState.UNKNOWN,
        AnswerState.UNANSWERED,
    ]


def test_what_is_left_is_counted_in_whole_minutes() -> None:
    questions = {"GOV-01": 1.5, "CRI-06": 1.0, "GOV-04": 0.5}
    assert remaining(questions, {"GOV-01"}) == Remaining(2, 2)
    assert remaining(questions, {"CRI-06", "GOV-04"}) == Remaining(1, 2)
    assert remaining(questions, questions) == Remaining(0, 0)


def test_an_answer_to_a_question_of_another_pack_changes_nothing() -> None:
    assert remaining({"GOV-01": 1.0}, {"OLD-99"}) == Remaining(1, 1)


@pytest.mark.parametrize(
    ("scale", "choice", "given", "expected"),
    [
        ("S3", "yes", {}, 2),
        ("S3", "partly", {}, 1),
        ("ON", "no", {}, 0),
        ("PC", "partly", {"percent": 75}, 1),
        ("PC", "partly", {"percent": 25}, 0),
        ("S3", "na", {}, 0),
        ("DT", "no", {}, 0),
    ],
)
def test_a_choice_is_stored_in_halves(
    scale: str, choice: str, given: dict[str, float], expected: int
) -> None:
    assert halves(scale, choice, today=TODAY, **given) == expected


@given(days)
def test_a_dated_yes_is_stored_full_for_its_date_ages_it(done_on: date) -> None:
    today = max(done_on, TODAY)
    assert halves("DT", "yes", done_on=done_on, today=today) == 2


NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
EARLIER, LATER = NOW - timedelta(hours=1), NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    ("choice", "proofs", "expected"),
    [
        ("yes", [], (AnswerState.DECLARED, None)),
        ("yes", [Proof(TODAY, None)], (AnswerState.EVIDENCED, TODAY)),
        ("partly", [Proof(TODAY, LATER)], (AnswerState.VERIFIED, TODAY)),
        ("yes", [Proof(TODAY, EARLIER)], (AnswerState.EVIDENCED, TODAY)),
        ("no", [Proof(TODAY, LATER)], (AnswerState.DECLARED, None)),
        ("na", [Proof(TODAY, LATER)], (AnswerState.DECLARED, None)),
        ("unknown", [Proof(TODAY, LATER)], (AnswerState.UNKNOWN, None)),
        (None, [Proof(TODAY, LATER)], (AnswerState.UNANSWERED, None)),
    ],
)
def test_proof_settles_the_answer_it_was_checked_against(
    choice: str | None, proofs: list[Proof], expected: tuple[AnswerState, date | None]
) -> None:
    assert settled(choice, proofs, answered_at=NOW, today=TODAY) == expected


def test_an_expired_check_gives_way_to_a_proof_still_valid() -> None:
    expired, fresh = Proof(TODAY - timedelta(days=1), LATER), Proof(TODAY, None)
    found = settled("yes", [expired, fresh], answered_at=NOW, today=TODAY)
    assert found == (AnswerState.EVIDENCED, TODAY)


def test_the_second_writer_is_told() -> None:
    assert conflict(expected_version=3, current_version=4)
    assert not conflict(expected_version=4, current_version=4)
