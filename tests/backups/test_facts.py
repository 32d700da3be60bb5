"""What the state of backups proves, disproves, or leaves alone; and what falls due."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import literal, select, update

from mspaudit.backups import actions, keeping, queries, rules, standing_sql
from mspaudit.backups.deadlines import DEADLINES
from mspaudit.backups.facts import FACTS
from mspaudit.backups.models import BackupEvent, BackupJob, RestoreTest
from mspaudit.clients.queries import client_or_404
from mspaudit.extensions import db
from mspaudit.kernel.clock import today
from mspaudit.tenancy.context import tenant_id
from mspaudit.tenancy.models import Timestamp
from tests.backups.helpers import CARD, events, follow
from tests.cast import Cast

Facts = Callable[[], dict[str, tuple[float, str]]]
NOW = datetime.now(UTC)


@pytest.fixture
def facts(cast: Cast) -> Facts:
    """Code → (value, detail) of Valbrune."""

    def read() -> dict[str, tuple[float, str]]:
        with cast.inside():
            rows = db.session.execute(
                FACTS.where(FACTS.selected_columns.tenant_id == tenant_id()), {"today": today(NOW)}
            )
            mine = cast.tilleul.clients["valbrune"]
            return {row.code: (row.value, row.detail) for row in rows if row.client_id == mine}

    return read


def heard(cast: Cast, token: str, signal: str = "") -> None:
    assert cast.nobody().get(f"/ping/{token}{signal}").status_code == 200


def set_job(cast: Cast, job: UUID, **values: Any) -> None:
    with cast.inside():
        db.session.execute(update(BackupJob).where(BackupJob.id == job).values(**values))


def cover(cast: Cast, complete: bool) -> None:
    with cast.inside():
        actions.state_coverage(client_or_404("valbrune"), complete=complete, missing="La paie", now=NOW)


def restored(cast: Cast, done_on: date, result: str = "ok") -> None:
    with cast.inside():
        db.session.add(
            RestoreTest(
                client_id=cast.tilleul.clients["valbrune"],
                what="Paie",
                planned_on=done_on,
                done_on=done_on,
                result=result,
                minutes=30,
                by_name="Inès",
            )
        )


def test_without_any_job_nothing_is_measured(facts: Facts) -> None:
    assert facts() == {}


def test_a_red_job_disproves_that_everything_is_saved(cast: Cast, facts: Facts) -> None:
    _one, token = follow(cast, name="Une")
    _two, other = follow(cast, name="Deux")
    heard(cast, token)
    heard(cast, other, "/fail")
    assert facts()["BCK-01"] == (0.5, "1\u00a0sur\u00a02\u00a0sauvegardes à jour")


@pytest.mark.parametrize(
    "values",
    [
        {"due_at": NOW - timedelta(minutes=1)},
        {"due_at": NOW - timedelta(minutes=1), "last_result": "success"},
        {"started_at": NOW - timedelta(hours=7)},
    ],
)
def test_never_late_and_stuck_are_red_too(cast: Cast, facts: Facts, values: dict[str, Any]) -> None:
    job, _token = follow(cast)
    set_job(cast, job, **values)
    assert facts()["BCK-01"][0] == 0


def test_jobs_that_report_prove_it_once_someone_said_they_cover_everything(cast: Cast, facts: Facts) -> None:
    _job, token = follow(cast)
    heard(cast, token)
    assert "BCK-01" not in facts()
    cover(cast, complete=False)
    assert facts()["BCK-01"] == (
        0.5,
        "1\u00a0sur\u00a01\u00a0sauvegarde à jour, mais il manque\u00a0: La paie",
    )
    cover(cast, complete=True)
    assert facts()["BCK-01"][0] == 1


def test_a_paused_or_archived_job_is_not_held_against_anyone(cast: Cast, facts: Facts) -> None:
    job, token = follow(cast, off_site=False, immutable=False)
    heard(cast, token, "/fail")
    assert set(facts()) == {"BCK-01", "BCK-02", "BCK-03"}
    set_job(cast, job, paused_until=NOW + timedelta(days=3), pause_reason="Travaux")
    assert facts() == {}
    set_job(cast, job, paused_until=None, pause_reason=None, archived_at=NOW)
    assert facts() == {}


def test_copies_are_counted_among_the_jobs_that_report(cast: Cast, facts: Facts) -> None:
    _one, token = follow(cast, name="NAS", destination="NAS", off_site=False)
    heard(cast, token)
    assert facts()["BCK-02"][0] == 0.5
    two, other = follow(cast, name="C2", destination="C2", off_site=True)
    heard(cast, other)
    assert facts()["BCK-02"][0] == 1
    set_job(cast, two, due_at=NOW - timedelta(hours=1))
    assert facts()["BCK-02"] == (0.5, "la copie hors des locaux ne donne plus de nouvelles")


def test_what_nobody_told_is_not_held_against_the_client(cast: Cast, facts: Facts) -> None:
    _job, token = follow(cast)
    heard(cast, token)
    assert not {"BCK-02", "BCK-03"} & set(facts())


def test_a_copy_that_nothing_erases_must_still_report(cast: Cast, facts: Facts) -> None:
    job, token = follow(cast, immutable=True)
    heard(cast, token)
    assert facts()["BCK-03"][0] == 1
    heard(cast, token, "/fail")
    assert facts()["BCK-03"][0] == 0
    set_job(cast, job, immutable=False)
    assert facts()["BCK-03"] == (0, "aucune copie ineffaçable parmi les sauvegardes suivies")


@pytest.mark.parametrize(
    ("days", "result", "value"),
    [(30, "ok", 1), (400, "ok", 0.5), (800, "ok", 0), (30, "partly", 0.5), (30, "failed", 0)],
)
def test_the_last_restoration_says_what_it_is_worth_today(
    cast: Cast, facts: Facts, days: int, result: str, value: float
) -> None:
    follow(cast)
    restored(cast, today(NOW) - timedelta(days=days), result)
    found = facts()["BCK-04"]
    assert found[0] == value
    assert (today(NOW) - timedelta(days=days)).strftime("%d/%m/%Y") in found[1]


def test_no_restoration_at_all_is_a_fact_after_a_month(cast: Cast, facts: Facts) -> None:
    job, _token = follow(cast)
    assert "BCK-04" not in facts()
    set_job(cast, job, created_at=NOW - timedelta(days=40))
    assert facts()["BCK-04"] == (0, "aucun test de restauration noté")


def test_failures_are_measured_where_they_are_taken_in_charge(cast: Cast, facts: Facts) -> None:
    job, token = follow(cast)
    heard(cast, token, "/fail")
    heard(cast, token, "/fail")
    assert "BCK-05" not in facts()
    first, second = events(cast, job)
    with cast.inside():
        found = db.session.get_one(BackupEvent, (cast.tilleul.id, first.id))
        actions.see_failure(client_or_404("valbrune"), job_of_same(job), found, note="", now=NOW)
    assert facts()["BCK-05"][0] == 1
    with cast.inside():
        db.session.execute(
            update(BackupEvent)
            .where(BackupEvent.id == second.id)
            .values(at=NOW - timedelta(days=9), answer_by=NOW - timedelta(days=7))
        )
    assert facts()["BCK-05"][0] == 0.5


def job_of_same(job: UUID) -> BackupJob:
    return db.session.scalars(select(BackupJob).where(BackupJob.id == job)).one()


def test_planned_and_yearly_restorations_fall_due(cast: Cast) -> None:
    follow(cast)

    def due() -> list[tuple[str, date]]:
        with cast.inside():
            mine = DEADLINES.where(DEADLINES.selected_columns.tenant_id == tenant_id())
            return [(row.subject, row.act_by) for row in db.session.execute(mine)]

    assert due() == []
    restored(cast, date(2026, 2, 28))
    assert due() == [("Test de restauration à refaire", date(2027, 2, 28))]
    with cast.inside():
        mine = cast.tilleul.clients["valbrune"]
        db.session.add(RestoreTest(client_id=mine, what="Mairie", planned_on=date(2026, 12, 5)))
    assert due() == [("Test de restauration\u00a0: Mairie", date(2026, 12, 5))]


def test_old_signals_are_forgotten_and_the_latest_kept(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    job, token = follow(cast)
    for _ in range(4):
        heard(cast, token)
    oldest = events(cast, job)[0].id
    with cast.inside():
        old = update(BackupEvent).where(BackupEvent.id == oldest).values(at=NOW - timedelta(days=500))
        db.session.execute(old)
    with cast.inside():
        assert keeping.forget_old(now=NOW) == 1
    monkeypatch.setattr(keeping, "MOST_A_JOB", 2)
    with cast.inside():
        assert keeping.forget_old(now=NOW) == 1
    assert len(events(cast, job)) == 2


hours = st.none() | st.integers(-60, 60)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    due=st.integers(-60, 60),
    result=st.sampled_from([None, "success", "warning", "fail"]),
    started=hours,
    paused=hours,
    grace=st.integers(1, 30),
)
def test_the_state_is_the_same_in_python_and_in_postgresql(
    cast: Cast, *, due: int, result: str | None, started: int | None, paused: int | None, grace: int
) -> None:
    def shifted(value: int | None) -> datetime | None:
        return None if value is None else NOW + timedelta(hours=value, minutes=1)

    with cast.inside():
        job = BackupJob(
            client_id=cast.tilleul.clients["valbrune"],
            **(CARD | {"name": f"{due}-{result}-{started}-{paused}-{grace}", "grace_hours": grace}),
            due_at=shifted(due),
            last_result=result,
            started_at=shifted(started),
            paused_until=shifted(paused),
            pause_reason=None if paused is None else "Travaux",
        )
        db.session.add(job)
        db.session.flush()
        at = literal(NOW, Timestamp)
        row = db.session.execute(
            select(standing_sql.state(at), standing_sql.red(at)).where(BackupJob.id == job.id)
        ).one()
        state = queries.state(job, now=NOW)
        assert tuple(row) == (state, state in rules.RED)
        db.session.delete(job)
