"""Real servers, one application for the run, and the cast.

Tests do not clean up after themselves: each has MSPs of its own, which is what the product
promises to keep apart.
"""

import shutil
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, sync_playwright

from mspaudit.app import create_app
from mspaudit.config import Settings
from tests.cast import Cast, build_cast
from tests.servers import Servers, settings_of, started

KEY = "contexte-" * 5
CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """PostgreSQL and Valkey for this process, the schema at head, addresses by role."""
    with started(tmp_path_factory.mktemp("servers"), KEY) as found:
        yield found


@pytest.fixture(scope="session")
def settings(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of the tested application: the restricted database role, mail in a folder."""
    return settings_of(servers, tmp_path_factory.mktemp("data"), KEY)


@pytest.fixture(scope="session")
def app(settings: Settings) -> Flask:
    """The application, as production creates it."""
    found = create_app(settings)
    found.testing = True
    # A test posts forms as the browser would, through CSRF, only where that is what it tests.
    found.config["WTF_CSRF_ENABLED"] = False
    found.config["RATELIMIT_ENABLED"] = False
    return found


@pytest.fixture
def cast(app: Flask) -> Cast:
    """Two MSPs of this test alone, their people, and the stranger between them."""
    return build_cast(app)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the run: a process can drive only one Playwright at a time."""
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM)
