"""Signing in with a real browser's own passkeys, through the page's script."""

from dataclasses import replace

import pytest
from flask import Flask
from playwright.sync_api import Page

from mspaudit.extensions import limiter
from mspaudit.identity import entry
from mspaudit.tenancy.lifecycle import unit_of_work
from tests.browser.conftest import Devices
from tests.cast import Cast

pytestmark = pytest.mark.browser

PASSWORD = "Trois-Pommes-Vertes-9"


@pytest.fixture
def named_url(app: Flask, live_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The application by a name: browsers bind no passkey to a bare IP address."""
    url = live_url.replace("127.0.0.1", "localhost")
    runtime = app.extensions["mspaudit"]
    settings = runtime.settings.model_copy(update={"public_url": url})
    monkeypatch.setitem(app.extensions, "mspaudit", replace(runtime, settings=settings))
    monkeypatch.setattr(limiter, "enabled", False)
    return url


def with_fingerprint_reader(page: Page) -> None:
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def type_password(page: Page, url: str, email: str) -> None:
    page.goto(f"{url}/connexion")
    page.get_by_label("Votre adresse électronique").fill(email)
    page.get_by_label("Votre mot de passe").fill(PASSWORD)
    page.get_by_label("Votre mot de passe").press("Enter")


def test_a_technician_makes_a_passkey_then_signs_in_with_it(
    cast: Cast, device: Devices, named_url: str
) -> None:
    person = cast.tilleul.people["technician"]
    with cast.app.app_context(), unit_of_work(entry.as_person(person.login_id)):
        entry.set_password(person.login_id, PASSWORD)
    page = device().new_page()
    with_fingerprint_reader(page)

    type_password(page, named_url, person.email)
    page.get_by_role("button", name="Créer une clé d’accès").click()
    page.wait_for_url("**/mon-compte/codes-de-secours")

    page.goto(f"{named_url}/mon-compte")
    page.get_by_role("button", name="Se déconnecter ici").click()
    page.wait_for_url("**/connexion")

    type_password(page, named_url, person.email)
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    page.wait_for_url(f"**/{cast.tilleul.slug}/**")
