"""The pages of plans and registers, for those who serve the client, and for nobody else."""

from io import BytesIO

import pytest

from mspaudit.checklists.models import Answer
from mspaudit.extensions import db
from mspaudit.identity.models import ClientMember
from mspaudit.kernel import clock
from mspaudit.plan import actions, queries
from mspaudit.plan.models import Recommendation
from mspaudit.risk.actions import recompute
from tests.cast import Cast
from tests.checklists.campaigns import start
from tests.pages import checked, counting, loose_signs, whole
from tests.plan.advised import NOW, PDF, TODAY, an_action, as_staff, client, decided, sent
from tests.plan.furnished import one_of_each


def at(cast: Cast, page: str, slug: str = "valbrune") -> str:
    return f"/{cast.tilleul.slug}/clients/{slug}/{page}"


def space(cast: Cast, page: str) -> str:
    return f"/{cast.tilleul.slug}/espace/valbrune/{page}"


PAGES = [
    "plan",
    "plan/nouvelle",
    "registre",
    "registre/{pending}",
    "registre/{refused}",
    "registre/{overridden}",
]
PAGES += ["plan/{action}", "plan/{action}/proposition"]
FILES = ["registre/registre.csv", "registre/registre.pdf", "registre/ancrage.txt"]


def test_every_page_opens_for_a_technician_and_for_no_stranger(cast: Cast) -> None:
    ids = one_of_each(cast)
    browser, stranger = cast.signed_in("technician"), cast.signed_in("technician", cast.saule)
    for page in (each.format(**ids) for each in PAGES):
        text = whole(browser.get(at(cast, page)))
        assert loose_signs(text) == [], page
        assert stranger.get(at(cast, page)).status_code == 404, page
        assert cast.nobody().get(at(cast, page)).status_code == 303
    for page in FILES:
        assert browser.get(at(cast, page)).status_code == 200, page
        assert stranger.get(at(cast, page)).status_code == 404, page
    assert browser.get(at(cast, "registre/registre.pdf")).data.startswith(b"%PDF")
    text = whole(browser.get(f"/{cast.tilleul.slug}/decisions"))
    assert loose_signs(text) == []
    assert "Mesure pending" in text
    assert stranger.get(f"/{cast.tilleul.slug}/decisions").status_code == 404
    assert "Mesure pending" not in checked(stranger.get(f"/{cast.saule.slug}/decisions"))


def test_a_reader_reads_and_changes_nothing(cast: Cast) -> None:
    ids = one_of_each(cast)
    reader = cast.signed_in("reader")
    assert "Ajouter une action" not in checked(reader.get(at(cast, "plan")))
    checked(reader.get(at(cast, f"registre/{ids['pending']}")))
    for page in ("plan/constats", f"plan/{ids['action']}/etat", f"registre/{ids['pending']}/decision"):
        assert reader.post(at(cast, page)).status_code == 403


def test_a_client_with_nothing_is_told_what_to_do_next(cast: Cast) -> None:
    browser = cast.signed_in("technician")
    for page in ("plan", "registre"):
        assert "ma-empty" in whole(browser.get(at(cast, page, "fontaine")))
    assert "ma-empty" in whole(browser.get(f"/{cast.tilleul.slug}/decisions"))
    assert "Aucune recommandation" in whole(cast.signed_in("decider").get(space(cast, "decisions")))


def test_a_finding_becomes_an_action_in_one_click(cast: Cast) -> None:
    start(cast)
    with cast.inside():
        row = db.session.scalars(db.select(Answer).where(Answer.code == "AUT-01").limit(1)).one()
        row.choice, row.points, row.state, row.by_kind = "no", 0, "declared", "client"
        row.answered_at, source = NOW, row.id
        recompute(today=clock.today(clock.now()), now=clock.now())
    browser = cast.signed_in("technician")
    text = whole(browser.get(at(cast, "plan")))
    assert str(source) in text
    assert "le risque baisse de" in text
    form = {"kind": "gap", "source_id": str(source)}
    assert browser.post(at(cast, "plan/constats"), data=form).status_code == 303
    with cast.inside():
        (item,) = queries.actions(client().id)
        assert (item.code, item.source_kind, item.source_id) == ("AUT-01", "gap", source)
        assert item.hours > 0
    assert str(source) not in checked(browser.get(at(cast, "plan")))
    assert browser.post(at(cast, "plan/constats"), data=form).status_code == 422


