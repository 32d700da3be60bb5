"""What each measure would gain at each client, over the portfolio: shared gaps and the best moves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, reduce
from operator import add
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CTE,
    ColumnElement,
    Double,
    RowMapping,
    Select,
    Text,
    Update,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB

from mspaudit.checklists.models import Answer, LoadedControl
from mspaudit.clients.models import Client
from mspaudit.extensions import db
from mspaudit.risk import lines_sql as lines
from mspaudit.risk.compute import NOW, WHOLE_PORTFOLIO, planned, rated
from mspaudit.risk.grades import NOT_CONCERNED
from mspaudit.risk.lines_sql import STRENGTHS, answer, control, over, real
from mspaudit.risk.models import PortfolioDay
from mspaudit.risk.sums import SCENARIOS, sums
from mspaudit.risk.terms import INDISPENSABLE, TRUST, Proof
from mspaudit.tenancy.context import current, tenant_id

MOST_MOVES = 250
SMALL = 500
REFRESH_EVERY = timedelta(seconds=30)

_client = Client.__table__.c
_days = PortfolioDay.metadata.tables[PortfolioDay.__tablename__]


@dataclass(frozen=True)
class Gap:
    """A measure missing, in whole or in part, at several clients: what doing it everywhere would gain.

    `gain` is in points of risk, added over the clients; `hours` the MSP's effort for all of them.
    """

    code: str
    clients: int
    gain: float
    hours: float
    indispensable: bool

    @property
    def per_hour(self) -> float:
        """Points of risk for each hour; the whole gain when it takes none."""
        return self.gain / self.hours if self.hours else self.gain


@dataclass(frozen=True)
class Move:
    """One thing to do at one client (`client`: its slug), as `rules.plan_for` reads it."""

    client: str
    name: str
    code: str
    gain: float
    hours: float
    indispensable: bool


@dataclass(frozen=True)
class Concerned:
    """One client that a shared gap concerns; `held`: the share in place, 0 when nobody knows."""

    slug: str
    name: str
    kind: str
    gain: float
    hours: float
    held: float
    unknown: bool


def shared(*, today: date) -> list[Gap]:
    """The gaps of the clients this context sees: indispensables first, then by gain for each hour."""
    return [Gap(**row) for row in _ask(_shared, today)]


def moves(*, today: date) -> list[Move]:
    """The first `MOST_MOVES` things to do over the clients this context sees, in the order of `rules`."""
    return [Move(**row) for row in _ask(_moves, today)]


def of_clients(clients: Sequence[UUID], *, today: date) -> tuple[list[Gap], list[Move]]:
    """The shared gaps and best moves of these few clients, in one statement."""
    values = lines.parameters(tenant_id(), today, clients)
    rows = db.session.execute(_each(), values).mappings().all()
    by_code: dict[str, list[RowMapping]] = {}
    for row in rows:
        if row["lacking"]:
            by_code.setdefault(row["code"], []).append(row)
    gaps = [_gap(code, found) for code, found in by_code.items()]
    listed = [Move(**{name: row[name] for name in Move.__dataclass_fields__}) for row in rows if row["hours"]]
    return sorted(gaps, key=lambda gap: (not gap.indispensable, -gap.per_hour, gap.code)), listed[:MOST_MOVES]


def _gap(code: str, rows: Sequence[RowMapping]) -> Gap:
    return Gap(
        code=code,
        clients=len(rows),
        gain=sum(row["gain"] for row in rows),
        hours=sum(row["hours"] for row in rows),
        indispensable=any(row["indispensable"] for row in rows),
    )


def concerned(code: str, *, today: date) -> list[Concerned]:
    """The clients that lack `code`, in whole or in part, the greatest gain first."""
    return [Concerned(**row) for row in _ask(_concerned, today, code=code)]


def refresh(*, today: date, now: datetime, force: bool) -> None:
    """Write the shared gaps and best moves of the whole portfolio beside its figures of `today`.

    Unless forced, a portfolio of more than `SMALL` clients is given a new list twice a minute at most: it
    takes as long as computing every client, when a single one has changed.
    """
    day = db.session.execute(
        select(PortfolioDay.clients, PortfolioDay.gaps_at).where(PortfolioDay.day == today)
    ).one()
    recent = day.gaps_at is not None and timedelta(0) <= now - day.gaps_at < REFRESH_EVERY
    if recent and day.clients > SMALL and not force:
        return
    with planned(WHOLE_PORTFOLIO):
        db.session.execute(_refresh(), lines.parameters(tenant_id(), today) | {"now": now})
    stale = PortfolioDay.day < today, PortfolioDay.gaps_at.is_not(None)
    db.session.execute(update(PortfolioDay).where(*stale).values(gaps=null(), moves=null(), gaps_at=None))


def _ask(build: Callable[[bool], Select[Any]], today: date, **more: Any) -> Sequence[RowMapping]:
    """Run a statement over the whole portfolio, or over the few clients of a limited technician."""
    limited = current().kind == "limited"
    mine = db.session.scalars(select(Client.id)).all() if limited else None
    values = lines.parameters(tenant_id(), today, mine) | more
    if limited:
        return db.session.execute(build(True), values).mappings().all()
    with planned(WHOLE_PORTFOLIO):
        return db.session.execute(build(False), values).mappings().all()


@cache
def _gains(some: bool) -> CTE:
    """One row a control that something is to be gained from, at each client."""
    subject, fact, grades = lines.subjects(some), lines.facts(some), lines.grades()
    rate, g, f = rated(sums(some)), grades.c, fact.c
    measured = f.value.is_not(None)
    trust = case((f.fresh, real(TRUST[Proof.MEASURED])), else_=real(TRUST[Proof.EXPIRED]))
    short = case((measured, real(1) - f.value * trust), else_=lines.share(g.missing + g.unproven))
    held = case((measured, f.value), else_=over(g.halves, real(2)))
    stake = cast(control.weight, Double) * reduce(
        add,
        (strength * rate.c[f"rate_{i}"] for i, strength in zip(SCENARIOS, STRENGTHS, strict=True)),
    )
    return (
        select(
            subject.c.client_id,
            answer.code,
            control.hours,
            (control.weight == INDISPENSABLE).label("indispensable"),
            over(stake * short, rate.c.whole).label("gain"),
            held.label("held"),
            (held < real(1)).label("lacking"),
            and_(f.value.is_(None), g.unknown == 1).label("unknown"),
        )
        .select_from(Answer.__table__)
        .join(subject, lines.answers_of(subject))
        .join(
            LoadedControl.__table__,
            and_(
                control.tenant_id == lines.TENANT,
                control.pack_id == subject.c.pack_id,
                control.code == answer.code,
            ),
        )
        .join(grades, g.grade == lines.grade())
        .join(fact, and_(f.client_id == subject.c.client_id, f.code == answer.code), isouter=True)
        .join(rate, rate.c.client_id == subject.c.client_id)
        .where(or_(measured, g.grade != NOT_CONCERNED), stake * short > real(0))
        .cte("gains")
    )


def _of_client(x: Any) -> ColumnElement[bool]:
    return and_(_client.tenant_id == lines.TENANT, _client.id == x.client_id)


@cache
def _shared(some: bool) -> Select[Any]:
    x = _gains(some).c
    gain, hours = func.sum(x.gain), func.sum(x.hours)
    indispensable = func.bool_or(x.indispensable)
    return (
        select(
            x.code,
            func.count().label("clients"),
            gain.label("gain"),
            hours.label("hours"),
            indispensable.label("indispensable"),
        )
        .where(x.lacking)
        .group_by(x.code)
        .order_by(indispensable.desc(), (gain / func.coalesce(func.nullif(hours, 0), 1)).desc(), x.code)
    )


@cache
def _moves(some: bool) -> Select[Any]:
    statement = _listed(_gains(some))
    return statement.where(_gains(some).c.hours > 0).limit(MOST_MOVES)


@cache
def _each() -> Select[Any]:
    return _listed(_gains(True)).add_columns(_gains(True).c.lacking)


def _listed(gains: CTE) -> Select[Any]:
    x = gains.c
    per_hour = x.gain / func.nullif(x.hours, 0)
    return (
        select(_client.slug.label("client"), _client.name, x.code, x.gain, x.hours, x.indispensable)
        .join_from(gains, Client.__table__, _of_client(x))
        .order_by(x.indispensable.desc(), per_hour.desc().nulls_last(), _client.slug, x.code)
    )


@cache
def _concerned(some: bool) -> Select[Any]:
    gains = _gains(some)
    x = gains.c
    return (
        select(_client.slug, _client.name, _client.kind, x.gain, x.hours, x.held, x.unknown)
        .join_from(
            gains, Client.__table__, and_(_client.tenant_id == lines.TENANT, _client.id == x.client_id)
        )
        .where(x.code == bindparam("code", type_=Text), x.lacking)
        .order_by(x.gain.desc(), _client.name_key)
    )


@cache
def _refresh() -> Update:
    gaps, best = _shared(False).cte("gap"), _moves(False).cte("move")
    listed = [
        select(func.coalesce(func.jsonb_agg(func.to_jsonb(literal_column(name))), cast([], JSONB)))
        .select_from(table)
        .scalar_subquery()
        for name, table in (("gap", gaps), ("move", best))
    ]
    return (
        update(_days)
        .values(gaps=listed[0], moves=listed[1], gaps_at=NOW)
        .where(_days.c.tenant_id == lines.TENANT, _days.c.day == lines.TODAY)
    )
