"""A bare application that shows the gallery: this room needs no database."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from threading import Thread

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import WSGIRequestHandler, make_server

from mspaudit import web
from mspaudit.web import build_assets, gallery


@pytest.fixture(scope="session")
def gallery_app() -> Flask:
    build_assets.build()
    app = Flask("gallery", static_folder=None)
    app.secret_key = "only for tests"
    web.register(app)
    app.register_blueprint(gallery.add_pages(Blueprint("gallery", __name__, url_prefix="/_galerie")))
    return app


@pytest.fixture
def reader(gallery_app: Flask) -> FlaskClient:
    return gallery_app.test_client()


class Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        """Say nothing: a test's failure says enough."""


@pytest.fixture(scope="session")
def gallery_url(gallery_app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, gallery_app, threaded=True, request_handler=Quiet)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/_galerie"
    server.shutdown()
    thread.join()


@pytest.fixture
def open_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Makes browser contexts (a device each), closed at the end of the test."""
    with ExitStack() as stack:

        def make(**options: object) -> BrowserContext:
            context = browser.new_context(**options)
            stack.callback(context.close)
            return context

        yield make


@pytest.fixture
def page(open_context: Callable[..., BrowserContext]) -> Page:
    return open_context(viewport={"width": 1280, "height": 900}).new_page()
