"""The pages of departures and registers, for those who work for the MSP and for nobody else."""

from uuid import UUID

import pytest

from mspaudit.departures import actions, queries
from tests.cast import Cast
from tests.departures.leavers import NOW, PDF, TODAY, announced, by, client, secret, someone
from tests.pages import checked, counting, loose_signs, whole

READ = ["departs", "intervenants", "titulaires", "secrets"]
FORMS = ["departs/nouveau", "departs/plusieurs", "departs/plusieurs?elus=1", "titulaires/nouveau"]
FORMS += ["titulaires/nouveau?portail=chorus-pro"]


def at(cast: Cast, page: str, slug: str = "valbrune") -> str:
    return f"/{cast.tilleul.slug}/clients/{slug}/{page}"


def a_mission(cast: Cast) -> UUID:
    with cast.inside(context=by(cast, "technician")):
        mission = actions.add_mission(
            client(), name="Paul Astruc", company="Studio Astruc", email=None, purpose="Site",
            starts_on=TODAY, ends_on=TODAY, sponsor=someone("Hélène Pons"), now=NOW,
        )  # fmt: skip
        return mission.id


@pytest.mark.parametrize("page", READ + FORMS)
@pytest.mark.parametrize("slug", ["valbrune", "fontaine"])
def test_every_page_opens_for_a_technician_and_for_no_stranger(cast: Cast, page: str, slug: str) -> None:
    text = whole(cast.signed_in("technician").get(at(cast, page, slug)))
    assert loose_signs(text) == []
    assert cast.signed_in("technician", cast.saule).get(at(cast, page, slug)).status_code == 404
    assert cast.nobody().get(at(cast, page, slug)).status_code == 303


def test_a_departure_is_one_page_that_no_stranger_sees(cast: Cast) -> None:
    departure = announced(cast)
    page = at(cast, f"departs/{departure}")
    text = whole(cast.signed_in("technician").get(page))
    assert loose_signs(text) == []
    assert "Zoé Delorme" in text
    assert "Bloquer la boîte" in text
    for path in (page, f"{page}/fiche.pdf"):
        assert cast.signed_in("technician", cast.saule).get(path).status_code == 404
        assert cast.signed_in("reader").get(path).status_code == 200
    assert cast.signed_in("reader").post(f"{page}/annulation").status_code == 403


def test_the_portfolio_shows_open_departures(cast: Cast) -> None:
    announced(cast)
    page = f"/{cast.tilleul.slug}/departs"
    text = whole(cast.signed_in("technician").get(page))
    assert loose_signs(text) == []
    assert "Zoé Delorme" in text
    assert cast.signed_in("technician", cast.saule).get(page).status_code == 404
    mirror = checked(cast.signed_in("technician", cast.saule).get(f"/{cast.saule.slug}/departs"))
    assert "Zoé Delorme" not in mirror


def test_starting_from_a_person_chooses_them(cast: Cast) -> None:
    with cast.inside():
        person = someone().id
    browser = cast.signed_in("technician")
    assert f'value="{person}" selected' in browser.get(at(cast, f"departs/nouveau?person={person}")).text
    form = {"person_id": str(person), "kind": "leave", "leaves_on": "2026-11-30", "note": "Relève : Paul"}
    answer = browser.post(at(cast, "departs/nouveau"), data=form)
    assert answer.status_code == 303
    assert "Relève" in checked(browser.get(answer.location))


def test_a_form_keeps_what_was_typed(cast: Cast) -> None:
    browser = cast.signed_in("technician")
    form = {"person_id": "", "kind": "term", "leaves_on": "31/02/2026", "note": "Relève"}
    answer = browser.post(at(cast, "departs/nouveau"), data=form)
    assert answer.status_code == 422
    assert "n’est pas une date" in answer.text
    assert "31/02/2026" in answer.text
    assert "Relève" in answer.text


def test_several_leave_at_once_after_an_election(cast: Cast) -> None:
    with cast.inside():
        elected = [someone(name, "elected").id for name in ("Paul Astruc", "Nora Pons")]
        someone("Zoé Delorme")
    browser = cast.signed_in("technician")
    form = {"people": [str(each) for each in elected], "kind": "term", "leaves_on": "2026-11-30"}
    answer = browser.post(at(cast, "departs/plusieurs"), data=form)
    assert answer.status_code == 303
    with cast.inside():
        opened = queries.departures(client().id, today=TODAY)
        assert {each.person.name for each in opened} == {"Paul Astruc", "Nora Pons"}
        tasks = {item.task for item in queries.items(opened[0].departure.id)}
        assert {"rgs", "official_mail", "social_networks"} <= tasks
    assert browser.post(at(cast, "departs/plusieurs"), data={"leaves_on": "2026-11-30"}).status_code == 422


