"""Starting, reminding, closing and reopening a campaign; stopping a delegated link."""

from datetime import date
from uuid import UUID

from flask import abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from mspaudit.checklists import actions, queries
from mspaudit.checklists.packs import offered_pack
from mspaudit.checklists.queries import Checklist
from mspaudit.clients.queries import client_or_404
from mspaudit.content.packs import PackError
from mspaudit.errors import DomainError
from mspaudit.kernel.clock import now as the_time
from mspaudit.kernel.french import plural
from mspaudit.tenancy.blueprints import tenant_blueprint

blueprint = tenant_blueprint(
    "campaigns", __name__, audience="technician", prefix="/clients/<client>/questionnaire"
)


@blueprint.post("/campagnes")
def start(client: str) -> Response:
    """A new campaign replaces the current one, whose answers are carried to confirm."""
    found = client_or_404(client)
    scope = "express" if request.form.get("scope") == "express" else "full"
    try:
        actions.start_assessment(
            found.id,
            offered_pack(),
            scope=scope,
            due_on=_date(request.form.get("due_on", "")),
            now=the_time(),
            title=request.form.get("title", ""),
        )
    except PackError as unusable:
        raise DomainError(str(unusable)) from None
    flash("Campagne lancée. Le client la trouve dans son espace ; un rappel l’en préviendra par courriel.")
    return _back(client)


@blueprint.post("/rappels")
def remind(client: str) -> Response:
    """Mail everyone of the client who can answer."""
    count = actions.remind(_current(client).assessment, now=the_time())
    flash(f"Rappel envoyé à {plural(count, 'personne')}.")
    return _back(client)


@blueprint.post("/cloture")
def close(client: str) -> Response:
    """Nobody changes an answer any more."""
    actions.close_assessment(_current(client).assessment, now=the_time())
    flash("Campagne close. Les réponses restent ; les liens envoyés ne s’ouvrent plus.")
    return _back(client)


@blueprint.post("/reouverture")
def reopen(client: str) -> Response:
    """With a reason, which stays in the journal."""
    actions.reopen_assessment(_current(client).assessment, request.form.get("reason", ""), now=the_time())
    flash("Campagne rouverte.")
    return _back(client)


@blueprint.post("/demandes/<uuid:sent>/annulation")
def revoke(client: str, sent: UUID) -> Response:
    """Stop a link at once."""
    delegation = queries.delegation(client_or_404(client).id, sent)
    if delegation is None:
        abort(404)
    actions.revoke(delegation, now=the_time())
    flash(f"Le lien envoyé à {delegation.name} ne s’ouvre plus.")
    return _back(client)


def _current(client: str) -> Checklist:
    checklist = queries.current_assessment(client_or_404(client).id)
    if checklist is None:
        abort(404)
    return checklist


def _date(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise DomainError(f"« {text[:20]} » n’est pas une date.") from None


def _back(client: str) -> Response:
    return redirect(url_for("checklists.show", client=client), 303)
