"""The jobs: safe to run twice, alone with another at work, and losing no change."""

from datetime import date, timedelta
from threading import Event, Thread
from uuid import UUID

import pytest
from sqlalchemy import delete, func, select

from mspaudit.clients.dirty import mark
from mspaudit.clients.models import Client, Dirty, OrgUnit
from mspaudit.extensions import db
from mspaudit.kernel import clock
from mspaudit.risk import actions, history, jobs, queries
from mspaudit.risk.models import PortfolioDay, Snapshot, Standing
from mspaudit.tenancy.context import job
from mspaudit.tenancy.jobs import send
from mspaudit.tenancy.lifecycle import unit_of_work
from tests.cast import Cast
from tests.checklists.campaigns import answer_of, say
from tests.portfolio.homes import answered, compute, fill, now, today


@pytest.fixture
def home(cast: Cast) -> Cast:
    fill(cast)
    return cast


def risk_of(cast: Cast, slug: str = "valbrune") -> float:
    with cast.inside() as house:
        found = queries.standing(house.clients[slug])
        assert found is not None
        return found.risk


def marked(cast: Cast) -> int:
    with cast.inside():
        return db.session.scalar(select(func.count()).select_from(Dirty)) or 0


def change(cast: Cast, code: str = "ACC-04", choice: str = "no") -> None:
    """Answer, which marks the client as changed."""
    with cast.inside() as house:
        answered(house.clients["valbrune"], code, choice)
        mark(house.clients["valbrune"])


def run(cast: Cast) -> None:
    with cast.app.app_context():
        jobs.recompute(tenant_id=str(cast.tilleul.id))


def test_a_change_is_computed_and_its_mark_is_gone(home: Cast) -> None:
    before = risk_of(home)
    change(home, "ACC-01", "no")
    assert marked(home) == 1
    run(home)
    assert marked(home) == 0
    assert risk_of(home) != before


def test_running_it_twice_changes_nothing(home: Cast) -> None:
    change(home)
    run(home)
    after = risk_of(home)
    run(home)
    assert risk_of(home) == after
    with home.inside():
        assert db.session.scalar(select(func.count()).select_from(Snapshot)) == 2


def test_the_night_writes_one_snapshot_a_client_a_day(home: Cast) -> None:
    with home.app.app_context():
        for _ in range(2):
            jobs.nightly(tenant_id=str(home.tilleul.id), period=today().isoformat())
    with home.inside():
        assert db.session.scalar(select(func.count()).select_from(Snapshot)) == 2
        assert db.session.scalar(select(func.count()).select_from(PortfolioDay)) == 1


def test_a_changed_profile_changes_what_hurts(home: Cast) -> None:
    with home.inside() as house:
        client = house.clients["valbrune"]
        assert (queries.impacts_of(client) or {})["data_leak"] == 2
        db.session.add(OrgUnit(client_id=client, code="petite_enfance", name="Crèche"))
        mark(client, profile=True)
    run(home)
    with home.inside() as house:
        assert (queries.impacts_of(house.clients["valbrune"]) or {})["data_leak"] == 3


def test_a_change_made_during_a_run_is_computed_by_the_next(home: Cast) -> None:
    change(home)
    computed, changed = Event(), Event()
    failures: list[BaseException] = []

    def worker() -> None:
        try:
            with home.app.app_context(), unit_of_work(job(home.tilleul.id)):
                actions.recompute_changed(today=today(), now=now())
                computed.set()
                assert changed.wait(10)
        except BaseException as error:
            failures.append(error)

    def secretary() -> None:
        change(home, "ACC-01", "no")
        changed.set()

    running = Thread(target=worker)
    running.start()
    assert computed.wait(10)
    answering = Thread(target=secretary)
    answering.start()
    # The answer waits for the run to end; nothing else can end it, so let it go.
    changed.set()
    running.join(10)
    answering.join(10)
    assert not failures
    before = risk_of(home)
    assert marked(home) == 1
    run(home)
    assert risk_of(home) > before


def test_a_second_run_leaves_the_first_one_s_clients_alone(home: Cast) -> None:
    change(home)
    with home.inside():
        assert not actions.recompute_changed(today=today(), now=now())
        other = Thread(target=lambda: run(home))
        other.start()
        other.join(10)
        assert not other.is_alive()
    assert marked(home) == 0


def test_archived_clients_leave_the_means(home: Cast) -> None:
    with home.inside():
        db.session.query(Client).where(Client.slug == "fontaine").update({"archived_at": func.now()})
    compute(home)
    with home.inside():
        assert db.session.scalars(select(PortfolioDay)).one().clients == 1


def test_the_line_of_ninety_days_follows_the_snapshots(home: Cast) -> None:
    compute(home, days_ago=60)
    compute(home, days_ago=30)
    change(home, "ACC-01", "no")
    compute(home)
    with home.inside() as house:
        found = queries.standing(house.clients["valbrune"])
        assert found is not None
        assert len(found.spark) == 13
        assert [value is not None for value in found.spark] == [i in (4, 8, 12) for i in range(13)]
        assert found.spark[-1] == found.risk
        assert found.delta == pytest.approx(found.risk - found.spark[4], abs=1e-4)
    change(home, "ACC-01", "yes")
    run(home)
    with home.inside() as house:
        again = queries.standing(house.clients["valbrune"])
        assert again is not None
        assert again.spark[-1] == again.risk
        assert again.delta == pytest.approx(again.risk - again.spark[4], abs=1e-4)


def test_a_dated_answer_ages_by_itself(home: Cast) -> None:
    def figures(day: date) -> float:
        at = clock.now()
        with home.inside():
            actions.recompute(today=day, now=at)
        return risk_of(home)

    with home.inside() as house:
        answered_on(house.clients["valbrune"], today())
    assert figures(today() + timedelta(days=900)) > figures(today())


def answered_on(client: UUID, day: date) -> None:
    """A restoration tested that day; call it inside a house."""
    say(answer_of(client, "BCK-04"), "yes", done_on=day, now=now())


def test_workers_know_both_jobs(home: Cast) -> None:
    with home.app.app_context():
        send("risk.recompute", {"tenant_id": str(home.tilleul.id)})
        send("risk.nightly", {"tenant_id": str(home.tilleul.id), "period": today().isoformat()})


def test_a_neighbour_is_left_alone(home: Cast) -> None:
    fill(home, home.saule)
    with home.inside(home.saule):
        before = {row.client_id: row.computed_at for row in db.session.scalars(select(Standing))}
    compute(home)
    with home.inside(home.saule):
        assert before == {row.client_id: row.computed_at for row in db.session.scalars(select(Standing))}


def test_a_past_day_retold_from_its_snapshots_is_what_was_told(home: Cast) -> None:
    names = ("tenant_id", "day", "clients", "risk", "posture", "certainty", "levels")
    columns = [PortfolioDay.__table__.c[name] for name in names]
    with home.inside():
        told = db.session.execute(select(*columns).select_from(PortfolioDay)).one()
        db.session.execute(delete(PortfolioDay))
        history.retell([told.day, told.day - timedelta(days=1)], now=now())
        assert db.session.execute(select(*columns).select_from(PortfolioDay)).one() == told
