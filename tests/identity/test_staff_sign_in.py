"""MSP staff: a password, then a second factor, then a session under a new token."""

from collections.abc import Callable

import pyotp
import pytest
from argon2 import PasswordHasher
from flask.testing import FlaskClient

from mspaudit.identity import door, entry, passwords, recovery
from mspaudit.tenancy import gate
from mspaudit.tenancy.lifecycle import unit_of_work
from tests.cast import Cast
from tests.identity.conftest import PASSWORD, first_factor, session_events, without_token

Equip = Callable[[str], str]


def code(secret: str) -> dict[str, str]:
    return {"factor": "totp", "code": pyotp.TOTP(secret).now()}


def cookie(browser: FlaskClient) -> str | None:
    found = browser.get_cookie("mspaudit_session")
    return found.value if found else None


def test_a_password_alone_opens_nothing(cast: Cast, equipped: Equip) -> None:
    equipped("admin")
    browser = cast.nobody()
    first_factor(browser, cast.tilleul.people["admin"])
    for page in ("/mes-espaces", "/mon-compte", f"/{cast.tilleul.slug}/equipe/"):
        answer = browser.get(page)
        assert answer.status_code == 303
        assert answer.location.startswith("/connexion/confirmation?suite=")


def test_the_second_factor_opens_the_page_that_was_asked_for(cast: Cast, equipped: Equip) -> None:
    secret, browser = equipped("admin"), cast.nobody()
    page = f"/{cast.tilleul.slug}/equipe/"
    asked = browser.get(page)
    assert asked.location == f"/connexion?suite={page}"
    person = cast.tilleul.people["admin"]
    browser.post("/connexion", data={"email": person.email, "password": PASSWORD, "suite": page})
    answer = browser.post("/connexion/confirmation", data={**code(secret), "suite": page})
    assert (answer.status_code, answer.location) == (303, page)
    assert browser.get(page).status_code == 200


def test_the_full_session_has_another_token_and_the_first_is_dead(cast: Cast, equipped: Equip) -> None:
    secret, browser = equipped("admin"), cast.nobody()
    first_factor(browser, cast.tilleul.people["admin"])
    before = cookie(browser)
    browser.post("/connexion/confirmation", data=code(secret))
    assert cookie(browser) not in (None, before)
    thief = cast.nobody()
    thief.set_cookie("mspaudit_session", before or "")
    assert thief.get("/mes-espaces").location.startswith("/connexion?")


def test_a_code_of_the_application_serves_once(cast: Cast, equipped: Equip) -> None:
    secret, person = equipped("admin"), cast.tilleul.people["admin"]
    used = code(secret)
    for status in (303, 422):
        browser = cast.nobody()
        first_factor(browser, person)
        assert browser.post("/connexion/confirmation", data=used).status_code == status


def test_a_recovery_code_serves_once(cast: Cast, equipped: Equip) -> None:
    equipped("admin")
    person = cast.tilleul.people["admin"]
    with cast.app.app_context(), unit_of_work(entry.as_person(person.login_id)):
        typed = recovery.renew(person.login_id)[3].lower()
    for status in (303, 422):
        browser = cast.nobody()
        first_factor(browser, person)
        answer = browser.post("/connexion/confirmation", data={"factor": "recovery", "code": typed})
        assert answer.status_code == status
    assert "recovery_used" in session_events(cast, person)


def test_a_personal_code_is_not_enough_for_staff(
    cast: Cast, equipped: Equip, with_pin: Callable[[str, str], None]
) -> None:
    equipped("technician")
    with_pin("technician", "835914")
    browser = cast.nobody()
    first_factor(browser, cast.tilleul.people["technician"])
    answer = browser.post("/connexion/confirmation", data={"factor": "pin", "code": "835914"})
    assert answer.status_code == 422


def test_a_password_cannot_add_a_second_factor_beside_the_one_it_needs(cast: Cast, equipped: Equip) -> None:
    equipped("admin")
    browser = cast.nobody()
    first_factor(browser, cast.tilleul.people["admin"])
    for page in ("", "/application", "/code"):
        assert browser.get(f"/connexion/choisir{page}").location.startswith("/connexion/confirmation")
    assert (
        browser.post("/connexion/choisir/code", data={"pin": "835914", "again": "835914"}).status_code == 303
    )
    assert browser.post("/connexion/cle/nouvelle/demande", json={}).status_code == 422


def test_the_first_sign_in_chooses_an_application_then_shows_recovery_codes(cast: Cast) -> None:
    person = cast.tilleul.people["technician"]
    with cast.app.app_context(), unit_of_work(entry.as_person(person.login_id)):
        entry.set_password(person.login_id, PASSWORD)
    browser = cast.nobody()
    first_factor(browser, person)
    assert browser.get("/connexion/confirmation").location == "/connexion/choisir"
    page = browser.get("/connexion/choisir/application").text
    assert "<svg" in page
    assert "style=" not in page
    secret = page.split('class="ma-code">')[1].split("<")[0].replace(" ", "")
    assert secret in browser.get("/connexion/choisir/application").text.replace(" ", "")
    wrong = browser.post("/connexion/choisir/application", data={"code": "000000"})
    assert wrong.status_code == 422
    answer = browser.post("/connexion/choisir/application", data={"code": pyotp.TOTP(secret).now()})
    assert answer.location == "/mon-compte/codes-de-secours"
    shown = browser.post("/mon-compte/codes-de-secours").text
    assert shown.count("<li>") == recovery.COUNT
    assert "il vous en reste" not in browser.get("/mes-espaces").text


