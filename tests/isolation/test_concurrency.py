"""Many transactions of three tenants over few connections, with errors, kills and reuse: no wrong row.

The number here is what a suite can afford; ``MSPAUDIT_TRANSACTIONS`` raises it for a long run.
"""

import os
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from threading import Event
from uuid import UUID

import psycopg
import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from mspaudit.app import create_app
from mspaudit.clients.models import Client, Tag
from mspaudit.config import Settings
from mspaudit.extensions import db
from mspaudit.tenancy.context import Context, NoContext, job, using
from mspaudit.tenancy.lifecycle import unit_of_work
from mspaudit.tenancy.session import CrossedTenant
from tests.cast import House, build_cast

TRANSACTIONS = int(os.environ.get("MSPAUDIT_TRANSACTIONS", "2000"))
STEPS = int(os.environ.get("MSPAUDIT_STEPS", "60"))
THREADS = 8


@dataclass
class Few:
    """An application with three connections, and three tenants who share them."""

    app: Flask
    houses: list[House]

    def contexts(self, house: House) -> list[Context]:
        """A worker of the MSP and the secretary of valbrune."""
        secretary, valbrune = house.people["secretary"], house.clients["valbrune"]
        client = Context(
            "client",
            tenant_id=house.id,
            client_id=valbrune,
            member_id=secretary.id,
            login_id=secretary.login_id,
        )
        return [job(house.id), client]


@pytest.fixture(scope="module")
def few(settings: Settings) -> Few:
    app = create_app(settings.model_copy(update={"threads": 1}))
    first, second = build_cast(app), build_cast(app)
    return Few(app, [first.tilleul, first.saule, second.tilleul])


def wrong_rows(context: Context) -> int:
    """Rows of another tenant or client that this transaction sees, by every path of the database."""
    tenants = set(db.session.scalars(select(Client.tenant_id)))
    tenants |= set(
        db.session.scalars(text("SELECT tenant_id FROM client UNION SELECT tenant_id FROM journal"))
    )
    clients = set(db.session.scalars(text("SELECT id FROM client")))
    seen = len(tenants - {context.tenant_id})
    if context.confined:
        seen += len(clients - {context.client_id})
    assert clients, "the control: it sees its own"
    return seen


class Trouble(Exception):
    """Something a request may die of."""


def one_transaction(few: Few, number: int) -> str:
    """One unit of work of a tenant chosen by chance, which may read, write, fail or break its connection."""
    chance = random.Random(number)
    house = chance.choice(few.houses)
    context = chance.choice(few.contexts(house))
    fate = chance.choices(("commit", "error", "bad sql", "cut", "stray commit"), (6, 2, 2, 1, 1))[0]
    # Eight who never pause share three connections: now and then one of them waits too long for its turn.
    survived = (Trouble, DBAPIError, PoolTimeout)
    with few.app.app_context(), suppress(*survived), unit_of_work(context):
        if wrong_rows(context):
            return "wrong"
        tag = f"{house.slug}-{number % 7}"
        db.session.merge(Tag(tenant_id=house.id, client_id=house.clients["valbrune"], tag=tag))
        db.session.flush()
        _meet(fate)
        if fate != "stray commit" and wrong_rows(context):
            return "wrong"
        return fate
    return fate


def _meet(fate: str) -> None:
    if fate == "error":
        raise Trouble
    if fate == "bad sql":
        db.session.execute(text("SELECT 1 / 0"))
    if fate == "stray commit":
        # What follows is another transaction: it signs itself again.
        db.session.connection().exec_driver_sql("COMMIT")
        db.session.rollback()
    if fate == "cut":
        db.session.connection().connection.driver_connection.close()  # type: ignore[union-attr]


def test_no_transaction_sees_a_wrong_row(few: Few, superuser_dsn: str) -> None:
    over = Event()
    with ThreadPoolExecutor(THREADS + 1) as pool:
        killer = pool.submit(_kill_now_and_then, superuser_dsn, over)
        try:
            fates = Counter(pool.map(lambda n: one_transaction(few, n), range(TRANSACTIONS)))
        finally:
            over.set()
        killed = killer.result()
    assert fates["wrong"] == 0
    assert fates["commit"] > TRANSACTIONS // 5
    assert killed > 0
    for house in few.houses:
        with few.app.app_context(), unit_of_work(job(house.id)):
            tags = db.session.scalars(select(Tag.tag)).all()
            assert tags
            assert all(tag.startswith(house.slug) for tag in tags)


