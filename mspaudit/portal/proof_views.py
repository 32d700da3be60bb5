"""Proofs as the secretary sends, sees and removes them."""

from uuid import UUID

from flask import Response, abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from mspaudit.adapters.uploads import UploadRefused
from mspaudit.checklists import actions, forms, queries
from mspaudit.checklists.models import Evidence
from mspaudit.checklists.serving import send_proof
from mspaudit.errors import DomainError
from mspaudit.kernel.clock import now as the_time
from mspaudit.kernel.clock import today
from mspaudit.portal.pages import asked_question, question_page
from mspaudit.tenancy.blueprints import portal_blueprint

blueprint = portal_blueprint("portal_proofs", __name__, audience="respondent")


@blueprint.post("/questions/<code>/preuves")
def add(code: str) -> ResponseReturnValue:
    """Attach the file sent; a refused one leaves the page as it was and says why."""
    asked = asked_question(code)
    found, now = asked.question, the_time()
    file = request.files.get("proof")
    try:
        if file is None or not file.filename:
            raise UploadRefused("Choisissez d’abord un fichier : une photo ou un PDF.")
        actions.attach_evidence(
            found.answer,
            file.read(),
            file.filename,
            proof_days=found.control.proof_days,
            now=now,
            today=today(now),
        )
    except (UploadRefused, DomainError) as refusal:
        typed = forms.stored(found.answer, found.control.scale)
        return question_page(asked, typed, now=now, refused=str(refusal)), 422
    flash("Preuve enregistrée. Merci.")
    return redirect(url_for("portal.question", code=code), 303)


@blueprint.get("/preuves/<uuid:proof>")
def file(proof: UUID) -> Response:
    """The file itself."""
    return send_proof(_proof(proof))


@blueprint.post("/preuves/<uuid:proof>/retrait")
def remove(proof: UUID) -> ResponseReturnValue:
    """Set a proof aside; the next page offers to bring it back."""
    now = the_time()
    found = _proof(proof)
    actions.remove_evidence(found, now=now, today=today(now))
    code = queries.answer(found.answer_id).code
    return redirect(url_for("portal.question", code=code, retiree=proof), 303)


@blueprint.post("/preuves/<uuid:proof>/retour")
def restore(proof: UUID) -> ResponseReturnValue:
    """Undo the removal."""
    now = the_time()
    found = _proof(proof)
    actions.restore_evidence(found, now=now, today=today(now))
    flash("La preuve est de retour.")
    return redirect(url_for("portal.question", code=queries.answer(found.answer_id).code), 303)


def _proof(proof: UUID) -> Evidence:
    found = queries.evidence(g.visitor.client_id, proof)
    if found is None:
        abort(404)
    return found
