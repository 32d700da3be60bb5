"""The plan: started with what is known, completed part by part, its gaps said, its year counted."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mspaudit.clients import mandate_actions, people_actions
from mspaudit.clients.queries import people
from mspaudit.content import crisis as content
from mspaudit.crisis import actions, queries, rules
from mspaudit.crisis.actions import SeatGiven, SheetGiven
from mspaudit.errors import DomainError
from mspaudit.extensions import db
from mspaudit.inventory.models import Agreement, InsurancePolicy
from tests.cast import Cast
from tests.crisis.plans import NOW, TODAY, client, complete, sheet_of, started

DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))


@given(DAYS, st.integers(0, 3000))
def test_a_year_makes_a_plan_stale_and_nothing_before_does(day: date, later: int) -> None:
    assert rules.stale(None, day)
    seen = rules.stale(day, day + timedelta(days=later))
    assert seen == (later > 366) or later in (365, 366)


@given(DAYS)
def test_what_changed_after_it_was_printed_is_to_be_printed_again(day: date) -> None:
    assert not rules.outdated_print(day, day, day)
    assert rules.outdated_print(day, day + timedelta(days=1), day + timedelta(days=1))


@pytest.mark.parametrize("kind", ["commune", "enterprise"])
def test_every_kind_of_client_has_a_whole_plan_to_begin_with(kind: str) -> None:
    assert {role.code for role in content.roles(kind)} >= set(rules.DEPUTIZED)
    for rows in (content.roles(kind), content.contacts(kind), content.sheets(kind), content.messages(kind)):
        codes = [row.code for row in rows]
        assert len(codes) == len(set(codes)) > 2
    assert "paie" in {sheet.code for sheet in content.sheets(kind)}
    assert all(sheet.steps and sheet.stock and sheet.data for sheet in content.sheets(kind))


def test_it_begins_with_the_provider_the_referents_and_the_insurer(cast: Cast) -> None:
    with cast.inside():
        found = client()
        pilot = people_actions.add_person(
            found, name="Zoé Delorme", status="agent", phone="06 11 22 33 44", now=NOW
        )
        mandate_actions.name_referent(found, role="pilot", person=pilot, since=TODAY, now=NOW)
        policy = Agreement(client_id=found.id, key="cyber", kind="insurance", label="Cyber", supplier="Assur")
        db.session.add(policy)
        db.session.flush()
        terms = InsurancePolicy(client_id=found.id, agreement_id=policy.id, claim_phone="01 99")
        terms.notify_hours = 48
        db.session.add(terms)
        started()
        view = queries.view(found)
        seats = {seat.role.code: seat for seat in view.seats}
        assert (seats["referent"].name, seats["referent"].phone) == ("Zoé Delorme", pilot.phone)
        lines = {line.usual.code: line for line in view.directory}
        assert lines["provider"].phone == "01 23 45 67 89"
        assert (lines["insurer"].name, lines["insurer"].phone) == ("Assur", "01 99")
        assert "48 heures" in lines["insurer"].note
        assert lines["police"].phone == "17"
        with pytest.raises(DomainError, match="déjà commencé"):
            started()


def test_what_is_missing_is_said_part_by_part(cast: Cast) -> None:
    with cast.inside():
        started()
        said = dict.fromkeys(part for part, _text in queries.view(client()).missing)
        assert list(said) == ["cell", "directory", "sheets", "cover"]


def test_a_complete_plan_lacks_nothing_for_a_year(cast: Cast) -> None:
    with cast.inside():
        complete()
        view = queries.view(client())
        assert view.missing == []
        assert not view.stale(TODAY)
        assert not view.outdated_print(TODAY)
        assert view.stale(TODAY + timedelta(days=367))
        assert view.plan is not None
        assert view.plan.version == 1


def test_someone_who_left_must_be_replaced(cast: Cast) -> None:
    with cast.inside():
        complete()
        person = next(p for p in people(client().id) if p.name == "Zoé Delorme")
        people_actions.mark_left(client(), person, on=TODAY, now=NOW)
        assert ("cell", "remplaçant de Zoé Delorme, qui est parti") in queries.view(client()).missing


def test_a_service_that_the_client_does_not_have_asks_for_no_sheet(cast: Cast) -> None:
    with cast.inside():
        plan = started()
        before = len(queries.view(client()).expected)
        sheet_of(plan, "cimetiere", concerned=False)
        view = queries.view(client())
        assert len(view.expected) == before - 1
        assert [usual.code for usual in view.unconcerned] == ["cimetiere"]


def test_a_refusal_writes_nothing(cast: Cast) -> None:
    with cast.inside():
        plan = started()
        usual = queries.usual_sheet_or_404(client(), "paie")
        for given_sheet in (SheetGiven(True, 72, " ", "", ""), SheetGiven(True, 0, "Noter", "", "")):
            with pytest.raises(DomainError):
                actions.write_sheet(client(), plan, usual, given_sheet, by="Zoé", today=TODAY, now=NOW)
        with pytest.raises(DomainError, match="exemplaires"):
            actions.note_print(plan, today=TODAY, now=NOW)
        with pytest.raises(DomainError):
            actions.set_cover(plan, activation=" ", places=[], now=NOW)
        assert queries.sheet(client().id, "paie") is None
        assert plan.printed_on is None


def test_a_name_of_the_house_is_tied_to_its_person(cast: Cast) -> None:
    with cast.inside():
        plan = started()
        person = people_actions.add_person(client(), name="Zoé Delorme", status="agent", now=NOW)
        actions.set_cell(client(), plan, {"decide": SeatGiven("zoe delorme", "06 11 22 33 44")}, now=NOW)
        people_actions.mark_left(client(), person, on=TODAY, now=NOW)
        (seat,) = [each for each in queries.view(client()).seats if each.role.code == "decide"]
        assert seat.gone == ("zoe delorme",)
