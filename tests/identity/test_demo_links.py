"""One-click links: in a demonstration only, on this machine only, with the right token only."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from pydantic import SecretStr

from tests.cast import Cast


@pytest.fixture
def demonstration(cast: Cast, app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A demonstration whose technician is Tilleul's."""
    runtime = app.extensions["mspaudit"]
    settings = runtime.settings.model_copy(update={"demo_token": SecretStr("jeton-de-demonstration")})
    monkeypatch.setitem(app.extensions, "mspaudit", replace(runtime, settings=settings))
    people = settings.data / "demo.json"
    people.write_text(
        json.dumps({"technician": {"email": cast.tilleul.people["technician"].email, "url": "/mon-compte"}})
    )
    yield "/demo/jeton-de-demonstration/technician"
    people.unlink()


def test_it_opens_a_full_session(cast: Cast, demonstration: str) -> None:
    browser = cast.nobody()
    assert browser.get(demonstration).location == "/mon-compte"
    assert browser.get("/mon-compte").status_code == 200


@pytest.mark.parametrize(
    "path", ["/demo/faux/technician", "/demo/jeton-de-demonstration/personne", "/demo/é/x"]
)
def test_anything_else_is_not_found(cast: Cast, demonstration: str, path: str) -> None:
    assert cast.nobody().get(path).status_code == 404


def test_another_machine_finds_nothing(cast: Cast, demonstration: str) -> None:
    far = {"REMOTE_ADDR": "192.0.2.7"}
    assert cast.nobody().get(demonstration, environ_base=far).status_code == 404


def test_without_a_demonstration_there_is_nothing(cast: Cast) -> None:
    assert cast.nobody().get("/demo/jeton-de-demonstration/technician").status_code == 404
