"""The platform's staff: MSPs by name, one more opened, every visit written down."""

import psycopg
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from mspaudit.backoffice.rules import slug_refusal
from mspaudit.extensions import db
from mspaudit.identity import entry, sessions
from mspaudit.identity.models import Invitation
from mspaudit.outbox.models import OutgoingMail
from mspaudit.tenancy.context import job
from mspaudit.tenancy.lifecycle import unit_of_work
from tests.cast import Cast
from tests.servers import Servers


@pytest.fixture
def staff(cast: Cast, servers: Servers) -> FlaskClient:
    """Someone of the platform's staff, who belongs to no MSP but Tilleul for the test's sake."""
    with psycopg.connect(servers.postgres.url("mspaudit").replace("+psycopg", "")) as office:
        login_id = cast.tilleul.people["reader"].login_id
        office.execute("UPDATE login SET platform = true WHERE id = %s", [login_id])
    return cast.signed_in("reader")


def form(cast: Cast, **more: str) -> dict[str, str]:
    slug = f"lac-{cast.tilleul.slug[-8:]}"
    first = {"admin_name": "Lise Lac", "admin_email": "lise@lac.example"}
    return {"name": "Infogérance du Lac", "slug": slug} | first | more


def test_it_lists_every_msp_by_name(cast: Cast, staff: FlaskClient) -> None:
    told = staff.get("/plateforme/").text
    assert cast.tilleul.slug in told
    assert cast.saule.slug in told


@pytest.mark.parametrize("who", ["admin", "technician", "secretary"])
def test_nobody_else_finds_it(cast: Cast, who: str) -> None:
    browser = cast.signed_in(who)
    assert browser.get("/plateforme/").data == browser.get("/personne-ici/").data
    assert browser.post("/plateforme/prestataires", data=form(cast)).status_code == 404


def test_a_visit_is_written_down(cast: Cast, staff: FlaskClient) -> None:
    staff.get("/plateforme/")
    login_id = cast.tilleul.people["reader"].login_id
    with cast.app.app_context(), unit_of_work(entry.as_person(login_id)):
        assert sessions.recent_events(login_id)[0].what == "platform_visited"


def test_it_opens_an_msp_and_invites_its_first_administrator(
    cast: Cast, staff: FlaskClient, servers: Servers
) -> None:
    wanted = form(cast)
    assert staff.post("/plateforme/prestataires", data=wanted).status_code == 303
    with psycopg.connect(servers.postgres.url("mspaudit").replace("+psycopg", "")) as office:
        row = office.execute("SELECT id FROM tenant WHERE slug = %s", [wanted["slug"]]).fetchone()
    assert row is not None
    with cast.app.app_context(), unit_of_work(job(row[0])):
        invitation = db.session.scalars(select(Invitation)).one()
        assert (invitation.email, invitation.role) == ("lise@lac.example", "admin")
        assert db.session.scalars(select(OutgoingMail)).one().recipient == "lise@lac.example"


@pytest.mark.parametrize(
    "slug", ["", "A", "connexion", "plateforme", "deux  mots", "é", "a--b", "x" * 60, "-ab", "api"]
)
def test_an_address_that_cannot_be_is_refused(cast: Cast, staff: FlaskClient, slug: str) -> None:
    answer = staff.post("/plateforme/prestataires", data=form(cast, slug=slug))
    assert answer.status_code == 422
    assert "Infogérance du Lac" in answer.text


def test_a_taken_address_is_refused(cast: Cast, staff: FlaskClient) -> None:
    answer = staff.post("/plateforme/prestataires", data=form(cast, slug=cast.saule.slug))
    assert answer.status_code == 422
    assert "déjà prise" in answer.text


def test_ordinary_addresses_are_accepted() -> None:
    assert slug_refusal("infogerance-du-lac") is None
    assert slug_refusal("tic") is None
