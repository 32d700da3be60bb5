"""Campaigns: starting, carrying over, reminding, closing, reopening."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from mspaudit.checklists import actions, queries
from mspaudit.checklists.deadlines import DEADLINES
from mspaudit.checklists.models import Answer, Assessment, LoadedControl, LoadedPack
from mspaudit.checklists.packs import load_pack, words
from mspaudit.content.packs import SCENARIO_CODES, base_pack
from mspaudit.errors import DomainError
from mspaudit.extensions import db
from mspaudit.outbox.models import OutgoingMail
from mspaudit.risk.scenarios import SCENARIOS
from tests.cast import Cast
from tests.checklists.campaigns import INES, NOW, TODAY, answer_of, current, prove, say, start

LATER = NOW + timedelta(days=200)


def test_a_pack_is_loaded_once_with_the_strengths_in_the_order_of_the_scenarios(cast: Cast) -> None:
    assert SCENARIO_CODES == SCENARIOS
    pack = base_pack()
    with cast.inside():
        assert load_pack(pack).id == load_pack(pack).id
        assert db.session.scalar(select(func.count()).select_from(LoadedPack)) == 1
        row = db.session.scalars(select(LoadedControl).where(LoadedControl.code == "CRI-01")).one()
        strengths = [row.m1, row.m2, row.m3, row.m4, row.m5, row.m6]
        assert strengths == [pack.control("CRI-01").scenarios[code] for code in SCENARIOS]
        assert words(pack.digest) == pack


@pytest.mark.parametrize(("slug", "kind"), [("valbrune", "commune"), ("fontaine", "enterprise")])
def test_a_campaign_has_one_row_a_control_of_its_kind(cast: Cast, slug: str, kind: str) -> None:
    start(cast, slug)
    with cast.inside() as house:
        codes = set(db.session.scalars(select(Answer.code).where(Answer.client_id == house.clients[slug])))
        assert codes == {control.code for control in base_pack().for_kind(kind)}


def test_the_express_questionnaire_asks_ten(cast: Cast) -> None:
    start(cast, scope="express")
    with cast.inside():
        asked = db.session.scalar(select(func.count()).select_from(Answer).where(Answer.asked))
        assert asked == 10


def test_the_secretary_is_asked_only_what_she_can_answer(cast: Cast) -> None:
    start(cast)
    with cast.inside() as house:
        checklist = queries.current_assessment(house.clients["valbrune"])
        assert checklist is not None
        everything = queries.questions(checklist, today=TODAY)
        hers = queries.for_portal(everything)
        assert 0 < len(hers) < len(everything)
        assert all("client" in question.control.answered_by for question in hers)
        progress = queries.progress(house.clients["valbrune"], today=TODAY)
        assert progress is not None
        assert progress.remaining.questions == len(hers)


def test_the_next_campaign_carries_answers_and_proofs_to_confirm(cast: Cast) -> None:
    start(cast)
    with cast.inside() as house:
        answer = answer_of(house.clients["valbrune"], "GOV-01")
        say(answer, "yes", note="Arrêté du 3 mars.")
        actions.verify_evidence(prove(answer), now=NOW, today=TODAY, by=INES)
    start(cast, now=LATER)
    with cast.inside() as house:
        client = house.clients["valbrune"]
        assert db.session.scalar(select(func.count()).select_from(Assessment).where(Assessment.current)) == 1
        answer = answer_of(client, "GOV-01")
        assert (answer.choice, answer.note, answer.state, answer.carried) == (
            "yes",
            "Arrêté du 3 mars.",
            "verified",
            True,
        )
        checklist = queries.current_assessment(client)
        assert checklist is not None
        found = queries.one_question(checklist, "GOV-01", today=TODAY)
        assert found is not None
        assert not found.answered
        assert [proof.filename for proof in found.proofs] == ["photo.png"]
        actions.confirm_carried(answer, now=LATER)
        assert not answer.carried
        assert answer_of(client, "GOV-02").choice is None


def test_saying_the_same_again_confirms(cast: Cast) -> None:
    start(cast)
    with cast.inside() as house:
        say(answer_of(house.clients["valbrune"], "GOV-01"), "yes")
    start(cast, now=LATER)
    with cast.inside() as house:
        answer = answer_of(house.clients["valbrune"], "GOV-01")
        assert say(answer, "yes", now=LATER)
        assert not answer.carried


def test_a_campaign_is_compared_with_the_one_before(cast: Cast) -> None:
    start(cast)
    with cast.inside() as house:
        client = house.clients["valbrune"]
        for code, choice in (("GOV-01", "no"), ("GOV-04", "yes"), ("GOV-05", "yes")):
            say(answer_of(client, code), choice)
    start(cast, now=LATER)
    with cast.inside() as house:
        client = house.clients["valbrune"]
        for code, choice in (("GOV-01", "yes"), ("GOV-04", "no"), ("GOV-05", "yes")):
            say(answer_of(client, code), choice, now=LATER)
        db.session.flush()
        checklist = queries.current_assessment(client)
        assert checklist is not None
        changes = queries.comparison(checklist, today=TODAY)
        seen = {code: tuple(changes[code]) for code in ("GOV-01", "GOV-04", "GOV-05")}
        assert seen == {"GOV-01": ("non", "better"), "GOV-04": ("oui", "worse"), "GOV-05": ("oui", "same")}


def test_reopening_takes_a_reason(cast: Cast) -> None:
    start(cast)
    with cast.inside() as house:
        assessment = current(house.clients["valbrune"])
        actions.close_assessment(assessment, now=NOW)
        with pytest.raises(DomainError):
            actions.reopen_assessment(assessment, "   ", now=NOW)
        actions.reopen_assessment(assessment, "Une réponse à corriger.", now=NOW)
        assert (assessment.closed_at, assessment.reopen_reason) == (None, "Une réponse à corriger.")


def test_a_replaced_campaign_never_reopens(cast: Cast) -> None:
    first = start(cast)
    start(cast, now=LATER)
    with cast.inside() as house:
        old = queries.assessment(house.clients["valbrune"], first)
        assert old is not None
        assert old.assessment.closed_at is not None
        with pytest.raises(DomainError):
            actions.reopen_assessment(old.assessment, "Pour voir.", now=LATER)


def test_a_campaign_cannot_be_due_yesterday(cast: Cast) -> None:
    with pytest.raises(DomainError):
        start(cast, due_on=TODAY - timedelta(days=1))


def test_a_reminder_goes_to_everyone_of_the_client_once_a_day(cast: Cast) -> None:
    start(cast, due_on=date(2026, 12, 1))
    with cast.inside() as house:
        assessment = current(house.clients["valbrune"])
        assert actions.remind(assessment, now=NOW) == 2
        with pytest.raises(DomainError, match="Un rappel est"):
            actions.remind(assessment, now=NOW + timedelta(hours=2))
        mails = db.session.scalars(select(OutgoingMail)).all()
        assert {mail.recipient for mail in mails} == {
            house.people[who].email for who in ("secretary", "decider")
        }
        assert f"/{house.slug}/espace/valbrune/" in mails[0].body
        assert "mardi 1er\u00a0décembre" in mails[0].body


def test_late_clients_are_reminded_once_a_week(cast: Cast) -> None:
    start(cast, due_on=TODAY + timedelta(days=5))
    start(cast, "fontaine", due_on=TODAY + timedelta(days=30))
    with cast.inside():
        assert actions.remind_late(now=NOW) == 1
        assert actions.remind_late(now=NOW + timedelta(days=1)) == 0
        assert actions.remind_late(now=NOW + timedelta(days=8)) == 1


def test_deadlines_tell_campaigns_due_and_proofs_that_end(cast: Cast) -> None:
    start(cast, due_on=date(2026, 12, 1))
    with cast.inside() as house:
        answer = answer_of(house.clients["valbrune"], "GOV-01")
        say(answer, "yes")
        prove(answer, days=30)
        db.session.flush()
        mine = DEADLINES.selected_columns.tenant_id == house.id
        rows = db.session.connection().execute(DEADLINES.where(mine)).all()
        found = {row.kind: (row.subject, row.act_by) for row in rows}
        assert found == {
            "campaign": ("Questionnaire : Campagne de novembre 2026", date(2026, 12, 1)),
            "proof": ("Preuve à renouveler : GOV-01", TODAY + timedelta(days=30)),
        }
