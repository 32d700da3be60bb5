"""One campaign: its questions, how far they are answered, what changed since the one before."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import selectinload

from mspaudit.checklists import rules, wording
from mspaudit.checklists.measured import Measured
from mspaudit.checklists.models import Answer, AnswerEvent, Assessment, Evidence, LoadedPack
from mspaudit.checklists.packs import kind_of, words
from mspaudit.clients.models import Client
from mspaudit.content.packs import Control, Pack
from mspaudit.extensions import db
from mspaudit.tenancy.lifecycle import first_time


@dataclass(frozen=True)
class Checklist:
    """A campaign with the words of the pack it pinned and the client it asks."""

    assessment: Assessment
    pack: Pack
    client: Client

    @property
    def open(self) -> bool:
        """Whether answers may still be given."""
        return self.assessment.current and self.assessment.closed_at is None


@dataclass(frozen=True)
class Question:
    """One control as this client is asked it, with its answer as of today.

    ``measured`` only once `measured.with_measures` has looked.
    """

    control: Control
    answer: Answer
    text: str
    state: rules.AnswerState
    proofs: tuple[Evidence, ...] = ()
    measured: Measured | None = None

    @property
    def for_client(self) -> bool:
        """Whether the client's own people are asked it, rather than the technician alone."""
        return self.answer.asked and "client" in self.control.answered_by

    @property
    def answered(self) -> bool:
        """Whether someone answered it in this campaign; « je ne sais pas » is an answer."""
        return self.answer.choice is not None and not self.answer.carried

    @property
    def contradicted(self) -> bool:
        """Whether a measurement disproves the answer."""
        return self.state is rules.AnswerState.CONTRADICTED

    @property
    def spoken(self) -> str:
        """The answer in words."""
        found = self.answer
        return wording.spoken(self.control.scale, found.choice, done_on=found.done_on, share=found.percent)

    @property
    def picked(self) -> str:
        """The value of the option chosen, empty when there is none."""
        return wording.picked(self.control.scale, self.answer.choice, self.answer.percent)


class Progress(NamedTuple):
    """How many questions are put, how many are answered, and what is left of them."""

    asked: int
    answered: int
    remaining: rules.Remaining


class Change(NamedTuple):
    """What the previous campaign said, and where it went: better, worse or same."""

    before: str
    direction: str


def current_assessment(client_id: UUID) -> Checklist | None:
    """The campaign whose answers count, open or closed; None before the first."""
    return _checklist(Assessment.client_id == client_id, Assessment.current.is_(True))


def assessment(client_id: UUID, assessment_id: UUID) -> Checklist | None:
    """One campaign of a client."""
    return _checklist(Assessment.client_id == client_id, Assessment.id == assessment_id)


def past_assessments(client_id: UUID) -> list[Assessment]:
    """Every campaign of a client, the latest first."""
    return list(
        db.session.scalars(
            select(Assessment).where(Assessment.client_id == client_id).order_by(Assessment.started_at.desc())
        )
    )


def questions(checklist: Checklist, *, today: date) -> list[Question]:
    """Every question of a campaign in the pack's order, those not asked included; two statements."""
    answers = db.session.scalars(select(Answer).where(Answer.assessment_id == checklist.assessment.id))
    by_code = {found.code: found for found in answers}
    proofs = _proofs(Answer.assessment_id == checklist.assessment.id)
    return [
        _question(checklist, by_code[control.code], proofs[by_code[control.code].id], today)
        for control in checklist.pack.controls
        if control.code in by_code
    ]


def one_question(checklist: Checklist, code: str, *, today: date, hold: bool = False) -> Question | None:
    """The question of that code.

    Args:
        hold: it is about to be answered: nobody else writes it until this transaction ends.
    """
    statement = (
        select(Answer)
        .where(Answer.assessment_id == checklist.assessment.id, Answer.code == code)
        .options(selectinload(Answer.proofs))
    )
    found = db.session.scalar(statement.with_for_update() if hold else statement)
    if found is None:
        return None
    if hold:
        first_time(("answer", found.id))
    shown = sorted((p for p in found.proofs if p.removed_at is None), key=lambda p: p.uploaded_at)
    return _question(checklist, found, shown, today)


def for_portal(found: Iterable[Question]) -> list[Question]:
    """Those that the client's own people are asked."""
    return [question for question in found if question.for_client]


