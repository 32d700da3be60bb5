"""The secretary's path: one question a screen, saved as she goes."""

from io import BytesIO

import pytest
from flask.testing import FlaskClient

from mspaudit.checklists import actions, queries
from mspaudit.clients.models import Assignment
from mspaudit.extensions import db
from mspaudit.kernel import clock
from tests.cast import Cast, House
from tests.checklists.campaigns import DELORME, INES, PHOTO, TODAY, answer_of, current, prove, say, start
from tests.pages import checked, counting, sound

JSON = {"Accept": "application/json"}
PAGES = ["", "questions/GOV-01", "questions/GOV-02", "questions/GOV-01/demander", "fin"]


def at(house: House, path: str = "", client: str = "valbrune") -> str:
    return f"/{house.slug}/espace/{client}/{path}"


@pytest.fixture
def secretary(cast: Cast) -> FlaskClient:
    start(cast, now=clock.now())
    return cast.signed_in("secretary")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_sound(cast: Cast, secretary: FlaskClient, path: str) -> None:
    checked(secretary.get(at(cast.tilleul, path)))


@pytest.mark.parametrize("path", PAGES)
def test_nobody_else_sees_them(cast: Cast, secretary: FlaskClient, path: str) -> None:
    start(cast, house=cast.saule)
    unknown = cast.signed_in("secretary", cast.saule).get("/nulle/part/ailleurs")
    for who, house in (
        ("secretary", cast.saule),  # another secretary, of the other MSP's own Valbrune
        ("manager", cast.tilleul),  # another client of the same MSP
        ("technician", cast.saule),
        ("technician", cast.tilleul),  # the portal is the client's own
    ):
        answer = cast.signed_in(who, house).get(at(cast.tilleul, path))
        assert (answer.status_code, answer.data) == (404, unknown.data)


def test_the_home_page_says_what_is_left_and_who_helps(cast: Cast, secretary: FlaskClient) -> None:
    with cast.inside() as house:
        member = house.people["limited"]
        assert db.session.get(Assignment, (house.id, house.clients["valbrune"], member.id))
    page = checked(secretary.get(at(cast.tilleul)))
    assert "Il vous reste" in page
    assert "Commencer" in page
    assert member.name in page
    assert "/mes-espaces" in page


def test_without_a_questionnaire_there_is_nothing_to_do(cast: Cast) -> None:
    page = checked(cast.signed_in("secretary").get(at(cast.tilleul)))
    assert "vous n’avez rien à faire" in page


def test_an_answer_is_saved_at_once(cast: Cast, secretary: FlaskClient) -> None:
    answer = secretary.post(
        at(cast.tilleul, "questions/GOV-01"), data={"choice": "partly", "version": "0"}, headers=JSON
    )
    assert answer.status_code == 200
    assert answer.json["saved"].startswith("Enregistré à")
    assert answer.json["version"] == 1
    with cast.inside() as house:
        saved = answer_of(house.clients["valbrune"], "GOV-01")
        assert (saved.choice, saved.points, saved.state) == ("partly", 1, "declared")
        assert (saved.by_kind, saved.by_name) == ("client", house.people["secretary"].name)


def test_without_a_script_the_form_goes_on_to_the_next_question(cast: Cast, secretary: FlaskClient) -> None:
    page = secretary.post(at(cast.tilleul, "questions/GOV-01"), data={"choice": "yes", "version": "0"})
    assert page.status_code == 303
    assert page.location.endswith("/questions/GOV-02")
    page = secretary.post(at(cast.tilleul, "questions/GOV-02"), data={})
    assert page.location.endswith("/questions/GOV-03")


def test_the_last_question_leads_to_thanks(cast: Cast, secretary: FlaskClient) -> None:
    with cast.inside() as house:
        checklist = queries.current_assessment(house.clients["valbrune"])
        assert checklist is not None
        for question in queries.for_portal(queries.questions(checklist, today=TODAY))[1:]:
            say(question.answer, "unknown")
    page = secretary.post(at(cast.tilleul, "questions/GOV-01"), data={"choice": "no", "version": "0"})
    assert page.location.endswith("/fin")
    assert "Merci." in checked(secretary.get(at(cast.tilleul, "fin")))


