"""What falls due in this room: the plan to read again, its copies to print again, exercises planned."""

from typing import Any

from sqlalchemy import Date, Integer, Select, case, cast, func, literal, null, select, text, union_all

from mspaudit.content import crisis as content
from mspaudit.crisis.models import CrisisPlan, Exercise

_p, _e = CrisisPlan.__table__.c, Exercise.__table__.c
_YEAR = text("interval '1 year'")
_titles = case({each.code: each.title for each in content.scenarios()}, value=_e.scenario, else_="")


def _row(table: Any, kind: str, subject: str, due: Any, detail: Any) -> Select[Any]:
    return select(
        table.tenant_id,
        table.client_id,
        literal(kind).label("kind"),
        table.id.label("subject_id"),
        literal(subject).label("subject"),
        due.label("due_on"),
        due.label("act_by"),
        cast(null(), Integer).label("amount"),
        detail.label("detail"),
    )


_review = _row(
    _p,
    "crisis_review",
    "Relire le plan de crise",
    cast(_p.reviewed_on + _YEAR, Date),
    func.concat("version ", _p.version, ", relue par ", _p.reviewed_by),
).where(_p.reviewed_on.is_not(None))
_print = _row(
    _p,
    "crisis_print",
    "Réimprimer le plan de crise",
    cast(_p.printed_on + _YEAR, Date),
    func.concat("imprimé le ", func.to_char(_p.printed_on, "DD/MM/YYYY")),
).where(_p.printed_on.is_not(None))
_exercise = _row(_e, "exercise", "Jouer l’exercice de crise", _e.planned_on, _titles).where(
    _e.held_on.is_(None)
)

DEADLINES = select(union_all(_review, _print, _exercise).subquery("crisis_deadline"))
"""(tenant_id, client_id, kind, subject_id, subject, due_on, act_by, amount, detail) of every tenant."""
