"""The answers of a new campaign: one row a control, the previous campaign's carried to confirm."""

from sqlalchemy import select

from mspaudit.checklists.models import Answer, Assessment, Evidence, LoadedControl
from mspaudit.content.packs import Control, Kind, Pack
from mspaudit.extensions import db
from mspaudit.kernel.ids import new_id

CARRIED = (
    "choice", "points", "done_on", "percent", "na_reason", "note", "state", "proof_until", "by_kind",
    "by_name", "answered_at",
)  # fmt: skip
CARRIED_PROOF = (
    "client_id", "filename", "mime", "size", "storage_key", "valid_until", "uploaded_at", "uploaded_by",
    "by_kind", "verified_at", "verified_by",
)  # fmt: skip


def fill(assessment: Assessment, kind: Kind, pack: Pack, previous: Assessment | None) -> None:
    """Write one row a control, all in one statement, with what `previous` said to confirm."""
    asked = {c.code for c in (pack.express(kind) if assessment.scope == "express" else pack.for_kind(kind))}
    before = _answers_to_carry(previous)
    rows = {
        control.code: _row(
            assessment, control, control.code in asked, before.get((control.code, control.scale))
        )
        for control in pack.for_kind(kind)
    }
    db.session.add_all(rows.values())
    db.session.flush()
    if previous is not None:
        _carry_proofs(previous, {code: answer for code, answer in rows.items() if answer.carried})


def _row(assessment: Assessment, control: Control, asked: bool, old: Answer | None) -> Answer:
    carried = {} if old is None else {name: getattr(old, name) for name in CARRIED}
    return Answer(
        id=new_id(),
        client_id=assessment.client_id,
        assessment_id=assessment.id,
        pack_id=assessment.pack_id,
        code=control.code,
        asked=asked,
        carried=old is not None,
        **carried,
    )


def _answers_to_carry(previous: Assessment | None) -> dict[tuple[str, str], Answer]:
    """Answers of the previous campaign by code and scale: another scale asks another question."""
    if previous is None:
        return {}
    found = db.session.execute(
        select(Answer, LoadedControl.scale)
        .join(LoadedControl, (LoadedControl.pack_id == Answer.pack_id) & (LoadedControl.code == Answer.code))
        .where(Answer.assessment_id == previous.id, Answer.choice.is_not(None))
    )
    return {(answer.code, scale): answer for answer, scale in found}


def _carry_proofs(previous: Assessment, rows: dict[str, Answer]) -> None:
    """The files stay where they are; the new answers point at them too."""
    proofs = db.session.execute(
        select(Evidence, Answer.code)
        .join(Answer, Answer.id == Evidence.answer_id)
        .where(
            Answer.assessment_id == previous.id,
            Evidence.removed_at.is_(None),
            Evidence.refused_at.is_(None),
        )
    ).all()
    db.session.add_all(
        Evidence(answer_id=rows[code].id, **{name: getattr(proof, name) for name in CARRIED_PROOF})
        for proof, code in proofs
        if code in rows
    )
