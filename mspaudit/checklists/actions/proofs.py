"""Proofs: attached by anyone who answers, verified or refused by the MSP alone."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm.attributes import set_committed_value

from mspaudit.adapters import uploads
from mspaudit.checklists.actions import trail
from mspaudit.checklists.actions.answers import settle
from mspaudit.checklists.actions.trail import By
from mspaudit.checklists.models import Answer, Evidence
from mspaudit.errors import DomainError
from mspaudit.extensions import db
from mspaudit.kernel.ids import new_id
from mspaudit.kernel.text import one_line
from mspaudit.runtime import runtime
from mspaudit.tenancy.context import tenant_id
from mspaudit.tenancy.lifecycle import first_time

LONGEST_NAME = 120
MOST_PROOFS = 20


def attach_evidence(
    answer: Answer,
    data: bytes,
    filename: str,
    *,
    proof_days: int,
    now: datetime,
    today: date,
    by: By | None = None,
    delegation_id: UUID | None = None,
) -> Evidence:
    """Attach a proof to an answer; the same file twice is attached once.

    Args:
        proof_days: how long this control's proof holds, from today.
        delegation_id: the link of someone without an account who sends it.

    Raises:
        UploadRefused: empty, too heavy, or not a kind we take; in French.
        DomainError: the campaign is over, or the answer has too many proofs already.
    """
    by = by or trail.me()
    limit = runtime().settings.upload_limit_mib * uploads.MIB
    sniffed = uploads.sniff(data, filename, max_bytes=limit)
    trail.locked(answer)
    trail.open_for_answers(trail.assessment_of(answer))
    digest = sha256(data).hexdigest()
    live = trail.live_proofs(answer)
    same = next((proof for proof in live if proof.storage_key.endswith(digest)), None)
    if same is not None:
        return same
    if len(live) >= MOST_PROOFS:
        raise DomainError(f"Cette réponse a déjà {MOST_PROOFS} preuves. Retirez-en une d’abord.")
    evidence = Evidence(
        id=new_id(),
        answer_id=answer.id,
        client_id=answer.client_id,
        filename=one_line(filename, LONGEST_NAME) or f"preuve.{sniffed.extension}",
        mime=sniffed.mime,
        size=len(data),
        storage_key=runtime().storage.put(tenant_id(), digest, data),
        valid_until=today + timedelta(days=proof_days),
        uploaded_at=now,
        uploaded_by=by.name,
        by_kind=by.kind,
        delegation_id=delegation_id,
    )
    db.session.add(evidence)
    first_time(("evidence", evidence.id))
    set_committed_value(answer, "proofs", [*answer.proofs, evidence])
    _settled(answer, "proof_added", before="", after=evidence.filename, by=by, now=now, today=today)
    return evidence


def verify_evidence(evidence: Evidence, *, now: datetime, today: date, by: By | None = None) -> None:
    """Say that the MSP looked at this proof and that it shows what the answer says."""
    by = by or trail.me()
    trail.for_staff(by)
    answer = _locked_answer(evidence)
    if evidence.refused_at is not None or evidence.removed_at is not None:
        raise DomainError("Cette preuve a été refusée ou retirée entre-temps.")
    if evidence.verified_at is not None and evidence.verified_at >= (answer.answered_at or now):
        return
    evidence.verified_at, evidence.verified_by = now, by.name
    _settled(answer, "proof_verified", before="", after=evidence.filename, by=by, now=now, today=today)


def verify_in_bulk(client_id: UUID, evidence_ids: Collection[UUID], *, now: datetime, today: date) -> int:
    """Verify every proof of a client in the list that still awaits it, and return how many were.

    Proofs that another technician settled meanwhile are left as they are.
    """
    # Always in the same order, so that two technicians' lists cannot wait for each other.
    waiting = db.session.scalars(
        select(Evidence)
        .where(
            Evidence.client_id == client_id,
            Evidence.id.in_(evidence_ids),
            Evidence.verified_at.is_(None),
            Evidence.refused_at.is_(None),
            Evidence.removed_at.is_(None),
        )
        .order_by(Evidence.answer_id, Evidence.id)
    ).all()
    for evidence in waiting:
        verify_evidence(evidence, now=now, today=today)
    return len(waiting)


def refuse_evidence(
    evidence: Evidence, reason: str, *, now: datetime, today: date, by: By | None = None
) -> None:
    """Say that this proof does not show what the answer says. The reason is shown to who sent it."""
    by = by or trail.me()
    trail.for_staff(by)
    if not reason.strip():
        raise DomainError("Dites ce qui manque à cette preuve : la personne qui l’a envoyée le lira.")
    answer = _locked_answer(evidence)
    if evidence.refused_at is not None or evidence.removed_at is not None:
        return
    evidence.refused_at, evidence.refused_reason = now, reason.strip()
    evidence.verified_at = evidence.verified_by = None
    after = f"{evidence.filename} : {evidence.refused_reason}"
    _settled(answer, "proof_refused", before="", after=after, by=by, now=now, today=today)


def remove_evidence(evidence: Evidence, *, now: datetime, today: date, by: By | None = None) -> None:
    """Set a proof aside; ``restore_evidence`` brings it back. A verified one only the MSP may remove."""
    by = by or trail.me()
    answer = _locked_answer(evidence)
    if evidence.removed_at is not None:
        return
    trail.open_for_answers(trail.assessment_of(answer))
    if evidence.verified_at is not None:
        trail.for_staff(by)
    evidence.removed_at = now
    _settled(answer, "proof_removed", before=evidence.filename, after="", by=by, now=now, today=today)


def restore_evidence(evidence: Evidence, *, now: datetime, today: date, by: By | None = None) -> None:
    """Undo ``remove_evidence``."""
    by = by or trail.me()
    answer = _locked_answer(evidence)
    if evidence.removed_at is None:
        return
    trail.open_for_answers(trail.assessment_of(answer))
    evidence.removed_at = None
    _settled(answer, "proof_restored", before="", after=evidence.filename, by=by, now=now, today=today)


def _locked_answer(evidence: Evidence) -> Answer:
    answer = trail.locked(db.session.get_one(Answer, (tenant_id(), evidence.answer_id)))
    if first_time(("evidence", evidence.id)):
        db.session.refresh(evidence)
    return answer


def _settled(
    answer: Answer, what: str, *, before: str, after: str, by: By, now: datetime, today: date
) -> None:
    settle(answer, today=today)
    trail.trace(answer, what, before=before, after=after, by=by, now=now)
