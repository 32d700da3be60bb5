"""Who may sign for a client: written down with the proof, on the page of its incidents."""

from uuid import UUID

from flask import Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from mspaudit.adapters.storage import NotStoredError
from mspaudit.adapters.uploads import sniff
from mspaudit.clients.forms import upload
from mspaudit.clients.queries import client_or_404
from mspaudit.crisis.incidents import forms, pages, queries, signing_actions
from mspaudit.crisis.incidents.forms import IncidentForm
from mspaudit.crisis.incidents.views import list_page
from mspaudit.journal.actions import record
from mspaudit.kernel import clock
from mspaudit.runtime import runtime
from mspaudit.tenancy.blueprints import tenant_blueprint
from mspaudit.tenancy.context import tenant_id

blueprint = tenant_blueprint(
    "signing", __name__, audience="reader", prefix="/clients/<client>/incidents/signataires"
)


@blueprint.post("")
def grant(client: str) -> ResponseReturnValue:
    """Write that someone may sign."""
    found, form, now = client_or_404(client), IncidentForm(request.form), clock.now()
    given, document = forms.right(form), upload(request.files.get("document"))
    if form.ok:
        with form.trying():
            signing_actions.grant(found, given, document=document, today=clock.today(now), now=now)
    if not form.ok:
        return list_page(found, form), 422
    flash("C’est noté.")
    return redirect(url_for("incidents.index", client=found.slug), 303)


@blueprint.get("/<uuid:right>/preuve")
def document(client: str, right: UUID) -> Response:
    """The deliberation or mandate; 404 when none was kept."""
    found = client_or_404(client)
    row = queries.right_or_404(found.id, right)
    try:
        data = runtime().storage.get(row.document_key or "", tenant_id=tenant_id())
    except NotStoredError:
        abort(404)
    record("signing.opened", row.name, subject_id=row.id, client_id=found.id)
    return pages.download(data, sniff(data, "").mime, row.document_name or "preuve")


@blueprint.post("/<uuid:right>/fin")
def end(client: str, right: UUID) -> ResponseReturnValue:
    """Write that someone may not sign any more."""
    found, form = client_or_404(client), IncidentForm()
    row = queries.right_or_404(found.id, right)
    with form.trying():
        signing_actions.end(row, now=clock.now())
    if not form.ok:
        return list_page(found, form), 422
    return redirect(url_for("incidents.index", client=found.slug), 303)
