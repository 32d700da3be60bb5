"""What the plan says needs an action: fallback sheets not written, and each lesson of an exercise."""

from sqlalchemy import TIMESTAMP, Text, Uuid, cast, column, func, literal, null, select, true, union_all

from mspaudit.crisis.facts import WANTED
from mspaudit.crisis.models import Exercise

_e, _w = Exercise.__table__.c, WANTED.c

_unwritten = (
    select(
        _w.tenant_id,
        _w.client_id,
        literal("fallback").label("kind"),
        cast(func.md5(func.concat_ws(" ", "fallback", _w.client_id)), Uuid).label("source_id"),
        literal("CRI-03").label("code"),
        literal("Écrire les fiches de secours qui manquent").label("title"),
        func.string_agg(_w.title, literal(", ")).label("detail"),
        func.max(_w.started_at).label("observed_at"),
    )
    .where(_w.sheet_id.is_(None))
    .group_by(_w.tenant_id, _w.client_id)
)

_lesson = (
    func.jsonb_array_elements_text(_e.lessons)
    .table_valued(column("said", Text), name="lesson")
    .render_derived()
)
_lessons = (
    select(
        _e.tenant_id,
        _e.client_id,
        literal("exercise").label("kind"),
        cast(func.md5(func.concat_ws(" ", _e.id, _lesson.c.said)), Uuid).label("source_id"),
        cast(null(), Text).label("code"),
        _lesson.c.said.label("title"),
        func.concat("leçon de l’exercice du ", func.to_char(_e.held_on, "DD/MM/YYYY")).label("detail"),
        func.timezone("Europe/Paris", cast(_e.held_on, TIMESTAMP)).label("observed_at"),
    )
    .select_from(Exercise.__table__)
    .join(_lesson, true())
    .where(_e.held_on.is_not(None))
)

FINDINGS = select(union_all(_unwritten, _lessons).subquery("crisis_finding"))
"""(tenant_id, client_id, kind, source_id, code, title, detail, observed_at) of every tenant."""
