"""A secretary on her phone: she answers, loses the connection, closes the tab, goes on elsewhere."""

import re

import pytest
from playwright.sync_api import BrowserContext, LocatorAssertions, Page, expect

from tests.browser.conftest import PHONE, Devices
from tests.cast import Cast
from tests.checklists.campaigns import answer_of, start

pytestmark = pytest.mark.browser

KEPT = "Connexion perdue. Votre réponse est gardée sur ce téléphone et partira seule."


def space(cast: Cast, path: str = "") -> str:
    return f"/{cast.tilleul.slug}/espace/valbrune/{path}"


def saved(page: Page) -> LocatorAssertions:
    return expect(page.locator("[data-saved]"))


def stored_choice(cast: Cast, code: str) -> str | None:
    with cast.inside() as house:
        return answer_of(house.clients["valbrune"], code).choice


def test_an_answer_given_without_a_connection_leaves_when_it_returns(cast: Cast, device: Devices) -> None:
    start(cast)
    phone = device(cast, "secretary", **PHONE)
    page = phone.new_page()
    page.goto(space(cast))
    page.get_by_role("link", name="Commencer").click()
    page.get_by_role("radio", name="Oui").check()
    saved(page).to_contain_text("Enregistré à")
    assert stored_choice(cast, "GOV-01") == "yes"

    phone.set_offline(True)
    page.get_by_role("radio", name="Non").check()
    saved(page).to_contain_text(KEPT)
    assert stored_choice(cast, "GOV-01") == "yes"

    phone.set_offline(False)
    saved(page).to_contain_text("Enregistré à")
    assert stored_choice(cast, "GOV-01") == "no"


def left_offline(cast: Cast, phone: BrowserContext) -> None:
    """Answer without a connection, close the tab, and get the connection back."""
    start(cast)
    page = phone.new_page()
    page.goto(space(cast, "questions/GOV-01"))
    phone.set_offline(True)
    page.get_by_role("radio", name="En partie").check()
    saved(page).to_contain_text(KEPT)
    page.close()
    phone.set_offline(False)


def test_a_closed_tab_keeps_what_could_not_leave(cast: Cast, device: Devices) -> None:
    phone = device(cast, "secretary", **PHONE)
    left_offline(cast, phone)
    page = phone.new_page()
    page.goto(space(cast, "questions/GOV-01"))
    expect(page.get_by_role("radio", name="En partie")).to_be_checked()
    saved(page).to_contain_text("Enregistré à")
    assert stored_choice(cast, "GOV-01") == "partly"


def test_any_page_of_hers_sends_what_was_kept(cast: Cast, device: Devices) -> None:
    phone = device(cast, "secretary", **PHONE)
    left_offline(cast, phone)
    page = phone.new_page()
    with page.expect_response(lambda answer: answer.request.method == "POST") as sent:
        page.goto(space(cast))
    assert sent.value.ok
    assert stored_choice(cast, "GOV-01") == "partly"


def test_she_goes_on_where_she_stopped_on_another_device(cast: Cast, device: Devices) -> None:
    start(cast)
    phone = device(cast, "secretary", **PHONE).new_page()
    phone.goto(space(cast, "questions/GOV-01"))
    phone.get_by_role("radio", name="Oui").check()
    saved(phone).to_contain_text("Enregistré à")
    phone.close()

    desk = device(cast, "secretary").new_page()
    desk.goto(space(cast))
    desk.get_by_role("link", name="Continuer").click()
    expect(desk).to_have_url(re.compile("/questions/GOV-02$"))
    desk.get_by_role("link", name="Question précédente").click()
    expect(desk.get_by_role("radio", name="Oui")).to_be_checked()


def test_the_button_leads_through_the_questions(cast: Cast, device: Devices) -> None:
    start(cast)
    page = device(cast, "secretary", **PHONE).new_page()
    page.goto(space(cast, "questions/GOV-01"))
    for code, choice in (("GOV-01", "Oui"), ("GOV-02", "Jamais"), ("GOV-03", "Je ne sais pas")):
        expect(page).to_have_url(re.compile(f"/questions/{code}$"))
        page.get_by_role("radio", name=choice).check()
        page.get_by_role("button", name="Question suivante").click()
    expect(page).to_have_url(re.compile("/questions/GOV-04$"))
    assert stored_choice(cast, "GOV-03") == "unknown"


def test_without_a_script_the_same_path_is_open(cast: Cast, device: Devices) -> None:
    start(cast)
    page = device(cast, "secretary", java_script_enabled=False, **PHONE).new_page()
    page.goto(space(cast, "questions/GOV-01"))
    page.get_by_role("radio", name="Oui").check()
    page.get_by_role("button", name="Question suivante").click()
    expect(page).to_have_url(re.compile("/questions/GOV-02$"))
    assert stored_choice(cast, "GOV-01") == "yes"


def test_what_is_missing_is_asked_in_place(cast: Cast, device: Devices) -> None:
    start(cast)
    page = device(cast, "secretary", **PHONE).new_page()
    page.goto(space(cast, "questions/GOV-01"))
    expect(page.get_by_label("Pourquoi cela ne vous concerne pas")).to_be_hidden()
    page.get_by_role("radio", name="Pas concerné").check()
    saved(page).to_contain_text("Dites en une phrase")
    page.get_by_label("Pourquoi cela ne vous concerne pas").fill("Nous n’avons pas de site.")
    page.get_by_label("Pourquoi cela ne vous concerne pas").blur()
    saved(page).to_contain_text("Enregistré à")
    assert stored_choice(cast, "GOV-01") == "na"


def test_two_people_on_one_answer_both_see_both(cast: Cast, device: Devices) -> None:
    start(cast)
    hers = device(cast, "secretary", **PHONE).new_page()
    his = device(cast, "decider", **PHONE).new_page()
    for page in (hers, his):
        page.goto(space(cast, "questions/GOV-01"))
    hers.get_by_role("radio", name="Oui").check()
    saved(hers).to_contain_text("Enregistré à")
    his.get_by_role("radio", name="Non").check()
    expect(his.get_by_text("Garder sa réponse ou la vôtre")).to_be_visible()
    assert stored_choice(cast, "GOV-01") == "yes"
    his.get_by_role("button", name="Garder ma réponse").click()
    expect(his).to_have_url(re.compile("/questions/GOV-02$"))
    assert stored_choice(cast, "GOV-01") == "no"