@pytest.mark.parametrize("amount", ["30 000 000", "99 000 000", "-1", "beaucoup"])
def test_an_amount_that_no_column_holds_is_told_in_its_field(cast: Cast, amount: str) -> None:
    with cast.inside(context=as_staff(cast)):
        one = an_action("Une").id
    form = {"title": "Une", "once": amount, "owner_side": "msp", "nature": "operating"}
    answer = cast.signed_in("technician").post(at(cast, f"plan/{one}"), data=form)
    assert answer.status_code == 422
    assert "Coût une fois" in answer.text
    assert amount in answer.text


def test_an_action_is_edited_in_its_line_or_on_its_page(cast: Cast) -> None:
    with cast.inside(context=as_staff(cast)):
        first, second = an_action("Une").id, an_action("Deux").id
    browser, page = cast.signed_in("technician"), at(cast, f"plan/{first}")
    assert "<tr" in browser.get(page, headers={"HX-Request": "true"}).text[:200]
    form = {"title": "Une bonne", "hours": "1,5", "once": "1 240,50", "due_on": "2026-12-24",
            "owner_side": "client", "nature": "both", "depends_on": str(second)}  # fmt: skip
    assert browser.post(page, data=form).status_code == 303
    with cast.inside():
        item = queries.action_or_404(client().id, first)
        assert (item.title, item.hours, item.once_cents, item.depends_on) == (
            "Une bonne",
            1.5,
            124_050,
            second,
        )
    wrong = browser.post(page, data=form | {"hours": "beaucoup", "due_on": "31/02/2026"})
    assert wrong.status_code == 422
    assert "beaucoup" in wrong.text
    assert "n’est pas une date" in wrong.text
    turned = browser.post(at(cast, f"plan/{second}"), data={"title": "Deux", "depends_on": str(first)})
    assert turned.status_code == 422
    assert "s’attendraient" in turned.text


def test_a_change_of_state_is_undone_from_the_page(cast: Cast) -> None:
    advice = sent(cast)
    decided(cast, advice)
    with cast.inside():
        (item,) = queries.actions(client().id)
    browser, page = cast.signed_in("technician"), at(cast, f"plan/{item.id}")
    answer = browser.post(f"{page}/etat", data={"status": "done"})
    assert answer.status_code == 303
    assert "Annuler" in checked(browser.get(answer.location))
    assert browser.post(f"{page}/retour").status_code == 303
    with cast.inside():
        assert queries.action_or_404(client().id, item.id).status == "decided"
    assert browser.post(f"{page}/retour").status_code == 422


def test_advice_is_written_and_sent_from_an_action(cast: Cast) -> None:
    with cast.inside(context=as_staff(cast)):
        item = an_action().id
    browser, page = cast.signed_in("technician"), at(cast, f"plan/{item}/proposition")
    assert "340" in checked(browser.get(page))
    assert browser.post(page, data={"title": "Second facteur"}).status_code == 422
    form = {"title": "Second facteur", "text": "Parce que.", "o1_title": "Pour tous", "o1_once": "340"}
    assert browser.post(page, data=form).status_code == 303
    with cast.inside():
        (advice,) = queries.advice(client().id)
        assert advice.recommendation.options[0]["once_cents"] == 34_000
        assert advice.recommendation.recipients[0]["name"] == cast.tilleul.people["decider"].name
    assert "pas encore lue" in checked(browser.get(at(cast, "plan")))


def test_a_decision_received_elsewhere_needs_its_document(cast: Cast) -> None:
    advice = sent(cast)
    browser, page = cast.signed_in("technician"), at(cast, f"registre/{advice}")
    form = {
        "verdict": "accepted",
        "decider": "Jeanne Astruc",
        "how": "phone",
        "received_on": TODAY.isoformat(),
    }
    refused = browser.post(f"{page}/decision", data=form)
    assert refused.status_code == 422
    assert "Joignez" in refused.text
    assert "Jeanne Astruc" in refused.text
    paper = {"document": (BytesIO(PDF), "delib.pdf")}
    assert browser.post(f"{page}/decision", data=form | paper).status_code == 303
    text = whole(browser.get(page))
    assert "Notée par" in text
    with cast.inside():
        (decision,) = queries.decisions(advice)
    assert browser.get(f"{page}/{decision.id}/document").data == PDF
    stranger = cast.signed_in("technician", cast.saule)
    assert stranger.get(f"{page}/{decision.id}/document").status_code == 404