def progress_of(found: Iterable[Question]) -> Progress:
    """How far these questions are answered."""
    listed = list(found)
    answered = {question.control.code for question in listed if question.answered}
    minutes = {question.control.code: question.control.minutes for question in listed}
    return Progress(len(listed), len(answered), rules.remaining(minutes, answered))


def progress(client_id: UUID, *, today: date) -> Progress | None:
    """How far the client's own people are in the current campaign; None when there is none."""
    checklist = current_assessment(client_id)
    return None if checklist is None else progress_of(for_portal(questions(checklist, today=today)))


def left_for_client(checklist: Checklist) -> list[str]:
    """The codes that the client's own people have still to answer or confirm; one light statement."""
    waiting = select(Answer.code).where(
        Answer.assessment_id == checklist.assessment.id,
        Answer.asked,
        or_(Answer.choice.is_(None), Answer.carried),
    )
    return [c for c in db.session.scalars(waiting) if "client" in checklist.pack.control(c).answered_by]


def answer(answer_id: UUID) -> Answer:
    """One answer. Raises NoResultFound."""
    return db.session.scalars(select(Answer).where(Answer.id == answer_id)).one()


def history(answer_id: UUID) -> list[AnswerEvent]:
    """Who wrote what and when, the latest first."""
    return list(
        db.session.scalars(
            select(AnswerEvent)
            .where(AnswerEvent.answer_id == answer_id)
            .order_by(AnswerEvent.at.desc(), AnswerEvent.id.desc())
        )
    )


def comparison(checklist: Checklist, *, today: date) -> dict[str, Change]:
    """By code, what the campaign before this one said, each value as it counts today; empty for the first."""
    previous = db.session.scalar(
        select(Assessment.id)
        .where(
            Assessment.client_id == checklist.client.id,
            Assessment.started_at < checklist.assessment.started_at,
        )
        .order_by(Assessment.started_at.desc())
        .limit(1)
    )
    if previous is None:
        return {}
    found = db.session.scalars(
        select(Answer).where(Answer.assessment_id.in_([previous, checklist.assessment.id]))
    ).all()
    now = {a.code: a for a in found if a.assessment_id != previous}
    before = {a.code: a for a in found if a.assessment_id == previous}
    return {
        control.code: _change(control, before[control.code], now[control.code], today)
        for control in checklist.pack.controls
        if control.code in before and control.code in now
    }


def _change(control: Control, before: Answer, now: Answer, today: date) -> Change:
    said = wording.spoken(control.scale, before.choice, done_on=before.done_on, share=before.percent)
    old, new = _value(control, before, today), _value(control, now, today)
    if old is None or new is None or old == new:
        return Change(said, "same")
    return Change(said, "better" if new > old else "worse")


def _value(control: Control, found: Answer, today: date) -> float | None:
    if found.choice is None:
        return None
    try:
        return rules.answer_value(
            control.scale, found.choice, done_on=found.done_on, percent=found.percent, today=today
        )
    except rules.ChecklistError:
        # The previous pack graded this control on another scale: nothing to compare.
        return None


def _checklist(*conditions: ColumnElement[bool]) -> Checklist | None:
    row = db.session.execute(
        select(Assessment, LoadedPack.digest, Client)
        .join(LoadedPack, LoadedPack.id == Assessment.pack_id)
        .join(Client, Client.id == Assessment.client_id)
        .where(*conditions)
    ).one_or_none()
    return None if row is None else Checklist(row[0], words(row[1]), row[2])


def _question(checklist: Checklist, found: Answer, proofs: list[Evidence], today: date) -> Question:
    control = checklist.pack.control(found.code)
    return Question(
        control=control,
        answer=found,
        text=control.question_for(kind_of(checklist.client)),
        state=rules.state_on(found.state, proof_until=found.proof_until, today=today),
        proofs=tuple(proofs),
    )


def _proofs(*conditions: ColumnElement[bool]) -> defaultdict[UUID, list[Evidence]]:
    """Proofs not removed, by answer; refused ones stay, for whoever sent them must read why."""
    found: defaultdict[UUID, list[Evidence]] = defaultdict(list)
    rows = db.session.scalars(
        select(Evidence)
        .join(Answer, Answer.id == Evidence.answer_id)
        .where(Evidence.removed_at.is_(None), *conditions)
        .order_by(Evidence.uploaded_at)
    )
    for row in rows:
        found[row.answer_id].append(row)
    return found
