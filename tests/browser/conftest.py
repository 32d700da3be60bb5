"""The application on a real port, and devices to open it with."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext
from werkzeug.serving import WSGIRequestHandler, make_server

from mspaudit.tenancy import gate
from mspaudit.web import build_assets
from tests.cast import Cast, House

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "device_scale_factor": 2}

Devices = Callable[..., BrowserContext]


class Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        """Say nothing: a test's failure says enough."""


@pytest.fixture(scope="session")
def live_url(app: Flask) -> Iterator[str]:
    """The address of the tested application, served by threads of this process."""
    build_assets.build()
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def device(browser: Browser, live_url: str) -> Iterator[Devices]:
    """Makes devices: ``device(cast, "secretary", **PHONE)`` is signed in, ``device()`` is nobody's."""
    with ExitStack() as stack:

        def make(
            cast: Cast | None = None, who: str = "", house: House | None = None, **options: object
        ) -> BrowserContext:
            context = browser.new_context(base_url=live_url, **options)
            stack.callback(context.close)
            if cast is not None:
                context.add_cookies([{"url": live_url, **_cookie(cast, who, house)}])
            return context

        yield make


def _cookie(cast: Cast, who: str, house: House | None) -> dict[str, str]:
    client = cast.signed_in(who, house)
    with cast.app.test_request_context():
        name = gate.cookie_name()
    cookie = client.get_cookie(name)
    assert cookie is not None
    return {"name": name, "value": cookie.value}
