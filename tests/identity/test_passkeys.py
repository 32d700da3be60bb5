"""Passkeys: the device must verify the person, a challenge serves once, for this site only."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from mspaudit.identity import entry
from mspaudit.tenancy.lifecycle import unit_of_work
from tests.cast import Cast
from tests.identity.authenticator import Authenticator
from tests.identity.conftest import PASSWORD, first_factor, session_events

Browser = FlaskClient


@pytest.fixture
def half_way(cast: Cast) -> Callable[[], Browser]:
    """A browser where the technician has typed a password, and no more."""
    person = cast.tilleul.people["technician"]
    with cast.app.app_context(), unit_of_work(entry.as_person(person.login_id)):
        entry.set_password(person.login_id, PASSWORD)

    def begin() -> Browser:
        browser = cast.nobody()
        first_factor(browser, person)
        return browser

    return begin


def register(browser: Browser, device: Authenticator) -> TestResponse:
    options = browser.post("/connexion/cle/nouvelle/demande", json={}).json
    assert options is not None
    answer = {"credential": device.create(options), "name": "Mon téléphone"}
    return browser.post("/connexion/cle/nouvelle/reponse", json=answer)


def authenticate(browser: Browser, device: Authenticator) -> TestResponse:
    options = browser.post("/connexion/cle/demande", json={}).json
    assert options is not None
    return browser.post("/connexion/cle/reponse", json={"credential": device.get(options)})


def test_one_is_made_then_used(cast: Cast, half_way: Callable[[], Browser]) -> None:
    device, browser = Authenticator(), half_way()
    made = register(browser, device)
    assert made.json == {"next": "/mon-compte/codes-de-secours"}
    assert browser.get("/mes-espaces").status_code == 303
    again = half_way()
    assert authenticate(again, device).json == {"next": "/mes-espaces"}
    assert "Mon téléphone" in again.get("/mon-compte").text


def test_it_asks_the_browser_to_verify_the_person(half_way: Callable[[], Browser]) -> None:
    browser, device = half_way(), Authenticator()
    options = browser.post("/connexion/cle/nouvelle/demande", json={}).json
    assert options is not None
    assert options["authenticatorSelection"]["userVerification"] == "required"
    register(browser, device)
    asked = half_way().post("/connexion/cle/demande", json={}).json
    assert asked is not None
    assert asked["userVerification"] == "required"


def test_a_device_that_does_not_verify_the_person_is_refused(half_way: Callable[[], Browser]) -> None:
    assert register(half_way(), Authenticator(verifies=False)).status_code == 422
    device = Authenticator()
    register(half_way(), device)
    device.verifies = False
    assert authenticate(half_way(), device).status_code == 422


def test_another_site_s_answer_is_refused(half_way: Callable[[], Browser]) -> None:
    assert register(half_way(), Authenticator("https://ailleurs.example")).status_code == 422
    device = Authenticator()
    register(half_way(), device)
    device.origin = "https://ailleurs.example"
    assert authenticate(half_way(), device).status_code == 422


def test_an_answer_cannot_be_replayed(half_way: Callable[[], Browser]) -> None:
    device = Authenticator()
    register(half_way(), device)
    browser = half_way()
    options = browser.post("/connexion/cle/demande", json={}).json
    assert options is not None
    answer = {"credential": device.get(options)}
    assert browser.post("/connexion/cle/reponse", json=answer).status_code == 200
    other = half_way()
    other.post("/connexion/cle/demande", json={})
    assert other.post("/connexion/cle/reponse", json=answer).status_code == 422


def test_a_challenge_serves_once_even_when_refused(half_way: Callable[[], Browser]) -> None:
    device = Authenticator()
    register(half_way(), device)
    browser = half_way()
    options = browser.post("/connexion/cle/demande", json={}).json
    assert options is not None
    stranger = Authenticator()
    assert (
        browser.post("/connexion/cle/reponse", json={"credential": stranger.get(options)}).status_code == 422
    )
    assert browser.post("/connexion/cle/reponse", json={"credential": device.get(options)}).status_code == 422


def test_a_counter_that_goes_back_is_refused(half_way: Callable[[], Browser]) -> None:
    device = Authenticator()
    register(half_way(), device)
    device.count = 7
    assert authenticate(half_way(), device).status_code == 200
    device.count = 3
    assert authenticate(half_way(), device).status_code == 422


def test_someone_else_s_passkey_is_refused(cast: Cast, half_way: Callable[[], Browser]) -> None:
    mine, theirs = Authenticator(), Authenticator()
    register(half_way(), mine)
    person = cast.tilleul.people["admin"]
    with cast.app.app_context(), unit_of_work(entry.as_person(person.login_id)):
        entry.set_password(person.login_id, PASSWORD)
    browser = cast.nobody()
    first_factor(browser, person)
    register(browser, theirs)
    assert authenticate(half_way(), theirs).status_code == 422


def test_one_credential_cannot_serve_two_people(cast: Cast, half_way: Callable[[], Browser]) -> None:
    device, person = Authenticator(), cast.tilleul.people["admin"]
    register(half_way(), device)
    with cast.app.app_context(), unit_of_work(entry.as_person(person.login_id)):
        entry.set_password(person.login_id, PASSWORD)
    browser = cast.nobody()
    first_factor(browser, person)
    assert register(browser, device).status_code == 422


@pytest.mark.parametrize(
    "sent", [None, [], {"credential": None}, {"credential": {"id": 3}}, {"credential": "x"}]
)
def test_anything_else_is_refused_in_words(half_way: Callable[[], Browser], sent: object) -> None:
    browser = half_way()
    browser.post("/connexion/cle/nouvelle/demande", json={})
    answer = browser.post("/connexion/cle/nouvelle/reponse", json=sent)
    assert answer.status_code == 422
    assert answer.json is not None
    assert answer.json["error"]


def test_one_more_is_added_only_just_after_signing_in(cast: Cast) -> None:
    browser, device = cast.signed_in("technician"), Authenticator()
    options = browser.post("/mon-compte/cles/demande", json={}).json
    assert options is not None
    added = browser.post("/mon-compte/cles/reponse", json={"credential": device.create(options)})
    assert added.json == {"next": "/mon-compte"}
    assert session_events(cast, cast.tilleul.people["technician"])[0] == "passkey_added"


def test_the_last_one_cannot_be_removed(cast: Cast, half_way: Callable[[], Browser]) -> None:
    device, browser = Authenticator(), half_way()
    register(browser, device)
    page = browser.get("/mon-compte").text
    removal = page.split('action="/mon-compte/cles/')[1].split('"')[0]
    told = browser.post(f"/mon-compte/cles/{removal}", follow_redirects=True).text
    assert "votre seul moyen de vous connecter" in told
    assert "Mon téléphone" in told
    stranger = cast.signed_in("technician", cast.saule)
    assert stranger.post(f"/mon-compte/cles/{removal}").status_code == 404
