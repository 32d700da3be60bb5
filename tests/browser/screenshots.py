"""Retake the two pictures of the README: ``python -m tests.browser.screenshots``."""

import json
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import PHONE
from tests.conftest import CHROMIUM
from tests.demo.test_command import free_port

PICTURES = Path(__file__).resolve().parents[2] / "deploy" / "pictures"


def main() -> None:
    """Start a demonstration in a temporary folder, photograph it, stop it."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "mspaudit", "demo", "--data", f"{folder}/data", "--json"]
        demo = subprocess.Popen([*command, "--port", str(free_port())], stdout=subprocess.PIPE)
        try:
            assert demo.stdout is not None
            told = json.loads(demo.stdout.readline())
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM)
                _portfolio(browser, told)
                _question(browser, told)
                browser.close()
        finally:
            demo.send_signal(signal.SIGTERM)
            demo.wait(60)


def _portfolio(browser: Browser, told: dict[str, dict[str, str]]) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(told["links"]["technician"])
    page.screenshot(path=PICTURES / "portefeuille.png")


def _question(browser: Browser, told: dict[str, dict[str, str]]) -> None:
    page = browser.new_page(**PHONE)
    page.goto(told["links"]["secretary"])
    page.get_by_role("link", name="Valbrune").first.click()
    page.get_by_role("link", name="Continuer").click()
    page.screenshot(path=PICTURES / "question.png")


if __name__ == "__main__":
    main()
