"""The dashboard without a mouse: the skip link, the finder, the rows, the dialog, and a focus that shows."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Devices
from tests.cast import Cast
from tests.checklists.campaigns import pilot_without_mandate
from tests.portfolio.homes import answered, compute, fill, today

RING = """el => {
    const s = getComputedStyle(el);
    return `${s.outlineStyle} ${s.outlineWidth} ${s.boxShadow}`;
}"""


pytestmark = pytest.mark.browser


@pytest.fixture
def page(cast: Cast, device: Devices) -> Page:
    """A technician's dashboard, one answer being contradicted."""
    fill(cast)
    with cast.inside() as house:
        answered(house.clients["valbrune"], "GOV-01", "yes")
        pilot_without_mandate(house.clients["valbrune"], today())
    compute(cast)
    opened = device(cast, "technician").new_page()
    opened.goto(f"/{cast.tilleul.slug}/")
    return opened


def focused(page: Page) -> Locator:
    return page.locator(":focus")


def rings(where: Locator) -> bool:
    """Whether the focused element draws something around itself."""
    return _drawn(where.evaluate(RING))


def _drawn(ring: str) -> bool:
    style, width, shadow = ring.split(" ", 2)
    return (style != "none" and float(width.removesuffix("px")) >= 1) or shadow != "none"


def test_the_first_stop_skips_to_the_content(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(focused(page)).to_have_text("Aller au contenu")
    expect(focused(page)).to_be_in_viewport()
    assert rings(focused(page))
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert focused(page).evaluate("el => document.querySelector('main').contains(el)")


def test_ctrl_k_finds_a_client_with_arrows_and_enter(page: Page, cast: Cast) -> None:
    page.keyboard.press("Control+k")
    expect(focused(page)).to_have_attribute("type", "search")
    assert rings(focused(page))
    page.keyboard.type("font")
    expect(page.locator(".ma-results a").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(focused(page)).to_contain_text("Fontaine")
    assert rings(focused(page))
    page.keyboard.press("ArrowUp")
    expect(focused(page)).to_have_attribute("type", "search")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{cast.tilleul.slug}/clients/fontaine/")
    page.go_back()
    page.keyboard.press("Control+k")
    page.keyboard.type("valb")
    expect(page.locator(".ma-results a").first).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{cast.tilleul.slug}/clients/valbrune/")


def test_escape_closes_the_finder_and_keeps_the_place(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type("valb")
    expect(page.locator(".ma-results a").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(page.locator(".ma-results a")).to_have_count(0)
    expect(focused(page)).to_have_attribute("type", "search")


def test_arrows_walk_the_rows_and_enter_opens_one(page: Page, cast: Cast) -> None:
    first = page.locator("#portefeuille tbody [scope=row] a").first
    first.focus()
    assert rings(focused(page))
    page.keyboard.press("ArrowDown")
    second = focused(page)
    expect(second).not_to_have_text(first.inner_text())
    assert rings(second)
    page.keyboard.press("ArrowUp")
    expect(focused(page)).to_have_text(first.inner_text())
    page.keyboard.press("End")
    page.keyboard.press("Home")
    expect(focused(page)).to_have_text(first.inner_text())
    href = first.get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{href}")


def test_the_row_in_hand_survives_the_table_refreshing(page: Page) -> None:
    first = page.locator("#portefeuille tbody [scope=row] a").first
    name = first.inner_text()
    first.focus()
    with page.expect_response(re.compile(r"vu=")):
        pass
    expect(focused(page)).to_have_text(name)


def test_a_contradiction_opens_and_closes_without_a_mouse(page: Page) -> None:
    mark = page.locator(".ma-neq").first
    mark.focus()
    assert rings(focused(page))
    page.keyboard.press("Enter")
    dialog = page.locator("#contredites")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("Paul Vigneron")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(mark).to_be_focused()


def test_every_stop_on_the_way_shows_where_one_is(page: Page) -> None:
    hidden = []
    for _ in range(45):
        page.keyboard.press("Tab")
        here = focused(page)
        if here.count() and not here.evaluate("el => el === document.body") and not _shown(here):
            hidden.append(here.evaluate("el => el.outerHTML.slice(0, 120)"))
    assert hidden == []


def _shown(here: Locator) -> bool:
    """A ring on the element, or on the label that stands for a hidden radio button."""
    if rings(here):
        return True
    label = here.evaluate_handle("el => el.labels?.[0] ?? null").as_element()
    return label is not None and _drawn(label.evaluate(RING))
