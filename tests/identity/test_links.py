"""Sign-in links: asked alike, inert when read, used once, by the browser that asked, within ten minutes."""

from collections.abc import Callable

import psycopg
import pyotp
import pytest

from mspaudit.identity import actions
from tests.cast import Cast
from tests.identity.conftest import ask_link, session_events, without_token
from tests.servers import Servers

GivePin = Callable[[str, str], None]


def test_a_secretary_comes_in_and_chooses_a_code_the_first_time(cast: Cast) -> None:
    browser, person = cast.nobody(), cast.tilleul.people["secretary"]
    link = ask_link(cast, browser, person.email)
    assert link is not None
    used = browser.post(link)
    assert used.location == "/connexion/confirmation"
    assert browser.get("/mes-espaces").location.startswith("/connexion/confirmation")
    assert browser.get("/connexion/confirmation").location == "/connexion/choisir"
    assert "Choisir un code" in browser.get("/connexion/choisir").text
    too_easy = browser.post("/connexion/choisir/code", data={"pin": "123456", "again": "123456"})
    assert too_easy.status_code == 422
    assert "facile à deviner" in too_easy.text
    unlike = browser.post("/connexion/choisir/code", data={"pin": "835914", "again": "835915"})
    assert unlike.status_code == 422
    chosen = browser.post("/connexion/choisir/code", data={"pin": "835914", "again": "835914"})
    assert chosen.location == "/mes-espaces"
    place = browser.get("/mes-espaces").location
    assert place == f"/{cast.tilleul.slug}/espace/valbrune/"
    assert session_events(cast, person)[:2] == ["signed_in", "pin_set"]


def test_the_next_times_the_code_is_asked(cast: Cast, with_pin: GivePin) -> None:
    with_pin("secretary", "835914")
    browser = cast.nobody()
    link = ask_link(cast, browser, cast.tilleul.people["secretary"].email, suite="/mon-compte")
    assert browser.post(link or "").location == "/connexion/confirmation?suite=/mon-compte"
    assert browser.get("/connexion/choisir/code").location.startswith("/connexion/confirmation")
    wrong = browser.post("/connexion/confirmation", data={"factor": "pin", "code": "835915"})
    assert wrong.status_code == 422
    right = {"factor": "pin", "code": "835 914", "suite": "/mon-compte"}
    assert browser.post("/connexion/confirmation", data=right).location == "/mon-compte"


def test_reading_the_link_changes_nothing(cast: Cast) -> None:
    browser = cast.nobody()
    link = ask_link(cast, browser, cast.tilleul.people["secretary"].email)
    scanner = cast.nobody()
    for _ in range(3):
        assert scanner.get(link or "").status_code == 200
        assert browser.get(link or "").status_code == 200
    assert browser.post(link or "").status_code == 303


def test_it_serves_once(cast: Cast) -> None:
    browser = cast.nobody()
    link = ask_link(cast, browser, cast.tilleul.people["secretary"].email)
    assert browser.post(link or "").status_code == 303
    again = browser.post(link or "")
    assert again.status_code == 410
    assert "Ce lien ne fonctionne plus" in again.text


def test_another_browser_is_told_and_does_not_spoil_it(cast: Cast) -> None:
    browser, other = cast.nobody(), cast.nobody()
    link = ask_link(cast, browser, cast.tilleul.people["secretary"].email)
    assert "demandé ailleurs" in other.get(link or "").text
    assert other.post(link or "").status_code == 410
    thief = cast.nobody()
    ask_link(cast, thief, "voleur@ailleurs.example")
    assert thief.post(link or "").status_code == 410
    assert browser.post(link or "").status_code == 303


def test_it_dies_after_ten_minutes(cast: Cast, servers: Servers) -> None:
    browser = cast.nobody()
    link = ask_link(cast, browser, cast.tilleul.people["secretary"].email)
    with psycopg.connect(servers.postgres.url("mspaudit").replace("+psycopg", "")) as clock:
        clock.execute("UPDATE link_request SET created_at = created_at - interval '10 minutes 1 second'")
    assert browser.post(link or "").status_code == 410


