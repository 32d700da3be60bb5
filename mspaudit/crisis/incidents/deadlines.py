"""What falls due in this room: duties whose hours run, weekends included; lessons owed thirty days after."""

from sqlalchemy import ColumnElement, Date, Integer, and_, case, cast, func, literal, null, select, union_all

from mspaudit.crisis.incidents.duties import DUTIES, KINDS
from mspaudit.crisis.incidents.models import Incident, IncidentClock
from mspaudit.crisis.incidents.rules import LESSONS_DAYS
from mspaudit.kernel.french import NB

_i, _k = Incident.__table__.c, IncidentClock.__table__.c
_NO_AMOUNT = cast(null(), Integer).label("amount")
_kind = case(*[(_i.kind == key, label) for key, label in KINDS.items()], else_="Incident")
_duty = case(*[(_k.duty == key, duty.label) for key, duty in DUTIES.items()], else_="Démarche")


def _paris(moment: ColumnElement[object]) -> ColumnElement[object]:
    return cast(func.timezone("Europe/Paris", moment), Date)


_due = func.coalesce(_k.due_at, _i.awareness_at)
_duties = (
    select(
        _k.tenant_id,
        _k.client_id,
        literal("incident").label("kind"),
        _k.id.label("subject_id"),
        func.concat(f"Incident{NB}: ", _duty).label("subject"),
        _paris(_due).label("due_on"),
        _paris(_due).label("act_by"),
        _NO_AMOUNT,
        func.concat(
            _kind,
            case(
                (
                    _k.due_at.is_not(None),
                    func.concat(
                        ", avant le ",
                        func.to_char(
                            func.timezone("Europe/Paris", _k.due_at), f'DD/MM/YYYY "à" HH24"{NB}h{NB}"MI'
                        ),
                    ),
                ),
                (_k.hours.is_(None), ", délai du contrat à saisir"),
                else_=", sans délai",
            ),
        ).label("detail"),
    )
    .join(Incident.__table__, and_(_i.tenant_id == _k.tenant_id, _i.id == _k.incident_id))
    .where(_i.closed_at.is_(None), _k.applies, ~_k.waived, _k.done_at.is_(None))
)

_lessons_on = _paris(_i.closed_at) + LESSONS_DAYS
_lessons = select(
    _i.tenant_id,
    _i.client_id,
    literal("incident_lessons").label("kind"),
    _i.id.label("subject_id"),
    func.concat(f"Enseignements d’un incident{NB}: ", func.lower(_kind)).label("subject"),
    _lessons_on.label("due_on"),
    _lessons_on.label("act_by"),
    _NO_AMOUNT,
    func.concat("clos le ", func.to_char(_paris(_i.closed_at), "DD/MM/YYYY")).label("detail"),
).where(_i.closed_at.is_not(None), _i.lessons_at.is_(None))

DEADLINES = select(union_all(_duties, _lessons).subquery("incident_deadline"))
"""(tenant_id, client_id, kind, subject_id, subject, due_on, act_by, amount, detail) of every tenant."""
