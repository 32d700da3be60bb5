"""What an action may become, what a decision must say, and what delivery counts."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mspaudit.plan import rules

TODAY = date(2026, 11, 20)
DAYS = st.dates(TODAY - timedelta(days=400), TODAY + timedelta(days=400))


@pytest.mark.parametrize("status", rules.STATUSES)
def test_only_a_decision_or_a_contract_makes_an_action_decided(status: str) -> None:
    undecided = status in ("proposed", "refused", "postponed", "cancelled")
    for covered in (False, True):
        reached = set(rules.moves(status, covered=covered))
        allowed = {"decided"} if covered and status == "proposed" else set()
        if undecided:
            assert reached & {"decided", "in_progress", "done"} == allowed


@given(st.lists(st.integers(0, 8), min_size=1, max_size=8), st.integers(0, 7), st.integers(0, 7))
def test_a_plan_that_lets_no_turn_in_has_none(needs: list[int], action: int, wanted: int) -> None:
    ids = [UUID(int=number) for number in range(9)]
    known: dict[UUID, UUID | None] = dict.fromkeys(ids)
    for number, needed in enumerate(needs):
        if not rules.would_turn(ids[number], ids[needed], known):
            known[ids[number]] = ids[needed]
    if not rules.would_turn(ids[action], ids[wanted], known):
        known[ids[action]] = ids[wanted]
    for start in ids:
        seen, here = set(), known[start]
        while here is not None:
            assert here not in seen
            assert here != start
            seen.add(here)
            here = known[here]


@given(st.lists(st.tuples(st.none() | DAYS, st.none() | DAYS)))
def test_delivery_counts_what_fell_due_and_never_more_on_time(
    pairs: list[tuple[date | None, date | None]],
) -> None:
    found = rules.delivery(pairs, today=TODAY)
    assert 0 <= found.on_time <= found.due <= len(pairs)
    assert (found.share is None) == (found.due == 0)


def test_delivery_leaves_out_what_has_no_date_or_is_not_due() -> None:
    tomorrow, yesterday = TODAY + timedelta(days=1), TODAY - timedelta(days=1)
    pairs = [
        (None, TODAY), (tomorrow, None), (TODAY, None),  # nothing promised, not due, due until tonight
        (yesterday, None), (yesterday, TODAY), (yesterday, yesterday), (tomorrow, TODAY),
    ]  # fmt: skip
    assert rules.delivery(pairs, today=TODAY) == rules.Delivery(due=4, on_time=2)


@pytest.mark.parametrize(
    ("verdict", "reason", "until", "fine"),
    [
        ("accepted", "", None, True),
        ("refused", "", None, False),
        ("refused", "     ", None, False),
        ("refused", "Trop cher", None, True),
        ("postponed", "Après le budget", None, False),
        ("postponed", "", TODAY + timedelta(days=30), False),
        ("postponed", "Après le budget", TODAY, False),
        ("postponed", "Après le budget", TODAY + timedelta(days=30), True),
        ("postponed", "Après le budget", TODAY + timedelta(days=900), False),
        ("done", "Après le budget", None, False),
    ],
)
def test_a_decision_says_what_it_must(verdict: str, reason: str, until: date | None, fine: bool) -> None:
    assert (rules.refusal(verdict, reason, until, today=TODAY) == "") == fine


def test_a_refusal_comes_back_in_a_year_and_an_acceptance_never() -> None:
    assert rules.review_on("refused", None, today=TODAY) == date(2027, 11, 20)
    assert rules.review_on("accepted", None, today=TODAY) is None
    assert rules.review_on("postponed", TODAY, today=TODAY) == TODAY


def test_a_commune_reads_what_it_pays() -> None:
    assert rules.price(1.5, 60_00, 50_00) == 140_00
    assert rules.shown_cents(140_00, with_tax=True) == 168_00
    assert rules.shown_cents(140_00, with_tax=False) == 140_00
    assert rules.rate_cents({"hourly_rate": 72.5}) == 7250
    assert rules.rate_cents({"hourly_rate": "beaucoup"}) == 6000


def test_an_action_never_waits_for_itself() -> None:
    one = uuid4()
    assert rules.would_turn(one, one, {one: None})