@pytest.mark.parametrize(
    ("code", "data", "said"),
    [
        ("GOV-01", {"choice": "na"}, "Dites en une phrase"),
        ("GOV-02", {"choice": "yes"}, "Indiquez la date"),
        ("GOV-02", {"choice": "yes", "done_month": "3"}, "Indiquez le mois et l’année"),
        ("GOV-02", {"choice": "yes", "done_on": "2026-02-30"}, "2026-02-30\u00a0» n’est pas une date"),
        ("GOV-02", {"choice": "yes", "done_month": "13", "done_year": "2026"}, "n’est pas une date"),
        ("GOV-02", {"choice": "yes", "done_month": "12", "done_year": "2999"}, "dans le futur"),
        ("GOV-04", {"choice": "partly"}, "n’est pas proposée"),
        ("GOV-01", {"choice": "peut-être"}, "Choisissez une réponse"),
    ],
)
def test_bad_input_is_told_and_what_was_typed_is_kept(
    cast: Cast, secretary: FlaskClient, code: str, data: dict[str, str], said: str
) -> None:
    typed = {**data, "note": "Voir avec Paul 🙂", "version": "0"}
    page = secretary.post(at(cast.tilleul, f"questions/{code}"), data=typed)
    assert page.status_code == 422
    assert said in sound(page.text)
    assert "Voir avec Paul 🙂" in page.text
    answer = secretary.post(at(cast.tilleul, f"questions/{code}"), data=typed, headers=JSON)
    assert answer.status_code == 422
    assert said in answer.json["error"]
    with cast.inside() as house:
        assert answer_of(house.clients["valbrune"], code).choice is None


def test_a_share_is_answered_in_words(cast: Cast, secretary: FlaskClient) -> None:
    for option, stored in (
        ("most", ("partly", 75, 1)),
        ("few", ("partly", 25, 0)),
        ("yes", ("yes", None, 2)),
    ):
        secretary.post(at(cast.tilleul, "questions/AWA-02"), data={"choice": option, "version": "0"})
        with cast.inside() as house:
            saved = answer_of(house.clients["valbrune"], "AWA-02")
            assert (saved.choice, saved.percent, saved.points) == stored


def test_very_long_and_strange_text_is_kept_within_bounds(cast: Cast, secretary: FlaskClient) -> None:
    data = {"choice": "na", "na_reason": "\u202eé🙂\x00" * 400, "note": "x" * 9000, "version": "0"}
    assert secretary.post(at(cast.tilleul, "questions/GOV-01"), data=data).status_code == 303
    with cast.inside() as house:
        saved = answer_of(house.clients["valbrune"], "GOV-01")
        assert len(saved.na_reason or "") <= 500
        assert len(saved.note) == 2000
    checked(secretary.get(at(cast.tilleul, "questions/GOV-01")))


def test_two_people_on_one_answer_both_see_both(cast: Cast, secretary: FlaskClient) -> None:
    with cast.inside() as house:
        say(answer_of(house.clients["valbrune"], "GOV-01"), "yes", by=DELORME, now=clock.now())
    mine = {"choice": "no", "note": "Plus depuis mars.", "version": "0"}
    page = secretary.post(at(cast.tilleul, "questions/GOV-01"), data=mine)
    assert page.status_code == 409
    for seen in ("Mme Delorme", "Garder ma réponse", "Plus depuis mars.", "Non"):
        assert seen in sound(page.text)
    with cast.inside() as house:
        assert answer_of(house.clients["valbrune"], "GOV-01").choice == "yes"
    kept = secretary.post(at(cast.tilleul, "questions/GOV-01"), data={**mine, "version": "1"})
    assert kept.status_code == 303
    with cast.inside() as house:
        assert answer_of(house.clients["valbrune"], "GOV-01").choice == "no"


def test_a_question_for_the_technician_is_not_hers(cast: Cast, secretary: FlaskClient) -> None:
    for code in ("AUT-01", "XXX-99"):
        assert secretary.get(at(cast.tilleul, f"questions/{code}")).status_code == 404
        assert (
            secretary.post(at(cast.tilleul, f"questions/{code}"), data={"choice": "yes"}).status_code == 404
        )


def test_a_closed_questionnaire_is_told(cast: Cast, secretary: FlaskClient) -> None:
    with cast.inside() as house:
        actions.close_assessment(current(house.clients["valbrune"]), now=clock.now())
    assert "clos depuis" in checked(secretary.get(at(cast.tilleul)))
    assert secretary.get(at(cast.tilleul, "questions/GOV-01")).status_code == 303
    answer = secretary.post(at(cast.tilleul, "questions/GOV-01"), data={"choice": "yes"}, headers=JSON)
    assert answer.status_code == 422


def test_the_pages_cost_the_same_however_much_is_answered(cast: Cast, secretary: FlaskClient) -> None:
    def cost() -> list[int]:
        found = []
        for path in ("", "questions/GOV-01"):
            secretary.get(at(cast.tilleul, path))
            with counting(cast.app) as statements:
                secretary.get(at(cast.tilleul, path))
            found.append(len(statements))
        return found

    before = cost()
    with cast.inside() as house:
        checklist = queries.current_assessment(house.clients["valbrune"])
        assert checklist is not None
        for number, question in enumerate(queries.for_portal(queries.questions(checklist, today=TODAY))):
            say(question.answer, "unknown")
            prove(question.answer, PHOTO + bytes([number]))
    assert cost() == before
    # One statement for each room that has a line on the home page, whatever each holds.
    assert max(before) <= 16


