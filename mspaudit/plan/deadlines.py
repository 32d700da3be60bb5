"""What falls due in this room: decided actions, decisions waited for, refusals to look at again."""

from sqlalchemy import Date, Integer, and_, case, cast, func, literal, null, select, union_all

from mspaudit.clients.models import Client
from mspaudit.kernel.french import NB
from mspaudit.plan.models import ActionItem, Recommendation
from mspaudit.plan.rules import AWAITED_DAYS, RUNNING

_action, _advice, _client = ActionItem.__table__, Recommendation.__table__, Client.__table__
_i, _r, _c = _action.c, _advice.c, _client.c
_NO_AMOUNT = cast(null(), Integer).label("amount")
_sent_on = cast(func.timezone("Europe/Paris", _r.sent_at), Date)

_actions = (
    select(
        _i.tenant_id,
        _i.client_id,
        literal("action").label("kind"),
        _i.id.label("subject_id"),
        _i.title.label("subject"),
        _i.due_on,
        _i.due_on.label("act_by"),
        func.nullif(_i.once_cents, 0).label("amount"),
        case(
            (_i.owner_side == "client", "à faire par le client"), else_=func.nullif(_i.owner_name, "")
        ).label("detail"),
    )
    .join(_client, and_(_c.tenant_id == _i.tenant_id, _c.id == _i.client_id, _c.archived_at.is_(None)))
    .where(_i.status.in_(RUNNING), _i.due_on.is_not(None))
)

_of_advice = and_(_c.tenant_id == _r.tenant_id, _c.id == _r.client_id, _c.archived_at.is_(None))
_awaited = (
    select(
        _r.tenant_id,
        _r.client_id,
        literal("decision").label("kind"),
        _r.id.label("subject_id"),
        (literal(f"Décision attendue{NB}: ") + _r.title).label("subject"),
        (_sent_on + AWAITED_DAYS).label("due_on"),
        (_sent_on + AWAITED_DAYS).label("act_by"),
        _NO_AMOUNT,
        case((_r.opened_at.is_(None), "pas encore lue"), else_="lue, sans réponse").label("detail"),
    )
    .join(_client, _of_advice)
    .where(_r.state.in_(("sent", "opened")))
)

_reviews = (
    select(
        _r.tenant_id,
        _r.client_id,
        literal("decision_review").label("kind"),
        _r.id.label("subject_id"),
        (
            case((_r.state == "refused", f"Risque accepté à revoir{NB}: "), else_=f"Décision reportée{NB}: ")
            + _r.title
        ).label("subject"),
        _r.review_on.label("due_on"),
        _r.review_on.label("act_by"),
        _NO_AMOUNT,
        literal("à proposer de nouveau").label("detail"),
    )
    .join(_client, _of_advice)
    .where(_r.state.in_(("refused", "postponed")), _r.review_on.is_not(None))
)

DEADLINES = select(union_all(_actions, _awaited, _reviews).subquery("plan_deadline"))
"""(tenant_id, client_id, kind, subject_id, subject, due_on, act_by, amount, detail) of every tenant."""
