"""What the rooms say needs an action, what a plan leaves out, and what falls due."""

from datetime import timedelta
from uuid import UUID

import pytest

from mspaudit.accounts.models import Account, Directory
from mspaudit.checklists import queries as checklists
from mspaudit.clients import people_actions
from mspaudit.extensions import db
from mspaudit.kernel.ids import new_id
from mspaudit.plan import actions, findings, queries
from mspaudit.plan.findings import Candidate
from mspaudit.risk import deadlines
from mspaudit.risk.actions import recompute
from mspaudit.risk.queries import picture
from tests.cast import Cast
from tests.checklists.campaigns import answer_of, say, start
from tests.inventory.helpers import machine, term
from tests.plan.advised import NOW, TODAY, an_action, as_staff, client, decided, sent


def told(client_id: UUID) -> list[Candidate]:
    seen = picture(client_id, today=TODAY)
    return findings.candidates(client_id, queries.controls(seen), queries.gains(seen), today=TODAY)


def test_answers_become_findings_with_their_gain(cast: Cast) -> None:
    start(cast)
    with cast.inside():
        here = client().id
        for code, choice in (
            ("AUT-01", "no"),
            ("BCK-01", "unknown"),
            ("GOV-01", "partly"),
            ("GOV-04", "yes"),
        ):
            say(answer_of(here, code), choice)
    with cast.inside():
        recompute(today=TODAY, now=NOW)
        found = {each.code: each for each in told(client().id)}
    assert {code: found[code].kind for code in ("AUT-01", "BCK-01", "GOV-01")} == {
        "AUT-01": "gap", "BCK-01": "unknown", "GOV-01": "gap",
    }  # fmt: skip
    assert "GOV-04" not in found
    assert (found["AUT-01"].gain or 0) > 0
    assert found["AUT-01"].title != "AUT-01"


def test_a_measure_that_disproves_an_answer_is_a_contradiction(cast: Cast) -> None:
    start(cast)
    with cast.inside():
        here = client().id
        say(answer_of(here, "INV-03"), "yes", percent=100)
        machine(here, "PC-1", "Windows 7", "6.1")
    with cast.inside():
        recompute(today=TODAY, now=NOW)
        kinds = [(each.kind, each.code) for each in told(client().id) if each.code == "INV-03"]
        measured = checklists.measured_of(client().id, today=TODAY)["INV-03"]
    assert measured.fact.value == 0
    # The machines themselves say it better than the question does.
    assert kinds == [("machine", "INV-03")]


def test_machines_and_notices_are_findings(cast: Cast) -> None:
    with cast.inside():
        here = client().id
        machine(here, "PC-1", "Windows 7", "6.1")
        machine(here, "PC-2", "Windows 7", "6.1")
        term(here, "Copieur", ends_on=TODAY + timedelta(days=120), tacit=True, notice_months=3)
        term(here, "Loin", ends_on=TODAY + timedelta(days=500), tacit=True, notice_months=3)
    with cast.inside():
        found = told(client().id)
    assert [each.kind for each in found].count("machine") == 1
    (machines,) = [each for each in found if each.kind == "machine"]
    assert "2" in machines.title
    assert "PC-1" in machines.detail
    assert [each.title for each in found if each.kind == "contract"] == ["Décider de la suite : Copieur"]


def test_accounts_left_on_are_counted_and_name_nobody(cast: Cast) -> None:
    with cast.inside():
        here = client()
        gone = people_actions.add_person(here, name="Zoé Delorme", status="agent", now=NOW)
        gone.left_on = TODAY - timedelta(days=9)
        directory = Directory(
            id=new_id(), client_id=here.id, source="entra", imported_at=NOW, import_id=new_id()
        )
        db.session.add(directory)
        db.session.flush()
        db.session.add(
            Account(client_id=here.id, directory_id=directory.id, key="zoe", name="Zoé", person_id=gone.id)
        )
    with cast.inside():
        (found,) = told(client().id)
    assert (found.kind, found.code) == ("accounts", "ACC-03")
    assert "Zoé" not in found.title + found.detail + found.fix


def test_what_is_in_the_plan_is_no_finding_until_it_is_given_up(cast: Cast) -> None:
    with cast.inside():
        machine(client().id, "PC-1", "Windows 7", "6.1")
    with cast.inside():
        (found,) = told(client().id)
        item = actions.add_candidate(client(), found, now=NOW)
        db.session.flush()
        assert told(client().id) == []
        actions.move(item, "cancelled", now=NOW, today=TODAY)
        db.session.flush()
        assert [each.source_id for each in told(client().id)] == [found.source_id]


def test_findings_of_another_house_are_not_ours(cast: Cast) -> None:
    with cast.inside(cast.saule):
        machine(client().id, "PC-1", "Windows 7", "6.1")
    with cast.inside():
        assert told(client().id) == []


@pytest.mark.parametrize(
    ("verdict", "more", "kind", "days"),
    [
        ("accepted", {}, None, 0),
        ("refused", {"reason": "Trop cher"}, "decision_review", 365),
        (
            "postponed",
            {"reason": "Après le budget", "until": TODAY + timedelta(days=60)},
            "decision_review",
            60,
        ),
        (None, {}, "decision", 15),
    ],
)
def test_what_is_waited_for_falls_due(
    cast: Cast, verdict: str | None, more: dict[str, object], kind: str | None, days: int
) -> None:
    advice = sent(cast)
    if verdict:
        decided(cast, advice, verdict, **more)
    with cast.inside():
        due = db.session.execute(
            deadlines.of_client(client().id), {"tenant": cast.tilleul.id, "today": TODAY}
        ).all()
    found = [row for row in due if row.kind.startswith("decision")]
    assert [(row.kind, row.act_by) for row in found] == (
        [(kind, TODAY + timedelta(days=days))] if kind else []
    )


def test_a_decided_action_falls_due_on_its_day(cast: Cast) -> None:
    with cast.inside(context=as_staff(cast)):
        item = an_action("Ranger", due_on=TODAY + timedelta(days=9), covered=True)
        actions.move(item, "decided", now=NOW, today=TODAY)
        an_action("Rêver", due_on=TODAY)
    with cast.inside():
        due = db.session.execute(
            deadlines.of_client(client().id), {"tenant": cast.tilleul.id, "today": TODAY}
        ).all()
    assert [(row.subject, row.act_by) for row in due if row.kind == "action"] == [
        ("Ranger", TODAY + timedelta(days=9))
    ]
