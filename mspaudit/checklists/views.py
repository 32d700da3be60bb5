"""The technician's questionnaire: the whole campaign as one dense table, answered in place."""

from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mspaudit.checklists import actions, answering, forms, queries, sheet, wording
from mspaudit.checklists.models import Evidence
from mspaudit.checklists.queries import Checklist, Question
from mspaudit.clients import links
from mspaudit.clients.models import Client
from mspaudit.clients.queries import client_or_404
from mspaudit.kernel.clock import now as the_time
from mspaudit.kernel.clock import today
from mspaudit.tenancy.blueprints import tenant_blueprint

blueprint = tenant_blueprint("checklists", __name__, audience="reader")
BASE = "/clients/<client>/questionnaire"


@blueprint.get(BASE)
def show(client: str) -> str:
    """Every question of a campaign; the current one unless ``?campagne=`` names another."""
    found, now = client_or_404(client), the_time()
    checklist = _campaign(found)
    if checklist is None:
        return render_template("checklists/none.html", client=found, **context())
    everything = _everything(checklist, now)
    filters = sheet.Filters.read(request.args)
    return render_template(
        "checklists/sheet.html",
        client=found,
        checklist=checklist,
        groups=sheet.grouped(checklist.pack, filter(filters.keep, everything)),
        filters=filters,
        themes=[(theme.code, theme.title) for theme in checklist.pack.themes],
        for_client=queries.progress_of(queries.for_portal(everything)),
        for_us=queries.progress_of(q for q in everything if q.answer.asked and not q.for_client),
        changes=queries.comparison(checklist, today=today(now)),
        campaigns=queries.past_assessments(found.id),
        sent=queries.delegations(checklist.assessment.id),
        now=now,
        today=today(now),
        **context(),
    )


@blueprint.get(f"{BASE}/questions/<code>")
def question(client: str, code: str) -> str:
    """One question with its form, proofs and history: in its row for htmx, else as a page."""
    checklist, found = asked(client, code)
    if request.args.get("fermer"):
        return row(checklist, found)
    return detail(checklist, found, forms.stored(found.answer, found.control.scale))


@blueprint.post(f"{BASE}/questions/<code>")
def answer(client: str, code: str) -> ResponseReturnValue:
    """Answer for the client, or for ourselves."""
    checklist, found = asked(client, code, hold=True)
    outcome = answering.take(found, request.form, now=the_time())
    if outcome.saved:
        return done(checklist, code, outcome.said)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if outcome.skipped else outcome.status
    typed = outcome.typed
    if outcome.changed:
        # Theirs is in the row; saving again is choosing one's own over it.
        typed = forms.replace_version(typed, found.answer.version)
    return detail(checklist, _measured(checklist, code), typed, error=outcome.said), status


@blueprint.post(f"{BASE}/questions/<code>/confirmation")
def confirm(client: str, code: str) -> ResponseReturnValue:
    """Say that the previous campaign's answer still holds."""
    checklist, found = asked(client, code)
    actions.confirm_carried(found.answer, now=the_time())
    return done(checklist, code, "Réponse confirmée.")


def asked(client: str, code: str, *, hold: bool = False) -> tuple[Checklist, Question]:
    """The question of that code in the current campaign of that client; else 404.

    Args:
        hold: it is about to be answered: nobody else writes it meanwhile, and what was measured can wait.
    """
    found = client_or_404(client)
    checklist = queries.current_assessment(found.id)
    if checklist is None:
        abort(404)
    return checklist, _held(checklist, code) if hold else _measured(checklist, code)


def row(checklist: Checklist, found: Question) -> str:
    """The question's closed row, for htmx."""
    return render_template("checklists/_row.html", **_row_values(checklist, found), open=False)


def detail(
    checklist: Checklist,
    found: Question,
    typed: forms.Typed,
    *,
    error: str = "",
    removed: Evidence | None = None,
) -> str:
    """The question opened in its row, or as a page of its own."""
    template = "checklists/_row.html" if request.headers.get("HX-Request") else "checklists/question.html"
    return render_template(
        template,
        **_row_values(checklist, found),
        open=True,
        typed=typed,
        error=error,
        options=wording.choices(found.control),
        history=queries.history(found.answer.id),
        events=wording.EVENTS,
        removed=removed,
    )


def done(checklist: Checklist, code: str, said: str, removed: Evidence | None = None) -> ResponseReturnValue:
    """After a change: the fresh row for htmx, else the question's page again."""
    if not request.headers.get("HX-Request"):
        flash(said)
        return redirect(url_for("checklists.question", client=checklist.client.slug, code=code), 303)
    fresh = _measured(checklist, code)
    return detail(checklist, fresh, forms.stored(fresh.answer, fresh.control.scale), removed=removed)


def refused(checklist: Checklist, found: Question, refusal: Exception) -> ResponseReturnValue:
    """The question again, with what was refused and why."""
    typed = forms.stored(found.answer, found.control.scale)
    return detail(checklist, found, typed, error=str(refusal)), HTTPStatus.UNPROCESSABLE_ENTITY


def context() -> dict[str, object]:
    """What every page of the room needs."""
    return {
        "can_edit": g.visitor.role != "reader",
        "portfolio_url": links.portfolio(),
        "overview": links.overview,
        "measured_on": wording.measured_on,
        "state_word": sheet.state_word,
        "state_filters": sheet.STATE_FILTERS,
        "who_filters": sheet.WHO_FILTERS,
    }


def _everything(checklist: Checklist, now: datetime) -> list[Question]:
    """Every question; beside what is measured today when the campaign is the one that counts."""
    found = queries.questions(checklist, today=today(now))
    if not checklist.assessment.current:
        return found
    return queries.with_measures(found, checklist.client.id, today=today(now))


def _held(checklist: Checklist, code: str) -> Question:
    found = queries.one_question(checklist, code, today=today(the_time()), hold=True)
    if found is None:
        abort(404)
    return found


def _measured(checklist: Checklist, code: str) -> Question:
    day = today(the_time())
    found = queries.one_question(checklist, code, today=day)
    if found is None:
        abort(404)
    return queries.with_measures([found], checklist.client.id, today=day)[0]


def _row_values(checklist: Checklist, found: Question) -> dict[str, object]:
    now: datetime = the_time()
    return {
        "client": checklist.client,
        "checklist": checklist,
        "question": found,
        "changes": queries.comparison(checklist, today=today(now)),
        "now": now,
        "today": today(now),
        **context(),
    }


def _campaign(client: Client) -> Checklist | None:
    wanted = request.args.get("campagne")
    if not wanted:
        return queries.current_assessment(client.id)
    try:
        found = queries.assessment(client.id, UUID(wanted))
    except ValueError:
        found = None
    if found is None:
        abort(404)
    return found