def test_advice_is_reminded_of_and_taken_back(cast: Cast) -> None:
    advice = sent(cast)
    browser, page = cast.signed_in("technician"), at(cast, f"registre/{advice}")
    assert browser.post(f"{page}/rappel").status_code == 303
    assert browser.post(f"{page}/rappel").status_code == 422
    assert browser.post(f"{page}/retrait").status_code == 422
    assert browser.post(f"{page}/retrait", data={"withdrawal": "Erreur de client"}).status_code == 303
    with cast.inside():
        assert queries.recommendation_or_404(client().id, advice).state == "withdrawn"
    assert "retirée" in checked(cast.signed_in("decider").get(space(cast, f"decisions/{advice}")))


@pytest.mark.parametrize("page", ["plan", "registre", "decisions"])
def test_lists_cost_the_same_whatever_they_hold(cast: Cast, page: str) -> None:
    browser = cast.signed_in("technician")
    path = f"/{cast.tilleul.slug}/decisions" if page == "decisions" else at(cast, page)
    decided(cast, sent(cast, "Zéro"))
    sent(cast, "Un")
    with counting(cast.app) as few:
        checked(browser.get(path))
    for mark in ("Deux", "Trois", "Quatre"):
        decided(cast, sent(cast, mark), "refused", reason="Pas maintenant")
        sent(cast, f"{mark} bis")
    with counting(cast.app) as many:
        checked(browser.get(path))
    assert len(many) <= len(few)


def test_one_measure_is_proposed_to_many_at_each_ones_price(cast: Cast) -> None:
    for slug in ("valbrune", "fontaine"):
        start(cast, slug)
    with cast.inside():
        recompute(today=clock.today(clock.now()), now=clock.now())
    browser, page = cast.signed_in("technician"), f"/{cast.tilleul.slug}/failles/AUT-03/proposition"
    text = whole(browser.get(page))
    assert loose_signs(text) == []
    form = {"client": ["valbrune", "fontaine"], "text": "Une clé par administrateur.",
            "h-valbrune": "2", "e-valbrune": "50", "h-fontaine": "1,5", "e-fontaine": ""}  # fmt: skip
    preview = browser.post(page, data=form)
    assert "170" in whole(preview)
    assert "90" in preview.text
    with cast.inside():
        assert queries.advice(client().id) == []
    assert browser.post(page, data=form | {"modifier": "1"}).status_code == 200
    assert browser.post(page, data=form | {"h-valbrune": "x"}).status_code == 422
    assert browser.post(page, data={"text": "Rien"}).status_code == 422
    assert browser.post(page, data=form | {"envoyer": "1"}).status_code == 303
    with cast.inside():
        prices = {
            slug: queries.advice(client(slug).id)[0].recommendation.options[0]["once_cents"]
            for slug in ("valbrune", "fontaine")
        }
        assert prices == {"valbrune": 17_000, "fontaine": 9_000}
    assert cast.signed_in("technician", cast.saule).get(page).status_code == 404
    assert cast.signed_in("reader").get(page).status_code == 403


def test_a_limited_technician_proposes_only_to_their_clients(cast: Cast) -> None:
    for slug in ("valbrune", "fontaine"):
        start(cast, slug)
    with cast.inside():
        recompute(today=clock.today(clock.now()), now=clock.now())
    page = f"/{cast.tilleul.slug}/failles/AUT-03/proposition"
    text = checked(cast.signed_in("limited").get(page))
    assert "valbrune" in text
    assert "fontaine" not in text


def test_nobody_is_proposed_what_nobody_can_decide(cast: Cast) -> None:
    with cast.inside():
        for member in db.session.scalars(db.select(ClientMember).where(ClientMember.role == "decider")):
            member.disabled_at = NOW
    with cast.inside(context=as_staff(cast)):
        item = an_action().id
    browser, page = cast.signed_in("technician"), at(cast, f"plan/{item}/proposition")
    assert "Personne ne décide" in checked(browser.get(page))
    form = {"title": "Second facteur", "text": "Parce que.", "o1_title": "Pour tous"}
    assert browser.post(page, data=form).status_code == 422
    with cast.inside():
        assert not db.session.scalars(db.select(Recommendation)).all()


def test_delivery_is_shown_on_the_clients_page(cast: Cast) -> None:
    with cast.inside(context=as_staff(cast)):
        item = an_action("Ranger", due_on=TODAY, covered=True)
        actions.move(item, "decided", now=NOW, today=TODAY)
        actions.move(item, "done", now=NOW, today=TODAY)
    for page in ("", "plan"):
        text = checked(cast.signed_in("technician").get(at(cast, page)))
        assert "1 sur 1" in text
