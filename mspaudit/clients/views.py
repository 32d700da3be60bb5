"""A client's sheet, the archives, and the search of every page."""

from collections.abc import Sequence
from io import BytesIO
from uuid import UUID

from flask import Response, abort, g, jsonify, render_template, request, send_file
from werkzeug.wrappers import Response as BaseResponse

from mspaudit.adapters.storage import NotStoredError
from mspaudit.adapters.uploads import sniff
from mspaudit.clients import links, mandate_actions, queries, rules
from mspaudit.clients.models import OrgUnit, Person
from mspaudit.kernel import clock, french
from mspaudit.kernel.siren import format_siren, format_siret
from mspaudit.tenancy.blueprints import tenant_blueprint
from mspaudit.tenancy.context import current

blueprint = tenant_blueprint("clients", __name__, audience="reader", prefix="/clients")
finder = tenant_blueprint("search", __name__, audience="reader")


@blueprint.get("/<client>/fiche")
def sheet(client: str) -> str:
    """Everything known of a client's organisation, and the way to change it."""
    found = queries.client_or_404(client)
    today = clock.today(clock.now())
    return render_template(
        "clients/sheet.html",
        client=found,
        units=queries.org_units(found.id),
        people=queries.people(found.id),
        mandates=queries.referents(found.id, today=today),
        members=queries.members(found.id),
        tags=queries.tags_of(found.id),
        known_tags=queries.tags(),
        assigned=queries.assigned(found.id),
        technicians=queries.technicians(),
        today=today,
        **words(),
    )


@blueprint.get("/archives")
def archives() -> str:
    """The clients taken out of the portfolio."""
    return render_template("clients/archives.html", clients=queries.archived(), **words())


@blueprint.get("/<client>/referents/<uuid:referent>/mandat")
def mandate(client: str, referent: UUID) -> Response:
    """The signed mandate, to download."""
    found = queries.client_or_404(client)
    row = queries.referent_or_404(found.id, referent)
    try:
        data = mandate_actions.mandate_file(row)
    except NotStoredError:
        abort(404)
    kind = sniff(data, "")
    name = f"mandat-{found.slug}-{row.role}.{kind.extension}"
    return send_file(BytesIO(data), mimetype=kind.mime, as_attachment=True, download_name=name)


@finder.get("/chercher")
def find() -> str | BaseResponse:
    """Clients, people and accounts: links for the bar of every page, a page, or JSON for a script."""
    text = request.args.get("q", "")
    fragment = bool(request.headers.get("HX-Request"))
    results = queries.search_everywhere(text, 6 if fragment else 50)
    if request.accept_mimetypes.best == "application/json":
        return jsonify(results=[{**_told(r), "url": _address(r)} for r in results])
    page = "clients/_found.html" if fragment else "clients/search.html"
    return render_template(page, q=text, results=results, **words())


def _address(found: queries.Found) -> str:
    return links.account(found.slug, found.id) if found.id is not None else links.overview(found.slug)


def _told(found: queries.Found) -> dict[str, object]:
    return {name: getattr(found, name) for name in queries.Found.__slots__ if name != "id"}


def words() -> dict[str, object]:
    """What the room's templates call things, and whether this visitor may change them."""
    return {
        "roles": rules.ROLES,
        "statuses": rules.STATUSES,
        "accesses": rules.ACCESS,
        "can_edit": g.visitor.role != "reader",
        "sees_all": current().kind == "msp",
        "overview": links.overview,
        "account_url": links.account,
        "departure_of": links.departure,
        "portfolio_url": links.portfolio(),
        "format_siren": format_siren,
        "format_siret": format_siret,
        "size": size,
        "choices": choices,
    }


def choices(rows: Sequence[OrgUnit | Person]) -> list[tuple[str, str]]:
    """The options of a select, from rows that have a name."""
    return [(str(row.id), row.name) for row in rows]


def size(population: int | None, headcount: int | None) -> str:
    """« 1 842 habitants » or « 12 personnes »; empty when unknown."""
    if population is not None:
        return french.plural(population, "habitant")
    return "" if headcount is None else french.plural(headcount, "personne")