def _kill_now_and_then(dsn: str, over: Event) -> int:
    """End a connection of this very application, as an operator or a failing machine would."""
    killed = 0
    with psycopg.connect(dsn, autocommit=True) as connection:
        while not over.wait(0.15):
            killed += connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE usename = 'mspaudit_app' AND state IS NOT NULL ORDER BY random() LIMIT 1"
            ).rowcount
    return killed


def test_a_connection_that_comes_back_carries_nothing(few: Few) -> None:
    for house in few.houses * 3:
        for context in few.contexts(house):
            with few.app.app_context(), suppress(Trouble), unit_of_work(context):
                assert wrong_rows(context) == 0
                raise Trouble
            with few.app.app_context(), db.engine.connect() as connection:
                assert connection.execute(text("SELECT count(*) FROM client")).scalar_one() == 0


HOUSES = st.integers(0, 2)
WORDS = st.sampled_from("abcdefgh")


class Tenants(RuleBasedStateMachine):
    """Three tenants write, read, forget, fail and change seats in any order, against a plain dictionary."""

    few: Few

    def __init__(self) -> None:
        super().__init__()
        self.expected: dict[UUID, set[str]] = {}
        for house in self.few.houses:
            with self.few.app.app_context(), unit_of_work(job(house.id)):
                self.expected[house.id] = set(db.session.scalars(select(Tag.tag)))

    @rule(which=HOUSES, word=WORDS, kept=st.booleans())
    def write(self, which: int, word: str, kept: bool) -> None:
        """A label written, kept or taken back."""
        house = self.few.houses[which]
        tag = f"{house.slug}-{word}"
        with self.few.app.app_context(), suppress(Trouble), unit_of_work(job(house.id)):
            db.session.merge(Tag(tenant_id=house.id, client_id=house.clients["valbrune"], tag=tag))
            db.session.flush()
            if not kept:
                raise Trouble
            self.expected[house.id].add(tag)

    @rule(which=HOUSES, word=WORDS)
    def forget(self, which: int, word: str) -> None:
        """A label removed, wherever it may be: by its word alone, without naming the tenant."""
        house = self.few.houses[which]
        with self.few.app.app_context(), unit_of_work(job(house.id)):
            db.session.execute(db.delete(Tag).where(Tag.tag.like(f"%-{word}")))
            self.expected[house.id] = {t for t in self.expected[house.id] if not t.endswith(f"-{word}")}

    @rule(first=HOUSES, second=HOUSES)
    def change_seat(self, first: int, second: int) -> None:
        """One session asked to serve a second tenant refuses; the first goes on."""
        one, other = self.few.houses[first], self.few.houses[second]
        with self.few.app.app_context(), unit_of_work(job(one.id)):
            found = set(db.session.scalars(select(Tag.tag)))
            db.session.rollback()
            with using(job(other.id)):
                if first != second:
                    with pytest.raises(CrossedTenant):
                        db.session.scalars(select(Tag.tag)).all()
            assert found == self.expected[one.id]

    @rule()
    def outside(self) -> None:
        """Nobody in particular reads nothing, loudly."""
        with self.few.app.app_context(), pytest.raises(NoContext):
            db.session.execute(select(func.count()).select_from(Tag))

    @rule(which=HOUSES)
    def bare(self, which: int) -> None:
        """A session of one's own, on the same connections, is confined alike."""
        house = self.few.houses[which]
        with self.few.app.app_context(), using(job(house.id)), Session(db.engine) as session:
            assert set(session.scalars(select(Tag.tag))) == self.expected[house.id]

    @invariant()
    def each_sees_its_own(self) -> None:
        """Every tenant reads what it wrote and nothing else."""
        for house in self.few.houses:
            with self.few.app.app_context(), unit_of_work(job(house.id)):
                assert set(db.session.scalars(select(Tag.tag))) == self.expected[house.id]


def test_three_tenants_never_mix_whatever_the_order(few: Few) -> None:
    machine = type("Machine", (Tenants,), {"few": few})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=8,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
