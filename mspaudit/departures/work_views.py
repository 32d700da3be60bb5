"""Working on departures: announce one or many, tick the list, verify, close."""

from collections.abc import Callable
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from mspaudit.clients.forms import identifier
from mspaudit.clients.models import Client
from mspaudit.clients.queries import client_or_404, person_or_404
from mspaudit.departures import actions, forms, pages, queries
from mspaudit.departures.forms import LeavingForm
from mspaudit.departures.models import Departure
from mspaudit.departures.views import departure_page
from mspaudit.errors import DomainError
from mspaudit.kernel import clock
from mspaudit.kernel.french import plural
from mspaudit.tenancy.blueprints import tenant_blueprint

PREFIX = "/clients/<client>/departs"
blueprint = tenant_blueprint("departures", __name__, audience="technician", prefix=PREFIX)
NOBODY = "Choisissez une personne."


@blueprint.route("/nouveau", methods=["GET", "POST"])
def start(client: str) -> ResponseReturnValue:
    """Announce one departure; ``?person=`` names who, from another page."""
    found = client_or_404(client)
    asked = request.values.get("person_id") or request.values.get("person", "")
    people = queries.may_leave(found.id, identifier(asked))
    if request.method == "GET":
        gone = next((p.left_on for p in people if str(p.id) == asked), None)
        typed = {"person_id": asked, "leaves_on": (gone or pages.today()).isoformat()}
        return pages.render("start", found, form=LeavingForm(typed), people=people)
    form = LeavingForm(request.form)
    told, person = forms.announced(form), form.person("person_id", people)
    if person is None:
        form.errors["person_id"] = NOBODY
    departure: Departure | None = None
    if form.ok and person is not None:
        with form.trying():
            departure = actions.start(found, person, now=clock.now(), **told._asdict())
    if departure is None:
        return pages.render("start", found, form=form, people=people), 422
    return redirect(url_for("departure_pages.show", client=client, departure=departure.id), 303)


@blueprint.route("/plusieurs", methods=["GET", "POST"])
def start_many(client: str) -> ResponseReturnValue:
    """Announce several at once, such as the élus who leave after an election (``?elus=1``)."""
    found = client_or_404(client)
    people = queries.may_leave(found.id)
    if request.method == "GET":
        after_election = "elus" in request.args
        kind = "term" if after_election else "leave"
        form = LeavingForm({"leaves_on": pages.today().isoformat(), "kind": kind})
        return _many(found, form, [p.id for p in people if after_election and p.status == "elected"])
    form = LeavingForm(request.form)
    told, chosen = forms.announced(form), form.people("people", people)
    started: list[Departure] = []
    if form.ok:
        with form.trying():
            started = actions.start_many(
                found, chosen, kind=told.kind, leaves_on=told.leaves_on, now=clock.now()
            )
    if not started:
        return _many(found, form, [person.id for person in chosen]), 422
    flash(f"{plural(len(started), 'départ ouvert', 'départs ouverts')}, chacun avec sa liste.", "done")
    return redirect(url_for("departure_pages.index", client=client), 303)


@blueprint.post("/<uuid:departure>/liste")
def prepare(client: str, departure: UUID) -> ResponseReturnValue:
    """Add to the list what was learnt since."""

    def add(row: Departure) -> str:
        added = actions.prepare(row, now=clock.now())
        return f"{plural(added, 'ligne ajoutée', 'lignes ajoutées')}." if added else "La liste est complète."

    return _do(client, departure, add)


@blueprint.post("/<uuid:departure>/lignes/<uuid:item>/fait")
def done(client: str, departure: UUID, item: UUID) -> ResponseReturnValue:
    """A line is done."""
    return _do(client, departure, lambda row: _settle(row, item, None))


@blueprint.post("/<uuid:departure>/lignes/<uuid:item>/sans-objet")
def not_applicable(client: str, departure: UUID, item: UUID) -> ResponseReturnValue:
    """A line does not apply, and why."""
    return _do(client, departure, lambda row: _settle(row, item, request.form.get("reason", "")))


@blueprint.post("/<uuid:departure>/lignes/<uuid:item>/reprise")
def reopen(client: str, departure: UUID, item: UUID) -> ResponseReturnValue:
    """A tick made by mistake."""

    def take_back(row: Departure) -> str:
        actions.reopen_item(row, queries.item_or_404(row.id, item), now=clock.now())
        return ""

    return _do(client, departure, take_back)


@blueprint.post("/<uuid:departure>/verification")
def verify(client: str, departure: UUID) -> ResponseReturnValue:
    """Someone else looked: the accesses are cut."""

    def look(row: Departure) -> str:
        actions.verify(row, now=clock.now())
        return "Coupure vérifiée. La personne est notée partie."

    return _do(client, departure, look)


@blueprint.post("/<uuid:departure>/cloture")
def close(client: str, departure: UUID) -> ResponseReturnValue:
    """Everything is settled and checked."""

    def seal(row: Departure) -> str:
        actions.close(row, now=clock.now())
        return "Départ clos. La fiche est prête à imprimer."

    return _do(client, departure, seal)


@blueprint.post("/<uuid:departure>/annulation")
def cancel(client: str, departure: UUID) -> ResponseReturnValue:
    """Announced by mistake."""

    def give_up(row: Departure) -> str:
        actions.cancel(row, request.form.get("reason", ""), now=clock.now())
        return "Départ annulé."

    return _do(client, departure, give_up)


@blueprint.post("/<uuid:departure>/date")
def reschedule(client: str, departure: UUID) -> ResponseReturnValue:
    """The last day changed."""

    def move(row: Departure) -> str:
        actions.reschedule(row, forms.one_day(request.form, "leaves_on"), now=clock.now())
        return "Date changée, et toutes les échéances avec elle."

    return _do(client, departure, move)


def _settle(row: Departure, item: UUID, reason: str | None) -> str:
    actions.settle_item(row, queries.item_or_404(row.id, item), reason=reason, now=clock.now())
    return ""


def _do(client: str, departure: UUID, verb: Callable[[Departure], str]) -> ResponseReturnValue:
    found = client_or_404(client)
    row = queries.departure_or_404(found.id, departure, lock=True)
    person_or_404(found.id, row.person_id)
    try:
        said = verb(row)
    except DomainError as refusal:
        return departure_page(found, row, refused=str(refusal)), 422
    if said:
        flash(said, "done")
    return redirect(url_for("departure_pages.show", client=client, departure=row.id), 303)


def _many(client: Client, form: LeavingForm, chosen: list[UUID]) -> str:
    people = queries.may_leave(client.id)
    return pages.render("bulk", client, form=form, people=people, chosen=set(chosen))
