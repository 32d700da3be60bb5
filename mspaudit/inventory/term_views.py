"""What happens to a contract: notice given, papers kept, what an insurance asks."""

from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from mspaudit.clients import rules as texts
from mspaudit.clients.forms import upload
from mspaudit.clients.models import Client
from mspaudit.clients.queries import client_or_404
from mspaudit.content.packs import Kind, pack_for
from mspaudit.errors import DomainError
from mspaudit.inventory import actions, forms, queries
from mspaudit.inventory.forms import Sheet
from mspaudit.inventory.models import Agreement, InsurancePolicy
from mspaudit.inventory.views import words
from mspaudit.kernel import clock
from mspaudit.runtime import runtime
from mspaudit.tenancy.blueprints import tenant_blueprint

PREFIX = "/clients/<client>/contrats/<uuid:agreement>"
blueprint = tenant_blueprint("inventory_terms", __name__, audience="technician", prefix=PREFIX)

Answer = str | tuple[str, int] | Response


@blueprint.post("/preavis")
def notice(client: str, agreement: UUID) -> Response:
    """Note that notice was given, with its proof."""
    found, row = _row(client, agreement)
    form, now = Sheet(request.form), clock.now()
    on = form.needed("noticed_on", texts.day)
    if on is None:
        raise DomainError(f"Reçu le : {form.errors['noticed_on']}")
    proof = upload(request.files.get("proof"))
    actions.give_notice(found, row, on=on, proof=proof, now=now, today=clock.today(now))
    flash(f"Préavis noté : {row.label} ne se reconduira plus.", "done")
    return _back(found, row)


@blueprint.post("/preavis/annulation")
def withdraw_notice(client: str, agreement: UUID) -> Response:
    """Forget a notice noted by mistake."""
    found, row = _row(client, agreement)
    actions.withdraw_notice(found, row, now=clock.now())
    flash("Préavis effacé.", "done")
    return _back(found, row)


@blueprint.post("/pieces")
def attach(client: str, agreement: UUID) -> Response:
    """Keep the contract itself."""
    found, row = _row(client, agreement)
    document = upload(request.files.get("document"))
    if document is None:
        raise DomainError("Choisissez d’abord un fichier.")
    actions.attach_document(found, row, document, now=clock.now())
    flash("Contrat joint.", "done")
    return _back(found, row)


@blueprint.route("/assurance", methods=["GET", "POST"])
def policy(client: str, agreement: UUID) -> Answer:
    """What the insurance asks, excludes, and how to declare a claim."""
    found, row = _row(client, agreement)
    held, codes = queries.policy(row.id), _asked(found)
    form = Sheet(request.form if request.method == "POST" else forms.policy_typed(held))
    if request.method == "GET":
        return _policy_page(found, row, form, held, codes)
    values = forms.policy(form, codes)
    if form.ok:
        with form.trying():
            actions.save_policy(found, row, now=clock.now(), **values)
    if not form.ok:
        return _policy_page(found, row, form, held, codes), 422
    flash("Police enregistrée.", "done")
    return _back(found, row)


def _asked(client: Client) -> list[tuple[str, str]]:
    """(control, what a good answer to it is) of what insurers usually make a condition."""
    pack = pack_for(g.msp, runtime().settings.tenants)
    kind: Kind = "commune" if client.is_commune else "enterprise"
    return [(control.code, control.good) for control in pack.for_kind(kind) if control.insurance]


def _policy_page(
    client: Client, row: Agreement, form: Sheet, held: InsurancePolicy | None, codes: list[tuple[str, str]]
) -> str:
    kept = held.prerequisites if held else []
    sent = request.method == "POST"
    return render_template(
        "inventory/policy_form.html",
        row=row,
        form=form,
        codes=codes,
        asked=set(form.sent.getlist("asked")) if sent else {one["code"] for one in kept},
        met=set(form.sent.getlist("met")) if sent else {one["code"] for one in kept if one["met"]},
        **words(client, clock.today(clock.now())),
    )


def _row(client: str, agreement: UUID) -> tuple[Client, Agreement]:
    found = client_or_404(client)
    return found, queries.agreement_or_404(found.id, agreement)


def _back(client: Client, row: Agreement) -> Response:
    return redirect(url_for("inventory.contract", client=client.slug, agreement=row.id), 303)
