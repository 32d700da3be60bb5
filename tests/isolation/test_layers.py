"""Each lock alone: the application without PostgreSQL's, PostgreSQL without the application's.

The database layer's own tests (``test_rows``, ``test_context``, ``test_raw_sql``) never go through
the session; here the session's criteria are taken away, and then PostgreSQL's policies instead.
"""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session, with_loader_criteria

from mspaudit.app import create_app
from mspaudit.clients.models import Client, Person
from mspaudit.config import Settings
from mspaudit.extensions import db
from mspaudit.identity.models import Login
from mspaudit.journal.models import Entry
from mspaudit.tenancy import session as sessions
from mspaudit.tenancy.context import NOBODY, NoContext, using
from mspaudit.tenancy.lifecycle import unit_of_work
from mspaudit.tenancy.models import ClientScoped, LoginScoped, Tenant, TenantModel, UnitScoped
from tests.isolation import orm
from tests.isolation.houses import World
from tests.isolation.oracle import Row, Seat, seats
from tests.servers import Servers

Everything = dict[str, list[Row]]
MODELS = orm.models()


@pytest.fixture(scope="session")
def unconfined(servers: Servers, settings: Settings, superuser_dsn: str) -> Flask:
    """The application on a role that no policy confines: a test's own, with the rights of the real one."""
    with psycopg.connect(superuser_dsn, autocommit=True) as connection:
        connection.execute("CREATE ROLE test_unconfined LOGIN BYPASSRLS PASSWORD 'test' IN ROLE mspaudit_app")
    url = servers.url("app").replace("mspaudit_app:" + servers.passwords.app, "test_unconfined:test")
    return create_app(settings.model_copy(update={"database_url": url}))


@pytest.fixture
def without_criteria() -> Iterator[None]:
    """The session adds nothing to a statement."""
    event.remove(Session, "do_orm_execute", sessions._scope)
    yield
    event.listen(Session, "do_orm_execute", sessions._scope)


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.__name__)
def test_the_application_alone_confines_everyone(
    unconfined: Flask, world: World, everything: Everything, model: orm.Model
) -> None:
    orm.probe(unconfined, list(seats(world)), model, everything[orm.table_of(model).name])


def test_the_unconfined_role_does_see_everything(
    unconfined: Flask, world: World, without_criteria: None
) -> None:
    """The control: without either lock, both houses show."""
    with unconfined.app_context(), unit_of_work(world.tilleul.context("job")):
        found = set(db.session.scalars(select(Client.tenant_id)))
    assert {world.tilleul.house.id, world.saule.house.id} <= found


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.__name__)
def test_postgresql_alone_confines_everyone(
    world: World, everything: Everything, without_criteria: None, model: orm.Model
) -> None:
    rows, app = everything[orm.table_of(model).name], world.cast.app
    for seat in seats(world):
        if seat.context is not None:
            orm.sees_exactly(app, seat, model, rows, ("entities", "a count of rows"))
            orm.learns_nothing(app, seat, model, rows)


def test_a_row_of_another_tenant_or_client_is_not_written(unconfined: Flask, world: World) -> None:
    writes_are_stamped(unconfined, world)


def test_a_session_serves_one_tenant_and_one_confinement(unconfined: Flask, world: World) -> None:
    a_session_is_bound(unconfined, world)


def test_reading_outside_any_tenant_raises(unconfined: Flask) -> None:
    nothing_is_read_outside(unconfined)


