"""A database or a Redis that goes away: a clear message, nothing half-written, and back by itself."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from mspaudit.app import create_app
from mspaudit.clients.models import Client, Dirty
from mspaudit.extensions import db
from tests.cast import Cast, build_cast
from tests.conftest import KEY
from tests.servers import Servers, settings_of, started


@pytest.fixture(scope="module")
def fragile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Servers of this module's own, to stop and start."""
    with started(tmp_path_factory.mktemp("fragile"), KEY) as found:
        yield found


@pytest.fixture(scope="module")
def away(fragile: Servers, tmp_path_factory: pytest.TempPathFactory) -> Cast:
    """An application on those servers."""
    app: Flask = create_app(settings_of(fragile, tmp_path_factory.mktemp("data"), KEY))
    app.testing = True
    app.config["WTF_CSRF_ENABLED"] = False
    return build_cast(app)


def test_a_database_that_is_away_says_so_and_comes_back_by_itself(away: Cast, fragile: Servers) -> None:
    browser = away.signed_in("technician")
    page = f"/{away.tilleul.slug}/clients/valbrune/fiche"
    assert browser.get(page).status_code == 200
    fragile.postgres.stop()
    answer = browser.get(page)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "La base de données ne répond pas" in answer.text
    assert "Traceback" not in answer.text
    fragile.postgres.start()
    assert browser.get(page).status_code == 200


def test_a_change_during_the_outage_is_not_half_made(away: Cast, fragile: Servers) -> None:
    browser = away.signed_in("technician")
    fragile.postgres.stop()
    note = browser.post(f"/{away.tilleul.slug}/clients/valbrune/contacts")
    assert note.status_code == 503
    fragile.postgres.start()
    with away.inside():
        assert (
            db.session.scalars(select(Client.last_contact_at).where(Client.slug == "valbrune")).one() is None
        )


def test_without_redis_work_is_kept_for_the_sweep(away: Cast, fragile: Servers) -> None:
    browser = away.signed_in("technician")
    fragile.valkey.stop()
    try:
        given = {"name": "Fontaine et fils", "headcount": "14"}
        answer = browser.post(f"/{away.tilleul.slug}/clients/fontaine/fiche/modifier", data=given)
        assert answer.status_code == 303
        assert away.nobody().get("/connexion").status_code == 200
    finally:
        fragile.valkey.start()
    with away.inside() as house:
        assert db.session.get(Dirty, (house.id, house.clients["fontaine"])) is not None


def test_a_script_is_told_in_json(away: Cast, fragile: Servers) -> None:
    browser = away.signed_in("technician")
    fragile.postgres.stop()
    page = f"/{away.tilleul.slug}/clients/valbrune/fiche"
    answer = browser.get(page, headers={"Accept": "application/json"})
    assert answer.status_code == 503
    assert answer.json is not None
    assert "ne répond pas" in answer.json["error"]
    fragile.postgres.start()
