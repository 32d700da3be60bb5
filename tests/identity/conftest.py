"""What the tests of signing in share: a quiet limiter, an authenticator, a mailbox."""

import re
from collections.abc import Callable, Iterator

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from mspaudit.adapters.mailer import FolderMailer
from mspaudit.extensions import db, limiter
from mspaudit.identity import door, entry, jobs, sessions, totp
from mspaudit.identity.models import Login
from mspaudit.kernel.clock import now
from mspaudit.tenancy.context import door as door_context
from mspaudit.tenancy.lifecycle import unit_of_work
from tests.cast import Cast, Member

PASSWORD = "Trois-Pommes-Vertes-9"


@pytest.fixture(autouse=True)
def unlimited() -> Iterator[None]:
    """Without throttling, except where that is what a test is about."""
    before, limiter.enabled = limiter.enabled, False
    yield
    limiter.enabled = before


@pytest.fixture
def throttled(app: Flask, unlimited: None) -> Iterator[None]:
    """With throttling, its counters at zero before and after."""
    with app.app_context():
        limiter.reset()
        limiter.enabled = True
        yield
        limiter.reset()


@pytest.fixture
def equipped(cast: Cast) -> Callable[[str], str]:
    """Give someone a password and an application; returns the application's key."""

    def equip(who: str) -> str:
        person, secret = cast.tilleul.people[who], totp.new_secret()
        with cast.app.app_context(), unit_of_work(entry.as_person(person.login_id)):
            entry.set_password(person.login_id, PASSWORD)
            assert entry.set_totp(person.login_id, secret, pyotp.TOTP(secret).now(), now=now())
            # As if it had been set long ago: the very code just used may be typed again.
            values = {"totp_last_step": None}
            db.session.execute(update(Login).where(Login.id == person.login_id).values(**values))
        return secret

    return equip


@pytest.fixture
def with_pin(cast: Cast) -> Callable[[str, str], None]:
    """Give someone a personal code."""

    def give(who: str, pin: str) -> None:
        login_id = cast.tilleul.people[who].login_id
        with cast.app.app_context(), unit_of_work(entry.as_person(login_id)):
            entry.set_pin(login_id, pin)

    return give


def first_factor(browser: FlaskClient, person: Member, password: str = PASSWORD) -> None:
    """Type the address and the password; the second factor is next."""
    answer = browser.post("/connexion", data={"email": person.email, "password": password})
    assert answer.status_code == 303, answer.text
    assert answer.location.startswith("/connexion/confirmation")


def ask_link(cast: Cast, browser: FlaskClient, email: str, suite: str = "") -> str | None:
    """Ask for a link in this browser, let the worker send it, and read it in the mailbox."""
    answer = browser.post("/connexion", data={"email": email, "moyen": "lien", "suite": suite})
    assert answer.status_code == 303
    with cast.app.app_context():
        with unit_of_work(door_context()):
            waiting = door.waiting_links()
        for request_id in waiting:
            jobs.send_link(request_id=str(request_id))
    folder = FolderMailer(cast.app.extensions["mspaudit"].settings.mail_folder, sender="a@b.example")
    mails = [mail for mail in folder.list() if email in mail.to]
    if not mails:
        return None
    found = re.search(r"http://localhost(/lien/\S+)", mails[0].text)
    assert found is not None
    return found.group(1)


def without_token(page: str) -> str:
    """The page without what differs for each browser: the token of its forms."""
    return re.sub(r'(name="csrf[-_]token" (?:value|content)=")[^"]*', r"\1", page)


def session_events(cast: Cast, person: Member) -> list[str]:
    """What the person reads about their account, the latest first."""
    with cast.app.app_context(), unit_of_work(entry.as_person(person.login_id)):
        return [event.what for event in sessions.recent_events(person.login_id)]
