"""The dashboard: who sees which clients, in which order, in how many statements."""

import re
from io import BytesIO

import openpyxl
import pytest
from flask.testing import FlaskClient

from mspaudit.clients.dirty import mark
from mspaudit.clients.models import Client
from mspaudit.extensions import db
from tests.cast import Cast
from tests.pages import checked, counting
from tests.portfolio.homes import GAP, answered, compute, crowd, fill

HTMX = {"HX-Request": "true"}
PAGES = [
    "", "heures", "failles", f"failles/{GAP}", "portefeuille/pourquoi/risque",
    "portefeuille/pourquoi/posture", "portefeuille/pourquoi/certitude", "portefeuille/export.csv",
    "portefeuille/export.xlsx",
]  # fmt: skip


@pytest.fixture
def technician(cast: Cast) -> FlaskClient:
    fill(cast)
    return cast.signed_in("technician")


def at(cast: Cast, path: str = "") -> str:
    return f"/{cast.tilleul.slug}/{path}"


def order(html: str) -> list[str]:
    """The clients of the table, in order."""
    return re.findall(r'<tr id="c-([^"]+)"', html)


def marker(html: str) -> str:
    found = re.search(r'"vu": "([^"]+)"', html)
    assert found
    return found[1]


@pytest.mark.parametrize("path", [page for page in PAGES if "export" not in page])
def test_every_page_is_sound(cast: Cast, technician: FlaskClient, path: str) -> None:
    checked(technician.get(at(cast, path)))


@pytest.mark.parametrize("path", PAGES)
def test_a_reader_may_read(cast: Cast, technician: FlaskClient, path: str) -> None:
    assert cast.signed_in("reader").get(at(cast, path)).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_finds_nothing(cast: Cast, technician: FlaskClient, path: str) -> None:
    assert cast.signed_in("technician", cast.saule).get(at(cast, path)).status_code == 404
    assert cast.signed_in("secretary").get(at(cast, path)).status_code == 404


@pytest.mark.parametrize("path", PAGES)
def test_a_limited_technician_sees_their_clients_alone(
    cast: Cast, technician: FlaskClient, path: str
) -> None:
    answer = cast.signed_in("limited").get(at(cast, path))
    assert answer.status_code == 200
    told = answer.data
    if path.endswith("xlsx"):
        sheet = openpyxl.load_workbook(BytesIO(told)).active
        told = " ".join(str(cell.value) for row in sheet for cell in row).encode()
    assert b"Fontaine" not in told
    assert (b"Valbrune" in told) == (path != "failles")


def test_a_limited_technician_counts_their_clients_alone(cast: Cast, technician: FlaskClient) -> None:
    html = cast.signed_in("limited").get(at(cast)).text
    assert "1\u00a0commune." in html
    assert "entreprise." not in html
    assert "1\u00a0client, " not in html.split("t-gap")[1].split("</section>")[0]


def test_it_shows_the_three_means_and_their_doors(cast: Cast, technician: FlaskClient) -> None:
    html = technician.get(at(cast)).text
    assert html.count("Pourquoi") == 3
    assert "Où sont les clients" in html
    assert "2\u00a0clients\u00a0: 1\u00a0commune, 1\u00a0entreprise." in html


def test_an_empty_portfolio_says_what_to_do(cast: Cast) -> None:
    with cast.inside():
        db.session.query(Client).update({"archived_at": db.func.now()})
    html = checked(cast.signed_in("technician").get(at(cast)))
    assert "Aucun client. Tapez un nom de commune ou un SIREN" in html


def test_clients_without_answers_are_listed_last(cast: Cast, technician: FlaskClient) -> None:
    with cast.inside():
        db.session.add(Client(kind="commune", slug="neuve", name="Neuve", name_key="neuve"))
    html = checked(technician.get(at(cast)))
    assert order(html)[-1] == "neuve"
    assert "À évaluer" in html
    for direction in ("certitude", "-certitude"):
        assert order(technician.get(at(cast, f"?tri={direction}")).text)[-1] == "neuve"


def test_each_column_sorts_both_ways(cast: Cast, technician: FlaskClient) -> None:
    crowd(cast, 6)
    for column in ("client", "risque", "evolution", "certitude", "scenario", "echeance", "contact"):
        up = order(checked(technician.get(at(cast, f"?tri={column}"))))
        down = order(checked(technician.get(at(cast, f"?tri=-{column}"))))
        assert sorted(up) == sorted(down)
        assert len(up) == 8
    by_name = order(technician.get(at(cast, "?tri=client")).text)
    assert by_name == sorted(by_name)


def test_filters_narrow_the_table(cast: Cast, technician: FlaskClient) -> None:
    crowd(cast, 3)
    assert order(technician.get(at(cast, "?type=enterprise")).text) == ["fontaine"]
    assert order(technician.get(at(cast, "?q=VALB")).text) == ["valbrune"]
    assert len(order(technician.get(at(cast, "?etiquette=CCAS")).text)) == 3
    assert len(order(technician.get(at(cast, "?taille=hab-0")).text)) == 3
    assert order(technician.get(at(cast, "?taille=pers-10")).text) == ["fontaine"]
    limited = cast.tilleul.people["limited"].id
    assert order(technician.get(at(cast, f"?technicien={limited}")).text) == ["valbrune"]
    assert order(cast.signed_in("limited").get(at(cast, "?technicien=moi")).text) == ["valbrune"]
    assert "Aucun client avec ces filtres." in technician.get(at(cast, "?q=zzz")).text


