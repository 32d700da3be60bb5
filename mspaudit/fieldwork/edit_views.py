"""Preparing and closing a campaign."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from mspaudit.clients.models import Client
from mspaudit.clients.queries import client_or_404
from mspaudit.fieldwork import actions, pages, queries
from mspaudit.fieldwork.forms import FieldForm
from mspaudit.fieldwork.models import FieldCampaign
from mspaudit.identity.queries import technicians_of
from mspaudit.kernel import clock
from mspaudit.tenancy.blueprints import tenant_blueprint

blueprint = tenant_blueprint(
    "fieldwork_edit", __name__, audience="technician", prefix="/clients/<client>/terrain"
)


@blueprint.post("")
def prepare(client: str) -> ResponseReturnValue:
    """Prepare the next campaign."""
    found, form, now = client_or_404(client), FieldForm(request.form), clock.now()
    session_on, next_on = form.day("session_on"), form.day("next_on")
    who = form.member("facilitator", technicians_of(found.id))
    if form.ok and who is not None:
        with form.trying():
            made = actions.prepare(
                found,
                message=form.values.get("message", ""),
                facilitator=who,
                session_on=session_on,
                session_half=form.values.get("session_half", "am"),
                next_on=next_on,
                today=clock.today(now),
                now=now,
            )
            return redirect(url_for("fieldwork.show", client=client, campaign=made.id), 303)
    return pages.index(found, form), 422


@blueprint.post("/<uuid:campaign>/groupes")
def add_group(client: str, campaign: UUID) -> ResponseReturnValue:
    """Add a group and its link."""
    found, chosen = _chosen(client, campaign)
    form = FieldForm(request.form)
    headcount = form.count("headcount")
    if form.ok:
        with form.trying():
            actions.add_group(chosen, name=form.values.get("name", ""), headcount=headcount, now=clock.now())
            return redirect(url_for("fieldwork.show", client=client, campaign=campaign), 303)
    return pages.campaign(found, chosen, form), 422


@blueprint.post("/<uuid:campaign>/cloture")
def close(client: str, campaign: UUID) -> ResponseReturnValue:
    """Stop collecting."""
    _, chosen = _chosen(client, campaign)
    actions.close(chosen, now=clock.now())
    flash("La collecte est close. Les liens des groupes mènent maintenant aux réponses.")
    return redirect(url_for("fieldwork.show", client=client, campaign=campaign), 303)


def _chosen(client: str, campaign: UUID) -> tuple[Client, FieldCampaign]:
    found = client_or_404(client)
    return found, queries.campaign_or_404(found.id, campaign)
