"""What is kept of the past: each client's line over 90 days, and the portfolio's own figures day by day."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    Integer,
    Select,
    SQLColumnExpression,
    Update,
    and_,
    bindparam,
    cast,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, REAL, Insert, array, distinct_on, insert

from mspaudit.clients.models import Client
from mspaudit.extensions import db
from mspaudit.risk.compute import NOW
from mspaudit.risk.lines_sql import TENANT, TODAY
from mspaudit.risk.models import PortfolioDay, Snapshot, Standing
from mspaudit.tenancy.context import tenant_id

SPARK_DAYS = 90
POINTS = 13
LEVELS = (1, 2, 3, 4)

_standings = Standing.metadata.tables[Standing.__tablename__]
_days = Standing.metadata.tables[PortfolioDay.__tablename__]
_snapshot, _standing, _client = Snapshot.__table__.c, _standings.c, Client.__table__.c


def roll(*, today: date) -> None:
    """Rebuild every client's thirteen points over 90 days from its snapshots, and the change since.

    A point is the last snapshot of its week; a week without one leaves a hole. Once a day is enough:
    `compute` moves today's point by itself.
    """
    db.session.execute(_roll(), {"tenant": tenant_id(), "today": today})


def total(*, today: date, now: datetime) -> None:
    """Write the portfolio's means and levels on `today`, archived clients left out."""
    db.session.execute(_total(), {"tenant": tenant_id(), "today": today, "now": now})


def retell(days: Sequence[date], *, now: datetime) -> None:
    """Write the portfolio's means and levels of past `days`, from the snapshots that each of them has."""
    db.session.execute(_retold(), {"tenant": tenant_id(), "days": days, "now": now})


def rounded(figure: SQLColumnExpression[Any]) -> ColumnElement[int]:
    """A figure as the integer on screen, halves up: `rounding.shown` in SQL."""
    return cast(func.floor(figure + 0.5), Integer)


def level(risk: SQLColumnExpression[Any]) -> ColumnElement[int]:
    """The level of a risk, 1 to 4: `rounding.level` in SQL."""
    return func.least(4, 1 + rounded(risk) // 25, type_=Integer)


@cache
def _roll() -> Update:
    week = cast(func.floor((TODAY - _snapshot.day) * (POINTS - 1) / literal(float(SPARK_DAYS))), Integer)
    last = (
        select(_snapshot.client_id, week.label("week"), _snapshot.risk)
        .ext(distinct_on(_snapshot.client_id, week))
        .where(
            _snapshot.tenant_id == TENANT,
            _snapshot.day <= TODAY,
            _snapshot.day > TODAY - SPARK_DAYS - SPARK_DAYS // (POINTS - 1),
        )
        .order_by(_snapshot.client_id, week, _snapshot.day.desc())
        .cte("last")
    )
    points = [func.max(last.c.risk).filter(last.c.week == point) for point in reversed(range(POINTS))]
    lines = (
        select(
            last.c.client_id,
            cast(array(points), ARRAY(REAL)).label("spark"),
            func.coalesce(*points).label("first"),
        )
        .group_by(last.c.client_id)
        .cte("lines")
    )
    return (
        update(_standings)
        .values(spark=lines.c.spark, delta=_standing.risk - lines.c.first)
        .where(and_(_standing.tenant_id == TENANT, _standing.client_id == lines.c.client_id))
    )


@cache
def _total() -> Insert:
    rows = (
        select(*_means(TODAY, _standing))
        .join_from(
            _standings,
            Client.__table__,
            and_(_client.tenant_id == _standing.tenant_id, _client.id == _standing.client_id),
        )
        .where(_standing.tenant_id == TENANT, _client.archived_at.is_(None))
    )
    return _written(rows)


@cache
def _retold() -> Insert:
    rows = (
        select(*_means(_snapshot.day, _snapshot))
        .where(_snapshot.tenant_id == TENANT, _snapshot.day == func.any(bindparam("days", type_=ARRAY(Date))))
        .group_by(_snapshot.day)
    )
    return _written(rows)


def _means(day: ColumnElement[date], figures: Any) -> list[ColumnElement[Any]]:
    counts = [func.count().filter(level(figures.risk) == number) for number in LEVELS]
    return [
        TENANT.label("tenant_id"),
        day.label("day"),
        func.count().label("clients"),
        *(
            cast(func.coalesce(func.avg(figures[name]), 0), REAL).label(name)
            for name in ("risk", "posture", "certainty")
        ),
        func.jsonb_build_array(*counts, type_=JSONB).label("levels"),
        NOW.label("computed_at"),
    ]


def _written(rows: Select[Any]) -> Insert:
    names = ["tenant_id", "day", "clients", "risk", "posture", "certainty", "levels", "computed_at"]
    statement = insert(_days).from_select(names, rows)
    return statement.on_conflict_do_update(
        index_elements=[_days.c.tenant_id, _days.c.day],
        set_={name: statement.excluded[name] for name in names[2:]},
    )
