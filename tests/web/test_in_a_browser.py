"""The pages as people meet them: with eyes, a keyboard, a phone, a lost connection, no script."""

from collections.abc import Callable
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Request, Route, expect

from mspaudit.web.build_assets import MODULES

pytestmark = pytest.mark.browser

PATHS = ["/", "/formulaires", "/question", "/erreur", "/connexion"]
NARROWEST = {"width": 360, "height": 740}
KEPT = "Connexion perdue. Votre réponse est gardée sur ce téléphone et partira seule."

Devices = Callable[..., BrowserContext]


@pytest.fixture
def phone(open_context: Devices) -> BrowserContext:
    return open_context(viewport=NARROWEST)


def saved_line(page: Page) -> Locator:
    return page.locator("[data-saved]")


def answer_no(page: Page) -> None:
    page.get_by_role("radio", name="Non").check()


def kept_answers(page: Page) -> int:
    return page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('ma-kept')).length")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PATHS)
def test_no_page_shuts_anyone_out(open_context: Devices, gallery_url: str, path: str, scheme: str) -> None:
    page = open_context(color_scheme=scheme, reduced_motion="reduce").new_page()
    page.goto(gallery_url + path)
    page.evaluate((MODULES / "axe-core" / "axe.min.js").read_text() + "; 0")
    violations = page.evaluate(
        "async () => (await axe.run()).violations.map((v) => [v.id, ...v.nodes.map((node) => node.html)])"
    )
    assert violations == []