def test_known_and_unknown_get_the_same_answer(cast: Cast, equipped: Equip) -> None:
    equipped("admin")
    known, unknown = cast.tilleul.people["admin"].email, "personne@nulle-part.example"
    answers = []
    for email in (known, unknown):
        answer = cast.nobody().post("/connexion", data={"email": email, "password": "Faux-Mot-De-Passe-1"})
        answers.append((answer.status_code, without_token(answer.text).replace(email, "")))
    assert answers[0] == answers[1]
    assert answers[0][0] == 422


def test_known_and_unknown_cost_the_same_work(
    cast: Cast, equipped: Equip, monkeypatch: pytest.MonkeyPatch
) -> None:
    equipped("admin")
    done: list[str] = []

    class Counting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:
            done.append(str(hash).split("$")[3])
            return super().verify(hash, password)

    monkeypatch.setattr(passwords, "HASHER", Counting(time_cost=2, memory_cost=19_456, parallelism=1))
    for email in (cast.tilleul.people["admin"].email, "personne@nulle-part.example"):
        cast.nobody().post("/connexion", data={"email": email, "password": "Faux-Mot-De-Passe-1"})
    assert done == ["m=19456,t=2,p=1"] * 2


def test_ten_failures_lock_the_account_and_nothing_shows_it(cast: Cast, equipped: Equip) -> None:
    equipped("admin")
    person = cast.tilleul.people["admin"]
    wrong = {"email": person.email, "password": "Faux-Mot-De-Passe-1"}
    texts = {without_token(cast.nobody().post("/connexion", data=wrong).text) for _ in range(10)}
    locked = cast.nobody().post("/connexion", data={**wrong, "password": PASSWORD})
    assert locked.status_code == 422
    assert {without_token(locked.text)} == texts


def test_failures_are_kept_though_the_answer_is_a_refusal(cast: Cast, equipped: Equip) -> None:
    equipped("admin")
    person = cast.tilleul.people["admin"]
    cast.nobody().post("/connexion", data={"email": person.email, "password": "Faux-Mot-De-Passe-1"})
    assert session_events(cast, person)[0] == "password_refused"


def test_the_eleventh_wrong_second_code_finds_the_account_locked(cast: Cast, equipped: Equip) -> None:
    secret, browser = equipped("admin"), cast.nobody()
    first_factor(browser, cast.tilleul.people["admin"])
    for _ in range(10):
        browser.post("/connexion/confirmation", data={"factor": "totp", "code": "000000"})
    assert browser.post("/connexion/confirmation", data=code(secret)).status_code == 422


@pytest.mark.usefixtures("throttled")
def test_it_throttles_by_account_alike_for_known_and_unknown(cast: Cast, equipped: Equip) -> None:
    equipped("admin")
    for email in (cast.tilleul.people["admin"].email, "personne@nulle-part.example"):
        data = {"email": email, "password": "Faux-Mot-De-Passe-1"}
        seen = []
        for n in range(16):
            address = {"REMOTE_ADDR": f"198.51.100.{n}"}
            seen.append(cast.nobody().post("/connexion", data=data, environ_base=address).status_code)
        assert seen == [422] * 15 + [429]


@pytest.mark.usefixtures("throttled")
def test_it_throttles_by_address(cast: Cast) -> None:
    seen = []
    for n in range(31):
        data = {"email": f"personne{n}@nulle-part.example", "password": "Faux-Mot-De-Passe-1"}
        seen.append(cast.nobody().post("/connexion", data=data).status_code)
    assert (seen[29], seen[30]) == (422, 429)


@pytest.mark.parametrize(
    "suite",
    [
        "https://ailleurs.example/",
        "//ailleurs.example",
        "/\\ailleurs.example",
        "/\t/ailleurs",
        "javascript:1",
    ],
)
def test_it_never_leads_to_another_site(cast: Cast, equipped: Equip, suite: str) -> None:
    secret, browser = equipped("admin"), cast.nobody()
    person = cast.tilleul.people["admin"]
    browser.post("/connexion", data={"email": person.email, "password": PASSWORD, "suite": suite})
    answer = browser.post("/connexion/confirmation", data={**code(secret), "suite": suite})
    assert answer.location == "/mes-espaces"


def test_signing_out_kills_the_session(cast: Cast) -> None:
    browser = cast.signed_in("technician")
    token = cookie(browser)
    browser.post("/deconnexion")
    browser.set_cookie("mspaudit_session", token or "")
    assert browser.get("/mes-espaces").location.startswith("/connexion")


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(cast: Cast, equipped: Equip) -> None:
    equipped("admin")
    data = {"email": cast.tilleul.people["admin"].email, "password": PASSWORD}
    sent = cast.nobody().post("/connexion", data=data).headers["Set-Cookie"]
    assert "HttpOnly" in sent
    assert "SameSite=Lax" in sent
    assert "Path=/" in sent


def test_an_outdated_hash_is_renewed_at_sign_in(cast: Cast) -> None:
    person = cast.tilleul.people["admin"]
    weak = PasswordHasher(time_cost=1, memory_cost=8_192, parallelism=1).hash(PASSWORD)
    with cast.app.app_context(), unit_of_work(entry.as_person(person.login_id)):
        entry.own(person.login_id).password_hash = weak
    first_factor(cast.nobody(), person)
    with cast.app.app_context(), unit_of_work(entry.as_person(person.login_id)):
        stored = door.get_login(person.login_id)
        assert stored is not None
        assert not passwords.outdated(stored.password_hash or "")


def test_the_cookie_is_bound_to_this_host_over_https(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(cast.app.config, "SESSION_COOKIE_SECURE", True)
    with cast.app.test_request_context():
        assert gate.cookie_name().startswith("__Host-")
