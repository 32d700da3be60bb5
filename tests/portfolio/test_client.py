"""The page of one client, and its figures opened to the tenth of a point."""

import re
from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from mspaudit.checklists import actions
from mspaudit.clients import people_actions
from mspaudit.clients import queries as clients
from mspaudit.clients.models import Client, Person, Referent
from mspaudit.extensions import db
from mspaudit.risk import queries
from mspaudit.risk.rounding import shown
from tests.cast import Cast
from tests.checklists.campaigns import answer_of, current, pilot_without_mandate
from tests.pages import checked, counting
from tests.portfolio.homes import answered, compute, fill, now, today

PAGES = [
    "", "risque", "risque?quoi=posture", "risque?quoi=certitude", "risque?scenario=mailbox",
    "risque?scenario=standstill",
]  # fmt: skip


@pytest.fixture
def technician(cast: Cast) -> FlaskClient:
    fill(cast)
    return cast.signed_in("technician")


def at(cast: Cast, path: str = "", client: str = "valbrune") -> str:
    return f"/{cast.tilleul.slug}/clients/{client}/{path}"


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_sound(cast: Cast, technician: FlaskClient, path: str) -> None:
    checked(technician.get(at(cast, path)))


@pytest.mark.parametrize("path", PAGES)
def test_only_those_who_serve_the_client_see_it(cast: Cast, technician: FlaskClient, path: str) -> None:
    assert cast.signed_in("technician", cast.saule).get(at(cast, path)).status_code == 404
    assert cast.signed_in("secretary").get(at(cast, path)).status_code == 404
    assert cast.signed_in("reader").get(at(cast, path)).status_code == 200
    assert cast.signed_in("limited").get(at(cast, path)).status_code == 200
    assert cast.signed_in("limited").get(at(cast, path, "fontaine")).status_code == 404


@pytest.mark.parametrize("path", ["risque?quoi=autre", "risque?scenario=autre"])
def test_an_unheard_of_figure_is_not_found(cast: Cast, technician: FlaskClient, path: str) -> None:
    assert technician.get(at(cast, path)).status_code == 404


def test_a_client_without_answers_says_what_to_do(cast: Cast) -> None:
    technician = cast.signed_in("technician")
    assert "Aucune réponse pour l’instant." in checked(technician.get(at(cast)))
    assert "Rien à expliquer" in checked(technician.get(at(cast, "risque")))


def points(html: str) -> tuple[list[Decimal], Decimal]:
    """The points of each row of the explanation, and the total under them."""
    body, _, foot = html.partition("<tfoot>")
    rows = re.findall(r'<td class="ma-num"><b>([\d,]+)</b></td></tr>', body)
    total = re.search(r'<td class="ma-num"><b>([\d,]+)</b>', foot)
    assert total
    return [Decimal(row.replace(",", ".")) for row in rows], Decimal(total[1].replace(",", "."))


@pytest.mark.parametrize("path", ["risque", "risque?scenario=data_leak"])
def test_the_rows_add_up_to_the_total_shown(cast: Cast, technician: FlaskClient, path: str) -> None:
    rows, total = points(technician.get(at(cast, path)).text)
    assert sum(rows) == total
    assert len(rows) > 50


def test_the_total_is_the_figure_of_the_dashboard(cast: Cast, technician: FlaskClient) -> None:
    _rows, total = points(technician.get(at(cast, "risque")).text)
    with cast.inside() as house:
        found = queries.standing(house.clients["valbrune"])
        picture = queries.picture(house.clients["valbrune"], today=today())
        assert found is not None
        assert picture is not None
        assert float(total) == pytest.approx(found.risk, abs=0.05)
        assert shown(queries.now_of(picture)["risk"]) == shown(found.risk)
        assert f"{shown(found.risk)} <small>" in technician.get(at(cast)).text


def test_six_priorities_cost_what_the_msp_charges(cast: Cast, technician: FlaskClient) -> None:
    html = technician.get(at(cast)).text
    assert html.count('class="ma-what"') == 6
    assert "Coût TTC" in html
    assert "Coût HT" in technician.get(at(cast, client="fontaine")).text


