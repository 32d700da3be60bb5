"""The invented portfolio: the same each time, nobody real, and things that happen for reasons."""

from collections import Counter
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mspaudit.checklists.rules import allowed_choices
from mspaudit.content import communes
from mspaudit.content.packs import base_pack
from mspaudit.demo.casting import MSPS, SECRETARY, SECRETARY_SERVES, people_of
from mspaudit.demo.names import COMMUNES, COMPANIES, Place
from mspaudit.demo.paper import certificate
from mspaudit.demo.story import WEEKS, Narrator, PilotLeft, Said, Story

TODAY = date(2026, 11, 21)


def tell(seed: int, thread: str | None = None, today: date = TODAY) -> Story:
    narrator = Narrator(Random(seed), start=today - timedelta(weeks=WEEKS), today=today)
    return narrator.tell(base_pack().for_kind("commune"), thread)  # type: ignore[arg-type]


@pytest.mark.parametrize("place", COMMUNES, ids=lambda place: place.name)
def test_no_commune_of_the_demonstration_exists(place: Place) -> None:
    assert not communes.exists_named(place.name)


def test_the_two_msps_have_sixty_and_eight_clients_and_share_none() -> None:
    assert [len(m.communes) + len(m.companies) for m in MSPS] == [60, 8]
    names = Counter(p.name for m in MSPS for p in (*m.communes, *m.companies))
    assert set(names.values()) == {1}
    assert set(names) == {p.name for p in (*COMMUNES, *COMPANIES)}


def test_one_secretary_serves_two_communes() -> None:
    served = [p for p in COMMUNES if people_of(p, "commune", Random(1))[1].email == SECRETARY]
    assert {p.name for p in served} == set(SECRETARY_SERVES)


@given(st.integers(0, 10_000))
def test_the_same_seed_tells_the_same_story(seed: int) -> None:
    assert tell(seed) == tell(seed)


@given(st.integers(0, 10_000), st.dates(date(2024, 1, 1), date(2030, 12, 31)))
def test_every_event_could_have_been_entered_on_its_day(seed: int, today: date) -> None:
    story = tell(seed, today=today)
    pack = base_pack()
    assert [e.on for e in story.events] == sorted(e.on for e in story.events)
    for event in story.events:
        assert story.begins_on <= event.on <= today
        if isinstance(event, Said):
            scale = pack.control(event.code).scale
            assert event.choice in allowed_choices(scale)
            assert (event.choice == "na") == bool(event.na_reason)
            assert event.done_on is None or event.done_on <= event.on
            assert (scale == "DT" and event.choice == "yes") == (event.done_on is not None)


def test_who_loses_their_pilot_answers_worse_afterwards_and_says_why() -> None:
    story = tell(7, "departure")
    left = next(e for e in story.events if isinstance(e, PilotLeft))
    after = [e for e in story.events if isinstance(e, Said) and e.on > left.on and e.choice == "no"]
    assert {"GOV-01", "ACC-03"} <= {e.code for e in after}
    assert all("partie" in e.note for e in after)


def test_a_certificate_is_a_pdf_and_differs_by_code_and_day() -> None:
    one = certificate("BCK-01", TODAY)
    assert one.startswith(b"%PDF-1.4")
    assert one.endswith(b"%%EOF\n")
    assert len({one, certificate("BCK-02", TODAY), certificate("BCK-01", TODAY + timedelta(days=1))}) == 3
