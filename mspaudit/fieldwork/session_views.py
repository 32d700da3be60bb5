"""The session itself: the wall, the sheets, and what is typed in from paper."""

from io import BytesIO
from uuid import UUID

from flask import Response, flash, g, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from mspaudit.clients.forms import identifier
from mspaudit.clients.models import Client
from mspaudit.clients.queries import client_or_404
from mspaudit.errors import DomainError
from mspaudit.fieldwork import actions, documents, pages, queries, rules, told, wall
from mspaudit.fieldwork.models import FieldCampaign, FieldGroup
from mspaudit.kernel import clock
from mspaudit.kernel.french import slug
from mspaudit.tenancy.blueprints import tenant_blueprint

blueprint = tenant_blueprint(
    "field_session", __name__, audience="technician", prefix="/clients/<client>/terrain/<uuid:campaign>"
)


@blueprint.get("/mur")
def show(client: str, campaign: UUID) -> str:
    """Counts for everybody to see; never an author, never fewer than five."""
    found, chosen = _chosen(client, campaign)
    return pages.render("wall", found, campaign=chosen, wall=wall.wall(chosen), since=wall.since)


@blueprint.get("/papier")
def paper(client: str, campaign: UUID) -> str:
    """The form to type in what was written by hand."""
    found, chosen = _chosen(client, campaign)
    return _typing(found, chosen, told.blank())


@blueprint.post("/papier")
def type_in(client: str, campaign: UUID) -> ResponseReturnValue:
    """Take one sheet of paper, as if it came from a phone."""
    found, chosen = _chosen(client, campaign)
    given = told.read(request.form)
    group = identifier(request.form.get("group", ""))
    known = queries.group(found.id, group) if group else None
    if known is None or known[1].id != chosen.id:
        given.errors["group"] = "Choisissez le groupe."
        return _typing(found, chosen, given), 422
    if given.errors:
        return _typing(found, chosen, given), 422
    try:
        actions.tell(chosen, known[0], given, rules.half_day(clock.now()))
    except DomainError as refused:
        return _typing(found, chosen, given, str(refused)), 422
    flash("Récit recopié. Détruisez la feuille.")
    return redirect(url_for("field_session.paper", client=client, campaign=campaign), 303)


@blueprint.get("/groupes/<uuid:group>/formulaire.pdf")
def form_sheet(client: str, campaign: UUID, group: UUID) -> Response:
    """The form of a group, on paper."""
    found, chosen, one = _of_group(client, campaign, group)
    data = documents.form(chosen, one, client=found.name, msp=g.visitor.tenant_name, at=clock.now())
    return _pdf(data, f"terrain-{slug(one.name)}.pdf")


@blueprint.get("/groupes/<uuid:group>/reponses.pdf")
def answer_sheet(client: str, campaign: UUID, group: UUID) -> Response:
    """The answers to a group, to put up."""
    found, chosen, one = _of_group(client, campaign, group)
    data = documents.answers(chosen, one, client=found.name, msp=g.visitor.tenant_name, at=clock.now())
    return _pdf(data, f"reponses-{slug(one.name)}.pdf")


def _pdf(data: bytes, name: str) -> Response:
    return send_file(BytesIO(data), mimetype="application/pdf", as_attachment=True, download_name=name)


def _chosen(client: str, campaign: UUID) -> tuple[Client, FieldCampaign]:
    found = client_or_404(client)
    return found, queries.campaign_or_404(found.id, campaign)


def _of_group(client: str, campaign: UUID, group: UUID) -> tuple[Client, FieldCampaign, FieldGroup]:
    found, chosen = _chosen(client, campaign)
    known = queries.group(found.id, group)
    if known is None or known[1].id != chosen.id or chosen.promised_at is None:
        raise NotFound
    return found, chosen, known[0]


def _typing(client: Client, campaign: FieldCampaign, given: told.Told, refused: str = "") -> str:
    return pages.render(
        "paper",
        client,
        campaign=campaign,
        told=given,
        refused=refused,
        chosen=request.form.get("group", ""),
        groups=[(str(each.group.id), each.group.name) for each in queries.groups(campaign.id)],
    )
