"""What falls due in this room: answers that a campaign asks for by a date, and proofs that expire."""

from sqlalchemy import ColumnElement, Integer, Text, and_, cast, func, literal, null, or_, select, union_all

from mspaudit.checklists.models import Answer, Assessment
from mspaudit.checklists.rules import AnswerState

_assessment, _answer = Assessment.__table__, Answer.__table__
_s, _a = _assessment.c, _answer.c
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

_proofs = (
    select(
        _a.tenant_id,
        _a.client_id,
        literal("proof").label("kind"),
        _a.id.label("subject_id"),
        (literal("Preuve à renouveler : ") + _a.code).label("subject"),
        _a.proof_until.label("due_on"),
        _a.proof_until.label("act_by"),
        cast(null(), Integer).label("amount"),
        _a.by_name.label("detail"),
    )
    .join(_assessment, _mine)
    .where(_s.current, _a.proof_until.is_not(None), _a.state.in_(_PROVEN))
)

DEADLINES = select(union_all(_campaigns, _proofs).subquery("checklist_deadline"))
"""(tenant_id, client_id, kind, subject_id, subject, due_on, act_by, amount, detail) of every tenant."""
