"""The deadlines of the portfolio and of one client, and what is said of them."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from flask import abort, flash, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from mspaudit.checklists import naming
from mspaudit.clients import queries as clients
from mspaudit.clients.models import Client
from mspaudit.errors import DomainError
from mspaudit.kernel import clock
from mspaudit.kernel.french import agree, plural
from mspaudit.notices import actions, forms, links, listing, queries, rows, summaries
from mspaudit.notices.actions import Change
from mspaudit.notices.forms import Asked
from mspaudit.notices.kinds import kind
from mspaudit.notices.rules import DONE, LAST_WEEK, OPEN, SEEN
from mspaudit.notices.wanted import PAGE, PERIODS, Wanted, wanted
from mspaudit.tenancy.blueprints import tenant_blueprint
from mspaudit.tenancy.context import current
from mspaudit.web.charts import Axis

blueprint = tenant_blueprint("notices", __name__, audience="reader")

WIDTH = 340
SAID = {
    "vu": ("vue", "vues"),
    "fait": ("faite", "faites"),
    "rouvrir": ("à traiter de nouveau", "à traiter de nouveau"),
    "reporter": ("reportée", "reportées"),
    "attribuer": ("attribuée", "attribuées"),
    "rappels": ("réglée", "réglées"),
}


@blueprint.get("/echeances")
def index() -> Response:
    """What is due over the portfolio; only the list when htmx asks."""
    return make_response(_page(wanted(request.args), None))


@blueprint.get("/clients/<client>/echeances")
def of_client(client: str) -> Response:
    """What is due at one client."""
    return make_response(_page(wanted(request.args), clients.client_or_404(client)))


@blueprint.post("/echeances")
def act() -> Response:
    """Do the same to every ticked deadline, or to the one whose own button was pressed."""
    return _act(None)


@blueprint.post("/clients/<client>/echeances")
def act_at_client(client: str) -> Response:
    """The same from a client's list."""
    return _act(clients.client_or_404(client))


@blueprint.get("/echeances/calendrier-legal")
def legal() -> str:
    """What the law and the trade set, each date once; only the panel when htmx asks."""
    today, period = clock.today(clock.now()), wanted(request.args).period
    page = "notices/_legal.html" if request.headers.get("HX-Request") else "notices/legal.html"
    days = max(min(PERIODS[period][1], 365), 0)
    return render_template(page, legal=summaries.legal(today=today, days=days), today=today, period=period)


@blueprint.get("/echeances/<uuid:deadline>")
def one(deadline: UUID) -> str:
    """One deadline: what was said of it, who was told, and everything that can be done."""
    return _one(deadline, None)


@blueprint.post("/echeances/<uuid:deadline>")
def act_on_one(deadline: UUID) -> Response:
    """Do something to one deadline."""
    if queries.deadline(deadline) is None:
        abort(404)
    found = forms.asked(request.form, only=deadline)
    change = _done(found)
    if change is None:
        return make_response(_one(deadline, found), 422)
    return redirect(url_for("notices.one", deadline=deadline, change=change.id), 303)


@blueprint.post("/echeances/changements/<uuid:change>/annulation")
def undo(change: UUID) -> Response:
    """Take a change back."""
    count = actions.undo(change, now=clock.now())
    if not count:
        abort(404)
    flash(f"{plural(count, 'échéance')} {agree(count, 'remise', 'remises')} comme avant.", "done")
    return redirect(_back(None), 303)


def _act(client: Client | None) -> Response:
    found = forms.asked(request.form)
    change = _done(found)
    if change is None:
        return make_response(_page(_kept(), client, found), 422)
    return redirect(_back(client, change=change.id), 303)


def _done(found: Asked) -> Change | None:
    """The change made, told in a flash; None when the form was refused and says why."""
    if found.errors:
        return None
    now = clock.now()
    try:
        change = _apply(found, now)
    except DomainError as refused:
        found.errors["verbe"] = str(refused)
        return None
    flash(f"{plural(change.count, 'échéance')} {agree(change.count, *SAID[found.verb])}.", "done")
    return change


