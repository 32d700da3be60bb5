"""The mails of a demonstration: shown on this machine only, and never as live HTML."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask

from mspaudit.adapters.mailer import FolderMailer, Mail


@pytest.fixture
def showing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> FolderMailer:
    """The application in debug mode, and its folder of mails."""
    runtime = app.extensions["mspaudit"]
    settings = runtime.settings.model_copy(update={"debug": True})
    monkeypatch.setitem(app.extensions, "mspaudit", replace(runtime, settings=settings))
    return FolderMailer(settings.mail_folder, sender="mspaudit <a@b.example>")


def write(folder: FolderMailer, text: str) -> str:
    mail = Mail(to="c@d.example", subject="Votre lien", text=text, message_id="<1@mspaudit>")
    folder.send(mail, now=datetime.now(UTC))
    return next(found.name for found in folder.list() if found.subject == mail.subject)


def test_they_do_not_exist_outside_a_demonstration(app: Flask) -> None:
    assert app.test_client().get("/_courriels").status_code == 404


def test_they_do_not_exist_for_another_machine(app: Flask, showing: FolderMailer) -> None:
    answer = app.test_client().get("/_courriels", environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert answer.status_code == 404


def test_a_mail_is_listed_and_its_own_links_can_be_followed(app: Flask, showing: FolderMailer) -> None:
    name = write(showing, "Ouvrez http://localhost/lien/abc_-9 puis http://ailleurs.example/x")
    browser = app.test_client()
    assert "Votre lien" in browser.get("/_courriels").text
    page = browser.get(f"/_courriels/{name}").text
    assert 'href="http://localhost/lien/abc_-9"' in page
    assert 'href="http://ailleurs' not in page


def test_html_in_a_mail_stays_text(app: Flask, showing: FolderMailer) -> None:
    name = write(showing, "<script>alert(1)</script>")
    assert "<script>alert" not in app.test_client().get(f"/_courriels/{name}").text


def test_a_name_cannot_leave_the_folder(app: Flask, showing: FolderMailer) -> None:
    for name in ("..%2Fsecrets.json", "absent.eml", ".eml"):
        assert app.test_client().get(f"/_courriels/{name}").status_code == 404
