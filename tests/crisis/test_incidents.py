"""An incident from its opening to its lessons, in the database."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Row, Select, delete, select, text, union_all
from sqlalchemy.exc import ProgrammingError

from mspaudit.checklists.queries.measured import of_tenant, parameters
from mspaudit.clients.mandate_actions import Upload
from mspaudit.clients.models import Assignment
from mspaudit.crisis.incidents import actions, deadlines, facts, findings, letters, queries, signing_actions
from mspaudit.crisis.incidents.rules import Told
from mspaudit.crisis.incidents.signing_actions import Right
from mspaudit.errors import DomainError
from mspaudit.extensions import db
from mspaudit.kernel import clock as clocks
from mspaudit.outbox.models import OutgoingMail
from mspaudit.tenancy.context import tenant_id
from tests.cast import Cast
from tests.crisis.incidents import AWARE, NOW, client, clock, found, opened, seals_hold, settle
from tests.departures.leavers import PDF, by

DAY = timedelta(days=1)


def test_opening_starts_the_clocks_and_the_log(cast: Cast) -> None:
    incident = opened(cast)
    with cast.inside(context=by(cast, "technician")):
        assert clock(incident, "cnil").due_at == AWARE + 3 * DAY
        assert clock(incident, "complaint").due_at == AWARE + 3 * DAY
        assert clock(incident, "insurer").hours is None
        assert not clock(incident, "nis2_24h").applies
        assert not clock(incident, "bank").applies
        assert [entry.text for entry in queries.entries(incident)] == [found(incident).what]


def test_clocks_follow_what_is_known_and_keep_a_reason_for_other_hours(cast: Cast) -> None:
    incident = opened(cast, "fraud")
    with cast.inside(context=by(cast, "technician")):
        row = found(incident)
        assert clock(incident, "bank").applies
        actions.say(client(), row, Told(personal="no", insured="yes"), insurer="Mutuelle", csirt="", now=NOW)
        assert not clock(incident, "cnil").applies
        with pytest.raises(DomainError, match="pourquoi"):
            actions.set_hours(row, clock(incident, "insurer"), 120, why=" ", now=NOW)
        actions.set_hours(row, clock(incident, "insurer"), 120, why="Contrat, page 4", now=NOW)
        assert clock(incident, "insurer").due_at == AWARE + 5 * DAY


def test_the_log_only_grows_and_its_seals_hold(cast: Cast) -> None:
    incident = opened(cast)
    with cast.inside(context=by(cast, "technician")):
        row = found(incident)
        actions.write(row, kind="action", text="Mot de passe changé", happened_at=NOW, corrects=None, now=NOW)
        actions.write(row, kind="fact", text="C’était hier", happened_at=NOW - DAY, corrects=2, now=NOW)
        with pytest.raises(DomainError, match="corriger"):
            actions.write(row, kind="fact", text="Rien", happened_at=NOW, corrects=9, now=NOW)
        assert [entry.seq for entry in queries.entries(incident)] == [1, 2, 3]
        assert seals_hold(incident)


@pytest.mark.parametrize("statement", ["UPDATE incident_entry SET text = ''", "DELETE FROM incident_entry"])
def test_nobody_rewrites_a_line_of_the_log(cast: Cast, statement: str) -> None:
    opened(cast)
    with pytest.raises(ProgrammingError, match="permission denied"), cast.inside():
        db.session.execute(text(f"{statement} WHERE tenant_id IS NOT NULL"))


def test_it_closes_once_each_duty_is_settled_and_then_teaches(cast: Cast) -> None:
    incident = opened(cast)
    with cast.inside(context=by(cast, "technician")):
        row = found(incident)
        with pytest.raises(DomainError, match="démarches restent"):
            actions.close(row, summary="Fini", now=NOW)
        with pytest.raises(DomainError, match="une fois l’incident clos"):
            actions.learn(row, ["Second facteur"], now=NOW)
        settle(row)
        with pytest.raises(DomainError, match="Résumez"):
            actions.close(row, summary=" ", now=NOW)
        actions.close(row, summary="Mot de passe volé, compte repris.", now=NOW)
        actions.learn(row, ["Second facteur pour tous", " "], now=NOW)
        taught = _mine(findings.FINDINGS)
        assert [(each.kind, each.title) for each in taught] == [("incident", "Second facteur pour tous")]
        actions.reopen(row, why="Le courrier reprend", now=NOW)
        assert row.open
        assert seals_hold(incident)


def test_deadlines_tell_running_clocks_then_lessons(cast: Cast) -> None:
    incident = opened(cast)
    with cast.inside(context=by(cast, "technician")):
        rows = {row.subject: row for row in _mine(deadlines.DEADLINES)}
        assert rows["Incident\u00a0: Notifier la CNIL"].due_on == date(2026, 11, 23)
        row = found(incident)
        settle(row)
        actions.close(row, summary="Fini", now=NOW)
        db.session.flush()
        (owed,) = _mine(deadlines.DEADLINES)
        assert (owed.kind, owed.due_on) == ("incident_lessons", date(2026, 12, 20))
        actions.learn(row, ["Second facteur"], now=NOW)
        db.session.flush()
        assert _mine(deadlines.DEADLINES) == []


def test_the_register_counts_once_lessons_are_drawn_or_thirty_days_passed(cast: Cast) -> None:
    now = clocks.now()
    incident = opened(cast, now=now, aware=now - DAY)
    with cast.inside(context=by(cast, "technician")):
        assert _mine(facts.FACTS) == []
        row = found(incident)
        settle(row, now=now)
        actions.close(row, summary="Fini", now=now)
        db.session.flush()
        assert _mine(facts.FACTS) == []
        actions.learn(row, ["Second facteur"], now=now)
        (fact,) = _mine(facts.FACTS)
        assert (fact.code, fact.value) == ("CRI-07", 1.0)
        row.lessons_at, row.closed_at = None, now - 40 * DAY
        db.session.flush()
        (fact,) = _mine(facts.FACTS)
        assert fact.value == 0.5


def test_who_signs_is_a_fact_with_its_proof(cast: Cast) -> None:
    now = clocks.now()
    today = clocks.today(now)
    with cast.inside(context=by(cast, "technician")):
        mayor = Right("Nora Pons", "Maire", complaint=True, cnil=True, insurer=True, granted_on=None)
        bare = signing_actions.grant(client(), mayor, document=None, today=today, now=now)
        (fact,) = _mine(facts.FACTS)
        assert (fact.code, fact.value) == ("CRI-05", 0.5)
        dated = Right("Paul Astruc", "DGS", complaint=True, cnil=True, insurer=True, granted_on=today)
        signing_actions.grant(client(), dated, document=Upload("acte.pdf", PDF), today=today, now=now)
        (fact,) = _mine(facts.FACTS)
        assert fact.value == 1.0
        assert "Nora Pons, Paul Astruc" in fact.detail
        signing_actions.end(bare, now=now)
        assert [each.name for each in queries.rights(client().id)] == ["Paul Astruc"]
        nothing = Right("Zoé", "", complaint=False, cnil=False, insurer=False, granted_on=None)
        with pytest.raises(DomainError, match="Cochez"):
            signing_actions.grant(client(), nothing, document=None, today=today, now=now)


def test_people_are_told_once_at_each_threshold_and_never_once_it_is_done(cast: Cast) -> None:
    incident = opened(cast)
    assert _mailed(cast, at=NOW) == {"incident": 2}
    # Two looks within the same threshold, then an outage over two of them: one mail each, the last told.
    assert _mailed(cast, at=AWARE + timedelta(hours=50)) == {"incident": 2, "24": 4}
    assert _mailed(cast, at=AWARE + timedelta(hours=51)) == {"incident": 2, "24": 4}
    with cast.inside(context=by(cast, "technician")):
        actions.met(found(incident), clock(incident, "cnil"), at=NOW, now=NOW)
    assert _mailed(cast, at=AWARE + timedelta(hours=70)) == {"incident": 2, "24": 4, "4": 2}
    assert _mailed(cast, at=AWARE + timedelta(hours=73)) == {"incident": 2, "24": 4, "4": 2, "0": 2}


def test_a_colleague_who_does_not_serve_the_client_is_not_told(cast: Cast) -> None:
    with cast.inside():
        db.session.execute(delete(Assignment).where(Assignment.client_id == client().id))
    opened(cast)
    assert _mailed(cast, at=NOW)["incident"] > 1
    with cast.inside():
        told = set(db.session.scalars(select(OutgoingMail.recipient)))
    assert cast.tilleul.people["technician"].email in told
    assert not {cast.tilleul.people[who].email for who in ("limited", "reader")} & told


def _mailed(cast: Cast, *, at: datetime) -> dict[str, int]:
    """How many mails each threshold made so far, once people were told at that moment."""
    with cast.inside():
        letters.tell_all(now=at.astimezone(UTC))
        db.session.flush()
        found: dict[str, int] = {}
        for key in db.session.scalars(select(OutgoingMail.key).where(OutgoingMail.key.like("incident%"))):
            step = "incident" if key.startswith("incident:") else key.split(":")[3]
            found[step] = found.get(step, 0) + 1
        return found


def _mine(statement: Select[Any]) -> list[Row[Any]]:
    db.session.flush()
    values = parameters(tenant_id(), clocks.today(clocks.now()), [client().id])
    rows = db.session.execute(union_all(of_tenant(statement)), values)
    return [row for row in rows if row.client_id == client().id]
