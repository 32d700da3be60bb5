"""A client's machines, contracts and costs, to read."""

from datetime import date
from io import BytesIO
from uuid import UUID

from flask import Response, abort, g, render_template, request, send_file

from mspaudit.adapters.sheets import Cell, to_csv
from mspaudit.adapters.storage import NotStoredError
from mspaudit.adapters.uploads import sniff
from mspaudit.clients import links
from mspaudit.clients.models import Client
from mspaudit.clients.queries import client_or_404, org_units
from mspaudit.content.support import products
from mspaudit.inventory import letters, queries, rules
from mspaudit.inventory.models import Agreement, Asset
from mspaudit.inventory.queries import Costs, Engaged
from mspaudit.kernel import clock
from mspaudit.kernel.french import fold, slug
from mspaudit.runtime import runtime
from mspaudit.tenancy.blueprints import tenant_blueprint
from mspaudit.tenancy.context import tenant_id
from mspaudit.web.charts import Axis

blueprint = tenant_blueprint("inventory", __name__, audience="reader", prefix="/clients/<client>")
PAGE = 100
AXIS_DAYS = 365
STATES = {
    "ended": "Sans correctifs",
    "ending": "Fin dans les six mois",
    "supported": "Corrigé",
    "unknown": "Système inconnu",
}


@blueprint.get("/inventaire")
def machines(client: str) -> str:
    """The client's machines, what is no longer corrected first."""
    found, today = client_or_404(client), _today()
    every = queries.machines(found.id, today=today)
    wanted = {name: request.args.get(name, "") for name in ("q", "genre", "etat", "service")}
    kept = [one for one in every if _kept(one, wanted)]
    first = max(request.args.get("page", 1, int) - 1, 0) * PAGE
    return render_template(
        "inventory/machines.html",
        every=every,
        listed=kept[first : first + PAGE],
        total=len(kept),
        first=first,
        size=PAGE,
        wanted=wanted,
        units={unit.id: unit.name for unit in org_units(found.id)},
        removed=queries.removed(found.id, Asset),
        **words(found, today),
    )


@blueprint.get("/contrats")
def contracts(client: str) -> str:
    """What the client is bound to, by the last useful day to act."""
    found, today = client_or_404(client), _today()
    return render_template(
        "inventory/contracts.html",
        listed=queries.agreements(found.id, today=today),
        removed=queries.removed(found.id, Agreement),
        axis=Axis(today, days=AXIS_DAYS),
        **words(found, today),
    )


@blueprint.get("/contrats/<uuid:agreement>")
def contract(client: str, agreement: UUID) -> str:
    """One contract: its dates, its notice, its papers; what an insurance asks."""
    found, today = client_or_404(client), _today()
    row = queries.agreement_or_404(found.id, agreement)
    engaged = queries.engaged(row, today=today)
    return render_template(
        "inventory/contract.html",
        engaged=engaged,
        row=row,
        policy=queries.policy(row.id) if row.kind == "insurance" else None,
        notice=letters.notice_words(row),
        send_by=rules.working_day_before(engaged.period.act_by) if engaged.period else None,
        axis=Axis(today, days=AXIS_DAYS),
        **words(found, today),
    )


@blueprint.get("/contrats/<uuid:agreement>/lettre")
def letter(client: str, agreement: UUID) -> Response:
    """The draft letter of non-renewal."""
    found, now = client_or_404(client), clock.now()
    row = queries.agreement_or_404(found.id, agreement)
    engaged = queries.engaged(row, today=clock.today(now))
    if engaged.period is None:
        abort(404)
    paper = letters.notice_letter(found, row, engaged.period, now=now)
    return send_file(BytesIO(paper), "application/pdf", download_name=f"preavis-{slug(row.label)}.pdf")


@blueprint.get("/contrats/<uuid:agreement>/document")
def document(client: str, agreement: UUID) -> Response:
    """The contract itself."""
    row = queries.agreement_or_404(client_or_404(client).id, agreement)
    return _stored(row.document_key, f"contrat-{slug(row.label)}")


@blueprint.get("/contrats/<uuid:agreement>/preuve")
def notice_proof(client: str, agreement: UUID) -> Response:
    """What proves that notice was given."""
    row = queries.agreement_or_404(client_or_404(client).id, agreement)
    return _stored(row.notice_key, f"preavis-{slug(row.label)}")


def _stored(key: str | None, name: str) -> Response:
    try:
        data = runtime().storage.get(key or "", tenant_id=tenant_id())
    except NotStoredError:
        abort(404)
    kind = sniff(data, "")
    return send_file(BytesIO(data), kind.mime, as_attachment=True, download_name=f"{name}.{kind.extension}")


@blueprint.get("/couts")
def costs(client: str) -> str:
    """What the client spends a year, by kind and by seat."""
    found, today = client_or_404(client), _today()
    listed, year = _year(found, today)
    return render_template("inventory/costs.html", listed=listed, year=year, **words(found, today))


@blueprint.get("/couts.csv")
def costs_file(client: str) -> Response:
    """The same as a spreadsheet."""
    found, today = client_or_404(client), _today()
    listed, _costs = _year(found, today)
    data = to_csv(_HEADERS, (_line(one) for one in listed))
    return send_file(BytesIO(data), "text/csv", as_attachment=True, download_name=f"couts-{found.slug}.csv")


_HEADERS = ("Libellé", "Type", "Fournisseur", "Référence", "Fin de période", "Dernier jour utile",
            "Montant annuel HT", "Postes ou licences", "Section")  # fmt: skip


def _line(one: Engaged) -> list[Cell]:
    row, period = one.agreement, one.period
    return [
        row.label,
        rules.KINDS[row.kind],
        row.supplier,
        row.reference,
        period.end if period else None,
        period.act_by if period else None,
        None if row.yearly_cents is None else row.yearly_cents / 100,
        row.seats,
        rules.BUDGETS.get(row.budget or ""),
    ]


def _year(client: Client, today: date) -> tuple[list[Engaged], Costs]:
    listed = queries.agreements(client.id, today=today)
    seats = queries.seats(client.id, client.headcount)
    return listed, queries.costs(listed, seats, today=today)


def _kept(one: queries.Machine, wanted: dict[str, str]) -> bool:
    row = one.asset
    said = fold(f"{row.name} {row.model} {row.serial} {row.user_name} {row.os} {row.place}")
    return (
        all(word in said for word in fold(wanted["q"]).split())
        and wanted["genre"] in ("", row.kind)
        and wanted["etat"] in ("", one.state, row.status)
        and wanted["service"] in ("", str(row.org_unit_id))
    )


def _today() -> date:
    return clock.today(clock.now())


def words(client: Client, today: date) -> dict[str, object]:
    """What the room's templates need about a client and the visitor."""
    return {
        "client": client,
        "today": today,
        "can_edit": g.visitor.role != "reader",
        "kinds": rules.KINDS,
        "asset_kinds": rules.ASSET_KINDS,
        "statuses": rules.STATUSES,
        "states": STATES,
        "budgets": rules.BUDGETS,
        "per_seat": rules.per_seat,
        "dates_seen_on": max(product.seen_on for product in products().values()),
        "overview": links.overview,
        "portfolio_url": links.portfolio(),
    }
