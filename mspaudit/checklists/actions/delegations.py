"""Sending questions to someone who has no account."""

import re
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, update

from mspaudit.checklists.actions import trail
from mspaudit.checklists.models import Answer, Assessment, DelegatedQuestion, Delegation
from mspaudit.clients.models import Client
from mspaudit.errors import DomainError
from mspaudit.extensions import db
from mspaudit.journal.actions import record
from mspaudit.kernel.french import plural
from mspaudit.kernel.text import one_line
from mspaudit.outbox.actions import cancel, queue_mail
from mspaudit.outbox.letters import address, letter
from mspaudit.tenancy.context import tenant_id
from mspaudit.tenancy.gate import hashed
from mspaudit.tenancy.models import Tenant

LASTS = timedelta(days=14)
MOST_A_DAY = 30
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


def delegate(
    assessment: Assessment, answer_ids: Collection[UUID], *, name: str, email: str, now: datetime
) -> Delegation:
    """Send questions to someone by a link that opens and saves only these, for fourteen days.

    Raises:
        LookupError: an answer is not of this assessment.
        DomainError: no name, no usable address, the campaign is over, or too many were sent today.
    """
    trail.open_for_answers(assessment)
    name, email = one_line(name, 120), one_line(email, 320).lower()
    if not name:
        raise DomainError("Écrivez le nom de la personne : elle saura que la question est pour elle.")
    if not _ADDRESS.fullmatch(email):
        raise DomainError("Cette adresse e-mail n’est pas complète.")
    answers = _answers(assessment, answer_ids)
    _not_too_many(assessment, now)
    token = secrets.token_urlsafe(32)
    delegation = Delegation(
        client_id=assessment.client_id,
        assessment_id=assessment.id,
        token_hash=hashed(token),
        name=name,
        email=email,
        created_at=now,
        created_by=trail.me().name,
        expires_at=now + LASTS,
    )
    db.session.add(delegation)
    db.session.flush()
    db.session.add_all(
        DelegatedQuestion(client_id=assessment.client_id, delegation_id=delegation.id, answer_id=answer.id)
        for answer in answers
    )
    _write_to(delegation, token, len(answers))
    record(
        "delegation.sent",
        name,
        subject_id=delegation.id,
        client_id=assessment.client_id,
        questions=sorted(answer.code for answer in answers),
    )
    return delegation


def revoke(delegation: Delegation, *, now: datetime) -> None:
    """Stop a link at once, its mail included if it has not left yet."""
    if delegation.revoked_at is not None:
        return
    delegation.revoked_at = now
    cancel(_key(delegation))
    record("delegation.revoked", delegation.name, subject_id=delegation.id, client_id=delegation.client_id)


def mark_answered(delegation_id: UUID, answer_id: UUID, *, now: datetime) -> None:
    """Note that the person the question was sent to has answered it, and so has opened the link."""
    db.session.execute(
        update(DelegatedQuestion)
        .where(
            DelegatedQuestion.delegation_id == delegation_id,
            DelegatedQuestion.answer_id == answer_id,
            DelegatedQuestion.answered_at.is_(None),
        )
        .values(answered_at=now)
        .execution_options(synchronize_session=False)
    )
    db.session.execute(
        update(Delegation)
        .where(Delegation.id == delegation_id, Delegation.opened_at.is_(None))
        .values(opened_at=now)
        .execution_options(synchronize_session=False)
    )


def _answers(assessment: Assessment, answer_ids: Collection[UUID]) -> list[Answer]:
    wanted = set(answer_ids)
    found = db.session.scalars(
        select(Answer).where(Answer.assessment_id == assessment.id, Answer.id.in_(wanted))
    ).all()
    if not wanted or len(found) != len(wanted):
        raise LookupError("a question that is not of this assessment")
    return list(found)


def _not_too_many(assessment: Assessment, now: datetime) -> None:
    """Our name is at the bottom of these mails: nobody may send them by the hundred."""
    sent = db.session.scalar(
        select(func.count())
        .select_from(Delegation)
        .where(Delegation.client_id == assessment.client_id, Delegation.created_at > now - timedelta(days=1))
    )
    if (sent or 0) >= MOST_A_DAY:
        raise DomainError(f"{MOST_A_DAY} demandes sont déjà parties depuis hier. Reprenez demain.")


def _write_to(delegation: Delegation, token: str, questions: int) -> None:
    tenant = db.session.get_one(Tenant, tenant_id())
    client = db.session.get_one(Client, (tenant_id(), delegation.client_id))
    mail = letter(
        "delegated_question",
        reader=delegation.name,
        sender=delegation.created_by,
        client=client.name,
        msp=tenant.name,
        questions=plural(questions, "question"),
        until=delegation.expires_at,
        link=address("delegation.show", token=token),
    )
    queue_mail(
        key=_key(delegation),
        recipient=delegation.email,
        subject=mail.subject,
        body=mail.body,
        client_id=delegation.client_id,
        secret=True,
    )


def _key(delegation: Delegation) -> str:
    return f"delegation:{delegation.id}"
