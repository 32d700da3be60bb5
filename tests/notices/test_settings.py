"""One's hours, one's calendar, how far ahead, and the test alert from end to end."""

import re
from datetime import time

import pytest
from flask import Flask
from flask.testing import FlaskClient
from rq.worker import SimpleWorker
from sqlalchemy import update

from mspaudit.adapters.mailer import FolderMailer
from mspaudit.config import Settings
from mspaudit.extensions import db
from mspaudit.notices import preferences, telling
from mspaudit.notices.models import Trial
from mspaudit.notices.rules import Hours
from mspaudit.tenancy import jobs
from tests.cast import Cast
from tests.pages import loose_signs, whole


def path(cast: Cast, rest: str = "") -> str:
    return f"/{cast.tilleul.slug}/alertes/{rest}"


@pytest.fixture
def technician(cast: Cast) -> FlaskClient:
    return cast.signed_in("technician")


class Burst(jobs.OneQueueWorker, SimpleWorker):
    """Our worker, in this process."""


def work(app: Flask) -> None:
    """Run what waits in the mail queue, and what that adds."""
    with app.app_context():
        worker = Burst(
            [jobs.queue("mail")],
            connection=jobs.connection(),
            serializer="json",
            job_class=jobs.RegisteredJob,
        )
        worker.work(burst=True, logging_level="ERROR")


def test_one_chooses_ones_hours(cast: Cast, technician: FlaskClient) -> None:
    data = {"heure": "09:30", "jour": ["2", "4"], "alsace": "1"}
    assert technician.post(path(cast, "resume"), data=data).status_code == 303
    with cast.inside():
        member = cast.tilleul.people["technician"].id
        assert preferences.of(member) == Hours(time(9, 30), (2, 4), True)
        assert preferences.of(cast.tilleul.people["admin"].id) == Hours()
    assert 'value="09:30" selected' in technician.get(path(cast)).text


@pytest.mark.parametrize(
    "data", [{"heure": "09:30"}, {"heure": "03:00", "jour": "1"}, {"heure": "x", "jour": "1"}]
)
def test_hours_that_would_tell_nobody_are_refused(
    cast: Cast, technician: FlaskClient, data: dict[str, str]
) -> None:
    assert technician.post(path(cast, "resume"), data=data).status_code == 422


def test_a_calendar_address_is_shown_once(cast: Cast, technician: FlaskClient) -> None:
    shown = whole(technician.post(path(cast, "calendrier")))
    url = re.search(r"/calendrier/[\w-]{40,}\.ics", shown)
    assert url
    assert url[0] not in technician.get(path(cast)).text
    assert cast.nobody().get(f"/{cast.tilleul.slug}{url[0]}").status_code == 200
    assert technician.post(path(cast, "calendrier/fermeture")).status_code == 303
    assert cast.nobody().get(f"/{cast.tilleul.slug}{url[0]}").status_code == 404
    assert technician.post(path(cast, "calendrier/fermeture")).status_code == 422


def test_an_administrator_sets_how_far_ahead_and_a_technician_does_not(
    cast: Cast, technician: FlaskClient
) -> None:
    admin = cast.signed_in("admin")
    text = whole(admin.get(path(cast, "seuils/")))
    assert loose_signs(text) == []
    assert technician.get(path(cast, "seuils/")).status_code == 403
    assert admin.post(path(cast, "seuils/"), data={"seuil-contract": "120, 10"}).status_code == 303
    with cast.inside():
        assert list(telling.rules()["contract"]) == [120, 10]
    refused = admin.post(path(cast, "seuils/"), data={"seuil-contract": "bientôt"})
    assert refused.status_code == 422
    assert "bientôt" in refused.text
    assert admin.post(path(cast, "seuils/"), data={"seuil-contract": ""}).status_code == 303
    with cast.inside():
        assert tuple(telling.rules()["contract"]) == telling.KINDS["contract"].days


def test_a_test_alert_shows_each_step_as_it_is_reached(
    cast: Cast, app: Flask, technician: FlaskClient, settings: Settings
) -> None:
    with app.app_context():
        jobs.queue("mail").empty()
    asked = technician.post(path(cast, "essais"))
    assert asked.status_code == 303
    text = whole(technician.get(asked.location))
    assert loose_signs(text) == []
    assert "en attente" in text
    assert "hx-get" in text.split('id="essai"')[1][:200]
    work(app)
    after = technician.get(asked.location, headers={"HX-Request": "true"}).text
    assert after.lstrip().startswith('<div id="essai">')
    assert "Tout a fonctionné" in after
    assert "en attente" not in after
    mails = FolderMailer(settings.mail_folder, sender=settings.mail_from).list()
    assert any(mail.subject.startswith("Alerte d’essai") for mail in mails)


def test_a_test_alert_that_nobody_takes_says_so(cast: Cast, technician: FlaskClient) -> None:
    asked = technician.post(path(cast, "essais"))
    with cast.inside():
        db.session.execute(update(Trial).values(asked_at=Trial.asked_at - db.text("interval '1 minute'")))
    assert "Aucun ouvrier ne l’a prise" in technician.get(asked.location).text


def test_anothers_test_alert_does_not_exist(cast: Cast, technician: FlaskClient) -> None:
    theirs = cast.signed_in("technician", cast.saule).post(f"/{cast.saule.slug}/alertes/essais").location
    mine = theirs.replace(cast.saule.slug, cast.tilleul.slug)
    assert technician.get(mine).status_code == 404


def test_a_reader_is_told_nothing_and_changes_nothing(cast: Cast) -> None:
    reader = cast.signed_in("reader")
    assert "les alertes vont à ceux qui agissent" in whole(reader.get(path(cast)))
    for rest in ("resume", "calendrier", "essais"):
        assert reader.post(path(cast, rest)).status_code == 403


def test_who_serves_only_some_clients_sets_their_own_alerts(cast: Cast) -> None:
    limited = cast.signed_in("limited")
    assert limited.post(path(cast, "resume"), data={"heure": "08:00", "jour": "1"}).status_code == 303
    assert limited.post(path(cast, "calendrier")).status_code == 200
    asked = limited.post(path(cast, "essais"))
    assert asked.status_code == 303
    assert limited.get(asked.location).status_code == 200
    assert limited.post(path(cast, "calendrier/fermeture")).status_code == 303
    assert "Adresse de calendrier créée" in limited.get("/mon-compte").text