def upload(browser: FlaskClient, house: House, data: bytes, name: str, code: str = "GOV-01") -> object:
    return browser.post(at(house, f"questions/{code}/preuves"), data={"proof": (BytesIO(data), name)})


def test_a_proof_is_attached_shown_removed_and_brought_back(cast: Cast, secretary: FlaskClient) -> None:
    secretary.post(at(cast.tilleul, "questions/GOV-01"), data={"choice": "yes", "version": "0"})
    assert upload(secretary, cast.tilleul, PHOTO, "arrete.png").status_code == 303
    page = checked(secretary.get(at(cast.tilleul, "questions/GOV-01")))
    assert "arrete.png" in page
    with cast.inside() as house:
        answer = answer_of(house.clients["valbrune"], "GOV-01")
        proof = answer.proofs[0].id
        assert answer.state == "evidenced"
    file = secretary.get(at(cast.tilleul, f"preuves/{proof}"))
    assert file.data == PHOTO
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert file.headers["Content-Disposition"].startswith("attachment")
    removed = secretary.post(at(cast.tilleul, f"preuves/{proof}/retrait"))
    assert "arrete.png est retirée" in checked(secretary.get(removed.location))
    secretary.post(at(cast.tilleul, f"preuves/{proof}/retour"))
    with cast.inside() as house:
        assert answer_of(house.clients["valbrune"], "GOV-01").state == "evidenced"


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"", "vide.pdf", "Ce fichier est vide"),
        (PHOTO, "", "Choisissez d’abord un fichier"),
        (b"MZ\x90\x00" + bytes(64), "outil.exe", "Ce type de fichier n’est pas accepté"),
    ],
)
def test_a_refused_file_leaves_the_answer_and_says_why(
    cast: Cast, secretary: FlaskClient, data: bytes, name: str, said: str
) -> None:
    secretary.post(at(cast.tilleul, "questions/GOV-01"), data={"choice": "yes", "version": "0"})
    page = upload(secretary, cast.tilleul, data, name)
    assert page.status_code == 422
    assert said in sound(page.text)
    with cast.inside() as house:
        answer = answer_of(house.clients["valbrune"], "GOV-01")
        assert (answer.choice, answer.proofs) == ("yes", [])


def test_a_file_far_too_heavy_is_weighed_in_words(cast: Cast, secretary: FlaskClient) -> None:
    page = upload(secretary, cast.tilleul, bytes(48 * 1024 * 1024 - 1000), "film.mp4")
    assert page.status_code == 413
    assert "Ce fichier pèse 48\u00a0Mo, la limite est 20\u00a0Mo. Une photo suffit." in page.text


def test_a_proof_is_nobody_elses(cast: Cast, secretary: FlaskClient) -> None:
    with cast.inside() as house:
        proof = prove(answer_of(house.clients["valbrune"], "GOV-01")).id
    start(cast, "fontaine")
    start(cast, house=cast.saule)
    strangers = (
        (cast.signed_in("manager"), at(cast.tilleul, client="fontaine")),
        (cast.signed_in("manager"), at(cast.tilleul)),
        (cast.signed_in("secretary", cast.saule), at(cast.saule)),
        (cast.signed_in("secretary", cast.saule), at(cast.tilleul)),
    )
    for browser, base in strangers:
        assert browser.get(f"{base}preuves/{proof}").status_code == 404
        assert browser.post(f"{base}preuves/{proof}/retrait").status_code == 404
    assert secretary.get(at(cast.tilleul, f"preuves/{proof}")).status_code == 200


def test_a_refused_proof_is_shown_with_its_reason(cast: Cast, secretary: FlaskClient) -> None:
    with cast.inside() as house:
        answer = answer_of(house.clients["valbrune"], "GOV-01")
        say(answer, "yes")
        proof = prove(answer)
        actions.refuse_evidence(proof, "La date manque.", now=clock.now(), today=TODAY, by=INES)
    assert "La date manque." in checked(secretary.get(at(cast.tilleul)))
    assert "La date manque." in checked(secretary.get(at(cast.tilleul, "questions/GOV-01")))


def test_proofs_that_end_soon_are_announced(cast: Cast, secretary: FlaskClient) -> None:
    with cast.inside() as house:
        answer = answer_of(house.clients["valbrune"], "GOV-01")
        say(answer, "yes", now=clock.now())
        prove(answer, now=clock.now(), days=20)
    page = checked(secretary.get(at(cast.tilleul)))
    assert "Preuves à renouveler bientôt" in page
