"""Proofs as the technician sees them: look, verify, refuse, one at a time or in bulk."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from flask import Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from mspaudit.adapters.uploads import UploadRefused
from mspaudit.checklists import actions, queries
from mspaudit.checklists.models import Evidence
from mspaudit.checklists.queries import Checklist, Question
from mspaudit.checklists.serving import send_proof
from mspaudit.checklists.views import asked, done, refused
from mspaudit.clients.queries import client_or_404
from mspaudit.errors import DomainError
from mspaudit.kernel.clock import now as the_time
from mspaudit.kernel.clock import today
from mspaudit.kernel.french import plural
from mspaudit.kernel.text import one_line
from mspaudit.tenancy.blueprints import tenant_blueprint

PREFIX = "/clients/<client>/questionnaire"
blueprint = tenant_blueprint("checklist_proofs", __name__, audience="reader", prefix=PREFIX)


@blueprint.post("/questions/<code>/preuves")
def add(client: str, code: str) -> ResponseReturnValue:
    """Attach a file on behalf of the client, or our own."""
    checklist, found = asked(client, code)
    file, now = request.files.get("proof"), the_time()
    try:
        if file is None or not file.filename:
            raise UploadRefused("Choisissez d’abord un fichier.")
        actions.attach_evidence(
            found.answer,
            file.read(),
            file.filename,
            proof_days=found.control.proof_days,
            now=now,
            today=today(now),
        )
    except (UploadRefused, DomainError) as refusal:
        return refused(checklist, found, refusal)
    return done(checklist, code, "Preuve enregistrée.")


@blueprint.get("/preuves/<uuid:proof>")
def file(client: str, proof: UUID) -> Response:
    """The file itself."""
    return send_proof(_proof(client, proof))


@blueprint.post("/preuves/<uuid:proof>/verification")
def verify(client: str, proof: UUID) -> ResponseReturnValue:
    """It shows what the answer says."""
    return _do(client, proof, actions.verify_evidence, "Preuve vérifiée.")


@blueprint.post("/preuves/<uuid:proof>/refus")
def refuse(client: str, proof: UUID) -> ResponseReturnValue:
    """It does not, and whoever sent it will read why."""
    reason = one_line(request.form.get("reason", ""), 300)
    return _do(client, proof, partial(actions.refuse_evidence, reason=reason), "Preuve refusée.")


@blueprint.post("/preuves/<uuid:proof>/retrait")
def remove(client: str, proof: UUID) -> ResponseReturnValue:
    """Set aside."""
    now, evidence = the_time(), _proof(client, proof)
    checklist, found = _question(client, evidence)
    actions.remove_evidence(evidence, now=now, today=today(now))
    return done(checklist, found.control.code, "Preuve retirée.", removed=evidence)


@blueprint.post("/preuves/<uuid:proof>/retour")
def restore(client: str, proof: UUID) -> ResponseReturnValue:
    """Undo the removal."""
    return _do(client, proof, actions.restore_evidence, "Preuve remise.")


@blueprint.post("/preuves/verifications")
def verify_many(client: str) -> ResponseReturnValue:
    """Verify the proofs ticked in the table."""
    found, now = client_or_404(client), the_time()
    wanted = []
    for text in request.form.getlist("proof"):
        try:
            wanted.append(UUID(text))
        except ValueError:
            abort(404)
    count = actions.verify_in_bulk(found.id, wanted, now=now, today=today(now))
    flash(f"{plural(count, 'preuve vérifiée', 'preuves vérifiées')}.")
    return redirect(url_for("checklists.show", client=client), 303)


def _do(client: str, proof: UUID, verb: Callable[..., None], said: str) -> ResponseReturnValue:
    now = the_time()
    evidence = _proof(client, proof)
    checklist, found = _question(client, evidence)
    try:
        verb(evidence, now=now, today=today(now))
    except DomainError as refusal:
        return refused(checklist, found, refusal)
    return done(checklist, found.control.code, said)


def _proof(client: str, proof: UUID) -> Evidence:
    found = queries.evidence(client_or_404(client).id, proof)
    if found is None:
        abort(404)
    return found


def _question(client: str, evidence: Evidence) -> tuple[Checklist, Question]:
    return asked(client, queries.answer(evidence.answer_id).code)
