"""What the plan measures, makes due and asks for: nothing where nothing is known."""

from datetime import date, timedelta
from typing import Any

import pytest

from mspaudit.clients.models import OrgUnit
from mspaudit.crisis import actions, exercise_actions, queries
from mspaudit.crisis.actions import ContactGiven
from mspaudit.crisis.deadlines import DEADLINES
from mspaudit.crisis.exercise_actions import Played
from mspaudit.crisis.facts import FACTS
from mspaudit.crisis.findings import FINDINGS
from mspaudit.crisis.models import Exercise
from mspaudit.errors import DomainError
from mspaudit.extensions import db
from mspaudit.tenancy.context import tenant_id
from tests.cast import Cast
from tests.crisis.plans import NOW, TODAY, client, complete, sheet_of, started

LATER = TODAY + timedelta(days=400)


def rows(source: Any, today: date = TODAY) -> list[Any]:
    """What ``source`` says of Valbrune."""
    db.session.flush()
    columns = source.selected_columns
    mine = source.where(columns.tenant_id == tenant_id(), columns.client_id == client().id)
    return list(db.session.execute(mine, {"today": today}).mappings())


def measured(today: date = TODAY) -> dict[str, tuple[float, str]]:
    """By code: value and detail."""
    return {row["code"]: (round(row["value"], 3), row["detail"]) for row in rows(FACTS, today)}


def exercise(played: Played | None = None) -> Exercise:
    row = exercise_actions.plan_exercise(client(), scenario="ransom", planned_on=TODAY, now=NOW)
    if played is not None:
        exercise_actions.note_exercise(row, played, today=TODAY, now=NOW)
    return row


def test_a_plan_only_started_measures_nothing_and_makes_nothing_due(cast: Cast) -> None:
    with cast.inside():
        assert rows(FINDINGS) == []
        started()
        assert measured() == {}
        assert rows(DEADLINES) == []


def test_a_complete_plan_is_good_for_a_year(cast: Cast) -> None:
    with cast.inside():
        complete()
        found = measured()
        assert {code: value for code, (value, _detail) in found.items()} == dict.fromkeys(
            ("CRI-01", "CRI-02", "CRI-03"), 1.0
        )
        assert found["CRI-01"][1] == "plan de crise, version 1, relu le 20/11/2026"
        assert measured(LATER)["CRI-01"][0] == 0.5
        assert measured(LATER)["CRI-02"][0] == 0.5
        due = {row["kind"]: row["due_on"] for row in rows(DEADLINES)}
        assert due == {"crisis_review": date(2027, 11, 20), "crisis_print": date(2027, 11, 20)}
        assert rows(FINDINGS) == []


def test_paper_that_lacks_a_number_or_is_out_of_date_is_worth_half(cast: Cast) -> None:
    with cast.inside():
        plan = complete()
        actions.set_directory(client(), plan, {"provider": ContactGiven("Tilleul", "01 02")}, now=NOW)
        value, detail = measured()["CRI-02"]
        assert value == 0.5
        assert detail.endswith("numéros qui manquent\u00a0: 4")
        assert "modifié depuis" not in detail
        plan.changed_at = NOW + timedelta(days=2)
        assert "modifié depuis" in measured(TODAY + timedelta(days=2))["CRI-02"][1]


def test_sheets_are_measured_against_the_services_that_the_client_has(cast: Cast) -> None:
    with cast.inside():
        plan = started()
        wanted = len(queries.view(client()).expected)
        sheet_of(plan, "paie")
        assert measured()["CRI-03"] == (
            round(1 / wanted, 3),
            f"1\u00a0service sur {wanted} avec une fiche pour travailler sans informatique",
        )
        sheet_of(plan, "cimetiere", concerned=False)
        assert measured()["CRI-03"][0] == round(1 / (wanted - 1), 3)
        db.session.add(OrgUnit(client_id=client().id, code="ccas", name="CCAS"))
        assert measured()["CRI-03"][0] == round(1 / wanted, 3)
        assert len(queries.view(client()).expected) == wanted
        (finding,) = rows(FINDINGS)
        assert "CCAS" in finding["detail"]
        assert "Cimetière" not in finding["detail"]


def test_an_exercise_is_due_then_measured_by_its_lessons(cast: Cast) -> None:
    with cast.inside():
        row = exercise()
        assert [each["kind"] for each in rows(DEADLINES)] == ["exercise"]
        assert measured() == {}
        exercise_actions.note_exercise(row, Played(TODAY, "", "", []), today=TODAY, now=NOW)
        assert measured()["CRI-04"] == (0.5, "exercice joué le 20/11/2026, sans leçon notée")
        lessons = ["Imprimer les numéros", " ", "Imprimer les numéros", "Tester la 4G"]
        exercise_actions.note_exercise(row, Played(TODAY, "", "", lessons), today=TODAY, now=NOW)
        assert measured()["CRI-04"][0] == 1.0
        assert measured(LATER)["CRI-04"][0] == 0.5
        assert rows(DEADLINES) == []
        found = rows(FINDINGS)
        assert {each["title"] for each in found} == {"Imprimer les numéros", "Tester la 4G"}
        assert len({each["source_id"] for each in found}) == 2
        assert rows(FINDINGS) == found


@pytest.mark.parametrize(
    "played",
    [
        Played(TODAY + timedelta(days=1), "", "", []),
        Played(None, "", "", ["Une leçon"]),
        Played(TODAY, "", "", [f"Leçon {number}" for number in range(13)]),
    ],
)
def test_an_exercise_is_not_noted_before_it_was_played_nor_with_too_many_lessons(
    cast: Cast, played: Played
) -> None:
    with cast.inside():
        row = exercise()
        with pytest.raises(DomainError):
            exercise_actions.note_exercise(row, played, today=TODAY, now=NOW)
        assert row.held_on is None
        with pytest.raises(DomainError):
            exercise_actions.plan_exercise(client(), scenario="inconnu", planned_on=TODAY, now=NOW)
