"""Over the portfolio: decisions that are waited for, and one measure proposed to many clients."""

from flask import Response, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mspaudit.checklists import naming
from mspaudit.clients import links
from mspaudit.clients.rules import notes
from mspaudit.content.packs import Control
from mspaudit.kernel import clock
from mspaudit.kernel.french import plural
from mspaudit.plan import actions, bulk_form, pages, queries, rules
from mspaudit.plan.actions import Offer
from mspaudit.plan.bulk_form import Row
from mspaudit.plan.forms import PlanForm
from mspaudit.tenancy.blueprints import tenant_blueprint

blueprint = tenant_blueprint("plan_portfolio", __name__, audience="reader", prefix="/decisions")
bulk = tenant_blueprint("plan_bulk", __name__, audience="technician", prefix="/failles/<code>/proposition")


@blueprint.get("")
def index() -> str:
    """Decisions waited for, the oldest first, then the last ones taken."""
    now = clock.now()
    return render_template(
        "plan/portfolio.html",
        waiting=queries.waiting_everywhere(),
        decided=queries.decided_lately(),
        anchor=queries.last_anchor(),
        rules=rules,
        now=now,
        today=clock.today(now),
        portfolio_url=links.portfolio(),
    )


@blueprint.get("/ancrage.txt")
def anchor_file() -> Response:
    """The last anchor file: how far every register of the MSP goes."""
    last = queries.last_anchor()
    return pages.stored(last.file_key if last else None, f"ancrage-{g.visitor.tenant_slug}.txt")


@bulk.route("", methods=["GET", "POST"])
def propose(code: str) -> ResponseReturnValue:
    """One measure, many clients: tick, price, look over, send."""
    control = naming.controls().get(code)
    if control is None:
        abort(404)
    form = PlanForm(request.form if request.method == "POST" else {"text": control.fix_detail})
    rows = bulk_form.rows(control, form, posted=request.method == "POST", today=pages.today())
    if request.method == "GET" or "modifier" in form.values:
        return _page(control, form, rows)
    text = form.needed("text", notes) or ""
    chosen = [row for row in rows if row.ticked and row.possible]
    if not chosen:
        form.refused = "Cochez au moins un client."
    if not form.ok or any(row.error for row in chosen):
        return _page(control, form, rows), 422
    if "envoyer" not in form.values:
        return _page(control, form, chosen, preview=True)
    return _send(control, form, chosen, text)


def _send(control: Control, form: PlanForm, chosen: list[Row], text: str) -> ResponseReturnValue:
    now, rate = clock.now(), rules.rate_cents(g.visitor.brand)
    offers = [Offer(row.client, row.hours, row.bought, row.concerned.gain) for row in chosen]
    with form.trying():
        actions.propose_everywhere(control, offers, text=text, rate=rate, now=now, today=clock.today(now))
    if not form.ok:
        return _page(control, form, chosen), 422
    flash(f"Proposé à {plural(len(chosen), 'client')}. Leurs décisions arriveront ici.", "done")
    return redirect(url_for("plan_portfolio.index"), 303)


def _page(control: Control, form: PlanForm, rows: list[Row], *, preview: bool = False) -> str:
    rate = rules.rate_cents(g.visitor.brand)
    return render_template(
        "plan/bulk.html",
        control=control,
        form=form,
        rows=rows,
        preview=preview,
        rate=rate,
        price=lambda row: rules.price(row.hours, rate, row.bought),
        portfolio_url=links.portfolio(),
        gap_url=url_for("portfolio.shared_gap", code=control.code),
    )
