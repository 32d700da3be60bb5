"""« Demander à… »: the secretary sends a question to whoever knows."""

from uuid import UUID

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mspaudit.checklists import actions, queries
from mspaudit.errors import DomainError
from mspaudit.kernel.clock import now as the_time
from mspaudit.kernel.french import day, typo
from mspaudit.portal.pages import Asked, asked_question
from mspaudit.portal.queries import helper
from mspaudit.tenancy.blueprints import portal_blueprint

blueprint = portal_blueprint("portal_requests", __name__, audience="respondent")


@blueprint.get("/questions/<code>/demander")
def new(code: str) -> str:
    """To whom."""
    return _form(asked_question(code))


@blueprint.post("/questions/<code>/demander")
def create(code: str) -> ResponseReturnValue:
    """Send the link."""
    asked = asked_question(code)
    name, email = request.form.get("name", ""), request.form.get("email", "")
    try:
        sent = actions.delegate(
            asked.checklist.assessment, [asked.question.answer.id], name=name, email=email, now=the_time()
        )
    except DomainError as refusal:
        return _form(asked, name=name, email=email, error=str(refusal)), 422
    flash(f"Envoyé à {sent.name}. Le lien reste valable jusqu’au {day(sent.expires_at)}.")
    return redirect(url_for("portal.question", code=code), 303)


@blueprint.post("/demandes/<uuid:sent>/annulation")
def cancel(sent: UUID) -> ResponseReturnValue:
    """Stop a link at once."""
    found = queries.delegation(g.visitor.client_id, sent)
    if found is None:
        abort(404)
    actions.revoke(found, now=the_time())
    flash(f"Le lien envoyé à {found.name} ne s’ouvre plus.")
    return redirect(url_for("portal.home"), 303)


def _form(asked: Asked, *, name: str = "", email: str = "", error: str = "") -> str:
    return render_template(
        "portal/request.html",
        asked=asked,
        name=name,
        email=email,
        error=typo(error),
        helper=helper(g.visitor.client_id),
    )
