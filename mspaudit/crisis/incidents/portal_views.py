"""A client's own people open an incident in a minute, follow its clocks and keep its log with their MSP."""

from uuid import UUID

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mspaudit.clients.models import Client
from mspaudit.clients.queries import client_or_404
from mspaudit.crisis.incidents import actions, pages, queries
from mspaudit.crisis.incidents.forms import IncidentForm
from mspaudit.crisis.incidents.models import Incident
from mspaudit.crisis.incidents.work_views import opened, wrote
from mspaudit.kernel import clock as clocks
from mspaudit.tenancy.blueprints import portal_blueprint

blueprint = portal_blueprint("client_incidents", __name__, audience="respondent", prefix="/incidents")
deciding = portal_blueprint("client_incident_duties", __name__, audience="decider", prefix="/incidents")


@blueprint.get("")
def index() -> str:
    """The client's incidents."""
    client = _client()
    listed = queries.incidents(client.id)
    return render_template("incidents/client_list.html", listed=listed, **pages.words(client))


@blueprint.get("/nouveau")
def start() -> str:
    """Three fields."""
    return _opening(_client(), IncidentForm())


@blueprint.post("/nouveau")
def open_one() -> ResponseReturnValue:
    """Open it."""
    client, form = _client(), IncidentForm(request.form)
    incident = opened(client, form)
    if incident is None:
        return _opening(client, form), 422
    flash(f"C’est noté, {g.visitor.tenant_name} est prévenu. Appelez aussi si rien ne bouge.")
    return _back(incident)


@blueprint.get("/registre.csv")
def register_csv() -> Response:
    """The register of breaches as CSV."""
    return pages.register_file(_client(), "csv")


@blueprint.get("/<uuid:incident>")
def show(incident: UUID) -> str:
    """One incident."""
    client = _client()
    return _page(client, queries.incident_or_404(client.id, incident), IncidentForm())


@blueprint.get("/<uuid:incident>/textes")
def copied(incident: UUID) -> str:
    """The texts to copy."""
    client = _client()
    row = queries.incident_or_404(client.id, incident)
    texts = pages.copied(client, row)
    return render_template("incidents/client_texts.html", texts=texts, incident=row, **pages.words(client))


@blueprint.get("/<uuid:incident>/main-courante.pdf")
def log_pdf(incident: UUID) -> Response:
    """The log as PDF."""
    client = _client()
    return pages.log_file(client, queries.incident_or_404(client.id, incident), "pdf")


@blueprint.post("/<uuid:incident>/main-courante")
def write(incident: UUID) -> ResponseReturnValue:
    """A line more in the log."""
    client, form = _client(), IncidentForm(request.form)
    row = queries.incident_or_404(client.id, incident)
    with form.trying():
        wrote(row, form)
    return _back(row) if form.ok else (_page(client, row, form), 422)


@deciding.post("/<uuid:incident>/demarches/<uuid:clock>/fait")
def met(incident: UUID, clock: UUID) -> ResponseReturnValue:
    """A duty that the client did."""
    client, form, now = _client(), IncidentForm(request.form), clocks.now()
    row = queries.incident_or_404(client.id, incident)
    each = queries.clock_or_404(row.id, clock)
    with form.trying():
        actions.met(row, each, at=now, now=now)
    return _back(row) if form.ok else (_page(client, row, form), 422)


def _client() -> Client:
    return client_or_404(g.visitor.client_slug)


def _opening(client: Client, form: IncidentForm) -> str:
    return render_template("incidents/client_start.html", form=form, **pages.words(client))


def _page(client: Client, incident: Incident, form: IncidentForm) -> str:
    return render_template("incidents/client_show.html", **pages.about(client, incident, form))


def _back(incident: Incident) -> ResponseReturnValue:
    return redirect(url_for("client_incidents.show", incident=incident.id), 303)
