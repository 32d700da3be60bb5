"""What every page of this room shows around its own matter."""

from datetime import date
from io import BytesIO

from flask import Response, abort, g, render_template, send_file, url_for

from mspaudit.adapters.storage import NotStoredError
from mspaudit.adapters.uploads import sniff
from mspaudit.clients import links
from mspaudit.clients.models import Client
from mspaudit.clients.views import choices
from mspaudit.departures import rules
from mspaudit.kernel import clock
from mspaudit.runtime import runtime
from mspaudit.tenancy.context import tenant_id

Tab = tuple[str, str, bool, int | None]


def render(template: str, client: Client, **more: object) -> str:
    """A page about one client."""
    now = clock.now()
    return render_template(
        f"departures/{template}.html",
        client=client,
        now=now,
        today=clock.today(now),
        can_edit=g.visitor.role != "reader",
        overview=links.overview(client.slug),
        portfolio_url=links.portfolio(),
        kinds=rules.KINDS,
        choices=choices,
        tabs=tabs(client, template),
        **more,
    )


def tabs(client: Client, here: str) -> list[Tab]:
    """The four registers of the room, the one that the template ``here`` belongs to marked."""
    pages = (
        ("Départs", "departure_pages.index", ("index", "show", "start", "bulk")),
        ("Intervenants", "missions.index", ("missions", "mission")),
        ("Titulaires des portails", "holders.index", ("holders", "holder")),
        ("Secrets partagés", "shared_secrets.index", ("secrets", "secret")),
    )
    return [(label, url_for(end, client=client.slug), here in names, None) for label, end, names in pages]


def today() -> date:
    """The business day in Paris."""
    return clock.today(clock.now())


def stored_file(key: str | None, name: str | None) -> Response:
    """A file kept in storage, to download; 404 when there is none."""
    try:
        data = runtime().storage.get(key or "", tenant_id=tenant_id())
    except NotStoredError:
        abort(404)
    return send_file(
        BytesIO(data), mimetype=sniff(data, "").mime, as_attachment=True, download_name=name or "document"
    )


def paper(data: bytes, name: str) -> Response:
    """A PDF made just now, to download."""
    return send_file(BytesIO(data), mimetype="application/pdf", as_attachment=True, download_name=name)
