"""What the pages about one question have in common: finding it, and showing it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import abort, g, render_template, request

from mspaudit.checklists import answering, forms, queries, wording
from mspaudit.checklists.models import Evidence
from mspaudit.checklists.queries import Checklist, Question
from mspaudit.kernel.clock import now as the_time
from mspaudit.kernel.clock import today
from mspaudit.portal.queries import helper
from mspaudit.portal.rules import previous_code


@dataclass(frozen=True)
class Asked:
    """One question of this client's current questionnaire, among all those it is asked."""

    checklist: Checklist
    questions: list[Question]
    question: Question


def asked_question(code: str) -> Asked:
    """The question of that code, if this client is asked it; else 404."""
    checklist = queries.current_assessment(g.visitor.client_id)
    if checklist is None:
        abort(404)
    asked = queries.for_portal(queries.questions(checklist, today=today(the_time())))
    found = next((each for each in asked if each.control.code == code), None)
    if found is None:
        abort(404)
    return Asked(checklist, asked, found)


def beside_measures(found: list[Question]) -> list[Question]:
    """These questions of this client, those that a measurement contradicts marked so."""
    seen = queries.contradictions_of(g.visitor.client_id)
    return queries.beside(found, seen, today=today(the_time()))


def question_page(
    asked: Asked, typed: forms.Typed, *, now: datetime, error: str = "", refused: str = ""
) -> str:
    """The question as this person left it. ``error`` is about the answer, ``refused`` about a file."""
    who, found = helper(g.visitor.client_id), beside_measures([asked.question])[0]
    code = found.control.code
    return render_template(
        "portal/question.html",
        checklist=asked.checklist,
        question=found,
        typed=typed,
        error=error,
        refused=refused,
        removed=_just_removed(found),
        sent=[s for s in queries.delegations(asked.checklist.assessment.id) if code in s.codes],
        options=wording.options(found.control, who.short),
        months=wording.months(),
        years=wording.years(today(now)),
        progress=queries.progress_of(asked.questions),
        saved=answering.saved_line(found, now=now),
        previous=previous_code(asked.questions, code),
        helper=who,
        measured_on=wording.measured_on,
        now=now,
        today=today(now),
    )


def _just_removed(found: Question) -> Evidence | None:
    """The proof that the address says was removed, to offer it back."""
    try:
        wanted = UUID(request.args.get("retiree", ""))
    except ValueError:
        return None
    proof = queries.evidence(found.answer.client_id, wanted)
    if proof is None or proof.answer_id != found.answer.id or proof.removed_at is None:
        return None
    return proof
