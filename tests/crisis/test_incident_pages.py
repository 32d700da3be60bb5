"""The pages of incidents, for the MSP, for the client's own people, and for nobody else."""

from uuid import UUID

import pytest

from mspaudit.crisis.incidents import queries
from tests.cast import Cast
from tests.crisis.incidents import client, clock, found, opened, settle
from tests.departures.leavers import by
from tests.pages import checked, counting, loose_signs, whole

OPENING = {"kind": "ransomware", "what": "Tous les fichiers ont changé de nom", "awareness_at": ""}


def at(cast: Cast, page: str = "") -> str:
    return f"/{cast.tilleul.slug}/clients/valbrune/incidents{page}"


def space(cast: Cast, page: str = "") -> str:
    return f"/{cast.tilleul.slug}/espace/valbrune/incidents{page}"


@pytest.mark.parametrize("page", ["", "/nouveau", "/registre.csv", "/registre.pdf"])
def test_the_pages_of_a_client_open_for_a_technician_and_no_stranger(cast: Cast, page: str) -> None:
    answer = cast.signed_in("technician").get(at(cast, page))
    assert answer.status_code == 200
    if "." not in page:
        assert loose_signs(whole(answer)) == []
    assert cast.signed_in("technician", cast.saule).get(at(cast, page)).status_code == 404
    assert cast.nobody().get(at(cast, page)).status_code == 303


def test_an_incident_is_one_page_with_its_texts_and_files(cast: Cast) -> None:
    incident = opened(cast)
    with cast.inside():
        duty = clock(incident, "insurer").id
    browser, stranger = cast.signed_in("technician"), cast.signed_in("technician", cast.saule)
    for page in (f"/{incident}", f"/{incident}/textes", f"/{incident}/demarches/{duty}"):
        assert loose_signs(whole(browser.get(at(cast, page)))) == []
        assert stranger.get(at(cast, page)).status_code == 404
    assert "Notifier la CNIL" in browser.get(at(cast, f"/{incident}")).text
    assert browser.get(at(cast, f"/{incident}/main-courante.pdf")).data.startswith(b"%PDF")
    assert "Empreinte" in browser.get(at(cast, f"/{incident}/main-courante.csv")).text
    for page in ("main-courante.pdf", "main-courante.csv"):
        assert stranger.get(at(cast, f"/{incident}/{page}")).status_code == 404


def test_the_portfolio_lists_incidents_in_the_same_number_of_statements(cast: Cast) -> None:
    page = f"/{cast.tilleul.slug}/incidents"
    browser = cast.signed_in("technician")
    assert "Aucun incident" in whole(browser.get(page))
    opened(cast)
    with counting(cast.app) as one:
        assert loose_signs(whole(browser.get(page))) == []
    for _ in range(3):
        opened(cast)
    with counting(cast.app) as four:
        checked(browser.get(page))
    assert len(four) == len(one)
    own = cast.signed_in("technician", cast.saule).get(f"/{cast.saule.slug}/incidents")
    assert "Valbrune" not in own.text


def test_the_secretary_opens_an_incident_with_three_fields_and_keeps_its_log(cast: Cast) -> None:
    browser = cast.signed_in("secretary")
    assert loose_signs(whole(browser.get(space(cast, "/nouveau")))) == []
    assert browser.post(space(cast, "/nouveau"), data=OPENING | {"what": " "}).status_code == 422
    late = browser.post(space(cast, "/nouveau"), data=OPENING | {"awareness_at": "2999-01-01T10:00"})
    assert "à venir" in late.text
    assert "Tous les fichiers" in late.text
    answer = browser.post(space(cast, "/nouveau"), data=OPENING)
    assert answer.status_code == 303
    page = answer.location
    assert loose_signs(whole(browser.get(page))) == []
    line = {"kind": "action", "text": "Le câble est débranché"}
    assert browser.post(f"{page}/main-courante", data=line).status_code == 303
    assert browser.post(f"{page}/main-courante", data=line | {"text": ""}).status_code == 422
    assert "Le câble est débranché" in checked(browser.get(page))
    assert loose_signs(whole(browser.get(f"{page}/textes"))) == []
    assert browser.get(f"{page}/main-courante.pdf").data.startswith(b"%PDF")
    assert loose_signs(whole(browser.get(space(cast)))) == []
    assert "Nature" in browser.get(space(cast, "/registre.csv")).text
    for each in (page, space(cast), space(cast, "/nouveau")):
        assert cast.signed_in("secretary", cast.saule).get(each).status_code == 404


