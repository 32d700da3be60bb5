"""Triage, the days it gives, what a wall may show, and whom a text seems to name."""

import itertools
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mspaudit.fieldwork import naming, rules
from mspaudit.fieldwork.rules import Exposure, Urgent
from mspaudit.kernel import workdays

exposures = st.builds(Exposure, st.booleans(), st.booleans(), st.booleans())
categories = st.sampled_from(list(rules.CATEGORIES))
causes = st.sampled_from(list(rules.CAUSES))
days = st.dates(date(2024, 1, 1), date(2030, 12, 31))


@given(categories, exposures, causes)
def test_what_is_exposed_and_sensitive_is_immediate_and_nothing_else_is(
    category: str, exposure: Exposure, cause: str
) -> None:
    immediate = category != "comfort" and any(exposure)
    assert (rules.level(category, exposure, cause) == "immediate") == immediate


@given(exposures)
def test_a_tool_or_an_organisation_at_fault_is_structural(exposure: Exposure) -> None:
    for cause in ("tool", "organisation"):
        assert rules.level("comfort", exposure, cause) == "structural"
    assert rules.level("comfort", exposure, "none") == "comfort"


@given(categories, exposures, st.integers(1, 3))
def test_the_priority_is_the_product_of_its_parts(category: str, exposure: Exposure, often: int) -> None:
    found = rules.priority(category, rules.exposure_of(exposure), often)
    assert 1 <= found <= 36
    assert found % rules.WEIGHTS[category] == 0


@settings(deadline=None)
@given(days)
def test_an_immediate_one_is_decided_in_two_working_days_and_contained_in_a_week(day: date) -> None:
    decided, contained = rules.due("immediate", day)
    assert decided.on > day
    assert workdays.is_working(decided.on)
    worked = sum(workdays.is_working(day + timedelta(d)) for d in range(1, (decided.on - day).days + 1))
    assert worked == 2
    assert contained.on == day + timedelta(days=7)
    assert [each.on - day for each in rules.due("structural", day)] == [timedelta(30), timedelta(90)]


def test_two_working_days_jump_over_christmas() -> None:
    assert rules.due("immediate", date(2026, 12, 24))[0].on == date(2026, 12, 29)


urgents = st.lists(
    st.builds(Urgent, st.uuids(version=4), st.none() | st.integers(1, 12), st.integers(1, 36)),
    max_size=12,
    unique_by=lambda each: each.id,
)


@given(urgents)
def test_five_at_most_are_treated_at_once_and_none_is_forgotten(urgent: list[Urgent]) -> None:
    now, waiting = rules.within_cap(urgent)
    assert len(now) <= rules.MOST_IMMEDIATE
    assert sorted(now + waiting) == sorted(each.id for each in urgent)
    assert not waiting or len(now) == rules.MOST_IMMEDIATE


def test_the_clients_order_comes_before_the_priority() -> None:
    last, first = Urgent(uuid4(), None, 36), Urgent(uuid4(), 1, 4)
    assert rules.within_cap([last, first])[0] == [first.id, last.id]


@given(st.uuids(), st.integers(1, 30))
def test_no_report_is_tied_to_a_group_under_five(group: UUID, headcount: int) -> None:
    assert (rules.tied_group(group, headcount) is None) == (headcount < 5)


@given(st.dictionaries(st.text(min_size=1), st.integers(0, 12)))
def test_a_wall_never_shows_a_count_under_five(counts: dict[str, int]) -> None:
    kept, rest = rules.shown(list(counts.items()))
    assert all(count >= 5 for _, count in kept)
    assert rest == 0 or rest >= 5
    hidden = sum(counts.values()) - sum(count for _, count in kept) - rest
    assert 0 <= hidden < 5


@given(days)
def test_the_next_rendezvous_is_within_a_year(day: date) -> None:
    assert 365 <= (rules.latest_next(day) - day).days <= 366


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("C’est madame Delorme qui a le code", ["Delorme"]),
        ("on demande à M. Le Goff", ["Le Goff"]),
        ("Sandrine garde la clé", ["Sandrine"]),
        ("le code est chez Kerviel depuis mai", ["Kerviel"]),
        ("on passe par Excel et Teams", []),
        ("envoyé à la CAF le Lundi", []),
        ("Le tableur est partagé. Tout le monde l’ouvre.", []),
        ("", []),
    ],
)
def test_whom_a_text_seems_to_name(text: str, found: list[str]) -> None:
    assert naming.named([text]) == found


def test_the_clients_own_people_are_recognised_without_capitals() -> None:
    assert naming.named(["demander a delorme"], ["Zoé Delorme"]) == ["delorme"]
    assert "elorme" not in naming.masked("demander à DELORME, ou à Delorme", ["Zoé Delorme"])


@given(st.text(), st.lists(st.text(max_size=20), max_size=4))
def test_masking_leaves_nothing_to_mask_but_what_stood_beside_it(text: str, people: list[str]) -> None:
    spans = naming.spans(text, people)
    assert all(0 <= s.start < s.end <= len(text) for s in spans)
    assert all(one.end <= two.start for one, two in itertools.pairwise(spans))


def test_sides_disagree_as_soon_as_one_does() -> None:
    assert rules.disagree([True, False, True])
    assert not rules.disagree([True, True])
    assert not rules.disagree([])


@pytest.mark.parametrize(
    ("data", "category"),
    [
        (["people", "codes"], "admin_access"),
        (["money", "people"], "financial"),
        (["health"], "client_data"),
        (["plans"], "comfort"),
        ([], "comfort"),
    ],
)
def test_the_most_exposing_data_names_the_class(data: list[str], category: str) -> None:
    assert rules.proposed_category(data) == category
