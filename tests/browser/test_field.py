"""A group's page on a phone: readable by all, and a report survives a lost connection, once."""

import pytest
from playwright.sync_api import expect

from mspaudit.fieldwork.models import FieldReport
from mspaudit.web.build_assets import MODULES
from tests.browser.conftest import PHONE, Devices
from tests.browser.test_access import AXE
from tests.cast import Cast
from tests.fieldwork.campaigns import opened, stored

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(cast: Cast, device: Devices, scheme: str) -> None:
    _, tokens = opened(cast)
    narrow = {"viewport": {"width": 360, "height": 740}, "color_scheme": scheme}
    page = device(**narrow).new_page()
    page.goto(f"/t/{tokens['Accueil']}")
    page.evaluate((MODULES / "axe-core" / "axe.min.js").read_text() + "; 0")
    assert page.evaluate(AXE) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_report_waits_on_the_phone_and_leaves_once_when_the_network_is_back(
    cast: Cast, device: Devices
) -> None:
    _, tokens = opened(cast)
    context = device(**PHONE)
    page = context.new_page()
    page.goto(f"/t/{tokens['Accueil']}")
    page.get_by_label("À quel moment de la journée").fill("à l’ouverture")
    page.get_by_label("Avec quoi").fill("un carnet")
    page.get_by_label("Pourquoi faire ainsi").select_option("slow")
    page.get_by_label("En une phrase").fill("parce que madame Delorme le demande")
    page.get_by_role("button", name="Envoyer sans mon nom").click()
    expect(page.get_by_text("Votre texte semble citer quelqu’un")).to_be_visible()
    assert stored(cast) == []
    page.get_by_label("En une phrase").fill("parce que la régie le demande")
    context.set_offline(True)
    page.get_by_role("button", name="Envoyer sans mon nom").click()
    expect(page.locator("[data-saved]")).to_contain_text("gardé sur ce téléphone")
    assert page.evaluate("Object.keys(localStorage).length") == 1
    context.set_offline(False)
    expect(page.locator("[data-saved]")).to_contain_text("C’est envoyé", timeout=15_000)
    assert page.evaluate("Object.keys(localStorage).length") == 0
    assert context.cookies() == []
    reports: list[FieldReport] = stored(cast)
    assert [report.reason for report in reports] == ["parce que la régie le demande"]
