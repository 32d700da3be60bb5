"""The figures of every client of the tenant, computed and written in one statement.

Equal to `rules.py` within a thousandth of a point; a property test holds it so. Dates come in as arguments.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache, reduce
from operator import add
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CTE,
    ColumnElement,
    DateTime,
    SmallInteger,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import REAL, Insert, array, insert

from mspaudit.extensions import db
from mspaudit.risk import lines_sql as lines
from mspaudit.risk.lines_sql import over, real
from mspaudit.risk.models import Impact, Snapshot, Standing
from mspaudit.risk.sums import SCENARIOS, sums
from mspaudit.tenancy.context import tenant_id

_tables = Standing.metadata.tables
_standing, _snapshot, _impact = (_tables[model.__tablename__] for model in (Standing, Snapshot, Impact))
NOW = bindparam("now", type_=DateTime(timezone=True))
FIGURES = (
    "risk", "missing", "unproven", "posture", "certainty", *(f"x{i}" for i in SCENARIOS),
)  # fmt: skip
WHOLE_PORTFOLIO = {
    # Joins as written, hashed: answers first, each then looked up. The planner takes a policy's « all
    # clients or those listed » for a handful of rows, and would read them one client at a time.
    "join_collapse_limit": "1",
    "enable_nestloop": "off",
    "enable_mergejoin": "off",
    "enable_sort": "off",
    "work_mem": "64MB",
}


def compute(*, today: date, now: datetime, clients: Sequence[UUID] | None = None) -> None:
    """Write the snapshot of `today` and the standing of each client that has a current campaign.

    Args:
        today: the business day in Paris, which ages dates, proofs and facts.
        now: when it was computed, UTC.
        clients: only these; all of the current tenant's otherwise.
    """
    values = lines.parameters(tenant_id(), today, clients) | {"now": now}
    if clients is not None:
        db.session.execute(_statement(True), values)
        return
    with planned(WHOLE_PORTFOLIO):
        db.session.execute(_statement(False), values)


@contextmanager
def planned(settings: Mapping[str, str]) -> Iterator[None]:
    """Planner settings for the statements of the block, in this transaction alone."""
    before = db.session.execute(select(*(func.current_setting(name).label(name) for name in settings))).one()
    _set(settings)
    yield
    _set({name: before._mapping[name] for name in settings})


def _set(settings: Mapping[str, str]) -> None:
    db.session.execute(select(*(func.set_config(name, value, True) for name, value in settings.items())))


@cache
def _statement(some: bool) -> Insert:
    figures = _figures(sums(some))
    written = _snapshots(figures).cte("written")
    return _standings(figures).add_cte(written)


@cache
def rated(total: CTE) -> CTE:
    """The sums with each client's rates: the points, over `whole`, that one w·m stands for."""
    s = total.c
    weights = [case((s[f"stake_{i}"] > real(0), _impact.c[f"i{i}"]), else_=0) for i in SCENARIOS]
    points = [_percent(_impact.c[f"i{i}"], s[f"stake_{i}"]) for i in SCENARIOS]
    return (
        select(
            total,
            func.nullif(_plus(weights), 0).label("whole"),
            *(rate.label(f"rate_{i}") for i, rate in zip(SCENARIOS, points, strict=True)),
        )
        .join_from(
            total, _impact, and_(_impact.c.tenant_id == lines.TENANT, _impact.c.client_id == s.client_id)
        )
        .cte("rated")
    )


def _figures(total: CTE) -> CTE:
    """The figures of each client from its sums and rates."""
    given = rated(total)
    s = given.c
    points = {
        name: func.coalesce(
            over(_plus([s[f"{name}_{i}"] * s[f"rate_{i}"] for i in SCENARIOS]), s.whole), real(0)
        )
        for name in ("missing", "unproven")
    }
    columns = {
        "risk": points["missing"] + points["unproven"],
        **points,
        "posture": _posture(s),
        "certainty": _percent(s.known, s.indispensable + s.other),
        **{f"x{i}": _percent(s[f"missing_{i}"] + s[f"unproven_{i}"], s[f"stake_{i}"]) for i in SCENARIOS},
    }
    return (
        select(
            lines.TENANT.label("tenant_id"),
            s.client_id,
            s.contradicted,
            s.unknown,
            *(cast(value, REAL).label(name) for name, value in columns.items()),
        )
        .cte("figures")
        .prefix_with("MATERIALIZED")
    )


def _plus(terms: Sequence[ColumnElement[Any]]) -> ColumnElement[Any]:
    return reduce(add, terms)


def _percent(part: ColumnElement[Any], whole: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.coalesce(over(real(100) * part, func.nullif(whole, real(0))), real(0))


def _posture(s: Any) -> ColumnElement[Any]:
    indispensable = over(s.indispensable_held, func.nullif(s.indispensable, real(0)))
    other = over(s.other_held, func.nullif(s.other, real(0)))
    both = indispensable * (real(0.6) + real(0.4) * func.coalesce(other, real(1)))
    return real(100) * func.coalesce(both, other, real(0))


def _snapshots(figures: CTE) -> Insert:
    f = figures.c
    names = ["tenant_id", "client_id", *FIGURES]
    rows = select(*(f[name] for name in names), lines.TODAY.label("day"))
    statement = insert(_snapshot).from_select([*names, "day"], rows)
    return statement.on_conflict_do_update(
        index_elements=[_snapshot.c.tenant_id, _snapshot.c.client_id, _snapshot.c.day],
        set_={name: statement.excluded[name] for name in FIGURES},
    )


def _standings(figures: CTE) -> Insert:
    """A known client keeps its line of the last 90 days: only today's end of it moves (`history.roll`)."""
    f, exposures = figures.c, [figures.c[f"x{i}"] for i in SCENARIOS]
    highest = func.greatest(*exposures)
    worst = case(
        *((exposure == highest, i) for i, exposure in zip(SCENARIOS, exposures, strict=True)), else_=1
    )
    columns = {
        **{name: f[name] for name in ("tenant_id", "client_id", *FIGURES)},
        "worst": cast(worst, SmallInteger),
        "worst_exposure": highest,
        "contradicted": cast(f.contradicted, SmallInteger),
        "unknown": cast(f.unknown, SmallInteger),
        "delta": cast(literal_column("0"), REAL),
        "spark": array([f.risk]),
        "computed_at": NOW,
    }
    rows = select(*(value.label(name) for name, value in columns.items()))
    statement = insert(_standing).from_select(list(columns), rows)
    new, old = statement.excluded, _standing.c
    kept = func.trim_array(old.spark, func.least(1, func.cardinality(old.spark)))
    return statement.on_conflict_do_update(
        index_elements=[old.tenant_id, old.client_id],
        set_={name: new[name] for name in columns if name not in ("tenant_id", "client_id")}
        | {"delta": new.risk - (old.risk - old.delta), "spark": func.array_append(kept, new.risk)},
    )
