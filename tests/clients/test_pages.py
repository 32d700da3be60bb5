"""The pages of a client, for those who work for its MSP and for nobody else."""

import io
import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from mspaudit.clients import people_actions, queries
from mspaudit.clients.models import Person
from mspaudit.extensions import db
from mspaudit.outbox.models import OutgoingMail
from tests.cast import Cast
from tests.clients.test_actions import PDF
from tests.pages import counting

NOW = datetime(2026, 11, 20, 13, 32, tzinfo=UTC)
READ = ["valbrune/fiche", "archives"]
FORMS = [
    "nouveau",
    "nouveau?q=saint-denis",
    "nouveau?insee=26362",
    "nouveau?siren=356000000",
    "nouveau/suggestions?q=val",
    "importer",
    "valbrune/fiche/modifier",
    "valbrune/personnes/nouvelle",
    "valbrune/services/nouveau",
    "valbrune/referents/nouveau",
]
WHOLE = ("nouveau", "importer")
POSTS = [
    "fiche/modifier",
    "etiquettes",
    "techniciens",
    "contacts",
    "archive",
    "personnes/nouvelle",
    "services/nouveau",
    "referents/nouveau",
]


def at(cast: Cast, page: str) -> str:
    return f"/{cast.tilleul.slug}/clients/{page}"


def add(cast: Cast, name: str = "Zoé Delorme", email: str | None = "zoe@valbrune.example") -> Person:
    with cast.inside():
        client = queries.client_or_404("valbrune")
        return people_actions.add_person(client, name=name, status="agent", email=email, now=NOW)


@pytest.mark.parametrize("page", READ + FORMS)
def test_every_page_opens_for_a_technician_and_for_no_stranger(cast: Cast, page: str) -> None:
    assert cast.signed_in("technician").get(at(cast, page)).status_code == 200
    assert cast.signed_in("technician", cast.saule).get(at(cast, page)).status_code == 404
    assert cast.nobody().get(at(cast, page)).status_code == 303


@pytest.mark.parametrize("page", READ + FORMS)
def test_a_reader_reads_and_has_no_form(cast: Cast, page: str) -> None:
    answer = cast.signed_in("reader").get(at(cast, page))
    assert answer.status_code == (200 if page in READ else 403)
    assert 'method="post"' not in answer.text.partition("<main")[2]


@pytest.mark.parametrize("page", READ + FORMS)
def test_a_limited_technician_is_at_home_with_their_client_only(cast: Cast, page: str) -> None:
    limited = cast.signed_in("limited")
    assert limited.get(at(cast, page)).status_code == (403 if page.startswith(WHOLE) else 200)
    if page.startswith("valbrune/"):
        elsewhere = at(cast, page.replace("valbrune", "fontaine"))
        assert cast.signed_in("technician").get(elsewhere).status_code == 200
        assert limited.get(elsewhere).status_code == 404


@pytest.mark.parametrize("post", POSTS)
def test_only_a_technician_of_this_client_changes_it(cast: Cast, post: str) -> None:
    address = at(cast, f"valbrune/{post}")
    assert cast.signed_in("reader").post(address, data={}).status_code == 403
    assert cast.signed_in("technician", cast.saule).post(address, data={}).status_code == 404
    assert cast.signed_in("limited").post(at(cast, f"fontaine/{post}"), data={}).status_code == 404


def test_the_rows_of_one_client_do_not_open_under_another(cast: Cast) -> None:
    person, technician = add(cast), cast.signed_in("technician")
    for part in ("", "/acces"):
        assert technician.get(at(cast, f"valbrune/personnes/{person.id}{part}")).status_code == 200
        assert technician.get(at(cast, f"fontaine/personnes/{person.id}{part}")).status_code == 404
    assert technician.post(at(cast, f"fontaine/personnes/{person.id}/depart")).status_code == 404


def test_a_commune_is_added_by_choosing_it(cast: Cast) -> None:
    technician = cast.signed_in("technician")
    assert "insee=26362" in technician.get(at(cast, "nouveau/suggestions?q=valence")).text
    page = technician.get(at(cast, "nouveau?insee=26362")).text
    assert re.search(r'value="ccas" checked', page)
    answer = technician.post(
        at(cast, "nouveau?insee=26362"),
        data={
            "name": "Valence",
            "siren": "212603625",
            "population": "64 458",
            "unit": ["mairie", "ccas"],
            "tags": "M365",
            "member": [str(cast.tilleul.people["technician"].id)],
        },
    )
    assert answer.status_code == 303
    with cast.inside():
        client = queries.client_or_404("valence")
        assert [unit.code for unit in queries.org_units(client.id)] == ["mairie", "ccas"]
        assert queries.tags_of(client.id) == ["M365"]
        assert [m.id for m in queries.assigned(client.id)] == [cast.tilleul.people["technician"].id]
    assert "déjà client" in technician.get(at(cast, "nouveau/suggestions?q=valence")).text


