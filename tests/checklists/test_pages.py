"""The technician's table: read, answer, verify, start and close; and who may not."""

from io import BytesIO
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from mspaudit.checklists import queries
from mspaudit.kernel import clock
from tests.cast import Cast
from tests.checklists.campaigns import DELORME, PHOTO, TODAY, answer_of, current, proof_of, prove, say, start
from tests.pages import checked, counting, sound

HTMX = {"HX-Request": "true"}
READ = ["", "/questions/GOV-01"]
WRITE = ["/campagnes", "/rappels", "/cloture", "/reouverture", "/questions/GOV-01", "/preuves/verifications"]


@pytest.fixture
def technician(cast: Cast) -> FlaskClient:
    start(cast, now=clock.now())
    return cast.signed_in("technician")


def at(cast: Cast, path: str = "", client: str = "valbrune") -> str:
    return f"/{cast.tilleul.slug}/clients/{client}/questionnaire{path}"


@pytest.mark.parametrize("path", READ)
def test_every_page_is_sound(cast: Cast, technician: FlaskClient, path: str) -> None:
    checked(technician.get(at(cast, path)))


@pytest.mark.parametrize("path", READ)
def test_a_stranger_finds_nothing(cast: Cast, technician: FlaskClient, path: str) -> None:
    start(cast, "fontaine")
    for who, house in (("technician", cast.saule), ("secretary", cast.tilleul)):
        assert cast.signed_in(who, house).get(at(cast, path)).status_code == 404
    assert cast.signed_in("limited").get(at(cast, path)).status_code == 200
    assert cast.signed_in("limited").get(at(cast, path, "fontaine")).status_code == 404


@pytest.mark.parametrize("path", WRITE)
def test_neither_a_stranger_nor_a_reader_changes_anything(
    cast: Cast, technician: FlaskClient, path: str
) -> None:
    assert cast.signed_in("technician", cast.saule).post(at(cast, path)).status_code == 404
    assert cast.signed_in("reader").post(at(cast, path)).status_code == 403
    with cast.inside() as house:
        assert current(house.clients["valbrune"]).closed_at is None


def test_a_client_without_campaign_offers_to_start_one(cast: Cast) -> None:
    technician = cast.signed_in("technician")
    assert "Lancer une campagne" in checked(technician.get(at(cast)))
    assert "Un technicien peut en lancer une" in checked(cast.signed_in("reader").get(at(cast)))
    started = technician.post(at(cast, "/campagnes"), data={"scope": "express", "due_on": "2099-01-31"})
    assert started.status_code == 303
    assert "express" in checked(technician.get(at(cast)))


@pytest.mark.parametrize("due_on", ["2026-02-30", "hier", "2001-01-01"])
def test_an_impossible_date_starts_nothing(cast: Cast, due_on: str) -> None:
    answer = cast.signed_in("technician").post(at(cast, "/campagnes"), data={"due_on": due_on})
    assert answer.status_code == 422
    sound(answer.text)
    with cast.inside() as house:
        assert queries.current_assessment(house.clients["valbrune"]) is None


def test_filters_keep_only_what_was_asked(cast: Cast, technician: FlaskClient) -> None:
    with cast.inside() as house:
        say(answer_of(house.clients["valbrune"], "GOV-01"), "unknown")
    for query, shown, hidden in (
        ("?etat=unknown", "q-GOV-01", "q-GOV-02"),
        ("?theme=BCK", "q-BCK-01", "q-GOV-01"),
        ("?qui=msp", "q-AUT-01", "q-GOV-01"),
        ("?texte=gov-02", "q-GOV-02", "q-GOV-01"),
        ("?etat=unanswered", "q-GOV-02", "q-GOV-01"),
    ):
        page = checked(technician.get(at(cast, query)))
        assert shown in page
        assert hidden not in page
    assert "Aucune question avec ces filtres" in checked(technician.get(at(cast, "?theme=RIEN")))


def test_an_answer_is_given_in_its_row(cast: Cast, technician: FlaskClient) -> None:
    row = technician.get(at(cast, "/questions/AUT-01"), headers=HTMX)
    assert row.text.lstrip().startswith("<tbody")
    data = {"choice": "partly", "percent": "60 %", "version": "0"}
    row = technician.post(at(cast, "/questions/AUT-01"), data=data, headers=HTMX)
    assert row.status_code == 200
    assert "en partie, 60\u00a0%" in row.text
    with cast.inside() as house:
        saved = answer_of(house.clients["valbrune"], "AUT-01")
        assert (saved.percent, saved.points, saved.by_kind) == (60, 1, "msp")


