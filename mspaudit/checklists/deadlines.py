"""What falls due in this room: answers that a campaign asks for by a date, and proofs about to expire."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from mspaudit.checklists.models import Answer, Assessment
from mspaudit.checklists.rules import AnswerState
from mspaudit.clients.facts import TODAY

_assessment, _answer = Assessment.__table__, Answer.__table__
_s, _a = _assessment.c, _answer.c
MONTH_DAYS = 30
_PROVEN = (AnswerState.EVIDENCED.value, AnswerState.VERIFIED.value)

_open = and_(_s.current, _s.closed_at.is_(None))
_waits: ColumnElement[bool] = and_(_a.asked, or_(_a.choice.is_(None), _a.carried))
_mine = and_(_a.tenant_id == _s.tenant_id, _a.assessment_id == _s.id)
_left = select(func.count()).select_from(_answer).where(_mine, _waits).scalar_subquery()

_campaigns = select(
    _s.tenant_id,
    _s.client_id,
    literal("campaign").label("kind"),
    _s.id.label("subject_id"),
    (literal("Questionnaire : ") + _s.title).label("subject"),
    _s.due_on.label("due_on"),
    _s.due_on.label("act_by"),
    cast(null(), Integer).label("amount"),
    (cast(_left, Text) + literal(" sans réponse")).label("detail"),
).where(_open, _s.due_on.is_not(None), _left > 0)

# A client has dozens of proofs: the next to expire is told, with how many follow it within a month. What has
# expired already is the questionnaire's to show.
_next = func.min(_a.proof_until).over(partition_by=(_a.tenant_id, _a.client_id))
_living = (
    select(_a.tenant_id, _a.client_id, _a.id, _a.code, _a.proof_until, _next.label("first"))
    .join(_assessment, _mine)
    .where(_s.current, _a.proof_until >= TODAY, _a.state.in_(_PROVEN))
    .subquery("living")
    .c
)


def _earliest(column: ColumnElement[Any]) -> ColumnElement[Any]:
    in_order = aggregate_order_by(column, _living.proof_until, _living.code)
    first: ColumnElement[Any] = func.array_agg(in_order)[1]
    return first


_others = func.count() - 1
_proofs = (
    select(
        _living.tenant_id,
        _living.client_id,
        literal("proof").label("kind"),
        _earliest(_living.id).label("subject_id"),
        (literal("Preuve à renouveler : ") + _earliest(_living.code)).label("subject"),
        _living.first.label("due_on"),
        _living.first.label("act_by"),
        cast(null(), Integer).label("amount"),
        case(
            (_others == 0, null()),
            (_others == 1, "et une autre dans le mois"),
            else_=func.concat("et ", _others, " autres dans le mois"),
        ).label("detail"),
    )
    .where(_living.proof_until <= _living.first + MONTH_DAYS)
    .group_by(_living.tenant_id, _living.client_id, _living.first)
)

DEADLINES = select(union_all(_campaigns, _proofs).subquery("checklist_deadline"))
"""(tenant_id, client_id, kind, subject_id, subject, due_on, act_by, amount, detail) of every tenant."""
