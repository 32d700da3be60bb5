"""The pages of a client's accounts, of one account, and of the whole portfolio's."""

from datetime import date
from uuid import UUID

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mspaudit.accounts import actions, pages, queries
from mspaudit.accounts.crossing import crossing
from mspaudit.clients.forms import Form, identifier
from mspaudit.clients.models import Client
from mspaudit.clients.queries import client_or_404, people, person_or_404
from mspaudit.clients.rules import day
from mspaudit.errors import DomainError
from mspaudit.kernel import clock
from mspaudit.tenancy.blueprints import tenant_blueprint

blueprint = tenant_blueprint("accounts", __name__, audience="reader", prefix="/clients/<client>/comptes")
CLIENTS = 100
every = tenant_blueprint("accounts_portfolio", __name__, audience="reader", prefix="/comptes")


@every.get("", endpoint="index")
def portfolio() -> str:
    """Every client that has accounts, the least covered first."""
    ranked, page = queries.portfolio(today=_today()), max(request.args.get("page", 1, int), 1)
    return render_template(
        "accounts/portfolio.html",
        ranked=ranked[(page - 1) * CLIENTS : page * CLIENTS],
        total=len(ranked),
        first=(page - 1) * CLIENTS + 1,
        size=CLIENTS,
        page=page,
        today=_today(),
    )


@blueprint.get("")
def index(client: str) -> str:
    """A client's accounts: coverage, then one list at a time (``vue``), filtered by name (``q``)."""
    found, today = client_or_404(client), _today()
    view, text = request.args.get("vue", "a-traiter"), request.args.get("q", "").strip()
    page = max(request.args.get("page", 1, int), 1)
    if view not in queries.VIEWS:
        abort(404)
    total = queries.count(found.id, view, today=today, text=text)
    rows = queries.listed(found.id, view, today=today, text=text, page=page)
    return render_template(
        "accounts/index.html",
        figures=queries.figures(found.id, today=today),
        directories=queries.directories(found.id),
        lines=[pages.Line(row, today) for row in rows],
        view=view,
        text=text,
        page=page,
        total=total,
        **pages.words(found, today),
    )


@blueprint.get("/rapprochement")
def crossed(client: str) -> str:
    """The directories against the staff list."""
    return _crossed(client_or_404(client))


@blueprint.post("/rapprochement")
def match_again(client: str) -> ResponseReturnValue:
    """Find again who holds each account."""
    found = client_or_404(client)
    actions.find_holders(found, now=clock.now())
    flash("Comptes et personnes rapprochés.", "done")
    return redirect(url_for("accounts.crossed", client=client), 303)


@blueprint.post("/rapprochement/revue")
def review(client: str) -> ResponseReturnValue:
    """Note that the two lists were read together."""
    found, now = client_or_404(client), clock.now()
    try:
        made = actions.review(found, today=clock.today(now), now=now)
    except DomainError as refused:
        return _crossed(found, str(refused)), 422
    flash(f"Revue notée : {pages.left_open(made.left_open)}.", "done")
    return redirect(url_for("accounts.crossed", client=client), 303)


@blueprint.get("/<uuid:account>")
def show(client: str, account: UUID) -> str:
    """One account, and the way to correct what is known of it."""
    return _show(client_or_404(client), account, Form())


@blueprint.post("/<uuid:account>/nature")
def set_kind(client: str, account: UUID) -> ResponseReturnValue:
    """Correct what an account is."""
    found = client_or_404(client)
    row, form = queries.one_or_404(found.id, account, today=_today()).account, Form(request.form)
    with form.trying():
        kind, is_admin = form.values.get("kind", ""), form.ticked("is_admin")
        actions.set_kind(row, kind, is_admin=is_admin, now=clock.now())
    if not form.ok:
        return _show(found, account, form), 422
    flash("Nature du compte enregistrée. Les prochains imports la garderont.", "done")
    return redirect(url_for("accounts.show", client=client, account=account), 303)


@blueprint.post("/<uuid:account>/titulaire")
def set_holder(client: str, account: UUID) -> ResponseReturnValue:
    """Say who holds an account, or that nobody proposed does."""
    found = client_or_404(client)
    row = queries.one_or_404(found.id, account, today=_today()).account
    chosen = identifier(request.form.get("person_id", ""))
    if chosen is None:
        actions.refuse_holder(row, now=clock.now())
        flash(f"« {row.name} » : personne inconnue, comme vous l’avez dit.", "done")
    else:
        person = person_or_404(found.id, chosen)
        actions.confirm_holder(row, person, now=clock.now())
        flash(f"« {row.name} » est à {person.name}.", "done")
    if "rapprochement" in request.form:
        return redirect(url_for("accounts.crossed", client=client), 303)
    return redirect(url_for("accounts.show", client=client, account=account), 303)


@blueprint.post("/<uuid:account>/exceptions")
def add_exception(client: str, account: UUID) -> ResponseReturnValue:
    """Leave an account out of the figures for a while."""
    found, now = client_or_404(client), clock.now()
    row, form = queries.one_or_404(found.id, account, today=_today()).account, Form(request.form)
    until = form.needed("until", day)
    with form.trying():
        if form.ok:
            actions.except_account(
                row,
                reason=form.values.get("reason", ""),
                owner=form.values.get("owner", ""),
                until=until,
                today=clock.today(now),
                now=now,
            )
    if not form.ok:
        return _show(found, account, form), 422
    flash("Exception enregistrée.", "done")
    return redirect(url_for("accounts.show", client=client, account=account), 303)


@blueprint.post("/<uuid:account>/exceptions/<uuid:exception>/fin")
def end_exception(client: str, account: UUID, exception: UUID) -> ResponseReturnValue:
    """End an exception today."""
    found = client_or_404(client)
    row = queries.one_or_404(found.id, account, today=_today()).account
    actions.end_exception(row, queries.exception_or_404(row, exception), now=clock.now())
    flash("Exception terminée : le compte compte de nouveau.", "done")
    return redirect(url_for("accounts.show", client=client, account=account), 303)


def _show(client: Client, account: UUID, form: Form) -> str:
    today = _today()
    row = queries.one_or_404(client.id, account, today=today)
    asked = row.account.match in ("asked", "none", "refused")
    return render_template(
        "accounts/account.html",
        line=pages.Line(row, today),
        form=form,
        exceptions=queries.exceptions(row.account),
        candidates=queries.candidates(client.id, [row.account]).get(account, []) if asked else [],
        people=people(client.id),
        owner=g.visitor.member_name,
        **pages.words(client, today),
    )


def _crossed(client: Client, refused: str = "") -> str:
    today = _today()
    found = crossing(client.id, today=today)
    asked = [row[0] for row in found.doubtful.rows]
    return render_template(
        "accounts/crossing.html",
        crossing=found,
        candidates=queries.candidates(client.id, asked),
        directories=queries.directories(client.id),
        last=queries.last_review(client.id),
        refused=refused,
        **pages.words(client, today),
    )


def _today() -> date:
    return clock.today(clock.now())
