"""The team of an MSP: for its administrators, never without one, and dead at once when disabled."""

import re

import psycopg
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from mspaudit.extensions import db
from mspaudit.identity import entry, queries
from mspaudit.identity.models import Invitation, StaffMember
from mspaudit.journal.models import Entry
from mspaudit.outbox.models import OutgoingMail
from mspaudit.tenancy.lifecycle import unit_of_work
from tests.cast import Cast
from tests.identity.conftest import PASSWORD
from tests.servers import Servers


def page(cast: Cast, rest: str = "") -> str:
    return f"/{cast.tilleul.slug}/equipe/{rest}"


def invite(cast: Cast, browser: FlaskClient, email: str = "nouveau@tilleul.example", **more: str) -> str:
    """Invite someone, and return the path of the link that the mail carries."""
    form = {"name": "Noé Nouveau", "email": email, "role": "technician", "reach": "all", **more}
    answer = browser.post(page(cast, "invitations"), data=form)
    assert answer.status_code == 303, answer.text
    return link_of(cast, email)


def link_of(cast: Cast, email: str) -> str:
    with cast.inside():
        to_them = select(OutgoingMail).where(OutgoingMail.recipient == email)
        mail = db.session.scalars(to_them.order_by(OutgoingMail.created_at.desc())).first()
        assert mail is not None
        assert mail.secret
        found = re.search(r"http://localhost(/invitation/\S+)", mail.body)
    assert found is not None
    return found.group(1)


def journal(cast: Cast) -> list[str]:
    with cast.inside():
        return list(db.session.scalars(select(Entry.verb).order_by(Entry.seq.desc())))


def test_an_administrator_sees_the_team(cast: Cast) -> None:
    told = cast.signed_in("admin").get(page(cast)).text
    for who in ("admin", "technician", "limited", "reader"):
        assert cast.tilleul.people[who].email in told
        assert cast.saule.people[who].email not in told


@pytest.mark.parametrize("who", ["technician", "limited", "reader"])
def test_a_colleague_is_told_to_ask_an_administrator(cast: Cast, who: str) -> None:
    browser = cast.signed_in(who)
    assert browser.get(page(cast)).status_code == 403
    assert browser.post(page(cast, "invitations"), data={}).status_code == 403


def test_the_stranger_and_the_client_s_people_get_what_is_missing(cast: Cast) -> None:
    stranger = cast.signed_in("admin", cast.saule)
    foreign = stranger.get(page(cast))
    missing = stranger.get("/personne-ici/equipe/")
    assert (foreign.status_code, foreign.data) == (404, missing.data)
    assert cast.signed_in("secretary").get(page(cast)).status_code == 404
    member = cast.tilleul.people["reader"].id
    at_home = f"/{cast.saule.slug}/equipe/{member}"
    assert stranger.get(at_home).data == missing.data
    for verb in ("desactiver", "reactiver"):
        assert stranger.post(f"{at_home}/{verb}").status_code == 404


def test_an_invitation_is_accepted_with_a_password_then_a_second_factor(cast: Cast) -> None:
    link = invite(cast, cast.signed_in("admin"))
    browser = cast.nobody()
    shown = browser.get(link).text
    assert "Noé Nouveau" in shown
    weak = browser.post(link, data={"name": "Noé Nouveau", "password": "azerty"})
    assert weak.status_code == 422
    accepted = browser.post(link, data={"name": "Noé Neuf", "password": PASSWORD})
    assert accepted.location == "/connexion/confirmation"
    assert browser.get(page(cast)).location.startswith("/connexion/confirmation")
    assert browser.get("/connexion/confirmation").location == "/connexion/choisir"
    assert set(journal(cast)[:2]) == {"invitation.accepted", "staff.added"}
    with cast.inside():
        assert "Noé Neuf" in [member.name for member in queries.staff()]
    assert cast.nobody().get(link).status_code == 410


def test_reading_an_invitation_changes_nothing(cast: Cast) -> None:
    link = invite(cast, cast.signed_in("admin"))
    for _ in range(3):
        assert cast.nobody().get(link).status_code == 200


def test_it_dies_after_seven_days(cast: Cast, servers: Servers) -> None:
    link = invite(cast, cast.signed_in("admin"))
    with psycopg.connect(servers.postgres.url("mspaudit").replace("+psycopg", "")) as clock:
        clock.execute(
            "UPDATE invitation SET expires_at = expires_at - interval '7 days 1 second' WHERE tenant_id = %s",
            [cast.tilleul.id],
        )
    assert cast.nobody().get(link).status_code == 410


def test_sending_again_kills_the_former_link(cast: Cast) -> None:
    browser = cast.signed_in("admin")
    first = invite(cast, browser)
    with cast.inside():
        waiting = queries.waiting_invitations()[0].id
    assert browser.post(page(cast, f"invitations/{waiting}/renvoyer")).status_code == 303
    second = link_of(cast, "nouveau@tilleul.example")
    assert first != second
    assert cast.nobody().get(first).status_code == 410
    assert cast.nobody().get(second).status_code == 200


def test_a_revoked_invitation_opens_nothing(cast: Cast) -> None:
    browser = cast.signed_in("admin")
    link = invite(cast, browser)
    with cast.inside():
        waiting = queries.waiting_invitations()[0].id
    stranger = cast.signed_in("admin", cast.saule)
    assert stranger.post(f"/{cast.saule.slug}/equipe/invitations/{waiting}/annuler").status_code == 404
    assert browser.post(page(cast, f"invitations/{waiting}/annuler")).status_code == 303
    assert cast.nobody().get(link).status_code == 410
    assert journal(cast)[0] == "invitation.revoked"