def test_a_siren_is_checked_while_it_is_typed(cast: Cast) -> None:
    technician = cast.signed_in("technician")
    assert "siren=356000000" in technician.get(at(cast, "nouveau/suggestions?q=356 000 000")).text
    assert "faute de frappe" in technician.get(at(cast, "nouveau/suggestions?q=123456789")).text
    assert "insee=26362" in technician.get(at(cast, "nouveau/suggestions?q=212603625")).text


def test_what_was_typed_is_kept_with_an_error_by_field(cast: Cast) -> None:
    answer = cast.signed_in("technician").post(
        at(cast, "nouveau?siren=356000000"),
        data={"name": "n" * 300, "siren": "123456789", "headcount": "-3", "unit": "support"},
    )
    assert answer.status_code == 422
    for said in ("trop long", "faute de frappe", "ne peut pas être négatif"):
        assert said in answer.text
    assert "n" * 300 in answer.text
    assert re.search(r'value="support" checked', answer.text)


def test_a_population_of_minus_three_is_refused_on_the_sheet(cast: Cast) -> None:
    answer = cast.signed_in("technician").post(
        at(cast, "valbrune/fiche/modifier"), data={"name": "Valbrune", "population": "-3"}
    )
    assert answer.status_code == 422
    assert "Une population ne peut pas être négative." in answer.text
    with cast.inside():
        assert queries.client_or_404("valbrune").population == 1842


def test_the_30th_of_february_is_refused_and_nothing_is_half_written(cast: Cast) -> None:
    person = add(cast)
    answer = cast.signed_in("technician").post(
        at(cast, "valbrune/referents/nouveau"),
        data={"role": "pilot", "person_id": str(person.id), "mandate_signed_on": "2026-02-30"},
    )
    assert answer.status_code == 422
    assert "30/02/2026 n’est pas une date." in answer.text
    with cast.inside():
        assert queries.referents(cast.tilleul.clients["valbrune"]) == []


def test_a_mandate_is_sent_then_downloaded_by_this_msp_only(cast: Cast) -> None:
    person, technician = add(cast), cast.signed_in("technician")
    sent = technician.post(
        at(cast, "valbrune/referents/nouveau"),
        data={
            "role": "pilot",
            "person_id": str(person.id),
            "hours_a_month": "3,5",
            "mandate_signed_on": "2026-03-12",
            "mandate": (io.BytesIO(PDF), "arrêté.pdf"),
        },
    )
    assert sent.status_code == 303
    with cast.inside():
        (mandate,) = queries.referents(cast.tilleul.clients["valbrune"])
    address = at(cast, f"valbrune/referents/{mandate.referent.id}/mandat")
    file = cast.signed_in("reader").get(address)
    assert file.data == PDF
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert cast.signed_in("technician", cast.saule).get(address).status_code == 404
    assert technician.post(at(cast, f"valbrune/referents/{mandate.referent.id}/fin")).status_code == 303


def test_a_name_full_of_markup_is_only_text(cast: Cast) -> None:
    add(cast, name='<script>alert("x")</script>\u202emarc', email='"><img@x.fr'.replace('"><', ""))
    technician = cast.signed_in("technician")
    technician.post(at(cast, "valbrune/etiquettes"), data={"tags": '"><b>gras</b>'})
    technician.post(
        at(cast, "valbrune/fiche/modifier"),
        data={"name": "<img src=x onerror=alert(1)>", "notes": "<i>oui</i>", "population": "12"},
    )
    for page in (at(cast, "valbrune/fiche"), f"/{cast.tilleul.slug}/chercher?q=alert"):
        text = technician.get(page).text
        assert "<bdi>&lt;" in text
        for live in ("<script>alert", "<img src=x", "<b>gras", "<i>oui"):
            assert live not in text


