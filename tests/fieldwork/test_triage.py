"""From what was told to what is decided: who reads what, in which order, and what is answered."""

from collections.abc import Mapping
from uuid import UUID

import pytest
from sqlalchemy import func, select

from mspaudit.extensions import db
from mspaudit.fieldwork.deadlines import DEADLINES
from mspaudit.fieldwork.facts import FACTS
from mspaudit.fieldwork.findings import FINDINGS
from mspaudit.fieldwork.models import FieldCampaign, FieldReport, ReportControl
from mspaudit.fieldwork.rules import ANSWER_DAYS, MOST_IMMEDIATE
from mspaudit.journal.models import Entry
from tests.cast import Cast
from tests.fieldwork.campaigns import TODAY, opened, stored, typed
from tests.fieldwork.test_campaign_pages import of, space
from tests.pages import counting, loose_signs, whole

EXPRESS = ("GOV-01", "GOV-05", "CRI-06", "AUT-01", "ACC-03", "ACC-09", "BCK-04", "ACC-05", "CRI-01", "CRI-05")


def told(cast: Cast, *given: Mapping[str, object]) -> tuple[FieldCampaign, list[FieldReport]]:
    """A campaign and what was told, in the order of the moments."""
    campaign, tokens = opened(cast)
    for each in given:
        cast.nobody().post(f"/t/{tokens['Accueil']}", data=typed(seen="1", **each))
    return campaign, sorted(stored(cast), key=lambda each: each.moment)


def sort(cast: Cast, campaign: FieldCampaign, report: UUID, **other: object) -> None:
    data = {"category": "client_data", "cause": "tool", "code": ["ACC-05"]} | other
    answer = cast.signed_in("technician").post(of(cast, f"/{campaign.id}/recits/{report}/tri"), data=data)
    assert answer.status_code == 303, answer.text


def again(cast: Cast, report: UUID) -> FieldReport:
    with cast.inside():
        return db.session.scalars(select(FieldReport).where(FieldReport.id == report)).one()


def test_a_name_is_hidden_from_all_but_the_facilitator_until_it_is_cleared(cast: Cast) -> None:
    campaign, (report,) = told(cast, {"reason": "madame Delorme le veut ainsi"})
    page = of(cast, f"/{campaign.id}/recits/{report.id}")
    facilitator, other = cast.signed_in("technician"), cast.signed_in("admin")
    assert "Delorme" not in whole(other.get(page))
    assert "Delorme" in whole(facilitator.get(page))
    texts = {"moment": "à l’ouverture", "tool": "un tableur", "reason": "la régie le veut ainsi"}
    assert other.post(f"{page}/relecture", data=texts).status_code == 422
    assert facilitator.post(f"{page}/relecture", data=texts).status_code == 303
    text = whole(other.get(page))
    assert "la régie le veut ainsi" in text
    assert not loose_signs(text)
    assert again(cast, report.id).reason == "la régie le veut ainsi"


def test_a_report_is_sorted_by_what_it_exposes(cast: Cast) -> None:
    campaign, (first, second) = told(
        cast, {"moment": "a"}, {"moment": "b", "shared_credential": [], "data": ["plans"]}
    )
    sort(cast, campaign, first.id)
    sort(cast, campaign, second.id, category="comfort", cause="none", code=[])
    assert (again(cast, first.id).level, again(cast, second.id).level) == ("immediate", "comfort")
    text = whole(cast.signed_in("technician").get(of(cast, f"/{campaign.id}")))
    assert "Immédiat" in text
    assert "Décision du client" in text


def test_a_report_linked_to_a_control_disproves_it_until_it_is_done(cast: Cast) -> None:
    campaign, (first, second) = told(cast, {"moment": "a"}, {"moment": "b"})
    for report in (first, second):
        sort(cast, campaign, report.id)
    with cast.inside() as house:
        rows = db.session.execute(FACTS.where(ReportControl.tenant_id == house.id)).all()
    ((_, _, code, value, _, detail),) = rows
    assert (code, value) == ("ACC-05", 0.0)
    assert detail.startswith("2\u00a0remontées de terrain, campagne d")
    for report in (first, second):
        path = of(cast, f"/{campaign.id}/recits/{report.id}/reponse")
        data = {"answer": "done", "why": "Chacun a son accès."}
        assert cast.signed_in("technician").post(path, data=data).status_code == 303
    with cast.inside() as house:
        assert not db.session.execute(FACTS.where(ReportControl.tenant_id == house.id)).all()


