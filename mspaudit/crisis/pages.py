"""The pages of the plan, the same for the MSP and for the client's own people; only their frame differs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from uuid import UUID

from flask import Response, flash, g, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from mspaudit.clients import links
from mspaudit.clients import queries as clients
from mspaudit.clients.models import Client
from mspaudit.content import crisis as content
from mspaudit.crisis import actions, documents, queries, rules
from mspaudit.crisis.forms import PlanForm
from mspaudit.crisis.models import CrisisPlan
from mspaudit.errors import DomainError
from mspaudit.journal.actions import record
from mspaudit.kernel import clock
from mspaudit.kernel.french import slug
from mspaudit.runtime import runtime
from mspaudit.tenancy.context import current

SHOWN = ("index", "booklet", "card", "sheet_paper")
PARTS = {
    "cover": "Couverture",
    "cell": "Cellule de crise",
    "directory": "Annuaire",
    "sheets": "Fiches de secours",
}


@dataclass(frozen=True)
class Side:
    """Where a page is shown. ``shown``, ``edited``: the blueprints that show and that change."""

    client: Client
    layout: str
    shown: str
    edited: str

    def url(self, page: str, service: str | None = None, exercise: UUID | None = None) -> str:
        """The address of a page of the plan on this side."""
        blueprint = self.shown if page in SHOWN else self.edited
        return url_for(f"{blueprint}.{page}", client=self.client.slug, service=service, exercise=exercise)


def staff(client: str) -> Side:
    """The MSP's side. Raises NotFound."""
    return Side(clients.client_or_404(client), "crisis/_client.html", "crisis", "crisis_edit")


def space() -> Side:
    """The side of the client's own people."""
    found = clients.client_or_404(g.visitor.client_slug)
    return Side(found, "crisis/_space.html", "crisis_space", "crisis_space")


def index(side: Side, refused: str = "", form: PlanForm | None = None) -> str:
    """The plan as it stands and what it lacks. ``form``: the exercise that was refused, as typed."""
    today = _today()
    view = queries.view(side.client)
    return render(
        side,
        "index",
        view=view,
        refused=refused,
        typed=form.values if form else {},
        parts=PARTS,
        stale=view.stale(today),
        outdated=view.outdated_print(today),
        first_hour=content.lines("first_hour"),
        exercises=queries.exercises(side.client.id),
        scenarios={each.code: each.title for each in content.scenarios()},
    )


def cover(side: Side) -> ResponseReturnValue:
    """When to activate the plan, where its copies are."""
    plan = queries.plan_or_404(side.client.id)
    places = {f"place-{number}": place for number, place in enumerate(plan.places, 1)}

    def write(form: PlanForm) -> None:
        actions.set_cover(plan, activation=form.typed("activation"), places=form.places(), now=clock.now())

    return part(side, "cover", {"activation": plan.activation, **places}, write, copies=rules.COPIES)


def cell(side: Side) -> ResponseReturnValue:
    """Who holds each place of the team."""
    client, plan = side.client, queries.plan_or_404(side.client.id)
    roles = content.roles(client.kind)

    def write(form: PlanForm) -> None:
        given = form.seats([role.code for role in roles])
        if form.ok:
            actions.set_cell(client, plan, given, now=clock.now())

    names = ("name", "phone", "deputy", "deputy_phone")
    seats = queries.view(client).seats
    typed = {f"{name}-{seat.role.code}": getattr(seat, name) for seat in seats for name in names}
    people = [each.name for each in clients.people(client.id) if each.left_on is None]
    return part(side, "cell", typed, write, roles=roles, people=people)


def directory(side: Side) -> ResponseReturnValue:
    """Whom to call."""
    client, plan = side.client, queries.plan_or_404(side.client.id)
    usual = content.contacts(client.kind)

    def write(form: PlanForm) -> None:
        given = form.contacts([each.code for each in usual])
        if form.ok:
            actions.set_directory(client, plan, given, now=clock.now())

    names = ("name", "phone", "note")
    lines = queries.view(client).directory
    typed = {f"{name}-{line.usual.code}": getattr(line, name) for line in lines for name in names}
    return part(side, "directory", typed, write, usual=usual)