def test_known_and_unknown_get_the_same_answer(cast: Cast) -> None:
    texts = []
    for email in (cast.tilleul.people["secretary"].email, "personne@nulle-part.example"):
        answer = cast.nobody().post(
            "/connexion", data={"email": email, "moyen": "lien"}, follow_redirects=True
        )
        texts.append((answer.status_code, without_token(answer.text).replace(email, "")))
    assert texts[0] == texts[1]


def test_nobody_unknown_is_written_to(cast: Cast) -> None:
    assert ask_link(cast, cast.nobody(), "personne@nulle-part.example") is None


def test_staff_cannot_come_in_by_link_and_personal_code(cast: Cast, with_pin: GivePin) -> None:
    with_pin("technician", "835914")
    browser = cast.nobody()
    link = ask_link(cast, browser, cast.tilleul.people["technician"].email)
    browser.post(link or "")
    assert browser.get("/connexion/confirmation").location == "/connexion/choisir"
    assert browser.get("/connexion/choisir/code").location == "/connexion/choisir"
    answer = browser.post("/connexion/choisir/code", data={"pin": "835914", "again": "835914"})
    assert answer.location == "/connexion/choisir"
    assert browser.get("/mes-espaces").location.startswith("/connexion/confirmation")


def test_staff_who_lost_their_password_choose_another_after_the_second_factor(
    cast: Cast, equipped: Callable[[str], str]
) -> None:
    secret, person = equipped("technician"), cast.tilleul.people["technician"]
    elsewhere = cast.signed_in("technician")
    browser = cast.nobody()
    browser.post(ask_link(cast, browser, person.email) or "")
    assert browser.get("/connexion/nouveau-mot-de-passe").location == "/connexion/confirmation"
    proved = browser.post(
        "/connexion/confirmation", data={"factor": "totp", "code": pyotp.TOTP(secret).now()}
    )
    assert proved.location == "/connexion/nouveau-mot-de-passe"
    assert browser.get("/mes-espaces").location.startswith("/connexion/confirmation")
    weak = browser.post("/connexion/nouveau-mot-de-passe", data={"password": "Azerty123456!"})
    assert weak.status_code == 422
    chosen = browser.post("/connexion/nouveau-mot-de-passe", data={"password": "Quatre-Poires-Mures-7"})
    assert chosen.location == "/mes-espaces"
    assert elsewhere.get("/mes-espaces").location.startswith("/connexion?")


@pytest.mark.usefixtures("throttled")
def test_it_throttles_the_mails_to_one_address(cast: Cast) -> None:
    data = {"email": "quelquun@nulle-part.example", "moyen": "lien"}
    seen = [cast.nobody().post("/connexion", data=data).status_code for _ in range(6)]
    assert seen == [303] * 5 + [429]


@pytest.mark.parametrize(
    "email", ["", "pas une adresse", "a@b", "x" * 300 + "@b.example", "a@b.example\nBcc: c@d.example"]
)
def test_what_is_not_an_address_is_said_and_kept(cast: Cast, email: str) -> None:
    answer = cast.nobody().post("/connexion", data={"email": email, "moyen": "lien"})
    assert answer.status_code == 422
    assert "nom@domaine.fr" in answer.text


def test_one_person_of_two_msps_sees_each_place_and_a_stranger_none(cast: Cast) -> None:
    person = cast.tilleul.people["secretary"]
    with cast.inside(cast.saule) as house:
        actions.add_client_member(
            client_id=house.clients["fontaine"], login_id=person.login_id, name="Elle", email=person.email,
            role="respondent",
        )  # fmt: skip
    page = cast.signed_in("secretary").get("/mes-espaces").text
    assert f"/{cast.tilleul.slug}/espace/valbrune/" in page
    assert f"/{cast.saule.slug}/espace/fontaine/" in page
    stranger = cast.signed_in("decider", cast.saule).get("/mes-espaces")
    assert stranger.location == f"/{cast.saule.slug}/espace/valbrune/"
