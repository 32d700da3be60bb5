"""The direction's pages: its promise, its own ten answers, then what the field told, beside them."""

from uuid import UUID

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mspaudit.clients.forms import identifier
from mspaudit.clients.queries import client_or_404
from mspaudit.content.packs import base_pack
from mspaudit.content.schema import Control, Kind
from mspaudit.errors import DomainError
from mspaudit.fieldwork import actions, queries, rules, triage_actions
from mspaudit.fieldwork.models import FieldCampaign
from mspaudit.kernel import clock
from mspaudit.tenancy.blueprints import portal_blueprint

blueprint = portal_blueprint("client_fieldwork", __name__, audience="decider", prefix="/terrain")


@blueprint.get("")
def index() -> str:
    """The campaigns of the client, the latest first."""
    return render_template(
        "fieldwork/portal.html",
        campaigns=queries.campaigns(g.visitor.client_id),
        rules=rules,
        today=clock.today(clock.now()),
    )


@blueprint.post("/<uuid:campaign>/promesse")
def promise(campaign: UUID) -> ResponseReturnValue:
    """Promise that nobody will be blamed."""
    found = queries.campaign_or_404(g.visitor.client_id, campaign)
    actions.promise(found, now=clock.now())
    flash("C’est noté. La collecte peut commencer.")
    return redirect(url_for("client_fieldwork.index"), 303)


@blueprint.get("/<uuid:campaign>")
def read(campaign: UUID) -> str:
    """The ten questions first; once they are answered, the reports beside the answers."""
    return _page(queries.campaign_or_404(g.visitor.client_id, campaign))


@blueprint.post("/<uuid:campaign>/questions")
def answer_express(campaign: UUID) -> ResponseReturnValue:
    """Answer the ten questions, before reading."""
    found = queries.campaign_or_404(g.visitor.client_id, campaign)
    asked = [control.code for control in _express(_kind())]
    try:
        triage_actions.answer_express(found, request.form, asked, now=clock.now())
    except DomainError as refused:
        return _page(found, str(refused)), 422
    return redirect(url_for("client_fieldwork.read", campaign=campaign), 303)


@blueprint.post("/<uuid:campaign>/ordre")
def rank(campaign: UUID) -> ResponseReturnValue:
    """Say in which order too many immediate reports are treated."""
    found = _read_already(campaign)
    urgent = [line.report for line in queries.urgent(queries.board(found))]
    ranks = {key: request.form.get(f"rank-{key.id}", "") for key in urgent}
    given = sorted(((int(r), key.id) for key, r in ranks.items() if r.isdecimal()), key=lambda pair: pair[0])
    try:
        if len({position for position, _ in given}) != len(urgent):
            raise DomainError("Donnez un rang différent à chacun.")
        triage_actions.rank(urgent, [each for _, each in given], now=clock.now())
    except DomainError as refused:
        return _page(found, str(refused)), 422
    flash("C’est noté : les cinq premiers sont traités d’abord.")
    return redirect(url_for("client_fieldwork.read", campaign=campaign), 303)


@blueprint.post("/<uuid:campaign>/reponses")
def answer(campaign: UUID) -> ResponseReturnValue:
    """Answer one report to its group."""
    found, now = _read_already(campaign), clock.now()
    wanted = identifier(request.form.get("report", ""))
    if wanted is None:
        return _page(found, "Choisissez le récit auquel vous répondez."), 422
    report = queries.report_or_404(found.id, wanted)
    try:
        triage_actions.answer(
            report,
            answer=request.form.get("answer", ""),
            why=request.form.get("why", ""),
            today=clock.today(now),
            now=now,
        )
    except DomainError as refused:
        return _page(found, str(refused)), 422
    flash("Réponse enregistrée : le groupe la lit à son adresse.")
    return redirect(url_for("client_fieldwork.read", campaign=campaign), 303)


def _read_already(campaign: UUID) -> FieldCampaign:
    """A campaign whose reports the direction may read."""
    found = queries.campaign_or_404(g.visitor.client_id, campaign)
    if not queries.express(found.id):
        abort(404)
    return found


def _kind() -> Kind:
    return "commune" if client_or_404(g.visitor.client_slug).is_commune else "enterprise"


def _express(kind: Kind) -> tuple[Control, ...]:
    return base_pack().express(kind)


def _page(found: FieldCampaign, refused: str = "") -> str:
    said, kind = queries.express(found.id), _kind()
    # Nothing of what was told is even read before the direction has answered.
    lines = queries.board(found) if said else []
    urgent = queries.urgent(lines)
    return render_template(
        "fieldwork/portal_campaign.html",
        campaign=found,
        express=_express(kind),
        kind=kind,
        said=said,
        lines=lines,
        contradicted=queries.contradicted(lines, said),
        urgent=urgent if len(urgent) > rules.MOST_IMMEDIATE else [],
        choices=triage_actions.CHOICES,
        rules=rules,
        refused=refused,
        typed=request.form,
        today=clock.today(clock.now()),
    )
