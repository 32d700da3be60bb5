"""The pages of exercises, the same for the MSP and for the client's own people."""

from uuid import UUID

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from mspaudit.clients import rules as client_rules
from mspaudit.content import crisis as content
from mspaudit.crisis import exercise_actions, pages, queries
from mspaudit.crisis.forms import PlanForm
from mspaudit.crisis.models import Exercise
from mspaudit.crisis.pages import Side
from mspaudit.kernel import clock


def plan(side: Side) -> ResponseReturnValue:
    """Plan an exercise."""
    queries.plan_or_404(side.client.id)
    form, now = PlanForm(request.form), clock.now()
    day = form.needed("planned_on", client_rules.day)
    exercise: Exercise | None = None
    if day is not None:
        with form.trying():
            exercise = exercise_actions.plan_exercise(
                side.client, scenario=form.typed("scenario"), planned_on=day, now=now
            )
    if exercise is None:
        refused = form.refused or " ".join(text for _field, text in form.summary)
        return pages.index(side, refused, form), 422
    flash("Exercice prévu.", "done")
    return redirect(side.url("exercise", exercise=exercise.id), 303)


def show(side: Side, exercise_id: UUID) -> ResponseReturnValue:
    """One exercise: what to play, then how it went."""
    exercise = queries.exercise_or_404(side.client.id, exercise_id)
    scenario = next(each for each in content.scenarios() if each.code == exercise.scenario)

    def write(form: PlanForm) -> None:
        played, now = form.played(), clock.now()
        if form.ok:
            exercise_actions.note_exercise(exercise, played, today=clock.today(now), now=now)

    typed = {
        "held_on": exercise.held_on.isoformat() if exercise.held_on else "",
        "attendance": exercise.attendance,
        "timeline": exercise.timeline,
        "lessons": "\n".join(exercise.lessons),
    }
    return pages.part(side, "exercise", typed, write, exercise=exercise, scenario=scenario)