def test_access_is_given_then_closed_and_the_session_dies_at_once(cast: Cast) -> None:
    technician, secretary = cast.signed_in("technician"), cast.signed_in("secretary")
    person = add(cast, name="Secretary", email=cast.tilleul.people["secretary"].email)
    answer = technician.post(
        at(cast, f"valbrune/personnes/{person.id}/acces"), data={"role": "decider", "unit_id": ""}
    )
    assert answer.status_code == 303
    member = cast.tilleul.people["secretary"].id
    with cast.inside():
        assert queries.member_or_404(person.client_id, member).role == "decider"
    space = f"/{cast.tilleul.slug}/espace/valbrune/"
    assert secretary.get(space).status_code == 200
    assert technician.post(at(cast, f"valbrune/acces/{member}/fermeture")).status_code == 303
    assert secretary.get(space).status_code == 404


def test_access_without_an_address_says_what_to_do(cast: Cast) -> None:
    person = add(cast, email=None)
    answer = cast.signed_in("technician").post(
        at(cast, f"valbrune/personnes/{person.id}/acces"), data={"role": "respondent"}
    )
    assert answer.status_code == 422
    assert "Indiquez d’abord l’adresse e-mail" in answer.text


def test_an_archived_client_is_in_the_archives_and_comes_back(cast: Cast) -> None:
    technician = cast.signed_in("technician")
    assert technician.post(at(cast, "fontaine/archive")).status_code == 303
    assert "fontaine/fiche" in technician.get(at(cast, "archives")).text
    assert cast.signed_in("manager").get(f"/{cast.tilleul.slug}/espace/fontaine/").status_code == 404
    assert technician.post(at(cast, "fontaine/archive")).status_code == 422
    assert technician.post(at(cast, "fontaine/restauration")).status_code == 303
    assert "fontaine/fiche" not in technician.get(at(cast, "archives")).text


def test_units_people_and_departures_are_written_from_their_pages(cast: Cast) -> None:
    technician = cast.signed_in("technician")
    technician.post(
        at(cast, "valbrune/services/nouveau"),
        data={"name": "CCAS", "legal_entity": "1", "siret": "356 000 000 00048"},
    )
    with cast.inside():
        (unit,) = queries.org_units(cast.tilleul.clients["valbrune"])
    technician.post(
        at(cast, "valbrune/personnes/nouvelle"),
        data={"name": "Paul", "status": "elected", "unit_id": str(unit.id), "email": "P@Valbrune.example"},
    )
    with cast.inside():
        (person,) = queries.people(cast.tilleul.clients["valbrune"])
        assert (person.email, person.org_unit_id) == ("p@valbrune.example", unit.id)
    gone = technician.post(at(cast, f"valbrune/personnes/{person.id}/depart"), data={"left_on": "2026-11-01"})
    assert gone.status_code == 303
    assert "Départ le" in technician.get(at(cast, "valbrune/fiche")).text
    assert technician.post(at(cast, f"valbrune/services/{unit.id}/retrait")).status_code == 303


def test_the_sheet_asks_as_much_for_many_people_as_for_few(cast: Cast) -> None:
    technician = cast.signed_in("technician")

    def asked() -> int:
        with counting(cast.app) as statements:
            assert technician.get(at(cast, "valbrune/fiche")).status_code == 200
        return len(statements)

    add(cast)
    few = asked()
    for number in range(20):
        add(cast, name=f"Agent {number}", email=f"agent{number}@valbrune.example")
    assert asked() == few


def test_access_is_announced_once_for_each_opening(cast: Cast) -> None:
    person, technician = add(cast), cast.signed_in("technician")
    url = at(cast, f"valbrune/personnes/{person.id}/acces")

    def mails() -> list[OutgoingMail]:
        with cast.inside():
            query = select(OutgoingMail).where(OutgoingMail.recipient == "zoe@valbrune.example")
            return list(db.session.scalars(query))

    for role in ("respondent", "respondent", "decider"):
        assert technician.post(url, data={"role": role, "unit_id": ""}).status_code == 303
    (mail,) = mails()
    assert mail.subject == "Votre espace Valbrune est ouvert"
    assert "/connexion" in mail.body
    assert "lien/" not in mail.body
    assert "Technician" in mail.body
    with cast.inside():
        (member,) = [m for m in queries.members(mail.client_id) if m.email == mail.recipient]
    technician.post(at(cast, f"valbrune/acces/{member.id}/fermeture"))
    technician.post(url, data={"role": "respondent", "unit_id": ""})
    assert len(mails()) == 2
    stranger = cast.signed_in("technician", cast.saule)
    assert stranger.post(url, data={"role": "respondent"}).status_code == 404
    assert len(mails()) == 2