def test_ticking_is_undone_from_the_page(cast: Cast) -> None:
    departure = announced(cast)
    with cast.inside():
        item = queries.items(departure)[0].id
    browser, lines = cast.signed_in("technician"), at(cast, f"departs/{departure}/lignes/{item}")
    assert browser.post(f"{lines}/fait").status_code == 303
    assert "Reprendre" in checked(browser.get(at(cast, f"departs/{departure}")))
    assert browser.post(f"{lines}/reprise").status_code == 303
    assert "Reprendre" not in checked(browser.get(at(cast, f"departs/{departure}")))
    assert browser.post(f"{lines}/sans-objet", data={"reason": " "}).status_code == 422
    assert browser.post(f"{lines}/sans-objet", data={"reason": "Pas de badge"}).status_code == 303
    assert "Pas de badge" in checked(browser.get(at(cast, f"departs/{departure}")))


def test_a_mission_is_one_page_that_no_stranger_sees(cast: Cast) -> None:
    mission = a_mission(cast)
    page = at(cast, f"intervenants/{mission}")
    text = whole(cast.signed_in("technician").get(page))
    assert loose_signs(text) == []
    assert "Aucun accès avant" in text
    for path in (page, f"{page}/contrat", f"{page}/attestation-signee", f"{page}/attestation.pdf"):
        assert cast.signed_in("technician", cast.saule).get(path).status_code == 404
    assert cast.signed_in("technician").get(f"{page}/contrat").status_code == 404
    paper = cast.signed_in("technician").get(f"{page}/attestation.pdf")
    assert paper.data.startswith(b"%PDF")


def test_a_secret_is_rotated_from_its_page(cast: Cast) -> None:
    with cast.inside(context=by(cast, "technician")):
        row = secret().id
    page = at(cast, f"secrets/{row}")
    browser = cast.signed_in("technician")
    assert loose_signs(whole(browser.get(page))) == []
    assert cast.signed_in("technician", cast.saule).get(page).status_code == 404
    assert browser.post(f"{page}/changement", data={"rotated_on": "2026-11-20"}).status_code == 303
    assert browser.post(f"{page}/changement", data={"rotated_on": "hier"}).status_code == 422
    assert "20" in checked(browser.get(at(cast, "secrets")))


def test_a_password_typed_as_a_label_is_refused_and_not_written(cast: Cast) -> None:
    browser = cast.signed_in("technician")
    answer = browser.post(at(cast, "secrets"), data={"label": "Valbrune!2026", "level": "other"})
    assert answer.status_code == 422
    assert "ressemble à un mot de passe" in answer.text
    with cast.inside():
        assert queries.secrets(client().id) == []


def test_a_holder_is_written_from_the_register(cast: Cast) -> None:
    with cast.inside():
        person = someone().id
    browser = cast.signed_in("technician")
    form = {"title": "", "used": "1", "person_id": str(person), "certificate_until": "2027-01-31"}
    assert browser.post(at(cast, "titulaires/nouveau?portail=actes"), data=form).status_code == 303
    text = checked(browser.get(at(cast, "titulaires")))
    assert "Zoé Delorme" in text
    with cast.inside():
        (row,) = [line.holder for line in queries.holders(client()) if line.holder]
    assert "2027-01-31" in checked(browser.get(at(cast, f"titulaires/{row.id}")))
    stranger = cast.signed_in("technician", cast.saule)
    assert stranger.get(at(cast, f"titulaires/{row.id}")).status_code == 404


@pytest.mark.parametrize("page", ["departs", "intervenants", "secrets"])
def test_lists_cost_the_same_whatever_they_hold(cast: Cast, page: str) -> None:
    browser, path = cast.signed_in("technician"), at(cast, page)

    def fill(mark: str) -> None:
        announced(cast, f"Partant {mark}")
        a_mission(cast)
        with cast.inside(context=by(cast, "technician")):
            secret(f"Secret {mark}", "other", someone(f"Sachant {mark}"))

    fill("un")
    with counting(cast.app) as few:
        checked(browser.get(path))
    for mark in ("deux", "trois", "quatre"):
        fill(mark)
    with counting(cast.app) as many:
        checked(browser.get(path))
    assert len(many) <= len(few)


def test_the_contract_comes_back_as_it_was_sent(cast: Cast) -> None:
    mission = a_mission(cast)
    with cast.inside(context=by(cast, "technician")):
        actions.attach_contract(queries.mission_or_404(client().id, mission), PDF, "contrat.pdf", now=NOW)
    answer = cast.signed_in("technician").get(at(cast, f"intervenants/{mission}/contrat"))
    assert answer.data == PDF
    assert "attachment" in answer.headers["Content-Disposition"]
