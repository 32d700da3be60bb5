"""Changing backup jobs. An address is told on the page that made it, and nowhere again."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from mspaudit.backups import actions, forms, queries, wording
from mspaudit.backups.forms import Form
from mspaudit.backups.models import BackupJob
from mspaudit.backups.views import HERE, words
from mspaudit.clients.models import Client
from mspaudit.clients.queries import client_or_404, org_units
from mspaudit.clients.views import choices
from mspaudit.errors import DomainError
from mspaudit.kernel import clock
from mspaudit.runtime import runtime
from mspaudit.tenancy.blueprints import tenant_blueprint

blueprint = tenant_blueprint("backup_edit", __name__, audience="technician", prefix=HERE)


@blueprint.get("/nouvelle")
def new(client: str) -> str:
    """The form of a new job."""
    return _form(client_or_404(client), Form(MultiDict(forms.as_typed(None))), None)


@blueprint.post("/nouvelle")
def add(client: str) -> ResponseReturnValue:
    """Follow one more job, and tell its address."""
    found, form = client_or_404(client), Form(request.form)
    card = forms.card(form)
    if form.ok:
        with form.trying():
            job, token = actions.add_job(found, now=clock.now(), **card)
            return _address(found, job, token)
    return _form(found, form, None), 422


@blueprint.get("/<uuid:job>/modifier")
def edit(client: str, job: UUID) -> str:
    """The form of a job."""
    found = client_or_404(client)
    row = queries.job_or_404(found.id, job)
    return _form(found, Form(MultiDict(forms.as_typed(row))), row)


@blueprint.post("/<uuid:job>/modifier")
def update(client: str, job: UUID) -> ResponseReturnValue:
    """Change what is told of a job."""
    found, form = client_or_404(client), Form(request.form)
    row = queries.job_or_404(found.id, job)
    card = forms.card(form)
    if form.ok:
        with form.trying():
            actions.update_job(found, row, now=clock.now(), **card)
    if not form.ok:
        return _form(found, form, row), 422
    flash("Tâche enregistrée.", "done")
    return to_job(found, row)


@blueprint.post("/<uuid:job>/adresse")
def address(client: str, job: UUID) -> str:
    """Another secret address; the former one stops at once."""
    found = client_or_404(client)
    row = queries.job_or_404(found.id, job)
    return _address(found, row, actions.new_address(found, row, now=clock.now()))


@blueprint.post("/<uuid:job>/pause")
def pause(client: str, job: UUID) -> ResponseReturnValue:
    """Expect nothing for a while."""
    found, form = client_or_404(client), Form(request.form)
    row = queries.job_or_404(found.id, job)
    until = form.needed("until", forms.end_of_day)
    if until is None:
        raise DomainError(form.errors["until"])
    actions.pause(found, row, until=until, reason=form.values.get("reason", ""), now=clock.now())
    flash("Tâche en pause : son silence n’est plus rouge jusqu’à cette date.", "done")
    return to_job(found, row)


@blueprint.post("/<uuid:job>/reprise")
def resume(client: str, job: UUID) -> Response:
    """End the pause."""
    found = client_or_404(client)
    row = queries.job_or_404(found.id, job)
    actions.resume(found, row, now=clock.now())
    flash("Tâche suivie à nouveau.", "done")
    return to_job(found, row)


@blueprint.post("/<uuid:job>/archive")
def archive(client: str, job: UUID) -> Response:
    """Stop following a job."""
    found = client_or_404(client)
    row = queries.job_or_404(found.id, job)
    actions.archive(found, row, now=clock.now())
    flash(f"« {row.name} » n’est plus suivie. Rien n’est perdu : vous pouvez la rétablir.", "done")
    return to_client(found, "archives")


@blueprint.post("/<uuid:job>/retablissement")
def restore(client: str, job: UUID) -> Response:
    """Follow an archived job again."""
    found = client_or_404(client)
    row = queries.job_or_404(found.id, job)
    actions.restore(found, row, now=clock.now())
    flash(f"« {row.name} » est suivie à nouveau.", "done")
    return to_client(found)


@blueprint.post("/<uuid:job>/passages")
def note_run(client: str, job: UUID) -> Response:
    """Note what one saw in the tool itself."""
    found, form = client_or_404(client), Form(request.form)
    row = queries.job_or_404(found.id, job)
    kind = forms.run_kind(form.values.get("kind", ""))
    actions.note_run(found, row, kind=kind, note=form.values.get("note", ""), now=clock.now())
    flash("Passage noté.", "done")
    return to_job(found, row, "journal")


@blueprint.post("/<uuid:job>/echecs/<uuid:event>/lecture")
def see(client: str, job: UUID, event: UUID) -> Response:
    """Say that someone read this failure and deals with it."""
    found = client_or_404(client)
    row = queries.job_or_404(found.id, job)
    failed = queries.event_or_404(row.id, event)
    actions.see_failure(found, row, failed, note=request.form.get("note", ""), now=clock.now())
    flash("Échec pris en charge.", "done")
    return to_job(found, row, "journal")


@blueprint.post("/perimetre")
def cover(client: str) -> Response:
    """Say whether everything that counts is saved."""
    found, form = client_or_404(client), Form(request.form)
    complete = forms.yes_no(form.values.get("complete", ""))
    if complete is None:
        raise DomainError("Choisissez une réponse.")
    actions.state_coverage(found, complete=complete, missing=form.values.get("missing", ""), now=clock.now())
    flash("Périmètre enregistré.", "done")
    return to_client(found, "perimetre")


def to_job(client: Client, job: BackupJob, part: str | None = None) -> Response:
    """Back to the job's page."""
    return redirect(url_for("backups.job", client=client.slug, job=job.id, _anchor=part), 303)


def to_client(client: Client, part: str | None = None) -> Response:
    """Back to the client's backups."""
    return redirect(url_for("backups.client", client=client.slug, _anchor=part), 303)


def _form(client: Client, form: Form, job: BackupJob | None) -> str:
    return render_template(
        "backups/job_form.html",
        client=client,
        form=form,
        job=job,
        chosen=form.sent.getlist("covers"),
        org_units=choices(org_units(client.id)),
        yes_no=wording.YES_NO,
        periods=wording.UNITS,
        **words(),
    )


def _address(client: Client, job: BackupJob, token: str) -> str:
    settings = runtime().settings
    mailbox, _, domain = (settings.backup_mail or "").partition("@")
    return render_template(
        "backups/address.html",
        client=client,
        job=job,
        url=f"{settings.public_url}/ping/{token}",
        mail=f"{mailbox}+{token}@{domain}" if domain else "",
        **words(),
    )