def test_only_a_decider_of_the_client_says_that_a_duty_is_done(cast: Cast) -> None:
    incident = opened(cast)
    with cast.inside():
        duty = clock(incident, "complaint").id
    page = space(cast, f"/{incident}/demarches/{duty}/fait")
    assert cast.signed_in("secretary").post(page).status_code == 403
    decider = cast.signed_in("decider")
    assert decider.post(page).status_code == 303
    assert decider.post(page).status_code == 422
    with cast.inside():
        assert clock(incident, "complaint").done_by == cast.tilleul.people["decider"].name


def test_a_technician_takes_an_incident_from_its_facts_to_its_lessons(cast: Cast) -> None:
    incident = opened(cast)
    browser = cast.signed_in("technician")
    _say_and_count(cast, incident)
    page = at(cast, f"/{incident}")
    assert browser.post(f"{page}/cloture", data={"summary": "Fini"}).status_code == 422
    with cast.inside(context=by(cast, "technician")):
        settle(found(incident))
    assert browser.post(f"{page}/cloture", data={"summary": "Compte repris"}).status_code == 303
    assert browser.post(f"{page}/enseignements", data={"lessons": " "}).status_code == 422
    assert browser.post(f"{page}/enseignements", data={"lessons": "Un\nDeux"}).status_code == 303
    text = whole(browser.get(page))
    assert loose_signs(text) == []
    assert "<li><bdi>Deux</bdi></li>" in text
    assert browser.post(f"{page}/reouverture", data={"why": ""}).status_code == 422
    assert browser.post(f"{page}/reouverture", data={"why": "Le courrier reprend"}).status_code == 303


def _say_and_count(cast: Cast, incident: UUID) -> None:
    browser, page = cast.signed_in("technician"), at(cast, f"/{incident}")
    known = {"personal": "yes", "risk": "high", "insured": "yes", "insurer": "Mutuelle du Val"}
    assert browser.post(f"{page}/faits", data=known).status_code == 303
    assert "Mutuelle du Val" in checked(browser.get(page))
    with cast.inside():
        insurer, people = clock(incident, "insurer").id, clock(incident, "people").id
    duty = f"{page}/demarches/{insurer}"
    assert browser.post(f"{duty}/delai", data={"hours": "demain", "why": "Contrat"}).status_code == 422
    assert browser.post(f"{duty}/delai", data={"hours": "120", "why": "Contrat"}).status_code == 303
    assert browser.post(f"{page}/demarches/{people}/sans-objet", data={"why": ""}).status_code == 422
    aside = {"why": "Données chiffrées et illisibles"}
    assert browser.post(f"{page}/demarches/{people}/sans-objet", data=aside).status_code == 303
    assert browser.post(f"{duty}/fait", data={"done_at": ""}).status_code == 303
    breach = {"breach_data": "Courriels", "breach_people": "12", "breach_effects": "", "breach_measures": ""}
    assert browser.post(f"{page}/violation", data=breach).status_code == 303
    assert browser.post(f"{page}/violation", data=breach | {"breach_people": "x"}).status_code == 422
    assert "Courriels" in browser.get(at(cast, "/registre.csv")).text


def test_who_signs_is_written_from_the_page(cast: Cast) -> None:
    browser = cast.signed_in("technician")
    page = at(cast, "/signataires")
    assert browser.post(page, data={"name": "Nora Pons"}).status_code == 422
    signer = {"name": "Nora Pons", "complaint": "1", "granted_on": "2026-11-02"}
    assert browser.post(page, data=signer).status_code == 303
    assert "Nora Pons" in whole(browser.get(at(cast)))
    with cast.inside():
        (right,) = queries.rights(client().id)
    assert browser.get(f"{page}/{right.id}/preuve").status_code == 404
    assert cast.signed_in("reader").post(f"{page}/{right.id}/fin").status_code == 403
    assert browser.post(f"{page}/{right.id}/fin").status_code == 303
    assert browser.post(f"{page}/{right.id}/fin").status_code == 422
