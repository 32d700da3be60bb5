"""One report: cleared by the facilitator, sorted, merged, compared, answered."""

from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from mspaudit.clients.forms import identifier
from mspaudit.clients.models import Client
from mspaudit.clients.queries import client_or_404
from mspaudit.content.packs import base_pack
from mspaudit.errors import DomainError
from mspaudit.fieldwork import pages, queries, rules, triage_actions
from mspaudit.fieldwork.models import FieldCampaign, FieldReport
from mspaudit.fieldwork.triage_actions import Views
from mspaudit.kernel import clock
from mspaudit.tenancy.blueprints import tenant_blueprint

blueprint = tenant_blueprint(
    "field_reports",
    __name__,
    audience="technician",
    prefix="/clients/<client>/terrain/<uuid:campaign>/recits/<uuid:report>",
)


class Chosen(NamedTuple):
    """The report that an address names, with its campaign and its client."""

    client: Client
    campaign: FieldCampaign
    report: FieldReport


@blueprint.get("")
def show(client: str, campaign: UUID, report: UUID) -> str:
    """One report, its names hidden unless the facilitator looks."""
    return _page(_chosen(client, campaign, report))


@blueprint.post("/relecture")
def clear(client: str, campaign: UUID, report: UUID) -> ResponseReturnValue:
    """The facilitator took the names out."""
    chosen, sent = _chosen(client, campaign, report), request.form
    return _done(
        chosen,
        "Relu. Le texte est maintenant lisible par tous.",
        lambda: triage_actions.clear(chosen.campaign, chosen.report, sent, now=clock.now()),
    )


@blueprint.post("/tri")
def triage(client: str, campaign: UUID, report: UUID) -> ResponseReturnValue:
    """Sort the report."""
    chosen, sent, now = _chosen(client, campaign, report), request.form, clock.now()
    known = {control.code for control in base_pack().controls}
    return _done(
        chosen,
        "Récit trié.",
        lambda: triage_actions.triage(
            chosen.report,
            category=sent.get("category", ""),
            cause=sent.get("cause", ""),
            codes=[code for code in sent.getlist("code") if code in known],
            today=clock.today(now),
            now=now,
        ),
    )


@blueprint.post("/reunion")
def merge(client: str, campaign: UUID, report: UUID) -> ResponseReturnValue:
    """Merge the report into another, or take it out again when none is chosen."""
    chosen = _chosen(client, campaign, report)
    wanted = identifier(request.form.get("into", ""))
    if wanted is None:
        return _done(chosen, "Récit séparé.", lambda: triage_actions.unmerge(chosen.report, now=clock.now()))
    into = queries.report_or_404(chosen.campaign.id, wanted)
    return _done(chosen, "Récits réunis.", lambda: triage_actions.merge(chosen.report, into, now=clock.now()))


@blueprint.post("/visions")
def compare(client: str, campaign: UUID, report: UUID) -> ResponseReturnValue:
    """Write what each side says."""
    chosen, sent = _chosen(client, campaign, report), request.form
    views = Views(
        business=sent.get("business_view", ""),
        it=sent.get("it_view", ""),
        proposal=sent.get("proposal", ""),
        positions={
            side: {"agrees": sent[f"agrees_{side}"] == "yes", "words": sent.get(f"words_{side}", "")}
            for side in rules.SIDES
            if sent.get(f"agrees_{side}") in ("yes", "no")
        },
    )
    return _done(
        chosen, "Visions notées.", lambda: triage_actions.compare(chosen.report, views, now=clock.now())
    )


@blueprint.post("/reponse")
def answer(client: str, campaign: UUID, report: UUID) -> ResponseReturnValue:
    """Write the answer that the group will read."""
    chosen, sent, now = _chosen(client, campaign, report), request.form, clock.now()
    return _done(
        chosen,
        "Réponse enregistrée : le groupe la lit à son adresse.",
        lambda: triage_actions.answer(
            chosen.report,
            answer=sent.get("answer", ""),
            why=sent.get("why", ""),
            today=clock.today(now),
            now=now,
        ),
    )


def _done(chosen: Chosen, said: str, act: Callable[[], None]) -> ResponseReturnValue:
    try:
        act()
    except DomainError as refused:
        return _page(chosen, refused=str(refused)), 422
    flash(said)
    return redirect(
        url_for(
            "field_reports.show",
            client=chosen.client.slug,
            campaign=chosen.campaign.id,
            report=chosen.report.id,
        ),
        303,
    )


def _chosen(client: str, campaign: UUID, report: UUID) -> Chosen:
    found = client_or_404(client)
    chosen = queries.campaign_or_404(found.id, campaign)
    return Chosen(found, chosen, queries.report_or_404(chosen.id, report))


def _page(chosen: Chosen, refused: str = "") -> str:
    lines = queries.board(chosen.campaign)
    line = next((each for each in lines if each.report.id == chosen.report.id), None)
    line = line or queries.merged(chosen.campaign, chosen.report)
    return pages.render(
        "report",
        chosen.client,
        campaign=chosen.campaign,
        line=line,
        others=[each for each in lines if each.report.id != chosen.report.id],
        facilitates=pages.facilitates(chosen.campaign),
        proposed=rules.proposed_category(chosen.report.data),
        controls=base_pack().for_kind("commune" if chosen.client.is_commune else "enterprise"),
        refused=refused,
        typed=request.form,
    )
