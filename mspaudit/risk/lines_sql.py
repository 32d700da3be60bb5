"""The lines of the reference as SQL: current answers, their grade today, and the facts that outrank them."""

from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    CTE,
    ColumnElement,
    Double,
    Integer,
    and_,
    case,
    cast,
    column,
    func,
    literal,
    literal_column,
    select,
)

from mspaudit.checklists.models import Answer, Assessment, LoadedControl, LoadedPack
from mspaudit.checklists.queries.measured import (
    CLIENTS,
    TENANT,
    TODAY,
    facts,
    halves,
    of_tenant,
    only,
    parameters,
)
from mspaudit.clients.models import Client
from mspaudit.risk.grades import GRADES, NOT_CONCERNED, OFFSET, SHARES
from mspaudit.risk.terms import Proof

__all__ = [
    "CLIENTS",
    "STRENGTHS",
    "TENANT",
    "TODAY",
    "answer",
    "answers_of",
    "control",
    "facts",
    "grade",
    "grades",
    "of_tenant",
    "only",
    "over",
    "packs",
    "parameters",
    "real",
    "share",
    "subjects",
]

answer, control = Answer.__table__.c, LoadedControl.__table__.c
_assessment, _client, _pack = Assessment.__table__.c, Client.__table__.c, LoadedPack.__table__.c
GRADES_APART = 16
STRENGTHS = tuple(control[f"m{i}"] for i in range(1, 7))


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
    worth = halves()
    expired = answer.proof_until < TODAY
    return case(
        (answer.na_reason.is_not(None), _number(NOT_CONCERNED)),
        (answer.state == "declared", _offset(Proof.DECLARED) + worth),
        (answer.state.in_(("unknown", "unanswered")), _number(0)),
        (expired, _offset(Proof.EXPIRED) + worth),
        (answer.state == "evidenced", _offset(Proof.EVIDENCED) + worth),
        else_=_offset(Proof.VERIFIED) + worth,
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
