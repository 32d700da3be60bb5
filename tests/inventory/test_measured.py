"""What the room measures and what falls due in it; its SQL says what its rules say."""

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from mspaudit.extensions import db
from mspaudit.inventory import actions, deadlines, facts
from mspaudit.inventory.models import Agreement, Asset
from mspaudit.inventory.rules import Term
from mspaudit.inventory.terms_sql import ACT_BY, END, with_terms
from tests.cast import Cast
from tests.inventory.helpers import NOW, TODAY, machine, term
from tests.inventory.test_rules import DAYS, TERMS


def rows(cast: Cast, source: Any, today: date = TODAY) -> list[Any]:
    mine = source.where(source.selected_columns.tenant_id == cast.tilleul.id)
    return list(db.session.execute(mine, {"today": today}))


def due(cast: Cast, today: date = TODAY) -> list[Any]:
    return sorted(rows(cast, deadlines.DEADLINES, today), key=lambda row: (row.act_by, row.subject))


def fact(cast: Cast, code: str, today: date = TODAY) -> Any:
    return next((row for row in rows(cast, facts.FACTS, today) if row.code == code), None)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(terms=st.lists(TERMS, min_size=20, max_size=40), today=DAYS)
def test_the_database_reckons_each_term_as_the_rules_do(cast: Cast, terms: list[Term], today: date) -> None:
    with cast.inside():
        db.session.query(Agreement).delete()
        client = cast.tilleul.clients["valbrune"]
        for number, one in enumerate(terms):
            term(
                client,
                f"Contrat {number}",
                ends_on=one.ends_on,
                notice_months=one.notice_months,
                notice_days=one.notice_days,
                tacit=one.tacit,
                renewal_months=one.renewal_months,
                noticed_on=one.noticed_on,
            )
        db.session.flush()
        statement = with_terms(select(Agreement.label, ACT_BY, END).select_from(Agreement))
        told = {
            label: (act_by, end) for label, act_by, end in db.session.execute(statement, {"today": today})
        }
    assert told == {f"Contrat {number}": tuple(one.current(today)) for number, one in enumerate(terms)}


def test_a_contract_is_due_on_the_last_useful_day(cast: Cast) -> None:
    with cast.inside() as house:
        row = term(
            house.clients["valbrune"],
            "État civil",
            supplier="Berger",
            ends_on=date(2026, 12, 31),
            notice_months=3,
            tacit=True,
            yearly_cents=248000,
        )
        db.session.flush()
        (found,) = due(cast)
        assert found.subject_id == row.id
        assert (found.kind, found.subject) == ("contract", "Contrat\u00a0: État civil")
        # The notice day of 2026 was 30 September: too late, so the next one counts.
        assert (found.act_by, found.due_on) == (date(2027, 9, 30), date(2027, 12, 31))
        assert found.amount == 248000
        assert found.detail == "Berger, préavis de 3\u00a0mois, se reconduit seul"
        row.noticed_on = date(2026, 9, 12)
        db.session.flush()
        (found,) = due(cast)
        assert (found.act_by, found.due_on) == (date(2026, 12, 31), date(2026, 12, 31))
        assert found.detail == "Berger, préavis donné le 12/09/2026"


def test_what_was_removed_or_has_no_end_is_not_due(cast: Cast) -> None:
    with cast.inside() as house:
        term(house.clients["valbrune"], "Sans fin")
        term(house.clients["valbrune"], "Retiré", ends_on=date(2027, 1, 1), gone_at=NOW)
        db.session.flush()
        assert due(cast) == []


def test_machines_of_one_system_make_one_deadline(cast: Cast) -> None:
    with cast.inside() as house:
        for number in range(5):
            machine(house.clients["valbrune"], f"PC-{number}", "Windows 10 Pro", "22H2")
        machine(house.clients["valbrune"], "SRV", "Windows Server 2016 Standard", kind="server")
        machine(house.clients["valbrune"], "MAC", "macOS", "15.1")
        machine(house.clients["valbrune"], "VIEUX", "Windows 10 Pro", "22H2", status="retired")
        machine(house.clients["fontaine"], "PC-9", "Windows 10 Pro", "22H2")
        db.session.flush()
        found = [(row.client_id, row.subject, row.due_on, row.detail) for row in due(cast)]
        valbrune, fontaine = house.clients["valbrune"], house.clients["fontaine"]
        ended = date(2025, 10, 14)
        assert found == [
            (fontaine, "1\u00a0poste Windows 10", ended, "PC-9"),
            (valbrune, "5\u00a0postes Windows 10", ended, "PC-0, PC-1, PC-2 et 2 autres"),
            (valbrune, "1\u00a0machine Windows Server 2016", date(2027, 1, 12), "SRV"),
        ]
        assert len({row.subject_id for row in due(cast)}) == 3


