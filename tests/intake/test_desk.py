"""The desk's pages: a file left, told, corrected, previewed and followed; and nobody else's."""

import io

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from mspaudit.clients.models import Person
from mspaudit.extensions import db
from mspaudit.intake.models import Import
from tests.cast import Cast
from tests.intake.conftest import nobody_takes
from tests.intake.helpers import PEOPLE, apply, found, import_of, people, run, send, staff
from tests.intake.notebook import Notebook
from tests.intake.test_kinds import EXPORTS, SAMPLES
from tests.pages import counting


@pytest.fixture
def browser(cast: Cast, notebook: Notebook) -> FlaskClient:
    return cast.signed_in("technician")


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_the_desk_says_what_to_do_first(cast: Cast, browser: FlaskClient) -> None:
    page = browser.get(f"/{cast.tilleul.slug}/clients/valbrune/importer").text
    assert "Aucun import pour l’instant" in page
    assert "Active Directory" in page


@pytest.mark.parametrize("name", EXPORTS)
def test_it_says_what_every_export_is(cast: Cast, browser: FlaskClient, name: str) -> None:
    address = send(cast, browser, (SAMPLES / name).read_bytes(), name=name)
    assert browser.get(address).status_code == 200
    assert found(cast, address).kind == EXPORTS[name][0]


def test_it_previews_every_line_by_verb(cast: Cast, browser: FlaskClient) -> None:
    apply(cast, browser, PEOPLE)
    data = staff("Perrin Nathalie autre@valbrune.example", "Roux Anne a@valbrune.example") + b";;;Mairie\n"
    address = send(cast, browser, data)
    page = plain(browser.get(address).text)
    verbs = [f"{verb} <b>1</b>" for verb in ("Nouveaux", "Modifiés", "Disparus")]
    for words in (*verbs, "Ligne 4 :", "Ligne refusée."):
        assert words in page, words
    only_gone = browser.get(f"{address}?quoi=gone").text
    assert "Jean Tissot" in only_gone
    assert "Anne Roux" not in only_gone
    assert people(cast)["Nathalie Perrin"][0] == "n.perrin@valbrune.example"


def test_a_long_preview_comes_in_pages(cast: Cast, browser: FlaskClient) -> None:
    address = send(cast, browser, staff(*(f"Nom{n:03} Prenom n{n}@valbrune.example" for n in range(120))))
    assert "1 à 50 sur 120" in plain(browser.get(address).text)
    assert "101 à 120 sur 120" in plain(browser.get(f"{address}?page=3").text)
    assert "101 à 120 sur 120" in plain(browser.get(f"{address}?page=99").text)
    assert "1 à 50 sur 120" in plain(browser.get(f"{address}?page=x").text)


@pytest.mark.parametrize(
    ("data", "why"),
    [(b"", "vide"), (bytes(range(256)) * 9, "tableau"), (None, "Choisissez d’abord un fichier")],
)
def test_what_cannot_be_read_is_told_on_the_same_page(
    cast: Cast, browser: FlaskClient, data: bytes | None, why: str
) -> None:
    sent = {} if data is None else {"file": (io.BytesIO(data), "x.csv")}
    answer = browser.post(
        f"/{cast.tilleul.slug}/clients/valbrune/importer", data=sent, content_type="multipart/form-data"
    )
    assert answer.status_code == 422
    assert why in answer.text


def test_an_unknown_file_asks_what_it_is_and_remembers(cast: Cast, browser: FlaskClient) -> None:
    data = b"Patronyme civil;Petit nom;Lieu\nPerrin;Nathalie;Mairie\n"
    address = send(cast, browser, data)
    assert "Nous n’avons pas reconnu ce fichier" in browser.get(address).text
    assert browser.post(f"{address}/lancement").status_code == 422
    columns = {
        "kind": "staff_list",
        "header": ["Patronyme civil", "Petit nom", "Lieu"],
        "column": ["surname", "given_name", "department"],
    }
    # The first answer names the kind; its fields can be chosen from then on.
    browser.post(f"{address}/colonnes", data=columns)
    browser.post(f"{address}/colonnes", data=columns)
    assert "Nouveaux <b>1</b>" in browser.get(address).text
    browser.post(f"{address}/lancement")
    assert run(cast, address).added == 1
    again = found(cast, send(cast, browser, data.replace(b"Perrin", b"Roux")))
    assert (again.kind, again.columns["surname"]) == ("staff_list", "Patronyme civil")


def test_one_column_cannot_give_two_things_nor_two_columns_one(cast: Cast, browser: FlaskClient) -> None:
    address = send(cast, browser, PEOPLE)
    twice = {"kind": "staff_list", "header": ["Nom", "Prénom"], "column": ["surname", "surname"]}
    answer = browser.post(f"{address}/colonnes", data=twice)
    assert answer.status_code == 422
    assert "Deux colonnes ne peuvent pas donner" in answer.text
    assert browser.post(f"{address}/colonnes", data={"kind": "autre"}).status_code == 422
    assert found(cast, address).columns["given_name"] == "Prénom"


def test_what_is_needed_is_asked_before_anything_is_written(cast: Cast, browser: FlaskClient) -> None:
    address = send(cast, browser, PEOPLE)
    browser.post(
        f"{address}/colonnes", data={"kind": "staff_list", "header": ["E-mail"], "column": ["email"]}
    )
    assert "Indiquez la colonne" in browser.get(address).text
    assert browser.post(f"{address}/lancement").status_code == 422
    assert found(cast, address).state == "mapping"


def test_a_kind_that_no_room_takes_says_so(cast: Cast, browser: FlaskClient, notebook: Notebook) -> None:
    nobody_takes("contracts")
    data = (SAMPLES / "contrats.csv").read_bytes()
    page = browser.get(send(cast, browser, data, name="contrats.csv")).text
    assert "ne s’importe pas encore" in page


