"""Reading backups: the portfolio's, a client's, one job's."""

from io import BytesIO
from uuid import UUID

from flask import Response, abort, g, render_template, request, send_file

from mspaudit.adapters.storage import NotStoredError
from mspaudit.backups import queries, wording
from mspaudit.clients import links
from mspaudit.clients.queries import client_or_404, org_units
from mspaudit.journal.actions import record
from mspaudit.kernel import clock
from mspaudit.kernel.french import slug
from mspaudit.runtime import runtime
from mspaudit.tenancy.blueprints import tenant_blueprint
from mspaudit.tenancy.context import tenant_id

blueprint = tenant_blueprint("backups", __name__, audience="reader")
HERE = "/clients/<client>/sauvegardes"


@blueprint.get("/sauvegardes")
def index() -> str:
    """Every client's jobs, what is red first."""
    now = clock.now()
    text = request.args.get("page", "1")
    page = min(int(text), 10_000) if text.isascii() and text.isdigit() and int(text) else 1
    red_only = request.args.get("voir") == "rouge"
    counts = queries.counts(now=now)
    return render_template(
        "backups/index.html",
        lines=queries.portfolio(now=now, page=page, red_only=red_only),
        counts=counts,
        listed=counts.red if red_only else counts.total,
        page=page,
        per_page=queries.PER_PAGE,
        red_only=red_only,
        waiting=queries.waiting_count(),
        now=now,
        **words(),
    )


@blueprint.get(HERE)
def client(client: str) -> str:
    """A client's jobs and their last thirty days, its restore tests, what is covered."""
    found, now = client_or_404(client), clock.now()
    return render_template(
        "backups/client.html",
        client=found,
        watched=queries.watched(found.id, now=now),
        archived=queries.archived(found.id),
        tests=queries.tests(found.id),
        jobs={job.id: job.name for job in queries.names(found.id)},
        coverage=queries.coverage(found.id),
        units={unit.id: unit.name for unit in org_units(found.id)},
        now=now,
        today=clock.today(now),
        **words(),
    )


@blueprint.get(f"{HERE}/<uuid:job>")
def job(client: str, job: UUID) -> str:
    """One job: where it stands, what was heard of it, and how it reports."""
    found, now = client_or_404(client), clock.now()
    row = queries.job_or_404(found.id, job)
    return render_template(
        "backups/job.html",
        client=found,
        job=row,
        watched=queries.drawn(row, now=now),
        events=queries.events(row.id),
        mails=queries.mails(row.id),
        units={unit.id: unit.name for unit in org_units(found.id)},
        covers_said=", ".join(wording.COVERS[code] for code in row.covers if code in wording.COVERS),
        now=now,
        today=clock.today(now),
        **words(),
    )


@blueprint.get(f"{HERE}/restaurations/<uuid:test>/rapport")
def report(client: str, test: UUID) -> Response:
    """The report of a restoration, to download. Journaled."""
    found = client_or_404(client)
    row = queries.test_or_404(found.id, test)
    if row.report_key is None:
        abort(404)
    record("restore_test.opened", row.what, subject_id=row.id, client_id=found.id)
    return _stored(row.report_key, row.report_mime or "", row.report_name or "")


@blueprint.get(f"{HERE}/courriels/<uuid:mail>")
def mail(client: str, mail: UUID) -> Response:
    """A report mail as it came in, to download. Journaled."""
    found = client_or_404(client)
    row = queries.mail_or_404(mail, client_id=found.id)
    record("backup_mail.opened", row.subject, subject_id=row.id, client_id=found.id)
    return whole_mail(row.storage_key, row.subject)


def whole_mail(key: str, subject: str) -> Response:
    """A stored mail as a file; its subject only names it, folded."""
    return _stored(key, "message/rfc822", f"{slug(subject)[:60] or 'rapport'}.eml")


def _stored(key: str, mime: str, name: str) -> Response:
    try:
        data = runtime().storage.get(key, tenant_id=tenant_id())
    except NotStoredError:
        abort(404)
    return send_file(BytesIO(data), mimetype=mime, as_attachment=True, download_name=name)


def words() -> dict[str, object]:
    """What the room's templates call things, and whether this visitor may change them."""
    return {
        "can_edit": g.visitor.role != "reader",
        "overview": links.overview,
        "portfolio_url": links.portfolio(),
        "told": wording.told,
        "every": wording.every,
        "since": wording.since,
        "moment": wording.moment,
        "lasted": wording.lasted,
        "strip": wording.strip,
        "kinds": wording.KINDS,
        "sources": wording.SOURCES,
        "covers": wording.COVERS,
        "results": wording.RESULTS,
    }
