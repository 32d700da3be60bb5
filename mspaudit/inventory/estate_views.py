"""Machines and contracts over the whole portfolio."""

from flask import abort, g, render_template, request

from mspaudit.content.support import products
from mspaudit.inventory import estate, rules
from mspaudit.inventory.views import STATES
from mspaudit.kernel import clock
from mspaudit.tenancy.blueprints import tenant_blueprint
from mspaudit.web.charts import Axis

blueprint = tenant_blueprint("estate", __name__, audience="reader")
AXIS_DAYS = 180
LETTERS_DAYS = 30
UNKNOWN = "inconnu"


@blueprint.get("/inventaire")
def machines() -> str:
    """One system, many clients: what is no longer corrected first."""
    today = clock.today(clock.now())
    wanted, page = request.args.get("produit", ""), _page()
    if wanted not in ("", UNKNOWN) and wanted not in products():
        abort(404)
    key = "" if wanted == UNKNOWN else wanted
    return render_template(
        "inventory/estate_machines.html",
        spreads=estate.spreads(today=today),
        wanted=wanted,
        chosen=products().get(wanted),
        clients=estate.concerned(key, page=page) if wanted else [],
        page=page,
        size=estate.PAGE,
        states=STATES,
        today=today,
        unknown=UNKNOWN,
    )


@blueprint.get("/contrats")
def contracts() -> str:
    """Every contract by its last useful day."""
    today, page = clock.today(clock.now()), _page()
    kind = request.args.get("genre", "")
    kind = kind if kind in rules.KINDS else ""
    listed, total = estate.bound(today=today, kind=kind, page=page)
    letters, cents = estate.about_to_renew(today=today, days=LETTERS_DAYS)
    return render_template(
        "inventory/estate_contracts.html",
        listed=listed,
        total=total,
        page=page,
        size=estate.PAGE,
        kind=kind,
        kinds=rules.KINDS,
        letters=letters,
        cents=cents,
        days=LETTERS_DAYS,
        axis=Axis(today, days=AXIS_DAYS),
        today=today,
        can_edit=g.visitor.role != "reader",
    )


def _page() -> int:
    return min(max(request.args.get("page", 1, int), 1), 10_000) - 1
