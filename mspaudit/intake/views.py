"""The import desk: leave a file, check what it would change, then follow the work, or take it back."""

from uuid import UUID

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from mspaudit.clients import links
from mspaudit.clients import queries as clients
from mspaudit.clients.models import Client
from mspaudit.errors import DomainError
from mspaudit.intake import actions, forms, pages, queries
from mspaudit.intake.models import Import
from mspaudit.intake.recognise import MAX_ROWS
from mspaudit.kernel import clock
from mspaudit.tenancy.blueprints import tenant_blueprint
from mspaudit.tenancy.context import current

blueprint = tenant_blueprint("intake", __name__, audience="technician")

Answer = str | tuple[str, int] | BaseResponse


@blueprint.get("/clients/<client>/importer", endpoint="for_client")
def desk_of_client(client: str) -> str:
    """Leave a file about one client, or look at an earlier one."""
    return _desk(clients.client_or_404(client))


@blueprint.post("/clients/<client>/importer")
def receive_for_client(client: str) -> Answer:
    """Keep the file that was sent and show what is in it."""
    return _receive(clients.client_or_404(client))


@blueprint.get("/importer", endpoint="desk")
def shared_desk() -> str:
    """Leave a file about several clients."""
    _whole_portfolio()
    return _desk(None)


@blueprint.post("/importer")
def receive() -> Answer:
    """Keep the file that was sent and show whose lines are whose."""
    _whole_portfolio()
    return _receive(None)


@blueprint.get("/importer/<uuid:intake>")
def show(intake: UUID) -> Answer:
    """What a file is and would change; then how far it is; then what it did."""
    found = queries.import_or_404(intake)
    if found.state == "mapping":
        return _preview(found)
    return render_template(
        "intake/run.html", run=found, parts=queries.parts(found.id), **pages.words(), **_place(found)
    )


@blueprint.post("/importer/<uuid:intake>/colonnes")
def set_columns(intake: UUID) -> Answer:
    """Say what the file is and which column gives what."""
    found = queries.import_or_404(intake)
    kind, mapping = forms.columns(request.form)
    try:
        actions.set_columns(found, kind, mapping, now=clock.now())
    except DomainError as refused:
        return _preview(found, refused=str(refused)), 422
    return _to(found)


@blueprint.post("/importer/<uuid:intake>/clients")
def set_routes(intake: UUID) -> Answer:
    """Say which client each domain or entity of a shared file is."""
    found = queries.import_or_404(intake)
    try:
        routes = forms.routes(request.form, pages.named(queries.clients()))
        actions.set_routes(found, routes, now=clock.now())
    except DomainError as refused:
        return _preview(found, refused=str(refused)), 422
    return _to(found)


@blueprint.post("/importer/<uuid:intake>/lancement")
def apply(intake: UUID) -> Answer:
    """Have the lines written."""
    found = queries.import_or_404(intake)
    try:
        actions.apply(found, now=clock.now())
    except DomainError as refused:
        if found.state != "mapping":
            raise
        return _preview(found, refused=str(refused)), 422
    return _to(found)


@blueprint.post("/importer/<uuid:intake>/arret")
def cancel(intake: UUID) -> Answer:
    """Stop the work, or drop a file that was not applied."""
    found = queries.import_or_404(intake)
    actions.cancel(found, now=clock.now())
    flash("Import arrêté. Ce qui était écrit reste, et peut être annulé.", "done")
    return _to(found)


@blueprint.get("/importer/<uuid:intake>/avancement")
def progress(intake: UUID) -> Response:
    """The progress bar, asking for itself again until the work is over; then the whole page, once."""
    found = queries.import_or_404(intake)
    page = render_template("intake/_progress.html", run=found, parts=queries.parts(found.id))
    answer = make_response(page)
    if found.state not in queries.OPEN:
        answer.headers["HX-Refresh"] = "true"
    return answer


@blueprint.get("/importer/<uuid:intake>/annulation")
def confirm_undo(intake: UUID) -> Answer:
    """What taking an import back would put back."""
    found = queries.import_or_404(intake)
    if found.state not in actions.UNDOABLE or not found.done:
        return _to(found)
    return render_template(
        "intake/undo.html", run=found, parts=queries.parts(found.id), **pages.words(), **_place(found)
    )


@blueprint.post("/importer/<uuid:intake>/annulation")
def undo(intake: UUID) -> Answer:
    """Have what an import changed put back."""
    found = queries.import_or_404(intake)
    actions.undo(found, now=clock.now())
    return _to(found)


def _whole_portfolio() -> None:
    # A shared file names clients that someone confined to theirs may not even know of.
    if current().kind == "limited":
        abort(403)


def _desk(client: Client | None, refused: str = "") -> str:
    return render_template(
        "intake/desk.html",
        client=client,
        runs=queries.recent(client.id if client else None),
        refused=refused,
        max_rows=MAX_ROWS,
        **pages.words(),
    )


def _receive(client: Client | None) -> Answer:
    upload = forms.upload(request.files.get("file"))
    try:
        if upload is None:
            raise DomainError("Choisissez d’abord un fichier CSV ou XLSX.")
        return _to(actions.start(upload, client, now=clock.now()))
    except DomainError as refused:
        return _desk(client, str(refused)), 422


def _preview(found: Import, refused: str = "") -> str:
    preview = pages.preview(found, request.args, today=clock.today(clock.now()))
    return render_template(
        "intake/preview.html",
        run=found,
        refused=refused or preview.blocked,
        preview=preview,
        **pages.words(),
        **_place(found),
    )


def _place(found: Import) -> dict[str, object]:
    client = clients.by_id(found.client_id) if found.client_id else None
    here = url_for("intake.for_client", client=client.slug) if client is not None else url_for("intake.desk")
    return {
        "client": client,
        "desk_url": here,
        "overview_url": links.overview(client.slug) if client else None,
        "portfolio_url": links.portfolio(),
    }


def _to(found: Import) -> BaseResponse:
    return redirect(url_for("intake.show", intake=found.id), 303)