def test_a_measurement_that_disproves_an_answer_is_to_clarify(cast: Cast, technician: FlaskClient) -> None:
    with cast.inside() as house:
        client = house.clients["valbrune"]
        answered(client, "GOV-01", "yes")
        person = Person(client_id=client, name="Paul Vigneron", name_key="paul vigneron", status="agent")
        db.session.add(person)
        db.session.flush()
        db.session.add(Referent(client_id=client, person_id=person.id, role="pilot", since=today()))
    compute(cast)
    html = checked(technician.get(at(cast)))
    assert "Une réponse à éclaircir" in html
    assert "50\u00a0%" in html
    assert "par la fiche du client" in html
    assert "mesuré le" in checked(technician.get(at(cast, "risque")))
    assert "contredit&nbsp;: oui, Nadia Astruc" in technician.get(at(cast, "risque")).text
    assert "la fiche du client" in checked(technician.get(at(cast, "risque?quoi=certitude")))
    assert (
        '1<span class="visually-hidden"> réponse contredite</span>'
        in technician.get(f"/{cast.tilleul.slug}/").text
    )


def test_it_takes_the_same_number_of_statements_whatever_was_answered(
    cast: Cast, technician: FlaskClient
) -> None:
    technician.get(at(cast))
    counts = []
    for client in ("valbrune", "fontaine"):
        with counting(cast.app) as statements:
            assert technician.get(at(cast, client=client)).status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_a_name_is_text_and_never_markup(cast: Cast, technician: FlaskClient) -> None:
    with cast.inside():
        db.session.query(Client).where(Client.slug == "valbrune").update({"name": "<img src=x>\u202e"})
    for path in PAGES:
        assert "<img src=x>" not in checked(technician.get(at(cast, path)))


def test_the_dashboard_opens_the_evidence_in_a_dialog(cast: Cast, technician: FlaskClient) -> None:
    with cast.inside() as house:
        answered(house.clients["valbrune"], "GOV-01", "yes")
        pilot_without_mandate(house.clients["valbrune"], today())
    compute(cast)
    board = checked(technician.get(f"/{cast.tilleul.slug}/"))
    assert f'hx-get="{at(cast, "contredites")}"' in board
    peek = technician.get(at(cast, "contredites"), headers={"HX-Request": "true"})
    for text in ("1 réponse à éclaircir", "Nadia Astruc", "par la fiche du client", "Paul Vigneron"):
        assert text in peek.text.replace("\u00a0", " ").replace("\u202f", " ")
    plain = technician.get(at(cast, "contredites"))
    assert plain.location == at(cast) + "#eclaircir"
    for who in ("technician", "secretary"):
        house = cast.saule if who == "technician" else None
        stranger = cast.signed_in(who, house).get(at(cast, "contredites"), headers={"HX-Request": "true"})
        assert stranger.status_code == 404
    calm = technician.get(at(cast, "contredites", "fontaine"), headers={"HX-Request": "true"})
    assert "Tout s’est éclairci" in calm.text


def test_each_service_says_who_answers_and_what_was_sent(cast: Cast, technician: FlaskClient) -> None:
    assert "Par service" not in technician.get(at(cast)).text
    with cast.inside() as house:
        client = clients.client_or_404("valbrune")
        unit = people_actions.add_unit(client, name="Petite enfance", now=now())
        people_actions.add_unit(client, name="Écoles", now=now())
        card = {"name": "Zoé Delorme", "status": "agent", "email": "zoe@valbrune.example", "unit_id": unit.id}
        people_actions.add_person(client, now=now(), **card)
        sent = [answer_of(house.clients["valbrune"], "DAT-06").id]
        actions.delegate(current(client.id), sent, name="Zoé", email="ZOE@valbrune.example", now=now())
    page = checked(technician.get(at(cast)))
    table = page.split("Par service")[1].split("</table>")[0]
    for text in ("Petite enfance", "Zoé Delorme", "DAT-06", "en attente", "Écoles", "personne de noté"):
        assert text in table
