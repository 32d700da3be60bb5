"""One's own account: sessions seen and closed, secrets changed, nothing of anyone else's."""

from collections.abc import Callable

import psycopg
import pyotp
from sqlalchemy import select

from mspaudit.extensions import db
from mspaudit.identity import entry, recovery
from mspaudit.identity.models import WebSession
from mspaudit.tenancy.lifecycle import unit_of_work
from tests.cast import Cast
from tests.identity.conftest import PASSWORD, session_events
from tests.servers import Servers

Equip = Callable[[str], str]
GivePin = Callable[[str, str], None]
ANOTHER = "Quatre-Poires-Mures-7"


def session_ids(cast: Cast, who: str) -> list[str]:
    login_id = cast.tilleul.people[who].login_id
    with cast.app.app_context(), unit_of_work(entry.as_person(login_id)):
        return [str(i) for i in db.session.scalars(select(WebSession.id).order_by(WebSession.created_at))]


def test_sessions_are_listed_with_their_device(cast: Cast) -> None:
    browser = cast.signed_in("technician")
    told = browser.get("/mon-compte").text
    assert "127.0.0.1" in told
    assert "cet appareil" in told
    assert cast.tilleul.people["technician"].email in told


def test_a_closed_session_is_dead_on_its_next_request(cast: Cast) -> None:
    lost, browser = cast.signed_in("technician"), cast.signed_in("technician")
    first = session_ids(cast, "technician")[0]
    assert browser.post(f"/mon-compte/sessions/{first}/fermer").status_code == 303
    assert lost.get("/mon-compte").location.startswith("/connexion?")
    assert browser.get("/mon-compte").status_code == 200


def test_nobody_closes_another_s_session(cast: Cast) -> None:
    victim = cast.signed_in("technician")
    target = session_ids(cast, "technician")[0]
    for stranger in (cast.signed_in("admin"), cast.signed_in("technician", cast.saule)):
        assert stranger.post(f"/mon-compte/sessions/{target}/fermer").status_code == 404
    assert victim.get("/mon-compte").status_code == 200


def test_signing_out_everywhere_closes_every_session(cast: Cast) -> None:
    browsers = [cast.signed_in("technician") for _ in range(3)]
    assert browsers[0].post("/mon-compte/sessions/fermer").location == "/connexion"
    for browser in browsers:
        assert browser.get("/mon-compte").location.startswith("/connexion")


def test_a_disabled_login_is_dead_on_its_next_request(cast: Cast, servers: Servers) -> None:
    browser = cast.signed_in("technician")
    with psycopg.connect(servers.postgres.url("mspaudit").replace("+psycopg", "")) as office:
        login_id = cast.tilleul.people["technician"].login_id
        office.execute("UPDATE login SET disabled_at = now() WHERE id = %s", [login_id])
    assert browser.get("/mon-compte").location.startswith("/connexion")


def test_the_password_changes_only_for_who_knows_it(cast: Cast, equipped: Equip) -> None:
    equipped("technician")
    browser, other = cast.signed_in("technician"), cast.signed_in("technician")
    wrong = browser.post("/mon-compte/mot-de-passe", data={"current": "Faux", "password": ANOTHER})
    assert wrong.status_code == 422
    weak = browser.post("/mon-compte/mot-de-passe", data={"current": PASSWORD, "password": "Court1!"})
    assert weak.status_code == 422
    assert browser.post(
        "/mon-compte/mot-de-passe", data={"current": PASSWORD, "password": ANOTHER}
    ).location.endswith("/mon-compte")
    assert browser.get("/mon-compte").status_code == 200
    assert other.get("/mon-compte").location.startswith("/connexion")
    email = cast.tilleul.people["technician"].email
    assert cast.nobody().post("/connexion", data={"email": email, "password": PASSWORD}).status_code == 422
    assert cast.nobody().post("/connexion", data={"email": email, "password": ANOTHER}).status_code == 303


def test_the_personal_code_changes_only_for_who_knows_it(cast: Cast, with_pin: GivePin) -> None:
    with_pin("secretary", "835914")
    browser = cast.signed_in("secretary")
    assert browser.get("/mon-compte/code").status_code == 200
    form = {"pin": "709264", "again": "709264"}
    assert browser.post("/mon-compte/code", data={"current": "111111", **form}).status_code == 422
    assert browser.post("/mon-compte/code", data={"current": "835914", **form}).status_code == 303
    assert session_events(cast, cast.tilleul.people["secretary"])[0] == "pin_set"


def test_the_application_changes_with_the_password_and_a_right_code(cast: Cast, equipped: Equip) -> None:
    equipped("technician")
    browser = cast.signed_in("technician")
    page = browser.get("/mon-compte/application").text
    secret = page.split('class="ma-code">')[1].split("<")[0].replace(" ", "")
    form = {"current": PASSWORD, "code": pyotp.TOTP(secret).now()}
    assert browser.post("/mon-compte/application", data={**form, "current": "Faux"}).status_code == 422
    assert browser.post("/mon-compte/application", data={**form, "code": "000000"}).status_code == 422
    assert browser.post("/mon-compte/application", data=form).status_code == 303


def test_new_recovery_codes_kill_the_former_ones(cast: Cast) -> None:
    person, browser = cast.tilleul.people["technician"], cast.signed_in("technician")
    with cast.app.app_context(), unit_of_work(entry.as_person(person.login_id)):
        former = recovery.renew(person.login_id)[0]
    shown = browser.post("/mon-compte/codes-de-secours").text
    assert former not in shown
    with cast.app.app_context(), unit_of_work(entry.as_person(person.login_id)):
        assert not recovery.spend(person.login_id, former)
        assert recovery.left(person.login_id) == recovery.COUNT


def test_an_old_session_must_sign_in_again_for_new_codes_or_keys(cast: Cast, servers: Servers) -> None:
    browser = cast.signed_in("technician")
    with psycopg.connect(servers.postgres.url("mspaudit").replace("+psycopg", "")) as clock:
        login_id = cast.tilleul.people["technician"].login_id
        older = "UPDATE web_session SET created_at = created_at - interval '11 minutes' WHERE login_id = %s"
        clock.execute(older, [login_id])
    assert browser.post("/mon-compte/codes-de-secours").status_code == 303
    assert browser.post("/mon-compte/cles/demande", json={}).status_code == 422


def test_the_places_are_one_s_own(cast: Cast) -> None:
    assert cast.signed_in("technician").get("/mes-espaces").location == f"/{cast.tilleul.slug}/"
    assert cast.signed_in("secretary").get("/").location == "/mes-espaces"
    assert "Se connecter" in cast.nobody().get("/").text
