"""The pages of a delegated question: a link that opens and saves only the questions sent, without account."""

from dataclasses import dataclass, replace
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mspaudit.adapters.uploads import UploadRefused
from mspaudit.checklists import actions, answering, forms, queries, wording
from mspaudit.checklists.models import Delegation, Evidence
from mspaudit.checklists.queries import Checklist, Question
from mspaudit.errors import DomainError
from mspaudit.extensions import limiter
from mspaudit.identity import door
from mspaudit.kernel.clock import now as the_time
from mspaudit.kernel.clock import today
from mspaudit.tenancy.blueprints import public_blueprint
from mspaudit.tenancy.context import Context
from mspaudit.tenancy.gate import hashed
from mspaudit.tenancy.lifecycle import enter

MOST_PROOFS = 5
blueprint = public_blueprint("delegation", __name__, prefix="/question/<token>")


@dataclass(frozen=True)
class Guest:
    """What a valid link opens."""

    token: str
    delegation: Delegation
    checklist: Checklist
    questions: tuple[Question, ...]
    answered: frozenset[str]
    msp: str
    phone: str

    @property
    def left(self) -> list[Question]:
        """The questions its holder has not answered yet."""
        return [q for q in self.questions if q.control.code not in self.answered]


def _link_key() -> str:
    """Files are counted by link, whatever the address they come from."""
    return "delegation:" + hashed(g.link).hex()[:16]


@blueprint.url_value_preprocessor
def _take(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    g.link = (values or {}).pop("token", "")


@blueprint.before_request
@limiter.limit("120/minute")
def _admit() -> None:
    """Enter the one organisation of the link, or answer alike whatever is wrong with it."""
    found = door.delegation(hashed(g.link)) if len(g.link) <= 100 else None
    if found is None:
        abort(404)
    context = Context("guest", tenant_id=found.tenant_id, client_id=found.client_id, actor=found.client_name)
    enter(context)
    delegation = queries.delegation(found.client_id, found.id)
    checklist = queries.current_assessment(found.client_id)
    if delegation is None or checklist is None or checklist.assessment.id != delegation.assessment_id:
        abort(404)
    enter(replace(context, actor=delegation.name))
    sent = queries.sent_answers(delegation.id)
    g.guest = Guest(
        token=g.link,
        delegation=delegation,
        checklist=checklist,
        questions=tuple(
            q for q in queries.questions(checklist, today=today(the_time())) if q.control.code in sent
        ),
        answered=frozenset(code for code, done in sent.items() if done),
        msp=found.tenant_name,
        phone=str((found.brand or {}).get("phone", "")),
    )


@blueprint.get("")
def show() -> ResponseReturnValue:
    """Who asks, what, and until when; thanks once all is answered."""
    return render_template("checklists/guest.html", guest=g.guest, **_reader())


@blueprint.get("/<code>")
def question(code: str) -> ResponseReturnValue:
    """One of the questions sent."""
    found = _sent(code)
    return _page(found, forms.stored(found.answer, found.control.scale))


@blueprint.post("/<code>")
def answer(code: str) -> ResponseReturnValue:
    """Save the answer to one of the questions sent."""
    found, now = _sent(code), the_time()
    outcome = answering.take(found, request.form, now=now)
    if outcome.saved:
        actions.mark_answered(g.guest.delegation.id, found.answer.id, now=now)
    if answering.wants_json():
        return answering.as_json(outcome, found)
    if outcome.changed:
        # Someone of the house answered meanwhile: the guest sees it, and what they typed, and may insist.
        again = forms.replace_version(outcome.typed, found.answer.version)
        return _page(found, again, error=outcome.said), 409
    if not outcome.saved:
        return _page(found, outcome.typed, error=outcome.said), 422
    following = next((q for q in g.guest.left if q.control.code != code), None)
    if following is None:
        return redirect(url_for("delegation.show", token=g.guest.token), 303)
    return redirect(url_for("delegation.question", token=g.guest.token, code=following.control.code), 303)


@blueprint.post("/<code>/preuves")
@limiter.limit("20 per hour", key_func=_link_key)
def add_proof(code: str) -> ResponseReturnValue:
    """Attach the file sent to one of the questions sent; a refused one leaves the page as it was."""
    found, now = _sent(code), the_time()
    file = request.files.get("proof")
    try:
        if file is None or not file.filename:
            raise UploadRefused("Choisissez d’abord un fichier : une photo ou un PDF.")
        if len(_own_proofs(found)) >= MOST_PROOFS:
            raise DomainError(f"Vous avez déjà envoyé {MOST_PROOFS} fichiers pour cette question.")
        actions.attach_evidence(
            found.answer,
            file.read(),
            file.filename,
            proof_days=found.control.proof_days,
            now=now,
            today=today(now),
            delegation_id=g.guest.delegation.id,
        )
    except (UploadRefused, DomainError) as refusal:
        return _page(found, forms.stored(found.answer, found.control.scale), refused=str(refusal)), 422
    flash("Preuve enregistrée. Merci.")
    return redirect(url_for("delegation.question", token=g.guest.token, code=code), 303)


def _own_proofs(found: Question) -> list[Evidence]:
    """What came by this very link; the house's other proofs are not for its holder."""
    return [proof for proof in found.proofs if proof.delegation_id == g.guest.delegation.id]


def _sent(code: str) -> Question:
    found = next((q for q in g.guest.questions if q.control.code == code), None)
    if found is None:
        abort(404)
    return found


def _page(found: Question, typed: forms.Typed, *, error: str = "", refused: str = "") -> str:
    now = the_time()
    return render_template(
        "checklists/guest_question.html",
        guest=g.guest,
        question=found,
        typed=typed,
        error=error,
        refused=refused,
        proofs=_own_proofs(found),
        today=today(now),
        options=wording.options(found.control, g.guest.msp),
        months=wording.months(),
        years=wording.years(today(now)),
        saved=answering.saved_line(found, now=now) if found.control.code in g.guest.answered else "",
        **_reader(),
    )


def _reader() -> dict[str, str]:
    """Answers kept on the device belong to the link."""
    return {"reader_key": hashed(g.link).hex()[:16]}