@pytest.mark.parametrize("path", PATHS)
def test_the_narrowest_phone_never_scrolls_sideways(
    phone: BrowserContext, gallery_url: str, path: str
) -> None:
    page = phone.new_page()
    page.goto(gallery_url + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST["width"]


@pytest.mark.parametrize("path", [*PATHS, "/feuille"])
def test_a_page_runs_under_its_own_policy_without_a_complaint(
    page: Page, gallery_url: str, path: str
) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(gallery_url + path, wait_until="networkidle")
    assert complaints == []


def test_the_keyboard_finds_a_client_from_anywhere(page: Page, gallery_url: str) -> None:
    page.goto(gallery_url + "/formulaires")
    page.keyboard.press("Control+k")
    page.keyboard.type("merav")
    found = page.get_by_role("link", name="Méravelle")
    expect(found).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(found).to_be_focused()
    page.keyboard.press("Escape")
    expect(found).to_be_hidden()
    expect(page.get_by_role("searchbox", name="Chercher un client")).to_be_focused()


def test_enter_opens_the_first_answer(page: Page, gallery_url: str) -> None:
    page.goto(gallery_url + "/formulaires")
    page.keyboard.press("Control+k")
    page.keyboard.type("valb")
    expect(page.locator("#find-results a")).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url(gallery_url + "/")


def test_the_menu_opens_over_a_narrow_page(phone: BrowserContext, gallery_url: str) -> None:
    page = phone.new_page()
    page.goto(gallery_url + "/")
    expect(page.get_by_role("link", name="Échéances")).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    expect(page.get_by_role("link", name="Échéances")).to_be_visible()


def test_the_theme_and_the_density_are_remembered(page: Page, gallery_url: str) -> None:
    page.goto(gallery_url + "/")
    page.locator("summary", has_text="mon compte").click()
    page.get_by_text("Sombre", exact=True).click()
    page.keyboard.press("Escape")
    page.get_by_title("Lignes serrées").click()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    expect(page.locator("html")).to_have_attribute("data-density", "compact")


def test_a_dialog_says_what_will_happen_and_can_be_left(page: Page, gallery_url: str) -> None:
    page.goto(gallery_url + "/formulaires")
    page.get_by_role("button", name="Supprimer").first.click()
    dialog = page.get_by_role("dialog", name="Supprimer cette échéance\u202f?")
    expect(dialog).to_contain_text("Ses 3 rappels ne partiront pas.")
    dialog.get_by_role("button", name="Annuler").click()
    expect(dialog).to_be_hidden()


def test_a_file_too_heavy_is_refused_before_it_travels(page: Page, gallery_url: str) -> None:
    page.goto(gallery_url + "/formulaires")
    page.evaluate("document.querySelector('input[type=file]').dataset.max = '1048576'")
    heavy = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": b"x" * 3_000_000}
    page.locator("input[type=file]").set_input_files(heavy)
    expect(page.locator("[data-file-name]")).to_have_text(
        "Ce fichier pèse 3\u00a0Mo, la limite est 1\u00a0Mo. Une photo suffit."
    )


def test_an_answer_is_saved_as_it_is_given(phone: BrowserContext, gallery_url: str) -> None:
    page = phone.new_page()
    page.goto(gallery_url + "/question")
    answer_no(page)
    expect(saved_line(page)).to_have_attribute("data-state", "saved")
    expect(saved_line(page)).to_have_text("Enregistré à 14\u00a0h\u00a032")
    assert kept_answers(page) == 0


def test_a_lost_connection_keeps_the_answer_and_sends_it_alone(
    phone: BrowserContext, gallery_url: str
) -> None:
    page = phone.new_page()
    page.goto(gallery_url + "/question")
    phone.set_offline(True)
    answer_no(page)
    expect(saved_line(page)).to_have_text(KEPT)
    assert kept_answers(page) == 1
    with page.expect_request(gallery_url + "/question") as sent:
        phone.set_offline(False)
    assert parse_qs(sent.value.post_data)["answer"] == ["0"]
    expect(saved_line(page)).to_have_attribute("data-state", "saved")
    assert kept_answers(page) == 0


def test_leaving_the_page_while_offline_loses_nothing(phone: BrowserContext, gallery_url: str) -> None:
    page = phone.new_page()
    page.goto(gallery_url + "/question")
    page.route("**/question", _cut)
    answer_no(page)
    expect(saved_line(page)).to_have_text(KEPT)
    page.unroute_all()
    with page.expect_request(_is_autosave):
        page.goto(gallery_url + "/question")
    expect(saved_line(page)).to_have_attribute("data-state", "saved")
    assert kept_answers(page) == 0


def test_nobody_sends_an_answer_another_reader_left_on_the_device(
    phone: BrowserContext, gallery_url: str
) -> None:
    page = phone.new_page()
    page.goto(gallery_url + "/question")
    page.evaluate("localStorage.setItem('ma-kept|someone-else|/_galerie/question', 'answer=0')")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    page.reload(wait_until="networkidle")
    assert "POST" not in sent
    assert kept_answers(page) == 1


def test_an_expired_session_keeps_the_answer_and_says_so(phone: BrowserContext, gallery_url: str) -> None:
    page = phone.new_page()
    page.goto(gallery_url + "/question")
    page.route(
        "**/question", lambda route: route.fulfill(status=403) if _is_post(route) else route.continue_()
    )
    answer_no(page)
    expect(saved_line(page)).to_contain_text("reconnectez-vous")
    assert kept_answers(page) == 1


def test_a_question_can_be_answered_without_any_script(open_context: Devices, gallery_url: str) -> None:
    page = open_context(java_script_enabled=False, viewport=NARROWEST).new_page()
    page.goto(gallery_url + "/question")
    answer_no(page)
    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.get_by_role("button", name="Question suivante").click()
    assert parse_qs(sent.value.post_data)["answer"] == ["0"]
    page.wait_for_url(gallery_url + "/question")


def _is_post(route: Route) -> bool:
    return route.request.method == "POST"


def _is_autosave(request: Request) -> bool:
    return request.method == "POST" and request.headers.get("x-autosave") == "1"


def _cut(route: Route) -> None:
    if _is_post(route):
        route.abort("internetdisconnected")
    else:
        route.continue_()