def test_progress_has_a_count_and_an_end_and_survives_a_reload(cast: Cast, browser: FlaskClient) -> None:
    address = send(cast, browser, PEOPLE)
    browser.post(f"{address}/lancement")
    for _ in range(2):
        page = browser.get(address).text
        assert "hx-trigger" in page
        assert "0 sur 2" in plain(page)
    assert "HX-Refresh" not in browser.get(f"{address}/avancement").headers
    run(cast, address)
    assert browser.get(f"{address}/avancement").headers["HX-Refresh"] == "true"
    assert "Import terminé" in browser.get(address).text
    assert browser.post(f"{address}/lancement").status_code == 422


def test_a_dropped_file_writes_nothing(cast: Cast, browser: FlaskClient) -> None:
    address = send(cast, browser, PEOPLE)
    assert browser.post(f"{address}/arret").status_code == 303
    assert browser.post(f"{address}/lancement").status_code == 422
    assert people(cast) == {}


def test_the_lines_of_a_shared_file_go_to_their_clients(cast: Cast, browser: FlaskClient) -> None:
    with cast.inside():
        db.session.add(
            Person(
                client_id=cast.tilleul.clients["fontaine"],
                name="Claire",
                name_key="claire",
                email="claire@fontaine.example",
                status="employee",
                left_on=None,
            )
        )
    data = staff(
        "Perrin Nathalie n@mairie-valbrune.example",
        "Petit Bruno b@fontaine.example",
        "Autre Paul p@inconnu.example",
    )
    address = send(cast, browser, data, client=None)
    page = plain(browser.get(address).text)
    assert "1 ligne sans client" in page
    assert "Aucun client choisi pour « inconnu.example »." in page
    assert "Nathalie Perrin" in browser.get(f"{address}?client=valbrune").text
    browser.post(f"{address}/lancement")
    done = run(cast, address)
    assert (done.added, done.refusals, done.total) == (2, 1, 2)
    assert "Nathalie Perrin" in people(cast, "valbrune")
    assert "Bruno Petit" in people(cast, "fontaine")
    page = plain(browser.get(address).text)
    assert "2 clients" in page
    browser.post(f"{address}/annulation")
    assert run(cast, address).state == "undone"
    assert people(cast, "valbrune") == {}


def test_a_client_named_by_hand_is_remembered(cast: Cast, browser: FlaskClient) -> None:
    data = staff("Perrin Nathalie n@ailleurs.example")
    address = send(cast, browser, data, client=None)
    assert browser.post(f"{address}/lancement").status_code == 422
    named = {"key": "domain:ailleurs.example", "client": "valbrune"}
    assert browser.post(f"{address}/clients", data=named).status_code == 303
    assert browser.post(f"{address}/clients", data={**named, "client": "Inconnue"}).status_code == 422
    again = found(cast, send(cast, browser, data + b"Roux;Anne;a@ailleurs.example;CCAS\n", client=None))
    assert again.routes == {"domain:ailleurs.example": str(cast.tilleul.clients["valbrune"])}


def test_a_stranger_finds_nothing(cast: Cast, browser: FlaskClient) -> None:
    address = send(cast, browser, PEOPLE)
    stranger = cast.signed_in("technician", cast.saule)
    for path in ("", "/avancement", "/annulation"):
        assert stranger.get(address + path).status_code == 404
        assert stranger.get(address.replace(cast.tilleul.slug, cast.saule.slug) + path).status_code == 404
    assert stranger.get(f"/{cast.tilleul.slug}/clients/valbrune/importer").status_code == 404
    assert stranger.get(f"/{cast.tilleul.slug}/importer").status_code == 404
    assert cast.signed_in("secretary").get(address).status_code == 404
    assert cast.signed_in("reader").get(address).status_code == 403


def test_someone_confined_to_their_clients_imports_for_these_only(cast: Cast, browser: FlaskClient) -> None:
    limited = cast.signed_in("limited")
    ours, theirs = send(cast, browser, PEOPLE), send(cast, browser, PEOPLE, client="fontaine")
    shared = send(cast, browser, PEOPLE, client=None)
    assert limited.get(ours).status_code == 200
    assert limited.get(theirs).status_code == 404
    assert limited.get(shared).status_code == 404
    assert limited.get(f"/{cast.tilleul.slug}/importer").status_code == 403
    assert import_of(send(cast, limited, PEOPLE))


def test_an_archived_client_takes_no_file(cast: Cast, browser: FlaskClient) -> None:
    browser.post(f"/{cast.tilleul.slug}/clients/valbrune/archive")
    answer = browser.post(
        f"/{cast.tilleul.slug}/clients/valbrune/importer",
        data={"file": (io.BytesIO(PEOPLE), "p.csv")},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 422
    assert "archivé" in answer.text


def test_pages_cost_as_many_statements_for_one_line_as_for_hundreds(cast: Cast, browser: FlaskClient) -> None:
    def cost(address: str) -> int:
        browser.get(address)
        with counting(cast.app) as statements:
            assert browser.get(address).status_code == 200
        return len(statements)

    few = send(cast, browser, PEOPLE)
    many = send(cast, browser, staff(*(f"Nom{n} Prenom n{n}@d{n % 40}.example" for n in range(300))))
    assert cost(few) == cost(many)
    shared = [send(cast, browser, data, client=None) for data in (PEOPLE, staff("A B a@b.example"))]
    shared.append(
        send(cast, browser, staff(*(f"N{n} P n{n}@d{n % 40}.example" for n in range(300))), client=None)
    )
    assert len({cost(address) for address in shared}) == 1
    with cast.inside():
        assert db.session.scalars(select(Import)).all()
