"""Adding, changing and removing machines and contracts by hand, with a way back."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from mspaudit.clients.models import Client, OrgUnit
from mspaudit.clients.queries import client_or_404, org_units
from mspaudit.inventory import actions, forms, queries
from mspaudit.inventory.forms import Sheet
from mspaudit.inventory.models import Agreement, Asset
from mspaudit.inventory.views import words
from mspaudit.kernel import clock
from mspaudit.tenancy.blueprints import tenant_blueprint

blueprint = tenant_blueprint("inventory_edit", __name__, audience="technician", prefix="/clients/<client>")

Answer = str | tuple[str, int] | Response


@blueprint.route("/inventaire/nouveau", methods=["GET", "POST"])
def new_machine(client: str) -> Answer:
    """Add a machine."""
    return _edit_machine(client_or_404(client), None)


@blueprint.route("/inventaire/<uuid:asset>", methods=["GET", "POST"])
def edit_machine(client: str, asset: UUID) -> Answer:
    """Change a machine."""
    found = client_or_404(client)
    return _edit_machine(found, queries.asset_or_404(found.id, asset))


def _edit_machine(client: Client, row: Asset | None) -> Answer:
    units = org_units(client.id)
    form = Sheet(request.form if request.method == "POST" else forms.asset_typed(row))
    if request.method == "GET":
        return _page("machine_form", client, form, row=row, unit_choices=_choices(units))
    values = forms.asset(form, {str(unit.id) for unit in units})
    if form.ok:
        with form.trying():
            actions.save_asset(client, row, now=clock.now(), **values)
    if not form.ok:
        return _page("machine_form", client, form, row=row, unit_choices=_choices(units)), 422
    flash(f"{values['name']} : fiche enregistrée.", "done")
    return redirect(url_for("inventory.machines", client=client.slug), 303)


@blueprint.post("/inventaire/<uuid:asset>/retrait")
def remove_machine(client: str, asset: UUID) -> Response:
    """Take a machine out of the list."""
    found = client_or_404(client)
    row = queries.asset_or_404(found.id, asset)
    actions.remove(found, row, now=clock.now())
    flash(f"{row.name} est retiré de l’inventaire. Il reste en bas de page, d’où il peut revenir.", "done")
    return redirect(url_for("inventory.machines", client=client), 303)


@blueprint.post("/inventaire/<uuid:asset>/retour")
def put_machine_back(client: str, asset: UUID) -> Response:
    """Undo the removal."""
    found = client_or_404(client)
    row = queries.asset_or_404(found.id, asset)
    actions.put_back(found, row, now=clock.now())
    flash(f"{row.name} est de retour dans l’inventaire.", "done")
    return redirect(url_for("inventory.machines", client=client), 303)


@blueprint.route("/contrats/nouveau", methods=["GET", "POST"])
def new_contract(client: str) -> Answer:
    """Add a contract."""
    return _edit_contract(client_or_404(client), None)


@blueprint.route("/contrats/<uuid:agreement>/modifier", methods=["GET", "POST"])
def edit_contract(client: str, agreement: UUID) -> Answer:
    """Change a contract's terms."""
    found = client_or_404(client)
    return _edit_contract(found, queries.agreement_or_404(found.id, agreement))


def _edit_contract(client: Client, row: Agreement | None) -> Answer:
    start = forms.agreement_typed(row) or {"renewal_months": "12"}
    form = Sheet(request.form if request.method == "POST" else start)
    if request.method == "GET":
        return _page("contract_form", client, form, row=row)
    values: dict[str, Any] = forms.agreement(form)
    saved = row
    if form.ok:
        with form.trying():
            saved = actions.save_agreement(client, row, now=clock.now(), **values)
    if not form.ok or saved is None:
        return _page("contract_form", client, form, row=row), 422
    flash(f"{values['label']} : contrat enregistré.", "done")
    return redirect(url_for("inventory.contract", client=client.slug, agreement=saved.id), 303)


@blueprint.post("/contrats/<uuid:agreement>/retrait")
def remove_contract(client: str, agreement: UUID) -> Response:
    """Take a contract out of the list."""
    found = client_or_404(client)
    row = queries.agreement_or_404(found.id, agreement)
    actions.remove(found, row, now=clock.now())
    flash(f"{row.label} est retiré de la liste. Il reste en bas de page, d’où il peut revenir.", "done")
    return redirect(url_for("inventory.contracts", client=client), 303)


@blueprint.post("/contrats/<uuid:agreement>/retour")
def put_contract_back(client: str, agreement: UUID) -> Response:
    """Undo the removal."""
    found = client_or_404(client)
    row = queries.agreement_or_404(found.id, agreement)
    actions.put_back(found, row, now=clock.now())
    flash(f"{row.label} est de retour dans la liste.", "done")
    return redirect(url_for("inventory.contracts", client=client), 303)


def _choices(units: Sequence[OrgUnit]) -> list[tuple[str, str]]:
    return [("", "Aucun en particulier"), *((str(unit.id), unit.name) for unit in units)] if units else []


def _page(name: str, client: Client, form: Sheet, **more: object) -> str:
    today = clock.today(clock.now())
    return render_template(f"inventory/{name}.html", form=form, **more, **words(client, today))