@pytest.mark.parametrize("percent", ["", "-3", "120", "beaucoup"])
def test_an_impossible_share_is_told_in_place(cast: Cast, technician: FlaskClient, percent: str) -> None:
    data = {"choice": "partly", "percent": percent, "version": "0"}
    row = technician.post(at(cast, "/questions/AUT-01"), data=data, headers=HTMX)
    assert row.status_code == 422
    assert "part couverte" in row.text
    page = technician.post(at(cast, "/questions/AUT-01"), data=data)
    assert page.status_code == 422
    sound(page.text)


def test_the_history_tells_who_said_what(cast: Cast, technician: FlaskClient) -> None:
    with cast.inside() as house:
        say(answer_of(house.clients["valbrune"], "GOV-01"), "no", by=DELORME)
    page = checked(technician.get(at(cast, "/questions/GOV-01")))
    assert "Mme Delorme" in page
    assert "sans réponse → non" in page


def test_the_second_writer_sees_the_first(cast: Cast, technician: FlaskClient) -> None:
    with cast.inside() as house:
        say(answer_of(house.clients["valbrune"], "GOV-01"), "no", by=DELORME)
    row = technician.post(at(cast, "/questions/GOV-01"), data={"choice": "yes", "version": "0"}, headers=HTMX)
    assert row.status_code == 409
    assert "a répondu non" in row.text
    again = {"choice": "yes", "version": "1"}
    assert technician.post(at(cast, "/questions/GOV-01"), data=again, headers=HTMX).status_code == 200


def test_proofs_ticked_are_verified_together(cast: Cast, technician: FlaskClient) -> None:
    ids = [proof_of(cast, code) for code in ("GOV-01", "GOV-05")]
    page = checked(technician.get(at(cast)))
    assert all(str(each) in page for each in ids)
    technician.post(at(cast, "/preuves/verifications"), data={"proof": ids})
    with cast.inside() as house:
        for code in ("GOV-01", "GOV-05"):
            assert answer_of(house.clients["valbrune"], code).state == "verified"
    assert technician.post(at(cast, "/preuves/verifications"), data={"proof": "x"}).status_code == 404


@pytest.mark.parametrize(
    ("verb", "data", "state"),
    [
        ("verification", {}, "verified"),
        ("refus", {"reason": "Ce n’est pas signé."}, "declared"),
        ("retrait", {}, "declared"),
    ],
)
def test_a_proof_is_settled_in_its_row(
    cast: Cast, technician: FlaskClient, verb: str, data: dict[str, str], state: str
) -> None:
    proof = proof_of(cast, "GOV-01")
    row = technician.post(at(cast, f"/preuves/{proof}/{verb}"), data=data, headers=HTMX)
    assert row.status_code == 200
    assert row.text.lstrip().startswith("<tbody")
    with cast.inside() as house:
        assert answer_of(house.clients["valbrune"], "GOV-01").state == state
    if verb == "retrait":
        technician.post(at(cast, f"/preuves/{proof}/retour"), headers=HTMX)
        with cast.inside() as house:
            assert answer_of(house.clients["valbrune"], "GOV-01").state == "evidenced"


def test_a_refusal_takes_a_reason(cast: Cast, technician: FlaskClient) -> None:
    proof = proof_of(cast, "GOV-01")
    row = technician.post(at(cast, f"/preuves/{proof}/refus"), data={"reason": " "}, headers=HTMX)
    assert row.status_code == 422
    assert "Dites ce qui manque" in row.text


def test_a_proof_is_downloaded_by_those_who_may(cast: Cast, technician: FlaskClient) -> None:
    proof = proof_of(cast, "GOV-01")
    start(cast, "fontaine")
    start(cast, house=cast.saule)
    file = technician.get(at(cast, f"/preuves/{proof}"))
    assert file.data == PHOTO
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert (
        technician.get(at(cast, f"/preuves/{proof}?voir=1"))
        .headers["Content-Disposition"]
        .startswith("inline")
    )
    for browser, path in (
        (technician, at(cast, f"/preuves/{proof}", "fontaine")),
        (technician, at(cast, f"/preuves/{uuid4()}")),
        (cast.signed_in("technician", cast.saule), at(cast, f"/preuves/{proof}")),
        (
            cast.signed_in("technician", cast.saule),
            f"/{cast.saule.slug}/clients/valbrune/questionnaire/preuves/{proof}",
        ),
        (cast.signed_in("secretary"), at(cast, f"/preuves/{proof}")),
    ):
        assert browser.get(path).status_code == 404


