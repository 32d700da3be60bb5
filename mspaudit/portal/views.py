"""The secretary's pages: where she stands, and one question a screen."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mspaudit.backups import queries as backups
from mspaudit.checklists import answering, forms, queries, wording
from mspaudit.checklists.queries import Question
from mspaudit.kernel.clock import now as the_time
from mspaudit.kernel.clock import today
from mspaudit.kernel.french import plural
from mspaudit.plan.queries import awaiting
from mspaudit.portal.pages import asked_question, beside_measures, question_page
from mspaudit.portal.queries import helper
from mspaudit.portal.rules import chapters, next_code
from mspaudit.tenancy.blueprints import portal_blueprint

blueprint = portal_blueprint("portal", __name__, audience="respondent")


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """Where the questionnaire stands, who helps, and which proofs end soon."""
    now = the_time()
    client_id = g.visitor.client_id
    checklist = queries.current_assessment(client_id)
    asked = [] if checklist is None else queries.for_portal(queries.questions(checklist, today=today(now)))
    asked = beside_measures(asked)
    sent = [] if checklist is None else queries.delegations(checklist.assessment.id)
    return render_template(
        "portal/home.html",
        checklist=checklist,
        progress=queries.progress_of(asked),
        chapters=chapters(checklist.pack, asked) if checklist else [],
        next_code=next_code(asked, None),
        sent=[each for each in sent if each.delegation.revoked_at is None],
        to_review=[q for q in asked if q.contradicted],
        refused=[q for q in asked if any(proof.refused_at for proof in q.proofs)],
        expiring=queries.expiring(client_id, today=today(now)),
        decisions_waiting=awaiting(client_id),
        questions={q.control.code: q for q in asked},
        helper=helper(client_id),
        backups=backups.counts(now=now, client_id=client_id),
        now=now,
        today=today(now),
    )


@blueprint.get("/questions/<code>")
def question(code: str) -> ResponseReturnValue:
    """One question, its answer if there is one, its proofs."""
    asked = asked_question(code)
    if not asked.checklist.open:
        return redirect(url_for("portal.home"), 303)
    found = asked.question
    return question_page(asked, forms.stored(found.answer, found.control.scale), now=the_time())


@blueprint.post("/questions/<code>")
def answer(code: str) -> ResponseReturnValue:
    """Save an answer: in JSON for the page's script, else on to the next question."""
    if answering.wants_json():
        return _autosave(code)
    asked, now = asked_question(code), the_time()
    found = asked.question
    outcome = answering.take(found, request.form, now=now)
    if outcome.changed:
        return _choose(found, outcome), 409
    if not (outcome.saved or outcome.skipped):
        return question_page(asked, outcome.typed, now=now, error=outcome.said), 422
    after = next_code(asked.questions, code)
    return redirect(url_for("portal.question", code=after) if after else url_for("portal.end"), 303)


@blueprint.get("/fin")
def end() -> ResponseReturnValue:
    """Thanks, a summary, and what happens next."""
    now = the_time()
    checklist = queries.current_assessment(g.visitor.client_id)
    if checklist is None:
        return redirect(url_for("portal.home"), 303)
    asked = beside_measures(queries.for_portal(queries.questions(checklist, today=today(now))))
    return render_template(
        "portal/end.html",
        checklist=checklist,
        progress=queries.progress_of(asked),
        unknown=[q for q in asked if q.answered and q.answer.choice == "unknown"],
        to_review=[q for q in asked if q.contradicted],
        without_proof=[q for q in asked if q.state == "declared" and q.answer.choice in ("yes", "partly")],
        next_code=next_code(asked, None),
        helper=helper(g.visitor.client_id),
        today=today(now),
    )


def _autosave(code: str) -> ResponseReturnValue:
    """The same for the page's script, at each tap: only this question is read."""
    checklist, now = queries.current_assessment(g.visitor.client_id), the_time()
    found = checklist and queries.one_question(checklist, code, today=today(now), hold=True)
    if not checklist or not found or not found.for_client:
        abort(404)
    outcome = answering.take(found, request.form, now=now)
    left = len(queries.left_for_client(checklist)) if outcome.saved else 0
    return answering.as_json(outcome, found, remaining=plural(left, "question"))


def _choose(found: Question, outcome: answering.Outcome) -> str:
    flash(outcome.said, "warning")
    return render_template(
        "portal/conflict.html",
        question=found,
        mine=outcome.typed,
        options=wording.options(found.control, ""),
        version=found.answer.version,
    )
