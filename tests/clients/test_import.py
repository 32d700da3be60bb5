"""A portfolio from a spreadsheet, sent twice, stopped, killed, and in every encoding."""

import io
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from mspaudit.adapters import sheets
from mspaudit.clients.imports import actions, columns, queries
from mspaudit.clients.imports.jobs import write
from mspaudit.clients.imports.rules import Line, Problem, read
from mspaudit.clients.models import Client, ImportRun, Person, Referent, Tag
from mspaudit.extensions import db
from mspaudit.kernel import clock
from tests.cast import Cast
from tests.pages import counting

PORTFOLIO = """Nom;Type;Habitants;Effectif;Étiquettes;Technicien;Pilote;Heures;Mandat signé le
Beaucorne;commune;640;;sans pilote;;;;
Scierie Malbreuil;entreprise;;12;assuré, M365;;Inès Carvalho;3,5;12/03/2026
Méravelle;commune;2 460;;crèche;;;;
"""


@pytest.fixture
def browser(cast: Cast) -> FlaskClient:
    return cast.signed_in("technician")


def send(cast: Cast, browser: FlaskClient, data: bytes, name: str = "portefeuille.csv") -> str:
    """Send a file; the address of its import."""
    answer = browser.post(
        f"/{cast.tilleul.slug}/clients/importer",
        data={"file": (io.BytesIO(data), name)},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def run_of(address: str) -> UUID:
    return UUID(address.rsplit("/", 1)[-1])


def apply(cast: Cast, browser: FlaskClient, data: bytes, name: str = "portefeuille.csv") -> ImportRun:
    """Send a file, agree, and let a worker do it."""
    address = send(cast, browser, data, name)
    assert browser.post(f"{address}/lancement").status_code == 303
    return work(cast, run_of(address))


def work(cast: Cast, run_id: UUID) -> ImportRun:
    with cast.app.app_context():
        write(tenant_id=str(cast.tilleul.id), run_id=str(run_id))
    with cast.inside():
        return queries.run_or_404(run_id)


def killed_while_writing(cast: Cast, run_id: UUID, lines: list[Line | Problem]) -> None:
    with cast.inside():
        actions.write_next(run_id, lines, now=clock.now())
        raise KeyboardInterrupt


def counts(cast: Cast) -> tuple[int, ...]:
    with cast.inside():
        return tuple(
            db.session.scalar(select(func.count()).select_from(model)) or 0
            for model in (Client, Person, Referent, Tag)
        )


def test_it_adds_the_clients_of_a_file(cast: Cast, browser: FlaskClient) -> None:
    run = apply(cast, browser, PORTFOLIO.encode())
    assert (run.state, run.created, run.updated, run.problems) == ("done", 3, 0, [])
    with cast.inside():
        found = db.session.scalars(select(Client).where(Client.slug == "scierie-malbreuil")).one()
        assert (found.kind, found.headcount) == ("enterprise", 12)
        pilot = db.session.scalars(select(Referent).where(Referent.client_id == found.id)).one()
        assert pilot.hours_a_month == 3.5


def test_the_same_file_twice_changes_nothing(cast: Cast, browser: FlaskClient) -> None:
    apply(cast, browser, PORTFOLIO.encode())
    before = counts(cast)
    run = apply(cast, browser, PORTFOLIO.encode())
    assert (run.created, run.updated, run.problems) == (0, 0, [])
    assert counts(cast) == before


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_it_reads_what_office_software_writes(cast: Cast, browser: FlaskClient, encoding: str) -> None:
    apply(cast, browser, PORTFOLIO.encode(encoding))
    with cast.inside():
        assert db.session.scalars(select(Client.name).where(Client.slug == "meravelle")).one() == "Méravelle"


def test_it_reads_a_workbook(cast: Cast, browser: FlaskClient) -> None:
    book = sheets.to_xlsx(["Raison sociale", "SIREN", "Effectif"], [["La Poste", 356000000, 12]])
    run = apply(cast, browser, book, "clients.xlsx")
    assert run.created == 1
    with cast.inside():
        assert db.session.scalars(select(Client.siren).where(Client.slug == "la-poste")).one() == "356000000"


def test_a_bad_line_says_why_and_the_others_are_ready(cast: Cast, browser: FlaskClient) -> None:
    lines = "Nom;Effectif;Dernier contact\nOptique;4;31/02/2026\nHôtel des Tuiles;9;18/11/2026\nGarage;-3;\n"
    address = send(cast, browser, lines.encode())
    page = browser.get(address).text.replace("\u00a0", " ")
    assert "Ligne 2 : <bdi>31/02/2026 n’est pas une date.</bdi>" in page
    assert "Un effectif ne peut pas être négatif." in page
    browser.post(f"{address}/lancement")
    run = work(cast, run_of(address))
    assert (run.created, [p["line"] for p in run.problems]) == (1, [2, 4])


def test_the_preview_tells_new_from_changed_and_unchanged(cast: Cast, browser: FlaskClient) -> None:
    lines = "Commune;Population\nValbrune;1842\nBeaucorne;640\n"
    page = browser.get(send(cast, browser, lines.encode())).text
    assert "Inchangé" in page
    assert "Nouveau" in page
    assert "Modifié" in browser.get(send(cast, browser, lines.replace("1842", "1900").encode())).text


def test_a_commune_is_known_by_its_code_whatever_the_zeros_a_spreadsheet_ate(
    cast: Cast, browser: FlaskClient
) -> None:
    apply(cast, browser, b"Code INSEE\n1001\n")
    with cast.inside():
        found = db.session.scalars(select(Client).where(Client.insee_code == "01001")).one()
        assert (found.name, found.kind) == ("L’Abergement-Clémenciat", "commune")


def test_a_name_that_several_communes_bear_is_not_guessed(cast: Cast, browser: FlaskClient) -> None:
    run = apply(cast, browser, b"Commune\nSaint-Denis\n")
    assert run.created == 0
    assert "ajoutez le code INSEE" in run.problems[0]["text"]


def test_a_client_twice_in_one_file_is_added_once(cast: Cast, browser: FlaskClient) -> None:
    run = apply(cast, browser, b"Nom;Effectif\nGarage Fontan;3\nGARAGE FONTAN;4\n")
    assert run.created == 1
    assert run.problems == [{"line": 3, "text": "Même client que la ligne 2."}]


def test_an_archived_client_is_not_changed_behind_the_scenes(cast: Cast, browser: FlaskClient) -> None:
    browser.post(f"/{cast.tilleul.slug}/clients/fontaine/archive")
    run = apply(cast, browser, b"Nom;Type;Effectif\nFontaine;entreprise;40\n")
    assert "archivé" in run.problems[0]["text"]


def test_an_unknown_technician_is_told(cast: Cast, browser: FlaskClient) -> None:
    run = apply(cast, browser, b"Nom;Effectif;Technicien\nGarage;3;Personne Inconnue\n")
    assert "Aucun technicien" in run.problems[0]["text"]


def test_a_worker_killed_half_way_leaves_whole_parts_and_another_finishes(
    cast: Cast, browser: FlaskClient
) -> None:
    rows = "".join(f"Atelier {n};{n}\n" for n in range(1, 121))
    address = send(cast, browser, ("Nom;Effectif\n" + rows).encode())
    browser.post(f"{address}/lancement")
    run_id = run_of(address)
    with cast.inside():
        run = queries.run_or_404(run_id)
        lines = queries.lines(run, queries.table(run))
    with cast.inside():
        assert actions.write_next(run_id, lines, now=clock.now())
    with pytest.raises(KeyboardInterrupt):
        killed_while_writing(cast, run_id, lines)
    half = browser.get(f"{address}/avancement")
    assert "50" in half.text
    assert "HX-Refresh" not in half.headers
    run = work(cast, run_id)
    assert (run.state, run.done, run.created) == ("done", 120, 120)
    assert work(cast, run_id).created == 120
    assert browser.get(f"{address}/avancement").headers["HX-Refresh"] == "true"


def test_it_can_be_stopped_and_what_is_written_stays(cast: Cast, browser: FlaskClient) -> None:
    address = send(cast, browser, PORTFOLIO.encode())
    browser.post(f"{address}/lancement")
    assert browser.post(f"{address}/arret").status_code == 303
    assert work(cast, run_of(address)).created == 0
    assert browser.post(f"{address}/arret").status_code == 422
    assert "Import arrêté" in browser.get(address).text


def test_columns_set_by_hand_are_remembered(cast: Cast, browser: FlaskClient) -> None:
    file = b"Truc;Machin\nGarage Fontan;7\n"
    address = send(cast, browser, file)
    assert "Aucune ligne prête" in browser.get(address).text
    browser.post(f"{address}/colonnes", data={"header": ["Machin", "Truc"], "column": ["headcount", "name"]})
    browser.post(f"{address}/lancement")
    assert work(cast, run_of(address)).created == 1
    assert "Inchangé" in browser.get(send(cast, browser, file)).text


def test_two_columns_of_one_kind_are_refused(cast: Cast, browser: FlaskClient) -> None:
    address = send(cast, browser, b"A;B\nx;y\n")
    answer = browser.post(f"{address}/colonnes", data={"header": ["A", "B"], "column": ["name", "name"]})
    assert answer.status_code == 422
    assert "Deux colonnes" in answer.text


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 not a table", b"\x00\x01\x02" * 100])
def test_what_is_not_a_table_is_refused_kindly(cast: Cast, browser: FlaskClient, data: bytes) -> None:
    answer = browser.post(
        f"/{cast.tilleul.slug}/clients/importer", data={"file": (io.BytesIO(data), "clients.csv")}
    )
    assert answer.status_code == 422
    assert "Choisir un fichier" in answer.text


def test_a_file_has_to_be_chosen(cast: Cast, browser: FlaskClient) -> None:
    answer = browser.post(f"/{cast.tilleul.slug}/clients/importer", data={})
    assert answer.status_code == 422
    assert "Choisissez" in answer.text


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_template_is_a_file_we_read(cast: Cast, browser: FlaskClient, kind: str) -> None:
    file = browser.get(f"/{cast.tilleul.slug}/clients/importer/modele.{kind}")
    address = send(cast, browser, file.data, f"modele.{kind}")
    with cast.inside():
        recognised = queries.run_or_404(run_of(address)).mapping
    assert recognised == {label: field for field, label in columns.FIELDS.items()}
    assert "Nouveau" in browser.get(address).text


def test_nobody_else_sees_or_runs_an_import(cast: Cast, browser: FlaskClient) -> None:
    address = send(cast, browser, PORTFOLIO.encode())
    stranger = cast.signed_in("technician", cast.saule)
    assert browser.get(address).status_code == 200
    assert stranger.get(address).status_code == 404
    own = address.replace(cast.tilleul.slug, cast.saule.slug)
    for page in (own, f"{own}/avancement"):
        assert stranger.get(page).status_code == 404
    for verb in ("lancement", "arret", "colonnes"):
        assert stranger.post(f"{own}/{verb}").status_code == 404
    for who in ("reader", "limited"):
        assert cast.signed_in(who).get(address).status_code == 403
        assert cast.signed_in(who).post(f"{address}/lancement").status_code == 403


def test_a_plan_asks_as_few_questions_for_many_lines_as_for_one(cast: Cast) -> None:
    def asked(count: int) -> int:
        rows = [[f"Atelier {n}", "3"] for n in range(count)]
        lines = read(rows, range(count), {"a": "name", "b": "headcount"})
        with counting(cast.app) as statements, cast.inside():
            queries.plan(lines)
        return len(statements)

    assert asked(1) == asked(200)
