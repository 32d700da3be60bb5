"""Working on a client's plan: add, change, move, put back, propose."""

from uuid import UUID

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from mspaudit.clients.forms import identifier
from mspaudit.clients.models import Client
from mspaudit.clients.queries import client_or_404
from mspaudit.errors import DomainError
from mspaudit.kernel import clock
from mspaudit.kernel.french import listing
from mspaudit.plan import actions, findings, forms, pages, queries, rules
from mspaudit.plan.forms import PlanForm
from mspaudit.plan.models import ActionItem
from mspaudit.plan.views import plan_page
from mspaudit.risk.queries import picture
from mspaudit.tenancy.blueprints import tenant_blueprint

blueprint = tenant_blueprint("plan_edit", __name__, audience="technician", prefix="/clients/<client>/plan")


@blueprint.post("/constats")
def take(client: str) -> ResponseReturnValue:
    """Turn a finding into an action, in one click."""
    found, today = client_or_404(client), pages.today()
    seen = picture(found.id, today=today)
    offered = findings.candidates(found.id, queries.controls(seen), queries.gains(seen), today=today)
    wanted = request.form.get("kind", ""), identifier(request.form.get("source_id", ""))
    candidate = next((each for each in offered if (each.kind, each.source_id) == wanted), None)
    if candidate is None:
        return plan_page(found, "Ce constat n’est plus d’actualité, ou il est déjà au plan."), 422
    item = actions.add_candidate(found, candidate, now=clock.now())
    flash(f"« {item.title} » est au plan.", "done")
    return _back(found)


@blueprint.route("/nouvelle", methods=["GET", "POST"])
def new(client: str) -> ResponseReturnValue:
    """Add an action by hand."""
    return _edit(client_or_404(client), None)


@blueprint.route("/<uuid:action>", methods=["GET", "POST"])
def change(client: str, action: UUID) -> ResponseReturnValue:
    """Change an action, in its line or on a page of its own."""
    found = client_or_404(client)
    return _edit(found, queries.action_or_404(found.id, action))


def _edit(client: Client, item: ActionItem | None) -> ResponseReturnValue:
    others = [each for each in queries.actions(client.id) if item is None or each.id != item.id]
    typed = forms.action_typed(item) if item else {}
    form = PlanForm(request.form if request.method == "POST" else typed)
    template = "_edit_row" if item and request.headers.get("HX-Request") else "action_form"
    if request.method == "GET":
        return pages.render(template, client, form=form, item=item, others=others)
    sheet = forms.action(form, others)
    if form.ok:
        with form.trying():
            if item is None:
                actions.add(client, sheet, now=clock.now())
            else:
                actions.edit(item, sheet, now=clock.now())
    if not form.ok:
        return pages.render("action_form", client, form=form, item=item, others=others), 422
    flash(f"« {sheet.title} » : enregistrée.", "done")
    return _back(client)


@blueprint.post("/<uuid:action>/etat")
def move(client: str, action: UUID) -> ResponseReturnValue:
    """Give an action another state; the next page offers to take it back."""
    found = client_or_404(client)
    item = queries.action_or_404(found.id, action, lock=True)
    now = clock.now()
    try:
        actions.move(item, request.form.get("status", ""), now=now, today=clock.today(now))
    except DomainError as refusal:
        return plan_page(found, str(refusal)), 422
    return redirect(url_for("plan.index", client=client, modifiee=item.id), 303)


@blueprint.post("/<uuid:action>/retour")
def undo(client: str, action: UUID) -> ResponseReturnValue:
    """Take back the last change of state."""
    found = client_or_404(client)
    item = queries.action_or_404(found.id, action, lock=True)
    try:
        actions.undo(item, now=clock.now())
    except DomainError as refusal:
        return plan_page(found, str(refusal)), 422
    flash(f"« {item.title} » est de nouveau {rules.STATUSES[item.status].lower()}.", "done")
    return _back(found)


@blueprint.post("/<uuid:action>/place")
def place(client: str, action: UUID) -> ResponseReturnValue:
    """Move an action one place up or down."""
    found = client_or_404(client)
    item = queries.action_or_404(found.id, action)
    actions.place(item, up=request.form.get("sens") != "bas", now=clock.now())
    return redirect(url_for("plan.index", client=client, _anchor=f"action-{item.id}"), 303)


@blueprint.route("/<uuid:action>/proposition", methods=["GET", "POST"])
def propose(client: str, action: UUID) -> ResponseReturnValue:
    """Write the advice, and send it to those who decide."""
    found, today = client_or_404(client), pages.today()
    item = queries.action_or_404(found.id, action)
    if item.status not in ("proposed", "refused", "postponed"):
        abort(404)
    gain = queries.gains(picture(found.id, today=today)).get(item.code or "")
    rate = pages.words(found)["rate"]
    form = PlanForm(request.form if request.method == "POST" else forms.proposal_typed(item, rate))
    who = queries.deciders([found.id]).get(found.id, [])
    if request.method == "GET":
        return pages.render("propose", found, form=form, item=item, who=who, options=forms.OPTIONS, gain=gain)
    proposal = forms.proposal(form, item, gain, today)
    if form.ok:
        with form.trying():
            actions.propose(found, proposal, now=clock.now())
    if not form.ok:
        page = pages.render("propose", found, form=form, item=item, who=who, options=forms.OPTIONS, gain=gain)
        return page, 422
    flash(f"Proposé à {listing([member.name for member in who])}. Vous verrez ici quand ce sera lu.", "done")
    return _back(found)


def _back(client: Client) -> ResponseReturnValue:
    return redirect(url_for("plan.index", client=client.slug), 303)
