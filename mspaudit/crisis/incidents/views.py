"""Incidents to look at: over the portfolio, of one client, one by one, their texts and their files."""

from uuid import UUID

from flask import Response, render_template

from mspaudit.clients import links
from mspaudit.clients.models import Client
from mspaudit.clients.queries import client_or_404
from mspaudit.crisis.incidents import duties, pages, queries, rules
from mspaudit.crisis.incidents.forms import IncidentForm
from mspaudit.crisis.incidents.models import Incident
from mspaudit.kernel import clock
from mspaudit.tenancy.blueprints import tenant_blueprint

blueprint = tenant_blueprint("incidents", __name__, audience="reader")


@blueprint.get("/incidents")
def portfolio() -> str:
    """Every client's incidents, those open first."""
    return render_template(
        "incidents/portfolio.html",
        listed=queries.incidents(),
        now=clock.now(),
        duties=duties,
        rules=rules,
        portfolio_url=links.portfolio(),
    )


@blueprint.get("/clients/<client>/incidents")
def index(client: str) -> str:
    """A client's incidents, who may sign there, and the register of breaches."""
    return list_page(client_or_404(client), IncidentForm())


@blueprint.get("/clients/<client>/incidents/registre.csv")
def register_csv(client: str) -> Response:
    """The register of breaches as CSV."""
    return pages.register_file(client_or_404(client), "csv")


@blueprint.get("/clients/<client>/incidents/registre.pdf")
def register_pdf(client: str) -> Response:
    """The register of breaches as PDF."""
    return pages.register_file(client_or_404(client), "pdf")


@blueprint.get("/clients/<client>/incidents/<uuid:incident>")
def show(client: str, incident: UUID) -> str:
    """One incident: clocks, log, contacts."""
    found = client_or_404(client)
    return incident_page(found, queries.incident_or_404(found.id, incident))


@blueprint.get("/clients/<client>/incidents/<uuid:incident>/textes")
def copied(client: str, incident: UUID) -> str:
    """The complaint, the CNIL's form and the message, ready to copy."""
    found = client_or_404(client)
    row = queries.incident_or_404(found.id, incident)
    texts = pages.copied(found, row)
    return render_template("incidents/texts.html", texts=texts, incident=row, **pages.words(found))


@blueprint.get("/clients/<client>/incidents/<uuid:incident>/main-courante.csv")
def log_csv(client: str, incident: UUID) -> Response:
    """The log as CSV, with its seals."""
    found = client_or_404(client)
    return pages.log_file(found, queries.incident_or_404(found.id, incident), "csv")


@blueprint.get("/clients/<client>/incidents/<uuid:incident>/main-courante.pdf")
def log_pdf(client: str, incident: UUID) -> Response:
    """The log as PDF."""
    found = client_or_404(client)
    return pages.log_file(found, queries.incident_or_404(found.id, incident), "pdf")


def incident_page(client: Client, incident: Incident, form: IncidentForm | None = None) -> str:
    """The page of an incident. ``form``: what was typed and refused, shown again."""
    return render_template("incidents/show.html", **pages.about(client, incident, form))


def list_page(client: Client, form: IncidentForm) -> str:
    """The incidents of a client. ``form``: the right to sign that was typed and refused, if any."""
    return render_template(
        "incidents/index.html",
        listed=queries.incidents(client.id),
        rights=queries.rights(client.id),
        form=form,
        **pages.words(client),
    )
