"""Two registers: who holds the portals outside any directory, who knows the shared secrets."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from mspaudit.clients import queries as clients
from mspaudit.clients import rules as client_rules
from mspaudit.clients.models import Client, Person
from mspaudit.clients.queries import client_or_404
from mspaudit.content import departures as content
from mspaudit.departures import actions, forms, pages, queries, rules
from mspaudit.departures.forms import LeavingForm
from mspaudit.departures.models import PortalHolder, SharedSecret
from mspaudit.errors import DomainError
from mspaudit.kernel import clock
from mspaudit.tenancy.blueprints import tenant_blueprint

holders = tenant_blueprint("holders", __name__, audience="reader", prefix="/clients/<client>/titulaires")
secrets = tenant_blueprint("shared_secrets", __name__, audience="reader", prefix="/clients/<client>/secrets")
holder_forms = tenant_blueprint(
    "holder_forms", __name__, audience="technician", prefix="/clients/<client>/titulaires"
)


@holders.get("")
def index(client: str) -> str:
    """Who holds what."""
    found = client_or_404(client)
    return pages.render("holders", found, lines=queries.holders(found))


@holder_forms.route("/nouveau", methods=["GET", "POST"])
def new(client: str) -> ResponseReturnValue:
    """Fill in a usual portal (``?portail=`` its code), or add one of the client's own."""
    found = client_or_404(client)
    portals = {portal.code: portal.title for portal in content.portals(found.kind)}
    code = request.args.get("portail", "")
    typed = {"title": portals.get(code, ""), "used": "1"}
    return _hold(found, code if code in portals else "", typed, None)


@holder_forms.route("/<uuid:holder>", methods=["GET", "POST"])
def edit(client: str, holder: UUID) -> ResponseReturnValue:
    """Change who holds a portal."""
    found = client_or_404(client)
    row = queries.holder_or_404(found.id, holder)
    until = row.certificate_until
    typed = {
        "title": row.title,
        "person_id": str(row.person_id or ""),
        "deputy_id": str(row.deputy_id or ""),
        "certificate_until": until.isoformat() if until else "",
    }
    return _hold(found, row.code, typed | ({"used": "1"} if row.used else {}), row)


def _hold(client: Client, code: str, typed: dict[str, str], row: PortalHolder | None) -> ResponseReturnValue:
    people = _people(client)
    form = LeavingForm(request.form if request.method == "POST" else typed)
    if request.method == "POST":
        now, until = clock.now(), form.optional("certificate_until", client_rules.day)
        if form.ok:
            with form.trying():
                line = actions.hold(
                    client,
                    code=code,
                    title=form.values.get("title", ""),
                    used=form.ticked("used"),
                    person=form.person("person_id", people),
                    deputy=form.person("deputy_id", people),
                    certificate_until=until,
                    reviewed_on=clock.today(now),
                    now=now,
                )
        if form.ok:
            flash(f"{line.title} : titulaire enregistré.", "done")
            return redirect(url_for("holders.index", client=client.slug), 303)
    page = pages.render("holder", client, form=form, people=people, fixed=bool(code), row=row)
    return page, 200 if request.method == "GET" else 422


@secrets.get("", endpoint="index")
def all_secrets(client: str) -> str:
    """The shared secrets: what for, where, known by whom, changed when."""
    return _secrets(client_or_404(client), LeavingForm())


@secrets.post("")
def add(client: str) -> ResponseReturnValue:
    """A shared secret exists; never the secret itself."""
    found, form = client_or_404(client), LeavingForm(request.form)
    rotated_on = form.optional("rotated_on", client_rules.day)
    secret: SharedSecret | None = None
    if form.ok:
        with form.trying():
            secret = actions.add_secret(
                found,
                label=form.values.get("label", ""),
                kept_in=form.values.get("kept_in", ""),
                level=form.values.get("level", ""),
                rotated_on=rotated_on,
                now=clock.now(),
            )
    if secret is None:
        return _secrets(found, form), 422
    return redirect(url_for("shared_secrets.show", client=client, secret_id=secret.id), 303)


@secrets.get("/<uuid:secret_id>")
def show(client: str, secret_id: UUID) -> str:
    """One shared secret."""
    found = client_or_404(client)
    return _secret(found, queries.secret_or_404(found.id, secret_id))


@secrets.post("/<uuid:secret_id>/personnes")
def set_knowers(client: str, secret_id: UUID) -> ResponseReturnValue:
    """Who knows it."""
    found = client_or_404(client)
    row = queries.secret_or_404(found.id, secret_id)
    actions.set_knowers(found, row, LeavingForm(request.form).ids("person"), now=clock.now())
    flash("Liste enregistrée.", "done")
    return redirect(url_for("shared_secrets.index", client=client), 303)


@secrets.post("/<uuid:secret_id>/changement")
def rotate(client: str, secret_id: UUID) -> ResponseReturnValue:
    """It was changed."""
    found, now = client_or_404(client), clock.now()
    row = queries.secret_or_404(found.id, secret_id)
    try:
        on = forms.one_day(request.form, "rotated_on")
        actions.rotate_secret(row, on=on, today=clock.today(now), now=now)
    except DomainError as refusal:
        return _secret(found, row, str(refusal)), 422
    flash(f"Changement de « {row.label} » noté, dans les départs en cours aussi.", "done")
    return redirect(url_for("shared_secrets.index", client=client), 303)


@secrets.post("/<uuid:secret_id>/retrait")
def retire(client: str, secret_id: UUID) -> ResponseReturnValue:
    """It opens nothing any more."""
    found = client_or_404(client)
    row = queries.secret_or_404(found.id, secret_id)
    actions.retire_secret(row, now=clock.now())
    flash(f"« {row.label} » retiré du registre.", "done")
    return redirect(url_for("shared_secrets.index", client=client), 303)


def _people(client: Client) -> list[Person]:
    return [person for person in clients.people(client.id) if person.left_on is None]


def _secrets(client: Client, form: LeavingForm) -> str:
    shared = queries.secrets(client.id)
    return pages.render("secrets", client, form=form, shared=shared, levels=rules.LEVELS)


def _secret(client: Client, secret: SharedSecret, refused: str = "") -> str:
    known = {each.person_id for each in queries.knowers(secret.id)}
    people = [p for p in clients.people(client.id) if p.left_on is None or p.id in known]
    return pages.render("secret", client, secret=secret, people=people, known=known, refused=refused)
