"""What the MSP has to clear up over all its clients: unknown answers, proofs nobody looked at."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from mspaudit.checklists.measured import Measured
from mspaudit.checklists.models import Answer, Assessment, Evidence, LoadedControl, LoadedPack
from mspaudit.checklists.packs import kind_of, words
from mspaudit.checklists.wording import spoken
from mspaudit.clients.models import Client
from mspaudit.content.packs import Control
from mspaudit.extensions import db

PAGE = 50
Rows = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class ToClarify:
    """One thing to look at, at one client: a proof, a measurement against the answer, or what nobody knew."""

    client: Client
    control: Control
    answer: Answer
    text: str
    proof: Evidence | None = None
    measured: Measured | None = None

    @property
    def spoken(self) -> str:
        """The answer in words."""
        found = self.answer
        return spoken(self.control.scale, found.choice, done_on=found.done_on, share=found.percent)


def to_verify(*, page: int = 1) -> list[ToClarify]:
    """Answers « je ne sais pas » of current campaigns, the heaviest first; one statement a page."""
    rows = db.session.execute(
        heaviest_first(current_answers(select(Client, LoadedPack.digest, Answer)))
        .where(Answer.state == "unknown")
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return [to_clarify(client, digest, answer) for client, digest, answer in rows]


def evidence_waiting(*, page: int = 1) -> list[ToClarify]:
    """Proofs that nobody of the MSP has looked at, the oldest first; one statement a page."""
    rows = db.session.execute(
        _waiting(current_answers(select(Client, LoadedPack.digest, Answer, Evidence)))
        .order_by(Evidence.uploaded_at, Evidence.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return [to_clarify(*row) for row in rows]


def waiting_counts() -> tuple[int, int]:
    """How many answers nobody knew, and how many proofs wait."""
    unknown = db.session.scalar(
        current_answers(select(func.count()).select_from(Answer)).where(Answer.state == "unknown")
    )
    proofs = db.session.scalar(_waiting(current_answers(select(func.count(Evidence.id)).select_from(Answer))))
    return unknown or 0, proofs or 0


def evidence(client_id: UUID, evidence_id: UUID) -> Evidence | None:
    """One proof of a client, removed ones included so that a removal can be undone."""
    return db.session.scalar(
        select(Evidence).where(Evidence.client_id == client_id, Evidence.id == evidence_id)
    )


def expiring(
    client_id: UUID, *, today: date, within: timedelta = timedelta(days=45)
) -> list[tuple[Answer, date]]:
    """Answers of the current campaign whose proof ends soon, the first to end first."""
    return [
        (answer, answer.proof_until)
        for answer in db.session.scalars(
            select(Answer)
            .join(Assessment, Assessment.id == Answer.assessment_id)
            .where(
                Answer.client_id == client_id,
                Assessment.current,
                Answer.proof_until.between(today, today + within),
            )
            .order_by(Answer.proof_until, Answer.code)
        )
        if answer.proof_until is not None
    ]


def late_assessments(
    *, now: datetime, today: date, before_due: timedelta, quiet: timedelta
) -> list[Assessment]:
    """Open campaigns due within ``before_due`` that nobody was reminded of for ``quiet``."""
    return list(
        db.session.scalars(
            select(Assessment)
            .where(
                Assessment.current,
                Assessment.closed_at.is_(None),
                Assessment.due_on <= today + before_due,
                or_(Assessment.reminded_at.is_(None), Assessment.reminded_at < now - quiet),
            )
            .order_by(Assessment.due_on)
        )
    )


def current_answers(statement: Rows) -> Rows:
    """`statement` over the answers that count, with their client and pack."""
    return (
        statement.join(Assessment, Assessment.id == Answer.assessment_id)
        .join(Client, Client.id == Answer.client_id)
        .join(LoadedPack, LoadedPack.id == Answer.pack_id)
        .where(Assessment.current, Client.archived_at.is_(None))
    )


def heaviest_first(statement: Rows) -> Rows:
    """`statement` in the order to look at things."""
    same = (LoadedControl.pack_id == Answer.pack_id) & (LoadedControl.code == Answer.code)
    return statement.join(LoadedControl, same).order_by(
        LoadedControl.weight.desc(), Client.name_key, LoadedControl.position, Answer.id
    )


def _waiting(statement: Rows) -> Rows:
    return statement.join(Evidence, Evidence.answer_id == Answer.id).where(
        Evidence.verified_at.is_(None), Evidence.refused_at.is_(None), Evidence.removed_at.is_(None)
    )


def to_clarify(
    client: Client,
    digest: str,
    answer: Answer,
    proof: Evidence | None = None,
    measured: Measured | None = None,
) -> ToClarify:
    """One line of the page, in the words of the pack that the answer was given to."""
    control = words(digest).control(answer.code)
    return ToClarify(client, control, answer, control.question_for(kind_of(client)), proof, measured)
