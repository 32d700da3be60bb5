"""The pages of the plan and its papers, for the MSP, for the client's own people, and for nobody else."""

from datetime import UTC, datetime

import pytest

from mspaudit.content import crisis as content
from mspaudit.crisis import documents, queries
from tests.cast import Cast
from tests.crisis.plans import client, complete, started
from tests.pages import checked, counting, loose_signs, whole

FORMS = ["crise/couverture", "crise/cellule", "crise/annuaire", "crise/fiches/paie"]
PAPERS = ["crise/livret.pdf", "crise/carte.pdf", "crise/fiches/paie.pdf"]
AT = datetime(2026, 11, 20, tzinfo=UTC)


def at(cast: Cast, page: str, slug: str = "valbrune") -> str:
    return f"/{cast.tilleul.slug}/clients/{slug}/{page}"


def space(cast: Cast, page: str) -> str:
    return f"/{cast.tilleul.slug}/espace/valbrune/{page}"


@pytest.mark.parametrize("slug", ["valbrune", "fontaine"])
def test_a_plan_is_started_and_read_by_its_msp_and_by_no_stranger(cast: Cast, slug: str) -> None:
    browser, page = cast.signed_in("technician"), at(cast, "crise", slug)
    assert "Commencer le plan" in whole(browser.get(page))
    assert cast.signed_in("reader").post(page).status_code == 403
    assert browser.post(page).status_code == 303
    assert browser.post(page).status_code == 422
    for path in ["crise", *FORMS]:
        assert loose_signs(whole(browser.get(at(cast, path, slug)))) == [], path
        assert cast.signed_in("technician", cast.saule).get(at(cast, path, slug)).status_code == 404
        assert cast.nobody().get(at(cast, path, slug)).status_code == 303
    assert browser.get(at(cast, "crise/fiches/inconnue", slug)).status_code == 404


def test_no_part_is_changed_before_the_plan_is_started(cast: Cast) -> None:
    for page in FORMS:
        assert cast.signed_in("technician").get(at(cast, page)).status_code == 404


def test_the_clients_own_people_fill_it_in(cast: Cast) -> None:
    browser = cast.signed_in("secretary")
    assert browser.post(space(cast, "crise")).status_code == 303
    for path in ["crise", *FORMS]:
        assert loose_signs(whole(browser.get(space(cast, path)))) == [], path
        assert cast.signed_in("secretary", cast.saule).get(space(cast, path)).status_code == 404
        assert cast.signed_in("manager").get(space(cast, path)).status_code == 404
    form = {"name-bank": "", "name-treasury": "Trésorerie", "phone-treasury": "04 11 22 33 44"}
    assert browser.post(space(cast, "crise/annuaire"), data=form).status_code == 303
    sheet = {"hours": "48", "steps": "Ouvrir le cahier\nAppeler", "stock": "Cahier", "data_source": "Armoire"}
    assert browser.post(space(cast, "crise/fiches/paie"), data=sheet).status_code == 303
    text = checked(browser.get(space(cast, "crise")))
    assert 'href="tel:0411223344"' in text
    assert "écrite le" in text


def test_a_form_keeps_what_was_typed(cast: Cast) -> None:
    with cast.inside():
        started()
    browser = cast.signed_in("technician")
    answer = browser.post(at(cast, "crise/cellule"), data={"name-decide": "Zoé", "phone-decide": "allô ?"})
    assert answer.status_code == 422
    assert "allô ?" in answer.text
    answer = browser.post(at(cast, "crise/fiches/paie"), data={"hours": "", "steps": ""})
    assert answer.status_code == 422
    assert "au moins une étape" in answer.text


def test_reading_and_printing_are_noted(cast: Cast) -> None:
    with cast.inside():
        started()
    browser = cast.signed_in("technician")
    assert browser.post(at(cast, "crise/impression")).status_code == 422
    cover = {"activation": "Un poste bloqué", "place-1": "Coffre"}
    assert browser.post(at(cast, "crise/couverture"), data=cover).status_code == 303
    assert browser.post(at(cast, "crise/relecture")).status_code == 303
    assert browser.post(at(cast, "crise/impression")).status_code == 303
    text = checked(browser.get(at(cast, "crise")))
    assert "Version 1" in text
    assert "Imprimé le" in text


@pytest.mark.parametrize("paper", PAPERS)
def test_its_papers_are_tagged_whatever_is_missing(cast: Cast, paper: str) -> None:
    for browser, path in (
        (cast.signed_in("reader"), at(cast, paper)),
        (cast.signed_in("decider"), space(cast, paper)),
    ):
        answer = browser.get(path)
        assert answer.status_code == 200
        assert answer.data.startswith(b"%PDF")
        assert b"StructTreeRoot" in answer.data
    assert cast.signed_in("technician", cast.saule).get(at(cast, paper)).status_code == 404


def test_a_complete_plan_prints_too_and_the_same_data_give_the_same_paper(cast: Cast) -> None:
    with cast.inside():
        complete()
        view = queries.view(client())
        made = [documents.booklet_pdf(view, msp="Tilleul", address="https://a.example", at=AT) for _ in "12"]
        assert made[0] == made[1]
        assert documents.card_pdf(view, msp="Tilleul", address="https://a.example", at=AT)
        for usual in content.sheets("commune"):
            assert documents.sheet_pdf(view, usual, msp="Tilleul", at=AT)


def test_the_portfolio_says_who_has_no_plan_and_no_stranger_reads_it(cast: Cast) -> None:
    with cast.inside():
        complete()
    page = f"/{cast.tilleul.slug}/crises"
    browser = cast.signed_in("technician")
    text = whole(browser.get(page))
    assert loose_signs(text) == []
    assert "aucun plan" in text
    assert text.index("Fontaine") < text.index("Valbrune")
    assert cast.signed_in("technician", cast.saule).get(page).status_code == 404


def test_the_plan_costs_the_same_whatever_it_holds(cast: Cast) -> None:
    browser, pages = cast.signed_in("technician"), (at(cast, "crise"), f"/{cast.tilleul.slug}/crises")
    with cast.inside():
        started()
    with counting(cast.app) as few:
        for page in pages:
            checked(browser.get(page))
    with cast.inside():
        complete("fontaine")
    with counting(cast.app) as many:
        for page in (at(cast, "crise", "fontaine"), pages[1]):
            checked(browser.get(page))
    assert len(many) <= len(few) + 1


def test_an_exercise_is_planned_played_and_taught_from_either_side(cast: Cast) -> None:
    with cast.inside():
        started()
    for browser, home in (
        (cast.signed_in("technician"), at(cast, "crise")),
        (cast.signed_in("secretary"), space(cast, "crise")),
    ):
        planned = {"scenario": "mailbox", "planned_on": "2026-12-08"}
        assert browser.post(f"{home}/exercices", data=planned | {"planned_on": ""}).status_code == 422
        answer = browser.post(f"{home}/exercices", data=planned)
        assert answer.status_code == 303
        page = answer.location
        assert loose_signs(whole(browser.get(page))) == []
        assert loose_signs(whole(browser.get(home))) == []
        early = browser.post(page, data={"lessons": "Appeler la banque"})
        assert early.status_code == 422
        assert "Appeler la banque" in early.text
        played = {"held_on": "2026-11-20", "lessons": "Appeler la banque", "timeline": "10 h : début"}
        assert browser.post(page, data=played).status_code == 303
        assert "leçon notée" in checked(browser.get(home))
        assert cast.signed_in("technician", cast.saule).get(page).status_code == 404
        assert cast.signed_in("secretary", cast.saule).get(page).status_code == 404
