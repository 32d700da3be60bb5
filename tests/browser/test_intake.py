"""The import desk by keyboard, by axe and on a narrow phone, with a file in each of its states."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from mspaudit.web.build_assets import MODULES
from tests.browser.conftest import Devices
from tests.browser.test_access import AXE
from tests.cast import Cast
from tests.intake.helpers import run, send
from tests.intake.test_kinds import SAMPLES

pytestmark = pytest.mark.browser


def _pages(cast: Cast) -> list[str]:
    """A file to check, one that is unknown, one shared by several clients, one that is done."""
    technician = cast.signed_in("technician")
    staff = (SAMPLES / "personnel.csv").read_bytes()
    done = send(cast, technician, staff)
    technician.post(f"{done}/lancement")
    waiting = send(cast, technician, (SAMPLES / "glpi_computers.csv").read_bytes(), name="parc.csv")
    technician.post(f"{waiting}/lancement")
    run(cast, done)
    accounts = (SAMPLES / "entra_users.csv").read_bytes()
    return [
        f"/{cast.tilleul.slug}/clients/valbrune/importer",
        f"/{cast.tilleul.slug}/importer",
        send(cast, technician, accounts, name="utilisateurs.csv"),
        send(cast, technician, b"Colonne;Autre\n1;2\n", name="inconnu.csv"),
        send(cast, technician, accounts, name="utilisateurs.csv", client=None),
        done,
        f"{done}/annulation",
        waiting,
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_at_the_desk(cast: Cast, device: Devices, scheme: str) -> None:
    axe = (MODULES / "axe-core" / "axe.min.js").read_text() + "; 0"
    page = device(cast, "technician", color_scheme=scheme, reduced_motion="reduce").new_page()
    found = {}
    for path in _pages(cast):
        assert _opened(page, path)
        page.evaluate(axe)
        found[path] = page.evaluate(AXE)
    assert {path: seen for path, seen in found.items() if seen} == {}


def test_the_desk_fits_a_phone(cast: Cast, device: Devices) -> None:
    page = device(cast, "technician", viewport={"width": 360, "height": 740}).new_page()
    widths = {}
    for path in _pages(cast):
        assert _opened(page, path)
        widths[path] = page.evaluate("document.documentElement.scrollWidth")
    assert {path: width for path, width in widths.items() if width > 360} == {}


@pytest.mark.parametrize("script", [True, False])
def test_a_file_is_left_by_keyboard_with_or_without_script(cast: Cast, device: Devices, script: bool) -> None:
    page = device(cast, "technician", java_script_enabled=script).new_page()
    page.goto(f"/{cast.tilleul.slug}/clients/valbrune/importer")
    _leave(page, SAMPLES / "personnel.csv")
    assert page.title().startswith("Vérifier l’import")
    page.get_by_role("button", name="Importer", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Import en cours").wait_for()


def _leave(page: Page, file: Path) -> None:
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Lire le fichier").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/importer/*")


def _opened(page: Page, path: str) -> bool:
    answer = page.goto(path)
    return answer is not None and answer.ok