@pytest.mark.parametrize(
    "query",
    [
        "?page=0",
        "?page=-1",
        "?page=99999999999",
        "?page=x",
        "?tri=;drop",
        "?technicien=12",
        "?taille=x",
        "?type=%00",
        "?q=" + "a" * 5000,
        "?q=%25_%5C",
        "?etiquette=%E2%80%AE",
        "?heures=1e9",
        "?heures=-4",
        "?q=%00",
        "?etiquette=%00",
    ],
)
def test_whatever_the_address_says_is_understood_or_left_out(
    cast: Cast, technician: FlaskClient, query: str
) -> None:
    checked(technician.get(at(cast, query)))


def test_it_pages_by_fifty(cast: Cast, technician: FlaskClient) -> None:
    crowd(cast, 60)
    first, second = (order(checked(technician.get(at(cast, f"?page={n}")))) for n in (1, 2))
    assert len(first) == 50
    assert len(second) == 12
    assert not set(first) & set(second)


def test_it_takes_as_many_statements_for_sixty_clients_as_for_two(
    cast: Cast, technician: FlaskClient
) -> None:
    technician.get(at(cast))
    counts = []
    for more in (0, 58):
        if more:
            crowd(cast, more)
        with counting(cast.app) as statements:
            assert technician.get(at(cast)).status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 8
    limited = cast.signed_in("limited")
    with counting(cast.app) as statements:
        assert limited.get(at(cast)).status_code == 200
    assert len(statements) <= 8


def test_nothing_is_sent_while_nothing_moves(cast: Cast, technician: FlaskClient) -> None:
    seen = marker(technician.get(at(cast)).text)
    answer = technician.get(at(cast, f"portefeuille/direct?vu={seen}"), headers=HTMX)
    assert (answer.status_code, answer.data) == (204, b"")


def test_a_changed_answer_shows_on_the_next_poll(cast: Cast, technician: FlaskClient) -> None:
    seen = marker(technician.get(at(cast)).text)
    with cast.inside() as house:
        answered(house.clients["valbrune"], "ACC-02", "unknown")
    compute(cast)
    answer = technician.get(at(cast, f"portefeuille/direct?vu={seen}&tri=client"), headers=HTMX)
    assert answer.status_code == 200
    assert order(answer.text) == ["fontaine", "valbrune"]
    assert "<html" not in answer.text
    assert marker(answer.text) != seen


def test_it_says_how_many_clients_are_being_computed(cast: Cast, technician: FlaskClient) -> None:
    with cast.inside() as house:
        mark(house.clients["valbrune"])
    assert "1\u00a0client en cours de calcul." in technician.get(at(cast)).text


def test_hours_are_spent_on_what_gains_most(cast: Cast, technician: FlaskClient) -> None:
    few = technician.get(at(cast, "heures?heures=1"), headers=HTMX).text
    many = technician.get(at(cast, "heures?heures=100"), headers=HTMX).text
    assert "<html" not in few
    assert few.count("<li>") <= many.count("<li>")
    assert "points" in many


def test_a_shared_gap_opens_to_its_clients(cast: Cast, technician: FlaskClient) -> None:
    html = checked(technician.get(at(cast, f"failles/{GAP}")))
    assert "Valbrune" in html
    assert "Fontaine" in html
    assert technician.get(at(cast, "failles/ZZZ-99")).status_code == 404


def test_names_are_text_and_never_markup_or_formulas(cast: Cast, technician: FlaskClient) -> None:
    evil = '=cmd|"<img src=x onerror=alert(1)>"'
    with cast.inside():
        db.session.query(Client).where(Client.slug == "valbrune").update({"name": evil, "name_key": "a"})
    compute(cast)
    for path in ("", "failles", f"failles/{GAP}", "heures?heures=100", "portefeuille/pourquoi/risque"):
        assert "<img src=x" not in checked(technician.get(at(cast, path)))
    text = technician.get(at(cast, "portefeuille/export.csv")).data.decode("utf-8-sig")
    assert "\r\n\"'=cmd" in text
    sheet = openpyxl.load_workbook(BytesIO(technician.get(at(cast, "portefeuille/export.xlsx")).data)).active
    assert all(cell.data_type != "f" for row in sheet for cell in row)


def test_an_export_keeps_filters_and_order(cast: Cast, technician: FlaskClient) -> None:
    text = technician.get(at(cast, "portefeuille/export.csv?type=commune")).data.decode("utf-8-sig")
    lines = text.splitlines()
    assert lines[0].startswith("Client;Type;SIREN")
    assert [line.split(";")[0] for line in lines[1:]] == ["Valbrune"]
    assert technician.get(at(cast, "portefeuille/export.exe")).status_code == 404