def _apply(found: Asked, now: datetime) -> Change:
    if found.verb == "reporter" and found.until is not None:
        today = clock.today(now)
        return actions.snooze(found.ids, until=found.until, reason=found.reason, today=today, now=now)
    if found.verb == "attribuer":
        return actions.assign(found.ids, found.member, now=now)
    if found.verb == "rappels":
        return actions.set_thresholds(found.ids, found.days, now=now)
    state = {"vu": SEEN, "fait": DONE, "rouvrir": OPEN}[found.verb]
    return actions.say(found.ids, state, now=now)


def _page(asked: Wanted, client: Client | None, form: Asked | None = None) -> str:
    today = clock.today(clock.now())
    found = queries.page(asked, today=today, client_id=client.id if client else None)
    axis = listing.axis(asked, today, WIDTH)
    fragment = bool(request.headers.get("HX-Request"))
    return render_template(
        "notices/_list.html" if fragment else "notices/index.html",
        client=client,
        page=found,
        wanted=asked,
        form=form,
        groups=listing.groups(found.rows, today),
        axis=axis,
        renewal=listing.renewal(found.rows, today) if not asked.state else None,
        shows_legal=_shows_legal(asked, client),
        draw=rows.draw,
        row_words=_row_words(found, axis, client, form),
        choices=queries.choices(),
        options=listing.options(),
        here=_address(client),
        per_page=PAGE,
        **_words(today),
    )


def _row_words(found: queries.Page, axis: Axis, client: Client | None, form: Asked | None) -> rows.Words:
    """What every row of the list needs."""
    return rows.Words(
        axis=axis,
        controls=naming.controls() if listing.needs_controls(found) else {},
        url=_addresses("notices.one", "deadline", UUID(int=0)),
        client_url=None if client else _addresses("portfolio.client", "client", "-"),
        ticked=frozenset(form.ids if form else ()),
        can_edit=current().role in ("technician", "admin"),
    )


def _addresses(endpoint: str, argument: str, place: object) -> Callable[[object], str]:
    """The addresses of one page of many rows: they differ by one part alone."""
    values: dict[str, Any] = {argument: place}
    before, after = url_for(endpoint, **values).rsplit(str(place), 1)
    return lambda key: f"{before}{key}{after}"


def _shows_legal(asked: Wanted, client: Client | None) -> bool:
    """The legal calendar stands beside the portfolio's list, which leaves it out."""
    return client is None and not asked.filtered and not asked.state and PERIODS[asked.period][1] > 0


def _one(deadline: UUID, form: Asked | None) -> str:
    found = queries.deadline(deadline)
    if found is None:
        abort(404)
    today = clock.today(clock.now())
    return render_template(
        "notices/one.html",
        row=found,
        form=form,
        told=summaries.told(deadline),
        place=links.place(found.deadline, found.client_slug),
        choices=queries.choices(),
        controls=naming.controls() if found.deadline.kind == "proof" else {},
        axis=listing.axis(Wanted(), today, WIDTH),
        **_words(today),
    )


def _words(today: date) -> dict[str, Any]:
    return {
        "today": today,
        "subject": listing.subject,
        "under": listing.under,
        "kind": kind,
        "last_week": LAST_WEEK,
        "can_edit": current().role in ("technician", "admin"),
        "me": g.visitor.member_id,
        "change": _change(),
    }


def _change() -> UUID | None:
    """The change just made, which the page offers to undo."""
    try:
        return UUID(request.args.get("change", ""))
    except ValueError:
        return None


def _kept() -> Wanted:
    """The filters of the list that the form came from."""
    return wanted(dict(parse_qsl(request.form.get("filtres", "")[:1000])))


def _back(client: Client | None, **more: object) -> str:
    return _address(client)(**_kept().asked(page=_kept().page), **more)


def _address(client: Client | None) -> Any:
    def url(**values: Any) -> str:
        if client is None:
            return url_for("notices.index", **values)
        return url_for("notices.of_client", client=client.slug, **values)

    return url
