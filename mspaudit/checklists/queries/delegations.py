"""Questions sent to people without an account."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from mspaudit.checklists.models import Answer, DelegatedQuestion, Delegation
from mspaudit.extensions import db


@dataclass(frozen=True)
class Sent:
    """A delegation and the codes of its questions: those answered, and all."""

    delegation: Delegation
    codes: tuple[str, ...]
    answered: tuple[str, ...]

    def alive(self, now: datetime) -> bool:
        """Whether its link still opens."""
        return self.delegation.revoked_at is None and self.delegation.expires_at > now

    def state(self, now: datetime) -> str:
        """Where it is, in French."""
        if len(self.answered) == len(self.codes):
            return "répondu"
        if self.delegation.revoked_at is not None:
            return "annulé"
        if self.delegation.expires_at <= now:
            return "lien expiré"
        return "en attente" if not self.answered else "commencé"


def delegations(assessment_id: UUID) -> list[Sent]:
    """Everything that was sent in a campaign, the latest first; two statements."""
    rows = db.session.execute(
        select(DelegatedQuestion.delegation_id, Answer.code, DelegatedQuestion.answered_at)
        .join(Answer, Answer.id == DelegatedQuestion.answer_id)
        .where(Answer.assessment_id == assessment_id)
        .order_by(Answer.code)
    )
    codes: defaultdict[UUID, list[tuple[str, bool]]] = defaultdict(list)
    for delegation_id, code, answered_at in rows:
        codes[delegation_id].append((code, answered_at is not None))
    found = db.session.scalars(
        select(Delegation)
        .where(Delegation.assessment_id == assessment_id)
        .order_by(Delegation.created_at.desc())
    )
    return [
        Sent(
            each,
            tuple(code for code, _ in codes[each.id]),
            tuple(code for code, done in codes[each.id] if done),
        )
        for each in found
    ]


def delegation(client_id: UUID, delegation_id: UUID) -> Delegation | None:
    """One delegation of a client."""
    return db.session.scalar(
        select(Delegation).where(Delegation.client_id == client_id, Delegation.id == delegation_id)
    )


def sent_answers(delegation_id: UUID) -> dict[str, bool]:
    """By code, the questions of a delegation and whether its holder has answered them."""
    rows = db.session.execute(
        select(Answer.code, DelegatedQuestion.answered_at)
        .join(Answer, Answer.id == DelegatedQuestion.answer_id)
        .where(DelegatedQuestion.delegation_id == delegation_id)
    )
    return {code: answered_at is not None for code, answered_at in rows}
