import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mspaudit import web
from mspaudit.web.headers import content_security_policy

PAGES = [
    "/",
    "/formulaires",
    "/recherche?q=val",
    "/question",
    "/erreur",
    "/connexion",
    "/feuille",
    "/missing",
]


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_is_protected_and_not_stored(reader: FlaskClient, path: str) -> None:
    headers = reader.get(f"/_galerie{path}").headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "'unsafe" not in headers["Content-Security-Policy"]
    assert "http" not in headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", PAGES[:-1])
def test_no_page_needs_what_the_policy_forbids(reader: FlaskClient, path: str) -> None:
    text = reader.get(f"/_galerie{path}").text
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)", text)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', text)


def test_transport_is_strict_only_over_https(reader: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in reader.get("/_galerie/").headers
    secure = reader.get("/_galerie/", base_url="https://localhost")
    assert secure.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_a_view_may_widen_one_directive_and_no_other() -> None:
    policy = content_security_policy(form_action="https://checkout.example")
    assert "form-action 'self' https://checkout.example" in policy
    assert policy.replace(" https://checkout.example", "") == content_security_policy()
    with pytest.raises(KeyError):
        content_security_policy(unknown="x")


def test_an_application_with_a_static_folder_of_its_own_is_refused() -> None:
    with pytest.raises(RuntimeError, match="static_folder=None"):
        web.register(Flask("other"))
