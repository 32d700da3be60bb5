"""A technician answers and verifies in the table, without leaving it."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Devices
from tests.cast import Cast
from tests.checklists.campaigns import answer_of, proof_of, start

pytestmark = pytest.mark.browser


def test_a_row_opens_is_answered_and_closes(cast: Cast, device: Devices) -> None:
    start(cast)
    proof_of(cast, "GOV-01")
    page = device(cast, "technician", viewport={"width": 1440, "height": 900}).new_page()
    page.goto(f"/{cast.tilleul.slug}/clients/valbrune/questionnaire")

    row = page.locator("#q-AUT-01")
    row.get_by_role("link").first.click()
    row.get_by_text("En partie", exact=True).click()
    row.get_by_label("Part couverte").fill("60")
    row.get_by_role("button", name="Enregistrer").click()
    expect(row).to_contain_text("en partie, 60 %")
    row.get_by_role("link").first.click()
    expect(row.get_by_role("button", name="Enregistrer")).to_have_count(0)

    page.get_by_label("Vérifier photo.png").check()
    page.get_by_role("button", name="Vérifier les preuves cochées").click()
    expect(page.get_by_text("1 preuve vérifiée.")).to_be_visible()
    with cast.inside() as house:
        client = house.clients["valbrune"]
        assert answer_of(client, "GOV-01").state == "verified"
        assert answer_of(client, "AUT-01").percent == 60


def test_a_filter_keeps_the_place(cast: Cast, device: Devices) -> None:
    start(cast)
    page = device(cast, "technician", viewport={"width": 1440, "height": 900}).new_page()
    page.goto(f"/{cast.tilleul.slug}/clients/valbrune/questionnaire")
    page.get_by_label("Thème").select_option("BCK")
    expect(page.locator("#q-GOV-01")).to_have_count(0)
    expect(page.locator("#q-BCK-01")).to_be_visible()
    page.reload()
    expect(page.locator("#q-GOV-01")).to_have_count(0)
