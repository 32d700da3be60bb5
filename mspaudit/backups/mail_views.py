"""Report mails that no job expected: read, tied to a job once for all, or set aside."""

from uuid import UUID

from flask import Response, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from mspaudit.backups import forms, mail_actions, queries
from mspaudit.backups.forms import Form
from mspaudit.backups.views import whole_mail, words
from mspaudit.clients.forms import identifier
from mspaudit.clients.queries import by_id
from mspaudit.errors import DomainError
from mspaudit.journal.actions import record
from mspaudit.kernel import clock
from mspaudit.runtime import runtime
from mspaudit.tenancy.blueprints import tenant_blueprint

blueprint = tenant_blueprint("backup_mails", __name__, audience="reader", prefix="/sauvegardes/courriels")


@blueprint.get("")
def index() -> str:
    """The mails that wait for a job."""
    mailbox, _, domain = (runtime().settings.backup_mail or "").partition("@")
    return render_template(
        "backups/mails.html",
        mails=queries.waiting_mails(),
        jobs=queries.choices(),
        aside=identifier(request.args.get("ecarte", "")),
        address=f"{mailbox}+{g.visitor.tenant_slug}@{domain}" if domain else "",
        now=clock.now(),
        **words(),
    )


@blueprint.get("/<uuid:waiting>")
def file(waiting: UUID) -> Response:
    """A mail as it came in, to download. Journaled."""
    row = queries.mail_or_404(waiting)
    record("backup_mail.opened", row.subject or row.sender, subject_id=row.id, client_id=row.client_id)
    return whole_mail(row.storage_key, row.subject)


@blueprint.post("/<uuid:waiting>/rattachement")
def tie(waiting: UUID) -> BaseResponse:
    """Tie a mail, and those that will be like it, to a job."""
    row, form = queries.mail_or_404(waiting), Form(request.form)
    chosen = identifier(form.values.get("job_id", ""))
    job = queries.any_job(chosen) if chosen else None
    found = form.optional("mail_words", forms.words) or []
    if not form.ok:
        raise DomainError(form.errors["mail_words"])
    if job is None:
        raise DomainError("Choisissez la tâche dont parle ce courriel.")
    mail_actions.tie(row, job, words=found, now=clock.now())
    flash("Courriel rattaché : les suivants du même expéditeur iront seuls à cette tâche.", "done")
    client = by_id(job.client_id)
    if client is None:
        return redirect(url_for("backup_mails.index"), 303)
    return redirect(url_for("backups.job", client=client.slug, job=job.id, _anchor="journal"), 303)


@blueprint.post("/<uuid:waiting>/ecart")
def set_aside(waiting: UUID) -> BaseResponse:
    """Take a mail off the list."""
    mail_actions.set_aside(queries.mail_or_404(waiting), now=clock.now())
    flash("Courriel mis de côté.", "done")
    return redirect(url_for("backup_mails.index", ecarte=waiting), 303)


@blueprint.post("/<uuid:waiting>/retour")
def put_back(waiting: UUID) -> BaseResponse:
    """Put a mail back on the list."""
    mail_actions.put_back(queries.mail_or_404(waiting), now=clock.now())
    return redirect(url_for("backup_mails.index"), 303)
