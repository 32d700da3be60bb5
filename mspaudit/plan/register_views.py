"""A client's register of advice, to read and to take away; and what the MSP may do about it."""

from datetime import date, datetime
from uuid import UUID

from flask import Response, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from mspaudit.adapters.uploads import UploadRefused
from mspaudit.clients.models import Client
from mspaudit.clients.queries import client_or_404
from mspaudit.errors import DomainError
from mspaudit.kernel import clock
from mspaudit.kernel.clock import local
from mspaudit.plan import actions, documents, forms, pages, queries, register_file
from mspaudit.plan.forms import PlanForm
from mspaudit.plan.register_file import Line
from mspaudit.tenancy.blueprints import tenant_blueprint

PREFIX = "/clients/<client>/registre"
blueprint = tenant_blueprint("register", __name__, audience="reader", prefix=PREFIX)
verbs = tenant_blueprint("register_verbs", __name__, audience="technician", prefix=PREFIX)
LINES = 50


@blueprint.get("")
def index(client: str) -> str:
    """What was recommended, what was decided, and whether the chain is whole."""
    found = client_or_404(client)
    lines, anchors = queries.register(found.id), queries.anchors(found.id)
    return pages.render(
        "register",
        found,
        advice=queries.advice(found.id),
        lines=[_told(line) for line in reversed(lines[-LINES:])],
        total=len(lines),
        broken=register_file.first_broken([(line, {}) for line in lines]),
        anchors=anchors,
        anchored=date.fromisoformat(anchors[-1].day) if anchors else None,
    )


def _told(line: Line) -> tuple[Line, dict[str, str], datetime]:
    return line, register_file.readable(line), local(datetime.fromisoformat(line.at))


@blueprint.get("/<uuid:recommendation>")
def show(client: str, recommendation: UUID) -> str:
    """One recommendation and everything that was decided of it."""
    return advice_page(client_or_404(client), recommendation, PlanForm())


@blueprint.get("/registre.csv")
def csv_file(client: str) -> Response:
    """The register as CSV, which anyone can verify."""
    found = client_or_404(client)
    return csv_of(found)


@blueprint.get("/registre.pdf")
def pdf_file(client: str) -> Response:
    """The register as a PDF."""
    return pdf_of(client_or_404(client))


@blueprint.get("/ancrage.txt")
def anchor_file(client: str) -> Response:
    """What was noted of this register outside the chain."""
    return anchors_of(client_or_404(client))


@blueprint.get("/<uuid:recommendation>/<uuid:decision>/document")
def document(client: str, recommendation: UUID, decision: UUID) -> Response:
    """What shows a decision that was received elsewhere."""
    advice = queries.recommendation_or_404(client_or_404(client).id, recommendation)
    row = queries.decision_or_404(advice.id, decision)
    return pages.stored(row.document_key, row.document_name or "decision")


@verbs.post("/<uuid:recommendation>/decision")
def override(client: str, recommendation: UUID) -> ResponseReturnValue:
    """Write down a decision that was received elsewhere."""
    found, now = client_or_404(client), clock.now()
    advice = queries.recommendation_or_404(found.id, recommendation, lock=True)
    form = PlanForm(request.form)
    said = forms.said(form)
    with form.trying():
        received = forms.received(form, request.files.get("document"))
        if form.ok:
            try:
                actions.override(advice, said, received, now=now, today=clock.today(now))
            except UploadRefused as refusal:
                raise DomainError(str(refusal)) from None
    if not form.ok:
        return advice_page(found, recommendation, form), 422
    flash("Décision notée. Le client en est prévenu, et peut la contester.", "done")
    return redirect(url_for("register.show", client=client, recommendation=recommendation), 303)


@verbs.post("/<uuid:recommendation>/rappel")
def remind(client: str, recommendation: UUID) -> ResponseReturnValue:
    """Write again to those who decide."""
    found = client_or_404(client)
    advice = queries.recommendation_or_404(found.id, recommendation, lock=True)
    form = PlanForm()
    with form.trying():
        actions.remind(advice, now=clock.now())
    if not form.ok:
        return advice_page(found, recommendation, form), 422
    flash("Rappel envoyé.", "done")
    return redirect(url_for("register.show", client=client, recommendation=recommendation), 303)


@verbs.post("/<uuid:recommendation>/retrait")
def withdraw(client: str, recommendation: UUID) -> ResponseReturnValue:
    """Take back advice that nobody decided on."""
    found = client_or_404(client)
    advice = queries.recommendation_or_404(found.id, recommendation, lock=True)
    form = PlanForm(request.form)
    with form.trying():
        actions.withdraw(advice, request.form.get("withdrawal", ""), now=clock.now())
    if not form.ok:
        return advice_page(found, recommendation, form), 422
    flash("Recommandation retirée. Elle reste au registre, avec son motif.", "done")
    return redirect(url_for("register.show", client=client, recommendation=recommendation), 303)


def advice_page(client: Client, recommendation: UUID, form: PlanForm) -> str:
    """The page of one recommendation. ``form``: what was typed and refused, if any."""
    advice = queries.one_advice(client.id, recommendation)
    history = queries.decisions(recommendation)
    return pages.render("advice", client, advice=advice, history=history, form=form)


def csv_of(client: Client) -> Response:
    """The register of that client as CSV."""
    data = register_file.to_file(queries.register(client.id))
    return pages.download(data, "text/csv", f"registre-{client.slug}.csv")


def pdf_of(client: Client) -> Response:
    """The register of that client as a PDF."""
    lines, anchors = queries.register(client.id), queries.anchors(client.id)
    data = documents.register_pdf(client, lines, anchors, msp=g.visitor.tenant_name, now=clock.now())
    return pages.download(data, "application/pdf", f"registre-{client.slug}.pdf")


def anchors_of(client: Client) -> Response:
    """What was noted of that client's register, day after day."""
    text = register_file.anchors_text(str(client.tenant_id), queries.anchors(client.id))
    return pages.download(text.encode(), "text/plain", f"ancrage-{client.slug}.txt")
