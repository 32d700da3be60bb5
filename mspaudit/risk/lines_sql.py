"""The lines of the reference as SQL: current answers, their grade today, and the facts that outrank them."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CTE,
    ColumnElement,
    Date,
    Double,
    Integer,
    Select,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    column,
    func,
    literal,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import distinct_on

from mspaudit import features
from mspaudit.checklists.models import Answer, Assessment, LoadedControl, LoadedPack
from mspaudit.clients.models import Client
from mspaudit.risk.grades import GRADES, NOT_CONCERNED, OFFSET, SHARES, earliest_for
from mspaudit.risk.terms import FACT_DAYS, Proof

TENANT = bindparam("tenant", type_=Uuid)
TODAY = bindparam("today", type_=Date)
WITHIN_12 = bindparam("within_12", type_=Date)
WITHIN_24 = bindparam("within_24", type_=Date)
CLIENTS = bindparam("clients", type_=ARRAY(Uuid))

answer, control = Answer.__table__.c, LoadedControl.__table__.c
_assessment, _client, _pack = Assessment.__table__.c, Client.__table__.c, LoadedPack.__table__.c
GRADES_APART = 16
STRENGTHS = tuple(control[f"m{i}"] for i in range(1, 7))


def parameters(tenant: UUID, today: date, clients: Sequence[UUID] | None = None) -> dict[str, Any]:
    """What the statements built on this module are executed with."""
    found: dict[str, Any] = {
        "tenant": tenant,
        "today": today,
        "within_12": earliest_for(12, today),
        "within_24": earliest_for(24, today),
    }
    return found if clients is None else found | {"clients": list(clients)}


@cache
def packs() -> CTE:
    """(pack_id, pack_key): every loaded pack under a small number, a multiple of the number of grades."""
    number = func.row_number().over(order_by=_pack.id) * GRADES_APART
    statement = select(_pack.id.label("pack_id"), cast(number, Integer).label("pack_key"))
    return statement.where(_pack.tenant_id == TENANT).cte("packs").prefix_with("MATERIALIZED")


@cache
def subjects(some: bool) -> CTE:
    """(assessment_id, client_id, pack_id, pack_key) of the campaigns that count, of `CLIENTS` when `some`."""
    statement = (
        select(
            _assessment.id.label("assessment_id"),
            _assessment.client_id,
            _assessment.pack_id,
            packs().c.pack_key,
        )
        .join(
            Client.__table__,
            and_(_client.tenant_id == _assessment.tenant_id, _client.id == _assessment.client_id),
        )
        .join(packs(), packs().c.pack_id == _assessment.pack_id)
        .where(_assessment.tenant_id == TENANT, _assessment.current, _client.archived_at.is_(None))
    )
    return only(statement, _assessment.client_id, some).cte("subject").prefix_with("MATERIALIZED")


def only(statement: Select[Any], client_id: ColumnElement[UUID], some: bool) -> Select[Any]:
    """`statement` over `CLIENTS` when `some`, else unchanged."""
    return statement.where(client_id == func.any(CLIENTS)) if some else statement


def of_tenant(source: Select[Any]) -> Select[Any]:
    """A room's facts or deadlines, of the tenant that the statement is executed for."""
    return source.where(source.selected_columns.tenant_id == TENANT)


@cache
def facts(some: bool) -> CTE:
    """(client_id, code, value, fresh, observed_on, detail) of each fact that `rules.prevailing` picks."""
    sources = [of_tenant(module.FACTS) for module in features.modules(features.FACTS)]
    m = union_all(*sources).subquery("seen").c
    observed_on = cast(func.timezone("Europe/Paris", m.observed_at), Date)
    fresh = (observed_on + FACT_DAYS) >= TODAY
    value = cast(m.value, Double)
    statement = (
        select(
            m.client_id,
            m.code,
            value.label("value"),
            fresh.label("fresh"),
            observed_on.label("observed_on"),
            m.detail,
        )
        .ext(distinct_on(m.client_id, m.code))
        .order_by(m.client_id, m.code, fresh.desc(), value, observed_on.desc())
    )
    return only(statement, m.client_id, some).cte("fact")


@cache
def grades() -> CTE:
    """The grades as a table: code, value, missing, unproven, known (0 to 1), unknown (0 or 1)."""
    names = ("grade", "halves", "missing", "unproven", "known", "unknown")
    rows = [tuple(grade) for grade in GRADES] + [(NOT_CONCERNED, 0, 0, 0, 0, 0)]
    # Arrays rather than VALUES, whose statements SQLAlchemy would compile again each time.
    lists = (literal(list(each), ARRAY(Integer)) for each in zip(*rows, strict=True))
    listed = func.unnest(*lists).table_valued(*(column(name, Integer) for name in names), name="listed")
    return select(listed.render_derived()).cte("grades")


def grade() -> ColumnElement[int]:
    """The grade of an answer row on `TODAY`, from its proof and its dates.

    This runs once an answer, so it compares as little text as it can: the table's own constraints say
    that an answer has a reason when it is « na », and the checklists give an unknown one no other state.
    """
    dated = and_(answer.done_on.is_not(None), answer.choice == "yes")
    aged = case(
        (answer.done_on >= WITHIN_12, _number(2)), (answer.done_on >= WITHIN_24, _number(1)), else_=_number(0)
    )
    halves = case((dated, aged), else_=cast(answer.points, Integer))
    expired = answer.proof_until < TODAY
    return case(
        (answer.na_reason.is_not(None), _number(NOT_CONCERNED)),
        (answer.state == "declared", _offset(Proof.DECLARED) + halves),
        (answer.state.in_(("unknown", "unanswered")), _number(0)),
        (expired, _offset(Proof.EXPIRED) + halves),
        (answer.state == "evidenced", _offset(Proof.EVIDENCED) + halves),
        else_=_offset(Proof.VERIFIED) + halves,
    )


def answers_of(subject: CTE) -> ColumnElement[bool]:
    """The join of answers to the campaigns that count."""
    return and_(answer.tenant_id == TENANT, answer.assessment_id == subject.c.assessment_id)


def _offset(proof: Proof) -> ColumnElement[int]:
    return _number(OFFSET[proof])


def _number(number: int) -> ColumnElement[int]:
    return literal_column(str(number), Integer)


def real(number: float) -> ColumnElement[float]:
    """A constant as a float8; written out, for a bound one would be of a type to guess."""
    return literal_column(f"{float(number)!r}::float8", Double)


def over(above: ColumnElement[Any], below: ColumnElement[Any]) -> ColumnElement[float]:
    """A division of floats; SQLAlchemy's own goes through numeric, which is exact and slow."""
    return above.op("/", precedence=8, return_type=Double())(below)


def share(fortieths: ColumnElement[int]) -> ColumnElement[float]:
    """Fortieths as a share of 1."""
    return over(fortieths, real(SHARES))
