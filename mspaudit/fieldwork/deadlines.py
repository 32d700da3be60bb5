"""What falls due in this room: answers owed to groups, dangers to contain, the next rendezvous."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    select,
    union_all,
)

from mspaudit.fieldwork.models import FieldCampaign, FieldReport
from mspaudit.fieldwork.rules import ANSWER_DAYS, CONTAIN_DAYS
from mspaudit.kernel.french import NB

NEXT_NOTICE_DAYS = 30
"""How long before the next rendezvous it is prepared (ours)."""

_c, _r = FieldCampaign.__table__.c, FieldReport.__table__.c
_NO_AMOUNT = cast(null(), Integer).label("amount")
_waits = and_(_r.answer.is_(None), _r.merged_into.is_(None))
_subject = func.concat("Terrain du ", func.to_char(_c.session_on, "DD/MM/YYYY"))
_on = and_(_c.tenant_id == _r.tenant_id, _c.id == _r.campaign_id)


def _counted(one: str, many: str) -> ColumnElement[str]:
    count = func.count()
    return func.concat(count, NB, case((count > 1, literal(many)), else_=literal(one)))


def _of_campaign(
    kind: str, due: ColumnElement[Any], detail: ColumnElement[str], *more: ColumnElement[bool]
) -> Select[Any]:
    return (
        select(
            _r.tenant_id,
            _r.client_id,
            literal(kind).label("kind"),
            _c.id.label("subject_id"),
            _subject.label("subject"),
            due.label("due_on"),
            due.label("act_by"),
            _NO_AMOUNT,
            detail.label("detail"),
        )
        .join(FieldCampaign.__table__, _on)
        .where(_waits, *more)
        .group_by(_r.tenant_id, _r.client_id, _c.id, _c.session_on)
    )


_answers = _of_campaign(
    "field_answer",
    func.min(_r.told_on) + ANSWER_DAYS,
    _counted("récit attend sa réponse", "récits attendent leur réponse"),
)
_contained = _of_campaign(
    "field_contain",
    func.min(_r.triaged_on) + CONTAIN_DAYS,
    _counted("urgence à mettre à l’abri", "urgences à mettre à l’abri"),
    _r.level == "immediate",
)
_later = FieldCampaign.__table__.alias("later_campaign")
_next = select(
    _c.tenant_id,
    _c.client_id,
    literal("field_next").label("kind"),
    _c.id.label("subject_id"),
    literal("Prochain rendez-vous de terrain").label("subject"),
    _c.next_on.label("due_on"),
    (_c.next_on - NEXT_NOTICE_DAYS).label("act_by"),
    _NO_AMOUNT,
    func.concat("après la séance du ", func.to_char(_c.session_on, "DD/MM/YYYY")).label("detail"),
).where(
    _c.closed_at.is_not(None),
    ~exists().where(
        _later.c.tenant_id == _c.tenant_id,
        _later.c.client_id == _c.client_id,
        _later.c.session_on > _c.session_on,
    ),
)

DEADLINES = select(union_all(_answers, _contained, _next).subquery("field_deadline"))
"""(tenant_id, client_id, kind, subject_id, subject, due_on, act_by, amount, detail) of every tenant."""
