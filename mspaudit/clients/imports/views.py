"""Importing a portfolio: send the file, check its columns and lines, then follow the work."""

from io import BytesIO
from uuid import UUID

from flask import (
    Response,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from werkzeug.wrappers import Response as BaseResponse

from mspaudit.adapters import sheets
from mspaudit.adapters.storage import NotStoredError
from mspaudit.adapters.tables import TableRefused
from mspaudit.clients import forms
from mspaudit.clients.forms import Form
from mspaudit.clients.imports import actions, columns, queries
from mspaudit.clients.imports.rules import Problem
from mspaudit.clients.models import ImportRun
from mspaudit.clients.views import words
from mspaudit.errors import DomainError
from mspaudit.kernel import clock
from mspaudit.tenancy.blueprints import tenant_blueprint
from mspaudit.tenancy.context import current

blueprint = tenant_blueprint(
    "client_import", "mspaudit.clients.views", audience="technician", prefix="/clients/importer"
)

Answer = str | tuple[str, int] | BaseResponse
SHOWN = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.before_request
def _whole_portfolio() -> None:
    # An import adds clients that someone confined to theirs would not see afterwards.
    if current().kind == "limited":
        abort(403)


@blueprint.get("")
def start() -> str:
    """Send a file, or look at an earlier import."""
    return _start_page(Form())


@blueprint.post("")
def send() -> Answer:
    """Keep the file that was sent and show what is in it."""
    form = Form(request.form)
    upload = forms.upload(request.files.get("file"))
    run = None
    with form.trying():
        if upload is None:
            raise DomainError("Choisissez d’abord un fichier CSV ou XLSX.")
        run = actions.start(upload, now=clock.now())
    if run is None:
        return _start_page(form), 422
    return _to(run)


@blueprint.get("/<uuid:run>")
def show(run: UUID) -> Answer:
    """The columns and lines of an import, then how far it is, then what it did."""
    found = queries.run_or_404(run)
    if found.state == "mapping":
        return _preview(found, Form())
    return render_template("clients/import_run.html", run=found, **words())


@blueprint.post("/<uuid:run>/colonnes")
def set_columns(run: UUID) -> Answer:
    """Say which column holds what."""
    found = queries.run_or_404(run)
    form = Form(request.form)
    sent = zip(form.sent.getlist("header"), form.sent.getlist("column"), strict=False)
    with form.trying():
        actions.set_columns(found, dict(sent))
    return _to(found) if form.ok else (_preview(found, form), 422)


@blueprint.post("/<uuid:run>/lancement")
def apply(run: UUID) -> Answer:
    """Have the lines written."""
    found = queries.run_or_404(run)
    actions.apply(found, now=clock.now())
    return _to(found)


@blueprint.post("/<uuid:run>/arret")
def cancel(run: UUID) -> Answer:
    """Stop the work, or drop a file that was not applied."""
    found = queries.run_or_404(run)
    actions.cancel(found, now=clock.now())
    flash("Import arrêté. Ce qui était écrit reste ; relancer le même fichier ne double rien.", "done")
    return _to(found)


@blueprint.get("/<uuid:run>/avancement")
def progress(run: UUID) -> Response:
    """The progress bar, asking for itself again until the work is over; then the whole page, once."""
    found = queries.run_or_404(run)
    answer = make_response(render_template("clients/_import_progress.html", run=found))
    if found.state not in actions.OPEN:
        answer.headers["HX-Refresh"] = "true"
    return answer


@blueprint.get("/modele.<any(csv, xlsx):kind>")
def template(kind: str) -> Response:
    """An empty portfolio to fill in, with two lines of example."""
    headers = list(columns.FIELDS.values())
    rows = [[example.get(field, "") for field in columns.FIELDS] for example in columns.EXAMPLES]
    data = sheets.to_csv(headers, rows) if kind == "csv" else sheets.to_xlsx(headers, rows)
    mime = "text/csv; charset=utf-8" if kind == "csv" else XLSX
    name = f"modele-portefeuille.{kind}"
    return send_file(BytesIO(data), mimetype=mime, as_attachment=True, download_name=name)


def _start_page(form: Form) -> str:
    return render_template(
        "clients/import_start.html", form=form, runs=queries.recent(), max_rows=queries.MAX_ROWS, **words()
    )


def _preview(run: ImportRun, form: Form) -> str:
    try:
        table = queries.table(run)
    except (NotStoredError, TableRefused) as refused:
        raise DomainError("Ce fichier ne se lit plus. Envoyez-le à nouveau.") from refused
    planned = queries.plan(queries.lines(run, table))
    problems = [p for p in planned if isinstance(p, Problem)]
    ready = [p for p in planned if not isinstance(p, Problem)]
    return render_template(
        "clients/import_preview.html",
        run=run,
        form=form,
        table=table,
        fields=[("", "Laisser de côté"), *columns.FIELDS.items()],
        problems=problems,
        ready=ready,
        counts={verb: sum(p.verb == verb for p in ready) for verb in ("new", "changed", "same")},
        labels=LABELS,
        shown=SHOWN,
        **words(),
    )


LABELS = {
    "name": "nom",
    "siren": "SIREN",
    "population": "population",
    "headcount": "effectif",
    "postal_code": "code postal",
    "phone": "téléphone",
    "notes": "notes",
}


def _to(run: ImportRun) -> BaseResponse:
    return redirect(url_for("client_import.show", run=run.id), 303)