# --- and each part of the application's lock, broken on purpose


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.__name__)
def test_a_model_that_loses_its_criteria_is_noticed(
    unconfined: Flask, world: World, everything: Everything, model: orm.Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    def criteria(*_scope: Any) -> list[Any]:
        return _criteria(*_scope, without=model)

    monkeypatch.setattr(sessions, "criteria", criteria)
    assert _red(orm.probe, unconfined, list(seats(world)), model, everything[orm.table_of(model).name])


@pytest.mark.parametrize(
    "lost",
    [(0, Client), (1, Login), (2, Client), (3, Person), (4, Client)],
    ids=["tenant", "login", "client", "unit", "member"],
)
def test_a_context_that_loses_a_part_is_noticed(
    unconfined: Flask,
    world: World,
    everything: Everything,
    lost: tuple[int, orm.Model],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    position, model = lost
    whole = sessions.criteria

    def criteria(*scope: Any) -> Any:
        stranger = [world.saule.house.id, world.saule.house.people["admin"].login_id, None, None, None]
        return whole(*[stranger[i] if i == position else part for i, part in enumerate(scope)])

    monkeypatch.setattr(sessions, "criteria", criteria)
    assert _red(orm.probe, unconfined, list(seats(world)), model, everything[orm.table_of(model).name])


def test_without_the_stamp_a_foreign_row_is_written(unconfined: Flask, world: World) -> None:
    event.remove(Session, "before_flush", sessions._stamp)
    try:
        assert _red(writes_are_stamped, unconfined, world)
    finally:
        event.listen(Session, "before_flush", sessions._stamp)


def test_without_the_binding_a_session_serves_two(
    unconfined: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "_bind", lambda _session, _context: None)
    assert _red(a_session_is_bound, unconfined, world)


def test_without_the_refusal_silence_is_read(unconfined: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "_first_tenant_table", lambda _statement: None)
    assert _red(nothing_is_read_outside, unconfined)


def writes_are_stamped(app: Flask, world: World) -> None:
    """Neither a new row nor a changed one leaves the tenant, or the client of a confined person."""
    home, away = world.tilleul, world.saule
    with orm.sitting(app, Seat("msp", home.context("msp"))):
        db.session.add(Client(tenant_id=away.house.id, kind="commune", slug="x", name="x", name_key="x"))
        with pytest.raises(sessions.CrossedTenant):
            db.session.flush()
        db.session.rollback()
        client = db.session.scalars(select(Client)).first()
        assert client is not None
        client.tenant_id = away.house.id
        with pytest.raises(sessions.CrossedTenant):
            db.session.flush()
    with orm.sitting(app, Seat("client", home.context("client"))):
        neighbour = home.house.clients["fontaine"]
        db.session.add(Entry(client_id=neighbour, verb="x", subject="x", actor_kind="x", actor="x"))
        with pytest.raises(sessions.CrossedTenant):
            db.session.flush()


def a_session_is_bound(app: Flask, world: World) -> None:
    """Its identity map would hand the first's objects to the second."""
    home, away = world.tilleul, world.saule
    after = (
        away.context("msp"),
        home.context("client"),
        home.context("limited"),
        home.context("client", "fontaine"),
    )
    for first in (home.context("msp"), home.context("client", unit=True)):
        for second in after:
            with orm.sitting(app, Seat("first", first)):
                db.session.scalars(select(Person)).all()
                db.session.rollback()
                with using(second), pytest.raises(sessions.CrossedTenant):
                    db.session.scalars(select(Person)).all()


def nothing_is_read_outside(app: Flask) -> None:
    """An empty answer here is how an empty report gets mailed."""
    for model in MODELS:
        if issubclass(model, TenantModel | Tenant):
            for shape in orm.SHAPES.values():
                with app.app_context(), unit_of_work(NOBODY), pytest.raises(NoContext):
                    shape(model)


def _red(check: Any, *arguments: Any) -> bool:
    try:
        check(*arguments)
    except (AssertionError, pytest.fail.Exception):
        return True
    return False


def _criteria(
    tenant: Any, login: Any, client: Any, unit: Any, member: Any, *, without: orm.Model
) -> list[Any]:
    """The same criteria, one model at a time, so that one can be left out."""
    found: list[Any] = []
    for model in MODELS:
        if model is without:
            continue
        wanted = []
        if issubclass(model, TenantModel):
            wanted.append(model.tenant_id == tenant)
        if model is Tenant:
            wanted.append(Tenant.id == tenant)
        if issubclass(model, LoginScoped):
            wanted.append(model.login_id == (login or sessions.NIL))
        if issubclass(model, ClientScoped) and client is not None:
            wanted.append(model.client_id == client)
        if issubclass(model, ClientScoped) and member is not None:
            wanted.append(model.client_id.in_(sessions._assigned(tenant, member)))
        if issubclass(model, UnitScoped) and unit is not None:
            wanted.append(model.org_unit_id == unit)
        found += [with_loader_criteria(model, w, include_aliases=True) for w in wanted]
    return found
