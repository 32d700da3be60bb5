"""The application layer's own probes: what the session adds to a statement, whatever PostgreSQL does.

They run on a connection that PostgreSQL does not confine (a role with BYPASSRLS made for them), so
that only the session stands between a person and everybody's rows.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy import func, literal, select
from sqlalchemy.orm import aliased

from mspaudit.extensions import Base, db
from mspaudit.tenancy.lifecycle import unit_of_work
from mspaudit.tenancy.models import Secured
from mspaudit.tenancy.policies import rights
from tests.isolation.oracle import Row, Seat

Model = type[Secured]
Rows = list[Row]


def models() -> list[Model]:
    """Every mapped model that the application may read."""
    found = [m.class_ for m in Base.registry.mappers if hasattr(m.class_, "__visible__")]
    return sorted((m for m in found if m.__visible__ not in ("hidden", "ledger")), key=lambda m: m.__name__)


def table_of(model: Model) -> sa.Table:
    """The table of ``model``."""
    found = model.__table__
    assert isinstance(found, sa.Table)
    return found


@contextmanager
def sitting(app: Flask, seat: Seat) -> Iterator[None]:
    """A unit of work of that person, never committed."""
    assert seat.context is not None
    with app.app_context(), unit_of_work(seat.context):
        yield
        db.session.rollback()


def _keys(model: Model) -> list[Any]:
    return [getattr(model, c.key) for c in model.__mapper__.primary_key]


def _counted(statement: Any) -> int:
    return int(db.session.execute(statement).scalar_one())


def here() -> Any:
    """One row that is there for everyone, to join to."""
    return select(literal(1).label("one")).subquery()


# Each answers how many rows of the model a person sees through one shape of statement.
SHAPES: dict[str, Callable[[Model], int]] = {
    "entities": lambda m: len(db.session.scalars(select(m)).all()),
    "columns": lambda m: len(db.session.execute(select(*_keys(m))).all()),
    "a count of rows": lambda m: _counted(select(func.count()).select_from(m)),
    "a count of a column": lambda m: _counted(select(func.count(_keys(m)[-1]))),
    "a constant": lambda m: len(db.session.execute(select(literal(1)).select_from(m)).all()),
    "an alias": lambda m: len(db.session.scalars(select(aliased(m))).all()),
    "a union": lambda m: len(db.session.execute(select(*_keys(m)).union(select(*_keys(m)))).all()),
    "a subquery": lambda m: _counted(select(func.count()).select_from(select(*_keys(m)).subquery())),
    "a common table": lambda m: _counted(select(func.count()).select_from(select(*_keys(m)).cte())),
    "a scalar subquery": lambda m: _counted(select(select(func.count(_keys(m)[-1])).scalar_subquery())),
    "a join": lambda m: _counted(select(func.count()).select_from(here()).join(m, sa.true())),
    "an outer join": lambda m: _counted(
        select(func.count(_keys(m)[-1])).select_from(here()).outerjoin(m, sa.true())
    ),
    "a lateral": lambda m: len(
        db.session.execute(
            select(literal(1)).select_from(here()).join(select(*_keys(m)).lateral(), sa.true())
        ).all()
    ),
}


def sees_exactly(app: Flask, seat: Seat, model: Model, rows: Rows, shapes: Iterable[str] = SHAPES) -> None:
    """Through these shapes of statement, the rows that this person may see and no other."""
    table = table_of(model)
    expected = sum(seat.reads(table.name, r) for r in rows)
    with sitting(app, seat):
        for name in shapes:
            found = SHAPES[name](model)
            assert found == expected, (
                f"{seat.name} sees {found} {model.__name__} through {name}, not {expected}"
            )


def learns_nothing(app: Flask, seat: Seat, model: Model, rows: Rows) -> None:
    """Neither by its key nor by asking whether it exists does a foreign row show."""
    table = table_of(model)
    foreign = [r for r in rows if not seat.reads(table.name, r)]
    with sitting(app, seat):
        for row in foreign[:3] + foreign[-3:]:
            key = tuple(row[c.name] for c in table.primary_key.columns)
            assert db.session.get(model, key) is None, f"{seat.name} gets another's {model.__name__}"
            same = sa.and_(*(c == v for c, v in zip(_keys(model), key, strict=True)))
            assert not db.session.scalar(select(select(*_keys(model)).where(same).exists()))
            assert not db.session.scalar(select(literal(1)).select_from(model).where(same))


def changes_nothing_else(app: Flask, seat: Seat, model: Model, rows: Rows) -> None:
    """An UPDATE or DELETE without a condition reaches only the rows that this person sees."""
    table = table_of(model)
    expected = sum(seat.reads(table.name, r) for r in rows)
    column = {"tenant": "name", "login": "pin_hash", "web_session": "scratch"}.get(table.name)
    name = column or next(c.name for c in table.columns if c.name in ("tenant_id", "login_id"))
    if "UPDATE" in rights(table):
        with sitting(app, seat):
            value = getattr(model, name) if column is None else ({} if name == "scratch" else "changed")
            done = db.session.execute(
                sa.update(model).values({name: value}).execution_options(synchronize_session=False)
            )
            assert done.rowcount == expected, f"{seat.name} updates {done.rowcount} {model.__name__}"
    if "DELETE" in rights(table):
        with sitting(app, seat):
            foreign = [r for r in rows if not seat.reads(table.name, r)]
            for row in foreign[:3] + foreign[-3:]:
                keys = [c.name for c in table.primary_key.columns]
                same = sa.and_(*(k == row[n] for k, n in zip(_keys(model), keys, strict=True)))
                gone = db.session.execute(sa.delete(model).where(same))
                assert gone.rowcount == 0, f"{seat.name} deletes another's {model.__name__}"


PROBES = (sees_exactly, learns_nothing, changes_nothing_else)


def probe(app: Flask, seats: list[Seat], model: Model, rows: Rows) -> None:
    """Every probe of the application layer for everyone with a tenant, on one model."""
    for seat in seats:
        if seat.context is not None and seat.context.tenant_id is not None:
            for each in PROBES:
                each(app, seat, model, rows)