def test_reports_that_tell_the_same_are_one_line_and_can_be_parted(cast: Cast) -> None:
    campaign, (first, second) = told(cast, {"moment": "a"}, {"moment": "b"})
    staff = cast.signed_in("technician")
    path = of(cast, f"/{campaign.id}/recits/{second.id}/reunion")
    assert staff.post(path, data={"into": str(first.id)}).status_code == 303
    assert "2\u00a0récits" in staff.get(of(cast, f"/{campaign.id}")).text
    back = of(cast, f"/{campaign.id}/recits/{first.id}/reunion")
    assert staff.post(back, data={"into": str(second.id)}).status_code == 422
    assert whole(staff.get(of(cast, f"/{campaign.id}/recits/{second.id}")))
    assert staff.post(path, data={"into": ""}).status_code == 303
    assert again(cast, second.id).merged_into is None


def test_three_sides_that_disagree_are_shown(cast: Cast) -> None:
    campaign, (report,) = told(cast, {})
    staff = cast.signed_in("technician")
    page = of(cast, f"/{campaign.id}/recits/{report.id}")
    data = {"proposal": "Un accès chacun", "agrees_field": "yes", "agrees_it": "no", "words_it": "trop cher"}
    assert staff.post(f"{page}/visions", data=data).status_code == 303
    assert "Les trois ne disent pas la même chose" in whole(staff.get(page))
    assert "avis divergents" in staff.get(of(cast, f"/{campaign.id}")).text


def answers(choice: str = "yes") -> dict[str, str]:
    return dict.fromkeys(EXPRESS, choice)


def test_the_direction_answers_before_it_reads_and_cannot_change_it(cast: Cast) -> None:
    campaign, (report,) = told(cast, {"tool": "le carnet bleu"})
    sort(cast, campaign, report.id)
    direction, page = cast.signed_in("decider"), space(cast, f"/{campaign.id}")
    assert "le carnet bleu" not in whole(direction.get(page))
    assert direction.post(f"{page}/reponses", data={"report": str(report.id)}).status_code == 404
    assert direction.post(f"{page}/questions", data=answers() | {"GOV-01": ""}).status_code == 422
    assert direction.post(f"{page}/questions", data=answers()).status_code == 303
    text = whole(direction.get(page))
    assert "le carnet bleu" in text
    assert "À éclaircir" in text
    assert not loose_signs(text)
    assert direction.post(f"{page}/questions", data=answers("no")).status_code == 422


def test_beyond_five_urgent_ones_the_direction_says_which_come_first(cast: Cast) -> None:
    campaign, reports = told(cast, *({"moment": f"m{n}"} for n in range(MOST_IMMEDIATE + 1)))
    for report in reports:
        sort(cast, campaign, report.id, code=[])
    staff, direction = cast.signed_in("technician"), cast.signed_in("decider")
    assert "Plus de cinq urgences" in staff.get(of(cast, f"/{campaign.id}")).text
    page = space(cast, f"/{campaign.id}")
    direction.post(f"{page}/questions", data=answers())
    assert "Par quoi commencer" in direction.get(page).text
    same = {f"rank-{each.id}": "1" for each in reports}
    assert direction.post(f"{page}/ordre", data=same).status_code == 422
    order = {f"rank-{each.id}": str(n) for n, each in enumerate(reversed(reports), 1)}
    assert direction.post(f"{page}/ordre", data=order).status_code == 303
    assert again(cast, reports[-1].id).rank == 1
    text = staff.get(of(cast, f"/{campaign.id}")).text
    assert "Plus de cinq urgences" not in text
    assert text.count("attend son rang") == 1


