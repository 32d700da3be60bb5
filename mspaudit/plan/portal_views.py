"""A client's own people read what is recommended; those who decide do so, here and nowhere else."""

from uuid import UUID

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mspaudit.clients.models import Client
from mspaudit.clients.queries import client_or_404
from mspaudit.kernel import clock
from mspaudit.plan import actions, forms, pages, queries, register_views, rules
from mspaudit.plan.forms import PlanForm
from mspaudit.tenancy.blueprints import portal_blueprint

blueprint = portal_blueprint("decisions", __name__, audience="respondent", prefix="/decisions")
verbs = portal_blueprint("decide", __name__, audience="decider", prefix="/decisions")


@blueprint.get("")
def index() -> str:
    """What waits for a decision, and what was decided."""
    client = _client()
    return _render("decisions", client, advice=queries.advice(client.id))


@blueprint.get("/<uuid:recommendation>")
def show(recommendation: UUID) -> str:
    """One recommendation; that a decider opened it is written in the register, once."""
    client = _client()
    advice = queries.recommendation_or_404(client.id, recommendation)
    actions.open_advice(advice, now=clock.now())
    return _page(client, recommendation, PlanForm())


@blueprint.get("/registre.csv")
def csv_file() -> Response:
    """The register as CSV, which anyone can verify."""
    return register_views.csv_of(_client())


@blueprint.get("/registre.pdf")
def pdf_file() -> Response:
    """The register as a PDF."""
    return register_views.pdf_of(_client())


@blueprint.get("/ancrage.txt")
def anchor_file() -> Response:
    """What was noted of the register outside the chain."""
    return register_views.anchors_of(_client())


@blueprint.get("/<uuid:recommendation>/<uuid:decision>/document")
def document(recommendation: UUID, decision: UUID) -> Response:
    """What the MSP says it was shown."""
    advice = queries.recommendation_or_404(_client().id, recommendation)
    row = queries.decision_or_404(advice.id, decision)
    return pages.stored(row.document_key, row.document_name or "decision")


@verbs.post("/<uuid:recommendation>/decision")
def decide(recommendation: UUID) -> ResponseReturnValue:
    """Accept, postpone or refuse."""
    client, now = _client(), clock.now()
    advice = queries.recommendation_or_404(client.id, recommendation)
    form = PlanForm(request.form)
    said = forms.said(form)
    if form.ok:
        with form.trying():
            actions.decide(advice, said, now=now, today=clock.today(now))
    if not form.ok:
        return _page(client, recommendation, form), 422
    flash(f"C’est enregistré : {rules.VERDICTS[said.verdict].lower()}. Un reçu vous est envoyé.")
    return redirect(url_for("decisions.index"), 303)


@verbs.post("/<uuid:recommendation>/<uuid:decision>/contestation")
def contest(recommendation: UUID, decision: UUID) -> ResponseReturnValue:
    """Say that what the MSP wrote down was never decided."""
    client = _client()
    advice = queries.recommendation_or_404(client.id, recommendation)
    row = queries.decision_or_404(advice.id, decision)
    form = PlanForm(request.form)
    with form.trying():
        actions.contest(advice, row, request.form.get("contest", ""), now=clock.now())
    if not form.ok:
        return _page(client, recommendation, form), 422
    flash("Votre contestation est au registre. La décision vous attend de nouveau.")
    return redirect(url_for("decisions.show", recommendation=recommendation), 303)


def _page(client: Client, recommendation: UUID, form: PlanForm) -> str:
    advice = queries.one_advice(client.id, recommendation)
    history = queries.decisions(recommendation)
    return _render("decision", client, advice=advice, history=history, form=form)


def _client() -> Client:
    return client_or_404(g.visitor.client_slug)


def _render(template: str, client: Client, **more: object) -> str:
    now = clock.now()
    return render_template(
        f"plan/{template}.html",
        client=client,
        now=now,
        today=clock.today(now),
        rules=rules,
        decides=g.visitor.role == "decider",
        tax="TTC" if client.is_commune else "HT",
        cents=lambda amount: rules.shown_cents(amount, with_tax=client.is_commune),
        **more,
    )
