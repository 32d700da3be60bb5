"""What this room measures and what it makes due: nothing where nothing is known."""

from datetime import date, timedelta
from typing import Any

import pytest

from mspaudit.clients import people_actions
from mspaudit.content import departures as content
from mspaudit.departures import actions, queries
from mspaudit.departures.deadlines import DEADLINES
from mspaudit.departures.facts import FACTS
from mspaudit.extensions import db
from mspaudit.tenancy.context import tenant_id
from tests.cast import Cast
from tests.departures.leavers import NOW, PDF, TODAY, by, client, leaving, secret, settle_all, someone
from tests.departures.test_missions import END, mission, opened, passed


def measured(today: date = TODAY) -> dict[str, tuple[float, str]]:
    """By code: value and detail of Valbrune."""
    rows = db.session.execute(_mine(FACTS), {"today": today}).mappings()
    return {row["code"]: (round(row["value"], 3), row["detail"]) for row in rows}


def due(today: date = TODAY) -> dict[str, Any]:
    """By kind: the deadline of Valbrune."""
    return {row["kind"]: row for row in db.session.execute(_mine(DEADLINES), {"today": today}).mappings()}


def _mine(source: Any) -> Any:
    db.session.flush()
    columns = source.selected_columns
    return source.where(columns.tenant_id == tenant_id(), columns.client_id == client().id)


def test_nothing_known_is_nothing_measured_and_nothing_due(cast: Cast) -> None:
    with cast.inside(context=by(cast, "technician")):
        someone()
        assert measured() == {}
        assert due() == {}


def test_a_departure_says_nothing_before_its_day(cast: Cast) -> None:
    with cast.inside(context=by(cast, "technician")):
        leaving(someone(), on=TODAY + timedelta(days=9))
        leaving(someone("Paul Astruc"))
        assert "ACC-03" not in measured()
        assert measured(TODAY + timedelta(days=1))["ACC-03"][0] == 0


def test_departures_cut_on_the_day_are_measured_against_those_that_were_not(cast: Cast) -> None:
    with cast.inside(context=by(cast, "technician")):
        settle_all(leaving(someone()))
        settle_all(leaving(someone("Paul Astruc")), now=NOW + timedelta(days=2))
        leaving(someone("Nora Pons"))
        value, detail = measured(TODAY + timedelta(days=2))["ACC-03"]
        assert value == pytest.approx(1 / 3, abs=0.001)
        assert detail.startswith("1\u00a0départ sur 3")
        assert detail.endswith("accès encore ouverts\u00a0: 1")


def test_a_cancelled_departure_measures_nothing(cast: Cast) -> None:
    with cast.inside(context=by(cast, "technician")):
        actions.cancel(leaving(someone()), "Elle reste", now=NOW)
        assert measured(TODAY + timedelta(days=5)) == {}
        assert due() == {}


def test_secrets_changed_in_time_are_measured(cast: Cast) -> None:
    with cast.inside(context=by(cast, "technician")):
        person = someone()
        kept = [secret("Banque", "critical", person), secret("Alarme", "other", person)]
        leaving(person)
        assert "ACC-04" not in measured()
        actions.rotate_secret(kept[0], on=TODAY, today=TODAY, now=NOW)
        assert measured()["ACC-04"][0] == 1
        assert measured(TODAY + timedelta(days=3))["ACC-04"][0] == 0.5


def test_a_mission_is_measured_by_its_contract_and_its_end(cast: Cast) -> None:
    with cast.inside(context=by(cast, "technician")):
        row = mission()
        assert measured()["ACC-08"][0] == 0
        assert "ACC-09" not in measured()
        access = opened(passed(row))
        assert measured()["ACC-08"][0] == 1
        assert measured()["ACC-09"][0] == 1
        assert measured(END + timedelta(days=1))["ACC-09"][0] == 0
        actions.revoke_access(row, access, today=END, now=NOW)  # type: ignore[arg-type]
        assert measured(END + timedelta(days=1))["ACC-09"][0] == 1


def test_a_half_filled_register_says_only_what_is_wrong(cast: Cast) -> None:
    with cast.inside(context=by(cast, "technician")):
        person = someone()

        def hold(code: str, **more: Any) -> None:
            given = {"person": person, "used": True, "certificate_until": None} | more
            actions.hold(client(), code=code, title="", deputy=None, reviewed_on=TODAY, now=NOW, **given)

        hold("actes")
        assert "ACC-11" not in measured()
        hold("helios", person=None)
        assert measured()["ACC-11"][0] == 0.5
        for portal in content.portals("commune"):
            hold(portal.code)
        assert measured()["ACC-11"][0] == 1
        hold("actes", certificate_until=TODAY - timedelta(days=1))
        assert measured()["ACC-11"][0] < 1
        hold("actes", used=False)
        assert measured()["ACC-11"][0] == 1
        people_actions.mark_left(client(), person, on=TODAY, now=NOW)
        assert measured()["ACC-11"][0] == 0


def test_a_departure_is_due_by_its_next_line_then_by_the_look_of_someone_else(cast: Cast) -> None:
    with cast.inside(context=by(cast, "technician")):
        departure = leaving(someone())
        assert due()["departure"]["act_by"] == TODAY
        assert due()["departure"]["subject"] == "Départ de Zoé Delorme"
        assert due()["departure"]["subject_id"] == departure.id
        settle_all(departure)
        assert due()["departure"]["act_by"] == departure.verify_by
        assert "vérifier" in due()["departure"]["detail"]
    with cast.inside(context=by(cast, "admin")):
        row = queries.departure_or_404(client().id, departure.id)
        actions.verify(row, now=NOW)
        assert due() == {}


def test_missions_fall_due_at_their_end_and_their_certificate_a_month_later(cast: Cast) -> None:
    with cast.inside(context=by(cast, "technician")):
        row = passed(mission())
        access = opened(row)
        assert due()["mission"]["act_by"] == END
        after = due(END + timedelta(days=1))
        assert set(after) == {"mission", "destruction"}
        assert after["destruction"]["due_on"] == END + timedelta(days=30)
        actions.revoke_access(row, access, today=END, now=NOW)  # type: ignore[arg-type]
        assert set(due(END + timedelta(days=1))) == {"destruction"}
        actions.attach_certificate(row, PDF, "attestation.pdf", today=END, now=NOW)
        assert due(END + timedelta(days=1)) == {}


def test_a_holders_certificate_is_renewed_before_it_ends(cast: Cast) -> None:
    with cast.inside(context=by(cast, "technician")):
        until = date(2027, 3, 31)
        actions.hold(
            client(), code="actes", title="", used=True, person=someone(), deputy=None,
            certificate_until=until, reviewed_on=TODAY, now=NOW,
        )  # fmt: skip
        found = due()["holder_certificate"]
        assert (found["due_on"], found["act_by"]) == (until, date(2027, 3, 1))