def sheet(side: Side, service: str) -> ResponseReturnValue:
    """How one service works without computers."""
    client, plan = side.client, queries.plan_or_404(side.client.id)
    usual, row = queries.usual_sheet_or_404(client, service), queries.sheet(client.id, service)

    def write(form: PlanForm) -> None:
        given, now = form.sheet(), clock.now()
        if form.ok:
            actions.write_sheet(
                client, plan, usual, given, by=current().actor, today=clock.today(now), now=now
            )

    typed = {
        "hours": str(row.hours if row else usual.hours),
        "steps": row.steps if row else "\n".join(usual.steps),
        "stock": row.stock if row else usual.stock,
        "data_source": row.data_source if row else usual.data,
    } | ({"unconcerned": "1"} if row and not row.concerned else {})
    return part(side, "sheet", typed, write, usual=usual, row=row)


def start(side: Side) -> ResponseReturnValue:
    """Start the plan with what is known."""
    visitor, now = g.visitor, clock.now()
    provider = actions.Provider(visitor.tenant_name, str(visitor.brand.get("phone", "")))
    try:
        actions.start(side.client, provider, today=clock.today(now), now=now)
    except DomainError as refusal:
        return index(side, str(refusal)), 422
    flash("Plan commencé avec ce que nous savons déjà. Complétez chaque partie.", "done")
    return redirect(side.url("index"), 303)


def done(side: Side, verb: Callable[[CrisisPlan], str]) -> ResponseReturnValue:
    """Something that needs no form: read again, printed."""
    plan = queries.plan_or_404(side.client.id)
    try:
        flash(verb(plan), "done")
    except DomainError as refusal:
        return index(side, str(refusal)), 422
    return redirect(side.url("index"), 303)


def reviewed(plan: CrisisPlan) -> str:
    """Read again today, by who asks."""
    now = clock.now()
    actions.review(plan, by=current().actor, today=clock.today(now), now=now)
    return f"Version {plan.version}, relue aujourd’hui. Imprimez-la et remplacez les exemplaires."


def printed(plan: CrisisPlan) -> str:
    """Printed today."""
    now = clock.now()
    actions.note_print(plan, today=clock.today(now), now=now)
    return "Impression notée."


def booklet(side: Side) -> Response:
    """The booklet to print."""
    view, brand = queries.view(side.client), g.visitor.tenant_name
    data = documents.booklet_pdf(view, msp=brand, address=_address(side.client), at=clock.now())
    return _paper(side, data, "plan-de-crise")


def card(side: Side) -> Response:
    """The card to carry."""
    view, brand = queries.view(side.client), g.visitor.tenant_name
    data = documents.card_pdf(view, msp=brand, address=_address(side.client), at=clock.now())
    return _paper(side, data, "carte-72-h")


def sheet_paper(side: Side, service: str) -> Response:
    """One fallback sheet alone."""
    usual = queries.usual_sheet_or_404(side.client, service)
    view = queries.view(side.client)
    data = documents.sheet_pdf(view, usual, msp=g.visitor.tenant_name, at=clock.now())
    return _paper(side, data, f"fiche-{service}")


def render(side: Side, template: str, **more: object) -> str:
    """A page about one client's plan, in the frame of that side."""
    visitor = g.visitor
    return render_template(
        f"crisis/{template}.html",
        side=side,
        layout=side.layout,
        client=side.client,
        today=_today(),
        can_edit=visitor.role != "reader",
        overview=links.overview(side.client.slug) if side.shown == "crisis" else "",
        portfolio_url=links.portfolio() if side.shown == "crisis" else "",
        **more,
    )


def part(
    side: Side, template: str, typed: dict[str, str], write: Callable[[PlanForm], None], **more: object
) -> ResponseReturnValue:
    """A page that holds one form, and what becomes of it."""
    form = PlanForm(request.form if request.method == "POST" else typed)
    if request.method == "POST":
        with form.trying():
            write(form)
        if form.ok:
            flash("Enregistré.", "done")
            return redirect(side.url("index"), 303)
    page = render(side, template, form=form, **more)
    return page, 200 if request.method == "GET" else 422


def _paper(side: Side, data: bytes, name: str) -> Response:
    client = side.client
    record("crisis.paper_made", name, subject_id=client.id, client_id=client.id)
    file = f"{name}-{slug(client.name)}.pdf"
    return send_file(BytesIO(data), mimetype="application/pdf", as_attachment=True, download_name=file)


def _address(client: Client) -> str:
    """The plan on a telephone, for its code."""
    return f"{runtime().settings.public_url}{url_for('crisis_space.index', client=client.slug)}"


def _today() -> date:
    return clock.today(clock.now())
