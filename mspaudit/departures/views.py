"""Departures to look at: over the portfolio, of one client, one by one, and on paper."""

from uuid import UUID

from flask import Response, g, render_template

from mspaudit.clients import links
from mspaudit.clients.models import Client
from mspaudit.clients.queries import client_or_404, person_or_404
from mspaudit.content import departures as content
from mspaudit.departures import documents, pages, queries, rules
from mspaudit.departures.models import Departure
from mspaudit.journal.actions import record
from mspaudit.kernel import clock
from mspaudit.kernel.french import slug
from mspaudit.tenancy.blueprints import tenant_blueprint
from mspaudit.tenancy.context import current

blueprint = tenant_blueprint("departure_pages", __name__, audience="reader")


@blueprint.get("/departs")
def portfolio() -> str:
    """Every open departure, the late ones first."""
    return render_template(
        "departures/portfolio.html",
        departures=queries.open_departures(today=pages.today()),
        today=pages.today(),
        portfolio_url=links.portfolio(),
    )


@blueprint.get("/clients/<client>/departs")
def index(client: str) -> str:
    """A client's departures."""
    found = client_or_404(client)
    return pages.render("index", found, departures=queries.departures(found.id, today=pages.today()))


@blueprint.get("/clients/<client>/departs/<uuid:departure>")
def show(client: str, departure: UUID) -> str:
    """One departure and its list."""
    found = client_or_404(client)
    return departure_page(found, queries.departure_or_404(found.id, departure))


@blueprint.get("/clients/<client>/departs/<uuid:departure>/fiche.pdf")
def paper(client: str, departure: UUID) -> Response:
    """The record: sealed once closed, provisional before."""
    found = client_or_404(client)
    row = queries.departure_or_404(found.id, departure)
    person = person_or_404(found.id, row.person_id)
    told = row.record if row.closed_at else None
    told = told or documents.departure_record(found, row, person, queries.items(row.id))
    seal = row.record_hash if row.closed_at else None
    record("departure.printed", person.name, subject_id=row.id, client_id=found.id)
    at = row.closed_at or clock.now()
    data = documents.departure_pdf(told, seal, msp=g.visitor.tenant_name, at=at)
    return pages.paper(data, f"depart-{slug(person.name)}.pdf")


def departure_page(client: Client, departure: Departure, refused: str = "") -> str:
    """The page of a departure. ``refused``: what an action objected, shown above the list."""
    items = queries.items(departure.id)
    lines, me = queries.lines(items), current().member_id
    return pages.render(
        "show",
        client,
        found=queries.view(departure, today=pages.today()),
        groups=queries.grouped(items),
        task=content.task,
        certainties=content.CERTAINTIES,
        not_verifiable=rules.may_verify(lines, me),
        not_closable=rules.may_close(lines, me, verified=departure.verified_at is not None),
        refused=refused,
    )
