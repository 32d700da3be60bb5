"""Campaigns: start, remind, close, reopen."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select, update

from mspaudit.checklists import queries
from mspaudit.checklists.actions import trail
from mspaudit.checklists.models import Answer, Assessment, Delegation, Evidence, LoadedControl
from mspaudit.checklists.packs import kind_of, load_pack
from mspaudit.clients import dirty
from mspaudit.clients.models import Client
from mspaudit.content.packs import Control, Kind, Pack
from mspaudit.errors import DomainError
from mspaudit.extensions import db
from mspaudit.identity.models import ClientMember
from mspaudit.journal.actions import record
from mspaudit.kernel.clock import local, today
from mspaudit.kernel.french import hour, month, of, plural
from mspaudit.kernel.ids import new_id
from mspaudit.kernel.text import one_line, plain
from mspaudit.outbox.actions import queue_mail
from mspaudit.outbox.letters import address, letter
from mspaudit.tenancy.context import tenant_id
from mspaudit.tenancy.models import Tenant

CARRIED = (
    "choice", "points", "done_on", "percent", "na_reason", "note", "state", "proof_until", "by_kind",
    "by_name", "answered_at",
)  # fmt: skip
CARRIED_PROOF = (
    "client_id", "filename", "mime", "size", "storage_key", "valid_until", "uploaded_at", "uploaded_by",
    "by_kind", "verified_at", "verified_by",
)  # fmt: skip


def start_assessment(
    client_id: UUID,
    pack: Pack,
    *,
    scope: str,
    due_on: date | None,
    now: datetime,
    by: str | None = None,
    title: str = "",
) -> Assessment:
    """Start a campaign: one unanswered row a control, the previous campaign's answers carried to confirm.

    Args:
        scope: ``full``, or ``express`` to ask only the ten questions of management.
        due_on: when the client should have answered; None when there is no hurry.

    Raises:
        DomainError: the date is past, or the client is archived.
    """
    client = db.session.get_one(Client, (tenant_id(), client_id))
    if client.archived_at is not None:
        raise DomainError("Ce client est archivé : il ne reçoit plus de questionnaire.")
    if due_on is not None and due_on < today(now):
        raise DomainError("Cette date est passée. Laissez au client au moins la journée.")
    loaded = load_pack(pack)
    by = by or trail.me().name
    previous = _retire_previous(client_id, now=now, by=by)
    assessment = Assessment(
        client_id=client_id,
        pack_id=loaded.id,
        scope=scope,
        title=one_line(title, 80) or f"Campagne {of(month(local(now).date()))}",
        due_on=due_on,
        started_at=now,
        started_by=by,
    )
    db.session.add(assessment)
    db.session.flush()
    _fill(assessment, kind_of(client), pack, previous)
    record("assessment.started", assessment.title, subject_id=assessment.id, client_id=client_id, at=now)
    dirty.mark(client_id)
    return assessment


def close_assessment(assessment: Assessment, *, now: datetime, by: str | None = None) -> None:
    """Close a campaign: answers stay, nobody changes them, and links sent for it stop working."""
    if assessment.closed_at is not None:
        return
    assessment.closed_at, assessment.closed_by = now, by or trail.me().name
    db.session.execute(
        update(Delegation)
        .where(Delegation.assessment_id == assessment.id, Delegation.revoked_at.is_(None))
        .values(revoked_at=now)
        .execution_options(synchronize_session=False)
    )
    record("assessment.closed", assessment.title, subject_id=assessment.id, client_id=assessment.client_id)


def reopen_assessment(assessment: Assessment, reason: str, *, now: datetime) -> None:
    """Open a closed campaign again.

    Raises:
        DomainError: without a reason, or when a newer campaign has replaced it.
    """
    reason = plain(reason, 500)
    if not reason:
        raise DomainError("Dites pourquoi vous rouvrez ce questionnaire : la raison reste au journal.")
    if not assessment.current:
        raise DomainError("Une campagne plus récente remplace celle-ci : elle ne se rouvre plus.")
    if assessment.closed_at is None:
        return
    assessment.closed_at = assessment.closed_by = None
    assessment.reopened_at, assessment.reopen_reason = now, reason
    record(
        "assessment.reopened",
        assessment.title,
        subject_id=assessment.id,
        client_id=assessment.client_id,
        reason=reason,
    )


def remind(assessment: Assessment, *, now: datetime) -> int:
    """Mail everyone of the client that questions wait, and return to how many; once a day at most.

    Raises:
        DomainError: reminded today already, nothing left to answer, the campaign is over, or nobody of
            the client can sign in.
    """
    trail.open_for_answers(assessment)
    last = assessment.reminded_at
    if last is not None and today(last) == today(now):
        raise DomainError(
            f"Un rappel est parti aujourd’hui à {hour(last)}. Le prochain pourra partir demain."
        )
    left = queries.progress(assessment.client_id, today=today(now))
    if left is None or not left.remaining.questions:
        raise DomainError("Il ne reste aucune question à ce client.")
    members = db.session.scalars(
        select(ClientMember).where(
            ClientMember.client_id == assessment.client_id, ClientMember.disabled_at.is_(None)
        )
    ).all()
    if not members:
        raise DomainError("Personne de ce client n’a encore d’accès. Invitez d’abord quelqu’un.")
    for member in members:
        _write_reminder(assessment, member, left, now)
    assessment.reminded_at = now
    said = plural(len(members), "personne")
    record("assessment.reminded", said, subject_id=assessment.id, client_id=assessment.client_id)
    return len(members)


def _write_reminder(
    assessment: Assessment, member: ClientMember, left: queries.Progress, now: datetime
) -> None:
    tenant = db.session.get_one(Tenant, tenant_id())
    client = db.session.get_one(Client, (tenant_id(), assessment.client_id))
    mail = letter(
        "question_reminder",
        reader=member.name,
        client=client.name,
        msp=tenant.name,
        left=left.remaining,
        due_on=assessment.due_on,
        link=address("portal.home", msp=tenant.slug, client=client.slug),
    )
    queue_mail(
        key=f"assessment.reminder:{assessment.id}:{today(now)}:{member.id}",
        recipient=member.email,
        subject=mail.subject,
        body=mail.body,
        client_id=client.id,
        reply_to=tenant.brand.get("email"),
    )


def _retire_previous(client_id: UUID, *, now: datetime, by: str) -> Assessment | None:
    previous = db.session.scalar(
        select(Assessment).where(Assessment.client_id == client_id, Assessment.current).with_for_update()
    )
    if previous is not None:
        close_assessment(previous, now=now, by=by)
        previous.current = False
        # Before the new one is written: only one may be current.
        db.session.flush()
    return previous


def _fill(assessment: Assessment, kind: Kind, pack: Pack, previous: Assessment | None) -> None:
    """One row a control; 67 of them leave in one statement."""
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
