"""Declared against measured: a « oui » disproved shows the evidence side by side, to each in their words."""

from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from mspaudit import features
from mspaudit.checklists import queries
from mspaudit.checklists.measured import FACT_DAYS, Fact, Measured, disproves
from mspaudit.checklists.wording import measured_on
from mspaudit.extensions import db
from mspaudit.inventory.models import Asset
from mspaudit.kernel import clock
from mspaudit.risk.actions import recompute
from mspaudit.tenancy.context import Context
from tests.cast import Cast
from tests.checklists.campaigns import answer_of, disprove, pilot_without_mandate, say, start
from tests.pages import checked, counting, loose_signs

SEEN = "Paul Vigneron, sans mandat signé, sans temps prévu"
BY = "par la fiche du client"
TODAY = date(2026, 11, 22)
values = st.floats(0, 1)


@pytest.fixture
def technician(cast: Cast) -> FlaskClient:
    start(cast)
    return cast.signed_in("technician")


def sheet(cast: Cast, path: str = "", client: str = "valbrune") -> str:
    return f"/{cast.tilleul.slug}/clients/{client}/questionnaire{path}"


@given(values, values)
def test_only_a_claim_above_the_measure_is_disproved(seen: float, said: float) -> None:
    assert disproves(Fact(seen, TODAY), said) == (said - 0.25 >= seen or said >= seen + 0.25)
    assert not disproves(Fact(seen, TODAY), None)


def test_a_measure_names_its_day_its_source_and_its_age() -> None:
    seen = Measured(Fact(0.5, date(2026, 11, 20)), "12 sur 14", "l’annuaire importé")
    assert measured_on(seen, TODAY) == "le 20\u00a0nov. par l’annuaire importé"
    assert measured_on(seen, TODAY + timedelta(days=FACT_DAYS)).endswith("mesure ancienne")


def test_the_table_says_contredit_and_can_be_narrowed_to_it(cast: Cast, technician: FlaskClient) -> None:
    disprove(cast)
    page = checked(technician.get(sheet(cast)))
    assert "contredit" in page
    assert "mesuré&nbsp;: 50\u00a0%" in page
    narrowed = checked(technician.get(sheet(cast, "?etat=contradicted")))
    assert narrowed.count('class="ma-q"') == 1
    assert "GOV-01" in narrowed


def test_the_question_shows_who_said_what_beside_what_was_seen(cast: Cast, technician: FlaskClient) -> None:
    disprove(cast)
    page = checked(technician.get(sheet(cast, "/questions/GOV-01")))
    for text in ("Nadia Astruc, le 20\u00a0nov.", SEEN, BY, "Oui", "50\u00a0%"):
        assert text in page
    assert loose_signs(page) == []


def test_a_measure_that_agrees_is_shown_and_contradicts_nothing(cast: Cast, technician: FlaskClient) -> None:
    with cast.inside() as house:
        say(answer_of(house.clients["valbrune"], "GOV-01"), "partly")
        pilot_without_mandate(house.clients["valbrune"])
    page = checked(technician.get(sheet(cast, "/questions/GOV-01")))
    assert SEEN in page
    assert "contredit" not in page
    assert SEEN not in checked(cast.signed_in("secretary").get(space(cast, "questions/GOV-01")))


def test_a_past_campaign_keeps_what_was_said(cast: Cast, technician: FlaskClient) -> None:
    disprove(cast)
    start(cast)
    page = technician.get(sheet(cast)).text
    past = page.split("?campagne=")[1].split('"')[0]
    assert "mesuré" not in checked(technician.get(sheet(cast, f"?campagne={past}")))


def test_what_is_contradicted_comes_first_to_clear_up(cast: Cast, technician: FlaskClient) -> None:
    start(cast, "fontaine")
    disprove(cast)
    disprove(cast, "fontaine")
    page = checked(technician.get(f"/{cast.tilleul.slug}/a-eclaircir"))
    for text in ("Valbrune", "Fontaine", "Nadia Astruc", SEEN, BY, "Réponses contredites <b>2</b>"):
        assert text in page
    assert loose_signs(page) == []
    limited = checked(cast.signed_in("limited").get(f"/{cast.tilleul.slug}/a-eclaircir"))
    assert "Valbrune" in limited
    assert "Fontaine" not in limited
    assert "Réponses contredites <b>1</b>" in limited


