"""Campaigns: start, remind, close, reopen."""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update

from mspaudit.checklists import queries
from mspaudit.checklists.actions import trail
from mspaudit.checklists.actions.carrying import fill
from mspaudit.checklists.models import Assessment, Delegation
from mspaudit.checklists.packs import kind_of, load_pack
from mspaudit.clients import dirty
from mspaudit.clients.models import Client
from mspaudit.content.packs import Pack
from mspaudit.errors import DomainError
from mspaudit.extensions import db
from mspaudit.identity.models import ClientMember
from mspaudit.journal.actions import record
from mspaudit.kernel.clock import local, today
from mspaudit.kernel.french import hour, month, of, plural
from mspaudit.kernel.text import one_line, plain
from mspaudit.outbox.actions import queue_mail
from mspaudit.outbox.letters import address, letter
from mspaudit.tenancy.context import tenant_id
from mspaudit.tenancy.models import Tenant

BEFORE_DUE = QUIET = timedelta(days=7)


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
    fill(assessment, kind_of(client), pack, previous)
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


def remind_late(*, now: datetime) -> int:
    """Remind every client whose answers are due within a week or late, once a week, and return how many.

    A client that has nothing left to answer, or nobody to answer, is left in peace.
    """
    reminded = 0
    late = queries.late_assessments(now=now, today=today(now), before_due=BEFORE_DUE, quiet=QUIET)
    for assessment in late:
        try:
            remind(assessment, now=now)
        except DomainError:
            continue
        reminded += 1
    return reminded


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
