"""What this room measures and what falls due in it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from mspaudit.clients import deadlines, facts, mandate_actions, people_actions, queries
from mspaudit.extensions import db
from tests.cast import Cast

NOW = datetime(2026, 11, 20, 13, 32, tzinfo=UTC)
TODAY = date(2026, 11, 20)


def measured(cast: Cast, today: date = TODAY, **terms: Any) -> list[Any]:
    """The facts once a pilot is named with these terms."""
    with cast.inside():
        client = queries.client_or_404("valbrune")
        person = people_actions.add_person(client, name="Paul Vigneron", status="agent", now=NOW)
        mandate_actions.name_referent(
            client, role="pilot", person=person, now=NOW, **{"since": date(2026, 1, 1), **terms}
        )
        return facts_today(cast, today)


def facts_today(cast: Cast, today: date = TODAY) -> list[Any]:
    mine = facts.FACTS.where(facts.FACTS.selected_columns.tenant_id == cast.tilleul.id)
    return list(db.session.execute(mine, {"today": today}))


def test_a_pilot_with_a_signed_mandate_and_hours_is_full(cast: Cast) -> None:
    (row,) = measured(cast, mandate_signed_on=date(2026, 3, 12), hours_a_month=3.5)
    assert (row.code, float(row.value), row.client_id) == ("GOV-01", 1.0, cast.tilleul.clients["valbrune"])
    assert row.observed_at == datetime(2026, 3, 11, 23, tzinfo=UTC)
    assert row.detail == "Paul Vigneron, mandat signé le 12/03/2026, 3,5\u00a0h par mois"


@pytest.mark.parametrize(
    "terms",
    [
        {},
        {"hours_a_month": 4.0},
        {"mandate_signed_on": date(2026, 3, 12)},
        {"mandate_signed_on": date(2026, 3, 12), "hours_a_month": 0.0},
        {"mandate_signed_on": date(2026, 12, 1), "hours_a_month": 4.0},
        {"mandate_signed_on": date(2025, 1, 1), "mandate_until": date(2026, 6, 30), "hours_a_month": 4.0},
    ],
)
def test_a_pilot_without_a_mandate_in_force_or_without_time_is_half(
    cast: Cast, terms: dict[str, Any]
) -> None:
    (row,) = measured(cast, **terms)
    assert float(row.value) == 0.5


def test_nobody_recorded_is_unknown_and_not_no(cast: Cast) -> None:
    with cast.inside():
        assert facts_today(cast) == []


def test_a_pilot_counts_from_the_first_day_until_the_last(cast: Cast) -> None:
    assert measured(cast, today=date(2025, 12, 31)) == []
    with cast.inside():
        assert len(facts_today(cast, date(2026, 1, 1))) == 1
        client = queries.client_or_404("valbrune")
        (mandate,) = queries.referents(client.id)
        mandate_actions.end_referent(client, mandate.referent, on=date(2026, 5, 1), now=NOW)
        assert len(facts_today(cast, date(2026, 4, 30))) == 1
        assert facts_today(cast, date(2026, 5, 1)) == []


def test_today_is_in_paris_when_nobody_says(cast: Cast) -> None:
    measured(cast)
    with cast.inside():
        assert len(list(db.session.execute(facts.FACTS))) == 1


def test_a_mandate_that_ends_is_due_thirty_days_before(cast: Cast) -> None:
    measured(cast, mandate_signed_on=date(2026, 1, 1), mandate_until=date(2026, 12, 31))
    with cast.inside():
        (row,) = db.session.execute(deadlines.DEADLINES, {"today": TODAY})
        assert (row.kind, row.due_on, row.act_by) == ("mandate", date(2026, 12, 31), date(2026, 12, 1))
        assert row.subject == "Mandat\u00a0: pilote informatique"
        assert row.amount is None


def test_another_msp_measures_nothing_of_it(cast: Cast) -> None:
    measured(cast)
    with cast.inside(cast.saule):
        assert list(db.session.execute(facts.FACTS)) == []
        assert list(db.session.execute(deadlines.DEADLINES)) == []
