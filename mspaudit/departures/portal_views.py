"""A client's own people announce a departure; their MSP does the rest."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mspaudit.clients import queries as clients
from mspaudit.clients.models import Client, Person
from mspaudit.clients.people_actions import add_person
from mspaudit.clients.views import choices
from mspaudit.departures import actions, forms, queries, rules
from mspaudit.departures.forms import LeavingForm
from mspaudit.departures.models import Departure
from mspaudit.kernel import clock
from mspaudit.kernel.french import day
from mspaudit.tenancy.blueprints import portal_blueprint

blueprint = portal_blueprint("client_departures", __name__, audience="respondent", prefix="/departs")


@blueprint.get("")
def index() -> str:
    """Who leaves, and the form to announce it."""
    return _page(_client(), LeavingForm({"leaves_on": clock.today(clock.now()).isoformat()}))


@blueprint.post("")
def announce() -> ResponseReturnValue:
    """Announce a departure."""
    client, form = _client(), LeavingForm(request.form)
    told = forms.announced(form)
    person = form.person("person_id", queries.may_leave(client.id))
    departure: Departure | None = None
    if person is None and not form.values.get("name", "").strip():
        form.errors["person_id"] = "Choisissez une personne, ou écrivez son nom."
    if form.ok:
        with form.trying():
            who = person or _newcomer(client, form.values["name"])
            departure = actions.start(client, who, now=clock.now(), **told._asdict())
    if departure is None:
        return _page(client, form), 422
    flash(f"C’est noté. {g.visitor.tenant_name} coupera les accès le {day(departure.leaves_on)}.")
    return redirect(url_for("client_departures.index"), 303)


def _newcomer(client: Client, name: str) -> Person:
    status = "agent" if client.is_commune else "employee"
    return add_person(client, name=name, status=status, unit_id=g.visitor.unit_id, now=clock.now())


def _client() -> Client:
    return clients.client_or_404(g.visitor.client_slug)


def _page(client: Client, form: LeavingForm) -> str:
    today = clock.today(clock.now())
    return render_template(
        "departures/announce.html",
        client=client,
        form=form,
        people=queries.may_leave(client.id),
        departures=queries.departures(client.id, today=today),
        kinds=rules.KINDS,
        choices=choices,
        today=today,
    )