def test_only_safe_kinds_are_shown_in_the_browser(cast: Cast, technician: FlaskClient) -> None:
    with cast.inside() as house:
        text = prove(answer_of(house.clients["valbrune"], "GOV-01"), b"nom;date\nPaul;hier\n", "liste.csv").id
    file = technician.get(at(cast, f"/preuves/{text}?voir=1"))
    assert file.headers["Content-Disposition"].startswith("attachment")


def test_a_file_is_attached_for_the_client(cast: Cast, technician: FlaskClient) -> None:
    sent = technician.post(at(cast, "/questions/GOV-01/preuves"), data={"proof": (BytesIO(PHOTO), "pv.png")})
    assert sent.status_code == 303
    assert "pv.png" in checked(technician.get(sent.location))
    refused = technician.post(at(cast, "/questions/GOV-01/preuves"), data={"proof": (BytesIO(b""), "pv.png")})
    assert refused.status_code == 422
    assert "Ce fichier est vide" in sound(refused.text)


def test_a_campaign_closes_and_reopens_with_a_reason(cast: Cast, technician: FlaskClient) -> None:
    technician.post(at(cast, "/cloture"))
    assert "Campagne close" in checked(technician.get(at(cast)))
    assert technician.post(at(cast, "/reouverture"), data={"reason": ""}).status_code == 422
    technician.post(at(cast, "/reouverture"), data={"reason": "Une réponse à corriger."})
    assert "Une réponse à corriger." in checked(technician.get(at(cast)))


def test_a_past_campaign_is_read_only(cast: Cast, technician: FlaskClient) -> None:
    with cast.inside() as house:
        first = current(house.clients["valbrune"]).id
    technician.post(at(cast, "/campagnes"), data={})
    page = checked(technician.get(at(cast, f"?campagne={first}")))
    assert "à lire seulement" in page
    for unknown in (uuid4(), "x"):
        assert technician.get(at(cast, f"?campagne={unknown}")).status_code == 404


def test_what_is_to_clear_up_is_gathered_over_the_portfolio(cast: Cast, technician: FlaskClient) -> None:
    start(cast, "fontaine")
    with cast.inside() as house:
        say(answer_of(house.clients["valbrune"], "GOV-01"), "unknown")
        say(answer_of(house.clients["fontaine"], "GOV-01"), "unknown")
    proof_of(cast, "GOV-05")
    page = checked(technician.get(f"/{cast.tilleul.slug}/a-eclaircir?quoi=inconnues"))
    assert "Valbrune" in page
    assert "Fontaine" in page
    limited = checked(cast.signed_in("limited").get(f"/{cast.tilleul.slug}/a-eclaircir?quoi=inconnues"))
    assert "Valbrune" in limited
    assert "Fontaine" not in limited
    assert "photo.png" in checked(technician.get(f"/{cast.tilleul.slug}/a-eclaircir?quoi=preuves"))
    stranger = cast.signed_in("technician", cast.saule)
    assert stranger.get(f"/{cast.tilleul.slug}/a-eclaircir").status_code == 404
    for tab, empty in (("", "contredite"), ("inconnues", "inconnue"), ("preuves", "Aucune preuve")):
        assert empty in checked(stranger.get(f"/{cast.saule.slug}/a-eclaircir?quoi={tab}"))


def test_the_table_costs_the_same_however_much_is_answered(cast: Cast, technician: FlaskClient) -> None:
    clarify = f"/{cast.tilleul.slug}/a-eclaircir"
    paths = [at(cast), clarify, f"{clarify}?quoi=inconnues", f"{clarify}?quoi=preuves"]

    def cost() -> list[int]:
        found = []
        for path in paths:
            technician.get(path)
            with counting(cast.app) as statements:
                technician.get(path)
            found.append(len(statements))
        return found

    before = cost()
    with cast.inside() as house:
        checklist = queries.current_assessment(house.clients["valbrune"])
        assert checklist is not None
        for number, question in enumerate(queries.questions(checklist, today=TODAY)):
            say(question.answer, "unknown")
            prove(question.answer, PHOTO + bytes([number]))
    assert cost() == before
    assert max(before) <= 14
