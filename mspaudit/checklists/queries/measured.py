"""The facts of every room, and the answers of current campaigns that they disprove."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from types import ModuleType
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CTE,
    ColumnElement,
    Date,
    Double,
    Integer,
    RowMapping,
    Select,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import distinct_on

from mspaudit import features
from mspaudit.checklists.measured import (
    CONTRADICTION_GAP,
    FACT_DAYS,
    Fact,
    Measured,
    disproves,
    earliest_for,
    value_on,
)
from mspaudit.checklists.models import Answer, Contradiction, LoadedPack
from mspaudit.checklists.queries.campaign import Question
from mspaudit.checklists.queries.portfolio import PAGE, ToClarify, current_answers, heaviest_first, to_clarify
from mspaudit.checklists.rules import AnswerState
from mspaudit.clients.models import Client
from mspaudit.extensions import db
from mspaudit.tenancy.context import tenant_id

TENANT = bindparam("tenant", type_=Uuid)
TODAY = bindparam("today", type_=Date)
WITHIN_12 = bindparam("within_12", type_=Date)
WITHIN_24 = bindparam("within_24", type_=Date)
CLIENTS = bindparam("clients", type_=ARRAY(Uuid))

_answer = Answer.__table__.c
# Written out: a bound number would be of a type to guess.
_none, _one, _two = (literal_column(written, Integer) for written in ("0", "1", "2"))


def parameters(tenant: UUID, today: date, clients: Sequence[UUID] | None = None) -> dict[str, Any]:
    """What the statements built on this module are executed with."""
    found: dict[str, Any] = {
        "tenant": tenant,
        "today": today,
        "within_12": earliest_for(12, today),
        "within_24": earliest_for(24, today),
    }
    return found if clients is None else found | {"clients": list(clients)}


def only(statement: Select[Any], client_id: ColumnElement[UUID], some: bool) -> Select[Any]:
    """`statement` over `CLIENTS` when `some`, else unchanged."""
    return statement.where(client_id == func.any(CLIENTS)) if some else statement


def of_tenant(source: Select[Any]) -> Select[Any]:
    """A room's facts or deadlines, of the tenant that the statement is executed for."""
    return source.where(source.selected_columns.tenant_id == TENANT)


@cache
def facts(some: bool) -> CTE:
    """(client_id, code, value, fresh, observed_on, detail, by) of each fact that `measured.prevailing` picks.

    Of equal facts of one day, the last observed speaks, then the first in the alphabet: the same at each run.
    """
    sources = [_source(module) for module in features.modules(features.FACTS)]
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
            m.by,
        )
        .ext(distinct_on(m.client_id, m.code))
        .order_by(m.client_id, m.code, fresh.desc(), value, m.observed_at.desc(), m.detail, m.by)
    )
    return only(statement, m.client_id, some).cte("fact")


def _source(module: ModuleType) -> Select[Any]:
    return of_tenant(module.FACTS).add_columns(literal(features.measured_by(module)).label("by"))


def halves() -> ColumnElement[int]:
    """What an answer row is worth on `TODAY`, in halves of the full value: `measured.value_on` in SQL."""
    dated = and_(_answer.done_on.is_not(None), _answer.choice == "yes")
    aged = case(
        (_answer.done_on >= WITHIN_12, _two),
        (_answer.done_on >= WITHIN_24, _one),
        else_=_none,
    )
    return case((dated, aged), else_=cast(_answer.points, Integer))


def measured_of(client_id: UUID, *, today: date) -> dict[str, Measured]:
    """By code, what was measured at one client and speaks for the control; one statement."""
    rows = db.session.execute(select(facts(True)), parameters(tenant_id(), today, [client_id]))
    return {row["code"]: _measured(row) for row in rows.mappings()}


def with_measures(found: Iterable[Question], client_id: UUID, *, today: date) -> list[Question]:
    """The questions of a client's current campaign beside what was measured, contradicted ones marked so."""
    return beside(found, measured_of(client_id, today=today), today=today)


def beside(found: Iterable[Question], seen: Mapping[str, Measured], *, today: date) -> list[Question]:
    """The same, for measurements read already, by code."""
    return [_beside(question, seen.get(question.control.code), today) for question in found]


def _beside(question: Question, seen: Measured | None, today: date) -> Question:
    if seen is None:
        return question
    said = question.answer
    disproved = disproves(seen.fact, value_on(said.choice, said.points, said.done_on, today=today))
    state = AnswerState.CONTRADICTED if disproved else question.state
    return replace(question, measured=seen, state=state)


def contradicted(*, today: date, page: int = 1) -> list[ToClarify]:
    """Answers of current campaigns that a measurement disproves, the heaviest first; one statement a page."""
    rows = db.session.execute(
        heaviest_first(_disproved(Client, LoadedPack.digest, Answer, *_facts_columns()))
        .limit(PAGE)
        .offset((page - 1) * PAGE),
        parameters(tenant_id(), today),
    ).mappings()
    return [to_clarify(row["Client"], row["digest"], row["Answer"], measured=_measured(row)) for row in rows]


def contradicted_count(*, today: date) -> int:
    """How many there are."""
    statement = _disproved(func.count()).select_from(Answer)
    return db.session.scalar(statement, parameters(tenant_id(), today)) or 0


def contradictions_of(client_id: UUID) -> dict[str, Measured]:
    """By code, the measurements that disproved a client's answers when last computed."""
    rows = db.session.scalars(select(Contradiction).where(Contradiction.client_id == client_id))
    return {row.code: Measured(Fact(row.value, row.observed_on), row.detail, row.by) for row in rows}


def disproving(clients: Sequence[UUID]) -> Select[*tuple[Any, ...]]:
    """(tenant_id, client_id, code, value, observed_on, detail, by) of what disproves answers of `CLIENTS`."""
    f = facts(True).c
    columns = (Answer.tenant_id, Answer.client_id, Answer.code, f.value, f.observed_on, f.detail, f.by)
    return _disproved(*columns, some=True).where(Answer.client_id.in_(clients))


def _facts_columns() -> list[ColumnElement[Any]]:
    f = facts(False).c
    return [f.value, f.observed_on, f.detail, f.by]


def _disproved(*columns: Any, some: bool = False) -> Select[*tuple[Any, ...]]:
    fact = facts(some)
    f = fact.c
    worth = cast(halves(), Double) / literal_column("2.0::float8", Double)
    return (
        current_answers(select(*columns))
        .join(fact, and_(f.client_id == Answer.client_id, f.code == Answer.code))
        .where(Answer.na_reason.is_(None), worth >= f.value + CONTRADICTION_GAP)
    )


def _measured(row: RowMapping) -> Measured:
    return Measured(Fact(row["value"], row["observed_on"]), row["detail"] or "", row["by"])
