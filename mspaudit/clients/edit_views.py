"""Changing a client: its identity, labels, technicians, and its place in the portfolio."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from mspaudit.clients import actions, forms, links, queries
from mspaudit.clients.forms import Form
from mspaudit.clients.models import Client
from mspaudit.clients.views import words
from mspaudit.kernel import clock
from mspaudit.tenancy.blueprints import tenant_blueprint

blueprint = tenant_blueprint("client_edit", __name__, audience="technician", prefix="/clients")

Answer = str | tuple[str, int] | Response


@blueprint.route("/<client>/fiche/modifier", methods=["GET", "POST"])
def identity(client: str) -> Answer:
    """Name, numbers, size, telephone, notes."""
    found = queries.client_or_404(client)
    if request.method == "GET":
        names = ("name", "siren", "population", "headcount", "phone", "notes")
        return _identity(found, Form({n: str(v) for n in names if (v := getattr(found, n)) is not None}))
    form = Form(request.form)
    given = forms.identity(form, found.kind)
    if form.ok:
        with form.trying():
            actions.update_client(found, now=clock.now(), **given)
    if not form.ok:
        return _identity(found, form), 422
    flash("Fiche enregistrée.", "done")
    return to_sheet(found)


@blueprint.post("/<client>/etiquettes")
def tag(client: str) -> Answer:
    """Replace the labels."""
    found = queries.client_or_404(client)
    form = Form(request.form)
    labels = forms.tags(form)
    if form.ok:
        with form.trying():
            actions.set_tags(found, labels, now=clock.now())
    if not form.ok:
        return _small(found, form, "clients/tags_form.html"), 422
    flash("Étiquettes enregistrées.", "done")
    return to_sheet(found)


@blueprint.post("/<client>/techniciens")
def assign(client: str) -> Answer:
    """Replace the technicians who look after the client."""
    found = queries.client_or_404(client)
    actions.assign(found, Form(request.form).ids("member"), now=clock.now())
    flash("Techniciens enregistrés.", "done")
    return to_sheet(found)


@blueprint.post("/<client>/contacts")
def contact(client: str) -> Answer:
    """Note that someone has just spoken with the client."""
    found = queries.client_or_404(client)
    actions.note_contact(found, now=clock.now())
    flash("Contact noté.", "done")
    return to_sheet(found)


@blueprint.post("/<client>/archive")
def archive(client: str) -> Answer:
    """Take the client out of the portfolio."""
    found = queries.client_or_404(client)
    actions.archive(found, now=clock.now())
    flash(f"{found.name} est archivé. Rien n’est perdu : vous pouvez le restaurer.", "done")
    return redirect(url_for("clients.archives"), 303)


@blueprint.post("/<client>/restauration")
def restore(client: str) -> Answer:
    """Bring the client back into the portfolio."""
    found = queries.client_or_404(client)
    actions.restore(found, now=clock.now())
    flash(f"{found.name} est de retour dans le portefeuille.", "done")
    return redirect(links.overview(found.slug), 303)


def to_sheet(client: Client, part: str | None = None) -> Response:
    """Back to the client's sheet, at the panel that changed."""
    return redirect(url_for("clients.sheet", client=client.slug, _anchor=part), 303)


def _identity(client: Client, form: Form) -> str:
    return _small(client, form, "clients/identity_form.html")


def _small(client: Client, form: Form, page: str) -> str:
    return render_template(page, client=client, form=form, known_tags=queries.tags(), **words())
