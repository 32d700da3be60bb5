"""A bare application that shows the gallery: this room needs no database."""

from collections.abc import Iterator
from threading import Thread

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from mspaudit import web
from mspaudit.web import gallery


@pytest.fixture(scope="session")
def gallery_app() -> Flask:
    app = Flask("gallery", static_folder=None)
    app.secret_key = "only for tests"
    web.register(app)
    app.register_blueprint(gallery.add_pages(Blueprint("gallery", __name__, url_prefix="/_galerie")))
    return app


@pytest.fixture
def reader(gallery_app: Flask) -> FlaskClient:
    return gallery_app.test_client()


@pytest.fixture(scope="session")
def gallery_url(gallery_app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, gallery_app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/_galerie"
    server.shutdown()
    thread.join()