def test_a_stranger_learns_nothing_of_it(cast: Cast, technician: FlaskClient) -> None:
    start(cast, house=cast.saule)
    disprove(cast)
    stranger = cast.signed_in("technician", cast.saule)
    assert stranger.get(f"/{cast.tilleul.slug}/a-eclaircir").status_code == 404
    assert "Réponses contredites <b>0</b>" in checked(stranger.get(f"/{cast.saule.slug}/a-eclaircir"))
    assert "contredit" not in checked(
        stranger.get(f"/{cast.saule.slug}/clients/valbrune/questionnaire/questions/GOV-01")
    )


def test_clearing_up_costs_the_same_however_many(cast: Cast, technician: FlaskClient) -> None:
    def cost() -> int:
        with counting(cast.app) as statements:
            checked(technician.get(f"/{cast.tilleul.slug}/a-eclaircir"))
        return len(statements)

    start(cast, "fontaine")
    cost()
    disprove(cast)
    one = cost()
    disprove(cast, "fontaine")
    assert cost() == one


def computed(cast: Cast) -> None:
    with cast.inside():
        recompute(today=clock.today(clock.now()), now=clock.now())


def space(cast: Cast, path: str = "") -> str:
    return f"/{cast.tilleul.slug}/espace/valbrune/{path}"


@pytest.mark.parametrize("path", ["", "questions/GOV-01", "fin"])
def test_the_secretary_reads_it_as_help(cast: Cast, technician: FlaskClient, path: str) -> None:
    disprove(cast)
    computed(cast)
    page = checked(cast.signed_in("secretary").get(space(cast, path)))
    assert SEEN in page
    assert "Vos outils montrent autre chose" in page
    assert loose_signs(page) == []
    for blame in ("contredit", "faux", "erreur", "démenti", "incorrect", "50\u00a0%"):
        assert blame not in page


def test_a_new_answer_settles_it(cast: Cast, technician: FlaskClient) -> None:
    disprove(cast)
    computed(cast)
    secretary = cast.signed_in("secretary")
    secretary.post(space(cast, "questions/GOV-01"), data={"choice": "partly", "version": "1"})
    assert "Vos outils" not in checked(secretary.get(space(cast, "questions/GOV-01")))
    assert "Vos outils" not in checked(secretary.get(space(cast)))


def test_someone_it_was_sent_to_is_told_nothing_of_the_tools(cast: Cast, technician: FlaskClient) -> None:
    disprove(cast)
    manager = cast.signed_in("manager")
    assert manager.get(space(cast, "questions/GOV-01")).status_code == 404


def test_the_secretary_reads_of_tables_that_she_does_not_see(cast: Cast, technician: FlaskClient) -> None:
    with cast.inside() as house:
        client = house.clients["valbrune"]
        say(answer_of(client, "INV-01"), "yes", done_on=date(2026, 11, 1))
        db.session.add(Asset(client_id=client, key="pc-accueil", kind="desktop", name="PC-ACCUEIL"))
    computed(cast)
    secretary = Context("client", tenant_id=cast.tilleul.id, client_id=client, actor="x")
    with cast.inside(context=secretary):
        assert "INV-01" not in queries.measured_of(client, today=TODAY)
        assert "1\u202fmachine" in queries.contradictions_of(client)["INV-01"].detail.replace(
            "\u00a0", "\u202f"
        )
        assert db.session.scalars(select(Asset)).all() == []
        assert queries.contradictions_of(cast.tilleul.clients["fontaine"]) == {}
    with cast.inside():
        say(answer_of(client, "INV-01"), "no")
    computed(cast)
    with cast.inside(context=secretary):
        assert queries.contradictions_of(client) == {}


def test_every_measurement_says_by_what() -> None:
    for module in features.modules(features.FACTS):
        assert features.measured_by(module)[0].islower()
        assert not features.measured_by(module).endswith(".")