def test_an_answer_reaches_its_group_and_no_other(cast: Cast) -> None:
    campaign, tokens = opened(cast, Accueil=8, Atelier=6, CCAS=2)
    for name in ("Accueil", "CCAS"):
        cast.nobody().post(f"/t/{tokens[name]}", data=typed(tool=f"outil de {name.lower()}", seen="1"))
    direction, page = cast.signed_in("decider"), space(cast, f"/{campaign.id}")
    direction.post(f"{page}/questions", data=answers())
    assert direction.post(f"{page}/reponses", data={}).status_code == 422
    for report in stored(cast):
        data = {"report": str(report.id), "answer": "later", "why": f"Au printemps, pour {report.tool}."}
        assert direction.post(f"{page}/reponses", data=data | {"why": ""}).status_code == 422
        assert direction.post(f"{page}/reponses", data=data).status_code == 303
    read = {name: cast.nobody().get(f"/t/{token}").text for name, token in tokens.items()}
    assert "pour outil de accueil" in read["Accueil"]
    assert "pour outil de accueil" not in read["Atelier"]
    assert all("pour outil de ccas" in text for text in read.values())


def test_what_is_owed_is_in_the_deadlines_and_what_needs_an_action_among_the_findings(cast: Cast) -> None:
    campaign, (report,) = told(cast, {})
    sort(cast, campaign, report.id)
    with cast.inside() as house:
        found = DEADLINES.where(DEADLINES.selected_columns.tenant_id == house.id)
        due = {row.kind: row.due_on for row in db.session.execute(found)}
        assert set(due) == {"field_answer", "field_contain"}
        assert (due["field_answer"] - TODAY).days in (ANSWER_DAYS, ANSWER_DAYS + 1)
        hidden = FINDINGS.where(FINDINGS.selected_columns.tenant_id == house.id)
        assert not db.session.execute(hidden).all()
    texts = {"moment": "m", "tool": "un tableur", "reason": "r"}
    cast.signed_in("technician").post(of(cast, f"/{campaign.id}/recits/{report.id}/relecture"), data=texts)
    cast.signed_in("technician").post(of(cast, f"/{campaign.id}/cloture"))
    with cast.inside() as house:
        (finding,) = db.session.execute(FINDINGS.where(FINDINGS.selected_columns.tenant_id == house.id))
        assert (finding.kind, finding.code) == ("report", "ACC-05")
        found = DEADLINES.where(DEADLINES.selected_columns.tenant_id == house.id)
        assert {"field_next"} < {row.kind for row in db.session.execute(found)}


def test_every_change_of_a_report_is_told_except_that_it_came(cast: Cast) -> None:
    campaign, (report,) = told(cast, {})
    sort(cast, campaign, report.id)
    with cast.inside():
        verbs = set(db.session.scalars(select(Entry.verb).where(Entry.subject_id == report.id)))
    assert verbs == {"field_report.triaged"}


def test_the_board_asks_the_same_whatever_the_number_of_reports(cast: Cast) -> None:
    campaign, _ = told(cast, {"moment": "a"})
    staff = cast.signed_in("technician")
    with counting(cast.app) as few:
        staff.get(of(cast, f"/{campaign.id}"))
    with cast.inside():
        first = db.session.scalars(select(FieldReport)).first()
        assert first is not None
        columns = {c.name: getattr(first, c.name) for c in FieldReport.__table__.columns if c.name != "id"}
        db.session.add_all(FieldReport(**columns) for _ in range(30))
    with counting(cast.app) as many:
        staff.get(of(cast, f"/{campaign.id}"))
    assert len(many) == len(few)


@pytest.mark.parametrize("path", ["", "/tri", "/reunion", "/visions", "/reponse", "/relecture"])
def test_a_stranger_reaches_no_report(cast: Cast, path: str) -> None:
    campaign, (report,) = told(cast, {})
    stranger = cast.signed_in("technician", cast.saule)
    address = of(cast, f"/{campaign.id}/recits/{report.id}{path}")
    assert (stranger.get(address) if not path else stranger.post(address)).status_code == 404
    with cast.inside():
        assert db.session.scalar(select(func.count()).select_from(FieldReport)) == 1