def test_fixes_that_were_bought_move_the_end_as_far_as_they_are_sold(cast: Cast) -> None:
    with cast.inside() as house:
        pc = machine(
            house.clients["valbrune"], "PC", "Windows 10 Pro", "22H2", extended_until=date(2027, 10, 12)
        )
        db.session.flush()
        assert [row.due_on for row in due(cast)] == [date(2027, 10, 12)]
        assert float(fact(cast, "INV-03").value) == 1.0
        pc.extended_until = date(2040, 1, 1)
        db.session.flush()
        assert [row.due_on for row in due(cast)] == [date(2028, 10, 10)]
        assert float(fact(cast, "INV-03", date(2029, 1, 1)).value) == 0.0


def test_warranties_that_end_together_are_one_deadline(cast: Cast) -> None:
    with cast.inside() as house:
        for name in ("A", "B"):
            machine(house.clients["valbrune"], name, warranty_until=date(2027, 1, 5))
        machine(house.clients["valbrune"], "C", warranty_until=date(2020, 1, 5))
        db.session.flush()
        assert [(row.kind, row.subject) for row in due(cast)] == [
            ("warranty", "Garantie\u00a0: 2\u00a0postes")
        ]


def test_machines_without_a_licence_listed_are_half_an_inventory(cast: Cast) -> None:
    with cast.inside() as house:
        assert rows(cast, facts.FACTS) == []
        machine(house.clients["valbrune"], "PC")
        db.session.flush()
        found = fact(cast, "INV-01")
        assert (float(found.value), found.observed_at) == (0.5, NOW)
        assert found.detail == "1\u00a0machine et aucune licence, relevées le 20/11/2026"
        term(house.clients["valbrune"], "Antivirus", "licence", ends_on=date(2026, 12, 14))
        db.session.flush()
        assert float(fact(cast, "INV-01").value) == 1.0


def test_unknown_systems_are_said_and_not_counted(cast: Cast) -> None:
    with cast.inside() as house:
        client = house.clients["valbrune"]
        machine(client, "A", "Windows 11 Pro", "25H2")
        machine(client, "B", "Windows 10 Pro", "22H2")
        machine(client, "C", "Windows 11 Pro")
        machine(client, "COPIEUR", kind="printer")
        db.session.flush()
        found = fact(cast, "INV-03")
        assert float(found.value) == 0.5
        assert found.detail == "1\u00a0machine sur 2 reçoit encore des correctifs, 1\u00a0système inconnu"


def test_too_many_unknown_systems_say_nothing(cast: Cast) -> None:
    with cast.inside() as house:
        client = house.clients["valbrune"]
        machine(client, "A", "Windows 11 Pro", "25H2")
        for name in ("B", "C"):
            machine(client, name)
        db.session.flush()
        assert fact(cast, "INV-03") is None


def test_contracts_count_once_their_end_and_notice_are_known(cast: Cast) -> None:
    with cast.inside() as house:
        client = house.clients["valbrune"]
        term(client, "A", ends_on=date(2027, 1, 1), notice_months=3, tacit=True)
        term(client, "B", ends_on=date(2027, 1, 1))
        term(client, "C", ends_on=date(2027, 1, 1), tacit=True)
        term(client, "D")
        term(client, "commune.fr", "domain")
        db.session.flush()
        found = fact(cast, "GOV-05")
        assert float(found.value) == 0.5
        assert found.detail == "4\u00a0contrats listés, dont 2 avec échéance et préavis"


@pytest.mark.parametrize(
    ("ends_on", "chosen"), [(None, True), (date(2027, 1, 1), True), (date(2026, 1, 1), False)]
)
def test_a_platform_in_force_is_chosen(cast: Cast, ends_on: date | None, chosen: bool) -> None:
    with cast.inside() as house:
        term(house.clients["fontaine"], "Plateforme", "platform", ends_on=ends_on)
        db.session.flush()
        assert (fact(cast, "GOV-07") is not None) == chosen


def test_another_msp_measures_nothing_of_it(cast: Cast) -> None:
    with cast.inside() as house:
        machine(house.clients["valbrune"], "PC", "Windows 10")
        term(house.clients["valbrune"], ends_on=date(2027, 1, 1))
    with cast.inside(cast.saule):
        assert list(db.session.execute(facts.FACTS, {"today": TODAY})) == []
        assert list(db.session.execute(deadlines.DEADLINES, {"today": TODAY})) == []


def test_the_night_names_systems_that_the_list_has_learnt(cast: Cast) -> None:
    with cast.inside() as house:
        machine(house.clients["valbrune"], "PC", "Windows 10 Pro", "22H2", product=None)
        machine(house.clients["valbrune"], "MAC", "macOS", "15.1", product="macos-9")
        assert actions.match_again(now=NOW) == 2
        assert actions.match_again(now=NOW) == 0
        named = {row.name: row.product for row in db.session.scalars(select(Asset))}
        assert named == {"PC": "windows-10", "MAC": "macos-15"}
