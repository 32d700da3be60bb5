"""What the MSP does with an incident: open it, tell what is known, keep clocks and log, close it."""

from collections.abc import Callable
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mspaudit.clients.models import Client
from mspaudit.clients.queries import client_or_404
from mspaudit.crisis.incidents import actions, forms, pages, queries, rules
from mspaudit.crisis.incidents.forms import IncidentForm
from mspaudit.crisis.incidents.models import Incident, IncidentClock
from mspaudit.crisis.incidents.views import incident_page
from mspaudit.kernel import clock as clocks
from mspaudit.tenancy.blueprints import tenant_blueprint

blueprint = tenant_blueprint(
    "incident_work", __name__, audience="technician", prefix="/clients/<client>/incidents"
)


@blueprint.get("/nouveau")
def start(client: str) -> str:
    """Three fields."""
    return _opening(client_or_404(client), IncidentForm())


@blueprint.post("/nouveau")
def open_one(client: str) -> ResponseReturnValue:
    """Open it."""
    found = client_or_404(client)
    form = IncidentForm(request.form)
    incident = opened(found, form)
    if incident is None:
        return _opening(found, form), 422
    flash("L’incident est ouvert, les heures courent. Les personnes concernées reçoivent un message.")
    return _back(found, incident)


@blueprint.post("/<uuid:incident>/faits")
def say(client: str, incident: UUID) -> ResponseReturnValue:
    """What is known, from which clocks follow."""
    found, row, form = _about(client, incident)
    words = {name: form.values.get(name, "") for name in ("insurer", "csirt")}
    return _done(
        found, row, form, lambda: actions.say(found, row, forms.told(form), now=clocks.now(), **words)
    )


@blueprint.post("/<uuid:incident>/main-courante")
def write(client: str, incident: UUID) -> ResponseReturnValue:
    """A line more in the log."""
    found, row, form = _about(client, incident)
    return _done(found, row, form, lambda: wrote(row, form))


@blueprint.post("/<uuid:incident>/violation")
def breach(client: str, incident: UUID) -> ResponseReturnValue:
    """What the register of breaches holds of it."""
    found, row, form = _about(client, incident)
    people = form.count("breach_people")
    words = {name: form.values.get(f"breach_{name}", "") for name in ("data", "effects", "measures")}
    return _done(
        found, row, form, lambda: actions.describe_breach(row, people=people, now=clocks.now(), **words)
    )


@blueprint.post("/<uuid:incident>/cloture")
def close(client: str, incident: UUID) -> ResponseReturnValue:
    """Close it with a summary."""
    found, row, form = _about(client, incident)
    summary = form.values.get("summary", "")
    return _done(found, row, form, lambda: actions.close(row, summary=summary, now=clocks.now()))


@blueprint.post("/<uuid:incident>/reouverture")
def reopen(client: str, incident: UUID) -> ResponseReturnValue:
    """Open it again with a reason."""
    found, row, form = _about(client, incident)
    why = form.values.get("why", "")
    return _done(found, row, form, lambda: actions.reopen(row, why=why, now=clocks.now()))


@blueprint.post("/<uuid:incident>/enseignements")
def learn(client: str, incident: UUID) -> ResponseReturnValue:
    """Lessons, one a line."""
    found, row, form = _about(client, incident)
    texts = form.values.get("lessons", "").splitlines()
    return _done(found, row, form, lambda: actions.learn(row, texts, now=clocks.now()))


@blueprint.get("/<uuid:incident>/demarches/<uuid:clock>")
def duty(client: str, incident: UUID, clock: UUID) -> str:
    """One duty: when it was done, its hours, whether it holds."""
    found, row, form = _about(client, incident)
    return _duty(found, row, queries.clock_or_404(row.id, clock), form)


@blueprint.post("/<uuid:incident>/demarches/<uuid:clock>/fait")
def met(client: str, incident: UUID, clock: UUID) -> ResponseReturnValue:
    """Done, now or at the hour typed."""
    found, row, form = _about(client, incident)
    each, now = queries.clock_or_404(row.id, clock), clocks.now()
    at = form.moment("done_at", now=now)
    return _on_duty(found, row, each, form, lambda: actions.met(row, each, at=at, now=now))


@blueprint.post("/<uuid:incident>/demarches/<uuid:clock>/delai")
def hours(client: str, incident: UUID, clock: UUID) -> ResponseReturnValue:
    """Other hours, with a reason."""
    found, row, form = _about(client, incident)
    each, why = queries.clock_or_404(row.id, clock), form.values.get("why", "")
    count = form.needed("hours", rules.whole_hours) or 0
    return _on_duty(
        found, row, each, form, lambda: actions.set_hours(row, each, count, why=why, now=clocks.now())
    )


@blueprint.post("/<uuid:incident>/demarches/<uuid:clock>/sans-objet")
def waive(client: str, incident: UUID, clock: UUID) -> ResponseReturnValue:
    """Set aside, or taken up again, with a reason."""
    found, row, form = _about(client, incident)
    each, why = queries.clock_or_404(row.id, clock), form.values.get("why", "")
    return _on_duty(found, row, each, form, lambda: actions.waive(row, each, why=why, now=clocks.now()))


def opened(client: Client, form: IncidentForm) -> Incident | None:
    """Open what a form tells, for the MSP as for the client; None when it was refused."""
    now = clocks.now()
    at = form.moment("awareness_at", now=now)
    kind, what = form.values.get("kind", ""), form.values.get("what", "")
    if form.ok:
        with form.trying():
            return actions.open_incident(client, kind=kind, what=what, awareness_at=at, now=now)
    return None


def wrote(incident: Incident, form: IncidentForm) -> None:
    """Write the line of the log that a form tells; its errors are the form's, or raise DomainError."""
    now = clocks.now()
    at = form.moment("happened_at", now=now)
    corrects = form.values.get("corrects", "").strip()
    if form.ok:
        actions.write(
            incident, kind=form.values.get("kind", ""), text=form.values.get("text", ""), happened_at=at,
            corrects=int(corrects) if corrects.isdecimal() else None, now=now,
        )  # fmt: skip


def _about(client: str, incident: UUID) -> tuple[Client, Incident, IncidentForm]:
    found = client_or_404(client)
    return found, queries.incident_or_404(found.id, incident), IncidentForm(request.form)


def _done(
    client: Client, row: Incident, form: IncidentForm, act: Callable[[], object]
) -> ResponseReturnValue:
    if form.ok:
        with form.trying():
            act()
    return _back(client, row) if form.ok else (incident_page(client, row, form), 422)


def _on_duty(
    client: Client, row: Incident, each: IncidentClock, form: IncidentForm, act: Callable[[], object]
) -> ResponseReturnValue:
    if form.ok:
        with form.trying():
            act()
    return _back(client, row) if form.ok else (_duty(client, row, each, form), 422)


def _back(client: Client, incident: Incident) -> ResponseReturnValue:
    return redirect(url_for("incidents.show", client=client.slug, incident=incident.id), 303)


def _opening(client: Client, form: IncidentForm) -> str:
    return render_template("incidents/start.html", form=form, **pages.words(client))


def _duty(client: Client, incident: Incident, clock: IncidentClock, form: IncidentForm) -> str:
    found = next(s for s in pages.shown(incident, now=clocks.now()) if s.clock.id == clock.id)
    return render_template(
        "incidents/duty.html", incident=incident, shown=found, form=form, **pages.words(client)
    )