def test_someone_is_invited_once(cast: Cast) -> None:
    browser = cast.signed_in("admin")
    invite(cast, browser)
    form = {"name": "Noé", "email": "NOUVEAU@tilleul.example", "role": "reader"}
    again = browser.post(page(cast, "invitations"), data=form)
    assert again.status_code == 422
    assert "déjà invitée" in again.text
    present = browser.post(
        page(cast, "invitations"), data={**form, "email": cast.tilleul.people["reader"].email}
    )
    assert "fait déjà partie" in present.text


@pytest.mark.parametrize(
    ("field", "value"), [("name", ""), ("name", "x" * 300), ("email", "pas une adresse"), ("role", "dieu")]
)
def test_a_bad_field_is_said_and_the_rest_kept(cast: Cast, field: str, value: str) -> None:
    form = {"name": "Noé 🦊 نوح", "email": "noe@tilleul.example", "role": "reader", field: value}
    answer = cast.signed_in("admin").post(page(cast, "invitations"), data=form)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    if field != "name":
        assert "Noé 🦊 نوح" in answer.text


def test_an_account_known_elsewhere_is_not_taken_over_by_its_mailbox(cast: Cast) -> None:
    person = cast.saule.people["technician"]
    with cast.app.app_context(), unit_of_work(entry.as_person(person.login_id)):
        entry.set_password(person.login_id, PASSWORD)
    link = invite(cast, cast.signed_in("admin"), email=person.email)
    taker = cast.nobody()
    assert "Le mot de passe de votre compte" in taker.get(link).text
    assert taker.post(link, data={"name": "X", "password": "Un-Autre-Mot-De-Passe-3"}).status_code == 422
    assert taker.post(link, data={"name": "Elle", "password": PASSWORD}).status_code == 303


def test_a_secretary_who_becomes_staff_loses_what_her_code_opened(cast: Cast) -> None:
    person = cast.tilleul.people["secretary"]
    before = cast.signed_in("secretary")
    link = invite(cast, cast.signed_in("admin"), email=person.email)
    assert cast.nobody().post(link, data={"name": "Elle", "password": PASSWORD}).status_code == 303
    assert before.get("/mes-espaces").location.startswith("/connexion?")


def test_a_disabled_member_is_dead_on_the_next_request(cast: Cast) -> None:
    technician, admin = cast.signed_in("admin"), cast.signed_in("admin")
    with cast.inside():
        second = db.session.scalar(select(StaffMember).where(StaffMember.role == "technician"))
        assert second is not None
        second.role = "admin"
        target = second.id
    own = cast.tilleul.people["admin"].id
    assert technician.get(page(cast)).status_code == 200
    other = cast.signed_in(next(w for w, p in cast.tilleul.people.items() if p.id == target))
    assert other.post(page(cast, f"{own}/desactiver")).status_code == 303
    assert admin.get(page(cast)).status_code == 404
    assert other.post(page(cast, f"{own}/reactiver")).status_code == 303
    assert admin.get(page(cast)).status_code == 200
    assert journal(cast)[:2] == ["staff.enabled", "staff.disabled"]


def test_the_last_administrator_stays(cast: Cast) -> None:
    browser, own = cast.signed_in("admin"), cast.tilleul.people["admin"].id
    browser.post(page(cast, f"{own}/desactiver"))
    assert "dernier administrateur" in browser.get(page(cast)).text
    refused = browser.post(page(cast, str(own)), data={"role": "reader", "reach": "all"})
    assert refused.status_code == 422
    with cast.inside():
        member = queries.member(own)
        assert member is not None
        assert (member.role, member.disabled_at) == ("admin", None)


def test_a_role_applies_to_the_very_next_request(cast: Cast) -> None:
    admin, reader = cast.signed_in("admin"), cast.signed_in("reader")
    assert reader.get(page(cast)).status_code == 403
    target = cast.tilleul.people["reader"].id
    assert admin.get(page(cast, str(target))).status_code == 200
    admin.post(page(cast, str(target)), data={"role": "admin", "reach": "assigned"})
    assert reader.get(page(cast)).status_code == 200
    with cast.inside():
        member = queries.member(target)
        assert member is not None
        assert member.all_clients


def test_it_knows_who_looks_after_a_client(cast: Cast) -> None:
    names = {who: cast.tilleul.people[who].id for who in cast.tilleul.people}
    with cast.inside() as house:
        assert {m.id for m in queries.technicians_of(house.clients["valbrune"])} == {
            names["admin"],
            names["technician"],
            names["limited"],
        }
        assert {m.id for m in queries.technicians_of(house.clients["fontaine"])} == {
            names["admin"],
            names["technician"],
        }
        found = queries.client_members(house.clients["valbrune"])
        assert {m.id for m in found} == {names["secretary"], names["decider"]}


def test_a_token_in_the_database_opens_nothing(cast: Cast) -> None:
    link = invite(cast, cast.signed_in("admin"))
    with cast.inside():
        stored = db.session.scalars(select(Invitation.token_hash)).one()
    assert link.rpartition("/")[2].encode() not in stored
    assert cast.nobody().get(f"/invitation/{stored.hex()}").status_code == 410
