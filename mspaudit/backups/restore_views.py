"""Restore tests: planned, then told with their duration, who did them and the report."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from mspaudit.backups import forms, queries, restore_actions
from mspaudit.backups.edit_views import to_client
from mspaudit.backups.forms import Form
from mspaudit.backups.models import RestoreTest
from mspaudit.backups.restore_actions import Outcome
from mspaudit.backups.views import HERE, words
from mspaudit.clients import rules as typed
from mspaudit.clients.forms import identifier, upload
from mspaudit.clients.models import Client
from mspaudit.clients.queries import client_or_404
from mspaudit.kernel import clock
from mspaudit.tenancy.blueprints import tenant_blueprint
from mspaudit.tenancy.context import current

PREFIX = f"{HERE}/restaurations"
blueprint = tenant_blueprint("restore_tests", __name__, audience="technician", prefix=PREFIX)


@blueprint.get("/nouvelle")
def new(client: str) -> str:
    """The form that plans a restoration."""
    today = clock.today(clock.now())
    return _plan(client_or_404(client), Form({"planned_on": today.isoformat()}))


@blueprint.post("/nouvelle")
def plan(client: str) -> ResponseReturnValue:
    """Plan a restoration."""
    found, form = client_or_404(client), Form(request.form)
    what, planned_on = form.needed("what", typed.name), form.needed("planned_on", typed.day)
    job = identifier(form.values.get("job_id", ""))
    if job not in {each.id for each in queries.names(found.id)}:
        job = None
    if what is None or planned_on is None:
        return _plan(found, form), 422
    restore_actions.plan_test(found, what=what, planned_on=planned_on, job_id=job, now=clock.now())
    flash("Test de restauration prévu.", "done")
    return to_client(found, "restaurations")


@blueprint.get("/<uuid:test>")
def show(client: str, test: UUID) -> str:
    """The form that tells what came of a restoration."""
    found = client_or_404(client)
    row = queries.test_or_404(found.id, test)
    return _tell(found, row, Form(_as_typed(row)))


@blueprint.post("/<uuid:test>")
def tell(client: str, test: UUID) -> ResponseReturnValue:
    """Write what came of a restoration."""
    found, form, now = client_or_404(client), Form(request.form), clock.now()
    row = queries.test_or_404(found.id, test)
    done_on = form.needed("done_on", typed.day)
    lasted = form.optional("minutes", forms.minutes)
    if done_on is not None and form.ok:
        outcome = Outcome(
            done_on=done_on,
            result=form.values.get("result", ""),
            minutes=lasted,
            by_name=form.values.get("by_name", ""),
            note=form.values.get("note", ""),
            report=upload(request.files.get("report")),
        )
        with form.trying():
            restore_actions.record_test(found, row, outcome, today=clock.today(now), now=now)
    if not form.ok:
        return _tell(found, row, form), 422
    flash("Test de restauration noté.", "done")
    return to_client(found, "restaurations")


@blueprint.post("/<uuid:test>/annulation")
def cancel(client: str, test: UUID) -> Response:
    """Take a restoration off the list."""
    found = client_or_404(client)
    row = queries.test_or_404(found.id, test)
    restore_actions.cancel_test(found, row, now=clock.now())
    flash("Test retiré de la liste. Vous pouvez le rétablir ici.", "done")
    return redirect(url_for("restore_tests.show", client=found.slug, test=row.id), 303)


@blueprint.post("/<uuid:test>/retablissement")
def revive(client: str, test: UUID) -> Response:
    """Put a restoration back on the list."""
    found = client_or_404(client)
    row = queries.test_or_404(found.id, test)
    restore_actions.revive_test(found, row, now=clock.now())
    flash("Test rétabli.", "done")
    return to_client(found, "restaurations")


def _plan(client: Client, form: Form) -> str:
    return render_template(
        "backups/test_plan.html",
        client=client,
        form=form,
        jobs=[(str(job.id), job.name) for job in queries.names(client.id)],
        **words(),
    )


def _tell(client: Client, test: RestoreTest, form: Form) -> str:
    return render_template("backups/test_form.html", client=client, test=test, form=form, **words())


def _as_typed(test: RestoreTest) -> dict[str, str]:
    return {
        "done_on": (test.done_on or clock.today(clock.now())).isoformat(),
        "result": test.result or "ok",
        "minutes": str(test.minutes or ""),
        "by_name": test.by_name or current().actor,
        "note": test.note,
    }
