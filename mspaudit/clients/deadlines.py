"""What falls due in this room: mandates that end."""

from sqlalchemy import Integer, and_, case, cast, literal, null, select

from mspaudit.clients.facts import in_place
from mspaudit.clients.models import Person, Referent
from mspaudit.clients.rules import MANDATE_NOTICE_DAYS, ROLES
from mspaudit.kernel.french import NB

_referent, _person = Referent.__table__, Person.__table__
_r, _p = _referent.c, _person.c

_subjects = {code: f"Mandat{NB}: {name[0].lower()}{name[1:]}" for code, name in ROLES.items()}

DEADLINES = (
    select(
        _r.tenant_id,
        _r.client_id,
        literal("mandate").label("kind"),
        _r.id.label("subject_id"),
        case(_subjects, value=_r.role, else_="Mandat").label("subject"),
        _r.mandate_until.label("due_on"),
        (_r.mandate_until - MANDATE_NOTICE_DAYS).label("act_by"),
        cast(null(), Integer).label("amount"),
        _p.name.label("detail"),
    )
    .join(_person, and_(_p.tenant_id == _r.tenant_id, _p.id == _r.person_id))
    .where(_r.mandate_until.is_not(None), in_place)
)
"""(tenant_id, client_id, kind, subject_id, subject, due_on, act_by, amount, detail) of every tenant."""
