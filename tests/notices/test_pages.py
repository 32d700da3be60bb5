"""The pages of deadlines: who sees which, what can be said, and what it costs."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from mspaudit.extensions import db
from mspaudit.notices.models import DeadlineState
from mspaudit.portfolio import queries as portfolio
from mspaudit.risk.models import Deadline
from tests.cast import Cast
from tests.notices.calendar_of import compute, due, today
from tests.pages import counting, loose_signs, whole

SOON = timedelta(days=10)


def path(cast: Cast, rest: str = "echeances") -> str:
    return f"/{cast.tilleul.slug}/{rest}"


@pytest.fixture
def deadline(cast: Cast) -> UUID:
    due(cast, today() + timedelta(days=40), slug="fontaine")
    return due(cast, today() + SOON)


@pytest.fixture
def technician(cast: Cast, deadline: UUID) -> FlaskClient:
    return cast.signed_in("technician")


def said(cast: Cast, deadline: UUID) -> DeadlineState | None:
    with cast.inside():
        return db.session.scalar(select(DeadlineState).where(DeadlineState.id == deadline))


PAGES = ["echeances", "clients/valbrune/echeances", "alertes/", "echeances?periode=toutes"]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_sound(cast: Cast, technician: FlaskClient, page: str) -> None:
    text = whole(technician.get(path(cast, page)))
    assert loose_signs(text) == []


def test_one_deadline_says_what_can_be_done(cast: Cast, technician: FlaskClient, deadline: UUID) -> None:
    text = whole(technician.get(path(cast, f"echeances/{deadline}")))
    assert loose_signs(text) == []
    assert "Reporter" in text
    assert "Personne n’a encore été prévenu" in text


@pytest.mark.parametrize("page", ["echeances", "clients/valbrune/echeances", "alertes/"])
def test_a_stranger_finds_nothing(cast: Cast, technician: FlaskClient, deadline: UUID, page: str) -> None:
    for browser in (cast.signed_in("technician", cast.saule), cast.signed_in("secretary")):
        for each in (page, f"echeances/{deadline}"):
            assert browser.get(path(cast, each)).status_code == 404


def test_another_houses_deadline_does_not_exist(cast: Cast, technician: FlaskClient) -> None:
    theirs = due(cast, today() + SOON, house=cast.saule)
    assert technician.get(path(cast, f"echeances/{theirs}")).status_code == 404
    assert technician.post(path(cast, f"echeances/{theirs}"), data={"verbe": "fait"}).status_code == 404
    assert technician.post(path(cast), data={"verbe": "fait", "choix": theirs}).status_code == 422


def test_a_limited_technician_sees_their_clients_alone(cast: Cast, deadline: UUID) -> None:
    with cast.inside():
        hidden = db.session.scalars(
            select(Deadline.id).where(Deadline.client_id == cast.tilleul.clients["fontaine"])
        ).first()
    browser = cast.signed_in("limited")
    text = browser.get(path(cast)).text
    assert "Valbrune" in text
    assert "Fontaine" not in text
    assert browser.get(path(cast, "clients/fontaine/echeances")).status_code == 404
    assert browser.get(path(cast, f"echeances/{hidden}")).status_code == 404
    assert browser.post(path(cast), data={"verbe": "fait", "choix": hidden}).status_code == 422


def test_a_reader_reads_and_changes_nothing(cast: Cast, deadline: UUID) -> None:
    browser = cast.signed_in("reader")
    text = whole(browser.get(path(cast)))
    assert "Pour les lignes cochées" not in text
    assert browser.post(path(cast), data={"verbe": "fait", "choix": deadline}).status_code == 403


def test_what_is_done_leaves_the_list_and_can_be_taken_back(
    cast: Cast, technician: FlaskClient, deadline: UUID
) -> None:
    answer = technician.post(path(cast), data={"ligne": f"fait:{deadline}", "filtres": "periode=30"})
    assert answer.status_code == 303
    assert "periode=30" in answer.location
    text = technician.get(answer.location).text
    assert "1\u00a0échéance faite" in text
    assert f'value="fait:{deadline}"' not in text
    assert str(deadline) in technician.get(path(cast, "echeances?etat=faites")).text
    found = said(cast, deadline)
    assert found is not None
    undone = technician.post(path(cast, f"echeances/changements/{found.change_id}/annulation"))
    assert undone.status_code == 303
    assert f'value="fait:{deadline}"' in technician.get(path(cast)).text


def test_an_undone_change_is_not_undone_again(cast: Cast, technician: FlaskClient, deadline: UUID) -> None:
    technician.post(path(cast), data={"ligne": f"fait:{deadline}"})
    change = said(cast, deadline).change_id  # type: ignore[union-attr]
    url = path(cast, f"echeances/changements/{change}/annulation")
    assert technician.post(url).status_code == 303
    assert technician.post(path(cast, f"echeances/changements/{uuid4()}/annulation")).status_code == 404


def test_several_are_said_at_once(cast: Cast, technician: FlaskClient, deadline: UUID) -> None:
    other = due(cast, today() + timedelta(days=5))
    data = {"verbe": "vu", "choix": [str(deadline), str(other)]}
    assert technician.post(path(cast), data=data).status_code == 303
    assert [said(cast, each).state for each in (deadline, other)] == ["acknowledged"] * 2  # type: ignore[union-attr]


def test_putting_off_needs_a_day_and_a_reason_and_keeps_what_was_typed(
    cast: Cast, technician: FlaskClient, deadline: UUID
) -> None:
    url = path(cast, f"echeances/{deadline}")
    refused = technician.post(url, data={"verbe": "reporter", "raison": "Devis en cours"})
    assert refused.status_code == 422
    assert "Devis en cours" in refused.text
    assert "Choisissez le jour" in refused.text
    past = {"verbe": "reporter", "raison": "Devis", "jusqu": today().isoformat()}
    assert technician.post(url, data=past).status_code == 422
    ahead = {"verbe": "reporter", "raison": "Devis", "jusqu": (today() + timedelta(days=3)).isoformat()}
    assert technician.post(url, data=ahead).status_code == 303
    assert f'value="fait:{deadline}"' not in technician.get(path(cast)).text
    assert str(deadline) in technician.get(path(cast, "echeances?etat=reportees")).text


def test_what_was_put_off_comes_back_that_day(cast: Cast, technician: FlaskClient, deadline: UUID) -> None:
    ahead = {"verbe": "reporter", "raison": "Devis", "jusqu": (today() + timedelta(days=3)).isoformat()}
    technician.post(path(cast, f"echeances/{deadline}"), data=ahead)
    with cast.inside():
        db.session.execute(update(DeadlineState).where(DeadlineState.id == deadline).values(until=today()))
    assert f'value="fait:{deadline}"' in technician.get(path(cast)).text


def test_it_is_given_to_a_colleague_who_sees_the_client(
    cast: Cast, technician: FlaskClient, deadline: UUID
) -> None:
    url = path(cast, f"echeances/{deadline}")
    limited = cast.tilleul.people["limited"]
    assert technician.post(url, data={"verbe": "attribuer", "membre": limited.id}).status_code == 303
    assert limited.name in technician.get(url).text
    with cast.inside():
        fontaine = db.session.scalars(
            select(Deadline.id).where(
                Deadline.client_id == cast.tilleul.clients["fontaine"], Deadline.kind == "mandate"
            )
        ).one()
    refused = technician.post(
        path(cast, f"echeances/{fontaine}"), data={"verbe": "attribuer", "membre": limited.id}
    )
    assert refused.status_code == 422
    reader = cast.tilleul.people["reader"].id
    assert technician.post(url, data={"verbe": "attribuer", "membre": reader}).status_code == 422


def test_filters_narrow_the_list(cast: Cast, technician: FlaskClient, deadline: UUID) -> None:
    def shown(query: str) -> bool:
        return str(deadline) in technician.get(path(cast, f"echeances?{query}")).text

    assert shown("type=mandate")
    assert not shown("type=contract")
    assert shown("q=valb")
    assert not shown("q=fontaine")
    assert shown("technicien=" + str(cast.tilleul.people["limited"].id))
    assert not shown("technicien=moi")
    assert not shown("technicien=personne")
    assert not shown("periode=depassees")
    assert not shown("etiquette=CCAS")


@pytest.mark.parametrize(
    "query", ["type=<b>", "page=-3", "page=99999999", "technicien=x", "periode=%00", "etat=9"]
)
def test_an_address_it_does_not_understand_is_read_as_far_as_possible(
    cast: Cast, technician: FlaskClient, query: str
) -> None:
    assert technician.get(path(cast, f"echeances?{query}")).status_code == 200


def test_empty_pages_say_what_to_do(cast: Cast) -> None:
    browser = cast.signed_in("technician")
    assert "Rien à traiter" in whole(browser.get(path(cast)))
    assert "Rien de reporté" in whole(browser.get(path(cast, "echeances?etat=reportees")))
    assert "Rien de fait" in whole(browser.get(path(cast, "echeances?etat=faites")))
    assert "Aucune échéance avec ces filtres" in whole(browser.get(path(cast, "echeances?q=zz")))


def test_a_filter_swaps_the_list_alone(cast: Cast, technician: FlaskClient) -> None:
    text = technician.get(path(cast), headers={"HX-Request": "true"}).text
    assert text.lstrip().startswith('<div id="echeances"')


def test_the_law_counts_once_over_the_portfolio_and_on_its_own_client(cast: Cast, app: Flask) -> None:
    compute(cast)
    browser = cast.signed_in("technician")
    text = browser.get(path(cast, "echeances?periode=365")).text
    assert "Émettre les factures électroniques" not in text
    assert "calendrier-legal" in text
    law = whole(browser.get(path(cast, "echeances/calendrier-legal?periode=365")))
    assert law.count("Émettre les factures électroniques") == 1
    panel = browser.get(path(cast, "echeances/calendrier-legal"), headers={"HX-Request": "true"}).text
    assert panel.lstrip().startswith("<section")
    company = browser.get(path(cast, "clients/fontaine/echeances?periode=365")).text
    assert "Émettre les factures électroniques" in company
    assert (
        "Émettre les factures électroniques"
        not in browser.get(path(cast, "clients/valbrune/echeances?periode=365")).text
    )


def test_the_client_page_shows_no_done_deadline_first(
    cast: Cast, technician: FlaskClient, deadline: UUID
) -> None:
    def first() -> str:
        with cast.inside():
            return portfolio.deadlines(cast.tilleul.clients["valbrune"], today=today())[0].kind

    assert first() == "mandate"
    technician.post(path(cast), data={"ligne": f"fait:{deadline}"})
    assert first() == "calendar"


def test_a_page_of_many_deadlines_takes_the_same_statements(
    cast: Cast, app: Flask, technician: FlaskClient
) -> None:
    technician.get(path(cast))
    with counting(app) as few:
        technician.get(path(cast))
    for days in (3, 5, 20):
        due(cast, today() + timedelta(days=days))
    with counting(app) as many:
        technician.get(path(cast))
    assert len(many) == len(few) <= 10, many
