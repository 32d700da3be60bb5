"""Who writes, and the trail each write leaves: the answer's history, the journal, the client's figures."""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import or_, select, tuple_, update
from sqlalchemy.orm import contains_eager, selectinload

from mspaudit.checklists.models import Answer, AnswerEvent, Assessment, Evidence, LoadedControl
from mspaudit.checklists.wording import spoken
from mspaudit.clients import dirty
from mspaudit.clients.models import Client
from mspaudit.errors import DomainError
from mspaudit.extensions import db
from mspaudit.journal.actions import record
from mspaudit.kernel.french import short_day
from mspaudit.tenancy.context import current, tenant_id
from mspaudit.tenancy.lifecycle import first_time

_KINDS = {"msp": "msp", "limited": "msp", "client": "client", "guest": "client"}
# A row rewritten at every answer would bloat for nothing: nobody reads last contact to the second.
CONTACT_EVERY = timedelta(minutes=1)


class By(NamedTuple):
    """Who answers: ``kind`` is client, msp or machine."""

    kind: str
    name: str


def me() -> By:
    """The person or job of the current context."""
    context = current()
    return By(_KINDS.get(context.kind, "machine"), context.actor)


def for_staff(by: By) -> None:
    """Refuse a verb that only the MSP may do, whoever calls it."""
    if by.kind == "client":
        raise DomainError("Seul votre prestataire peut le faire.")


def locked(answer: Answer) -> Answer:
    """The answer as it stands now, nobody else writing it until this transaction ends."""
    if first_time(("answer", answer.id)):
        db.session.refresh(answer, with_for_update=True)
    return answer


def hold(wanted: Collection[tuple[UUID, str]]) -> list[Answer]:
    """The current answers of several clients, each named by client and code, all locked in one go."""
    statement = (
        select(Answer)
        .join(Answer.assessment)
        .where(tuple_(Answer.client_id, Answer.code).in_(wanted), Assessment.current)
        .options(contains_eager(Answer.assessment), selectinload(Answer.proofs))
        .order_by(Answer.id)
        .with_for_update(of=Answer)
    )
    found = list(db.session.scalars(statement))
    for answer in found:
        first_time(("answer", answer.id))
    return found


def live_proofs(answer: Answer) -> list[Evidence]:
    """The proofs that still count: neither refused nor removed."""
    return [p for p in answer.proofs if p.removed_at is None and p.refused_at is None]


def assessment_of(answer: Answer) -> Assessment:
    """The assessment of an answer."""
    return answer.assessment


def open_for_answers(assessment: Assessment) -> None:
    """Refuse to write in a campaign that is over."""
    if not assessment.current:
        raise DomainError("Une campagne plus récente remplace celle-ci. Répondez dans la nouvelle.")
    if assessment.closed_at is not None:
        closed = short_day(assessment.closed_at.date())
        raise DomainError(f"Ce questionnaire est clos depuis le {closed}. Votre prestataire peut le rouvrir.")


@lru_cache(maxsize=4096)
def scale_of(pack_id: UUID, code: str) -> str:
    """How a control is graded; a loaded pack never changes."""
    return db.session.scalars(
        select(LoadedControl.scale).where(LoadedControl.pack_id == pack_id, LoadedControl.code == code)
    ).one()


def described(answer: Answer) -> str:
    """The answer in one line, for its history: « oui, en mars 2026 » or « pas concerné : … »."""
    scale = scale_of(answer.pack_id, answer.code)
    text = spoken(scale, answer.choice, done_on=answer.done_on, share=answer.percent)
    return f"{text} : {answer.na_reason}" if answer.na_reason else text


def trace(answer: Answer, what: str, *, before: str, after: str, by: By, now: datetime) -> None:
    """Write one line of history, one of journal, and have the client's figures recomputed."""
    db.session.add(
        AnswerEvent(
            answer_id=answer.id,
            client_id=answer.client_id,
            at=now,
            by_kind=by.kind,
            by_name=by.name,
            what=what,
            before=before,
            after=after,
        )
    )
    record(
        f"answer.{what}",
        answer.code,
        subject_id=answer.id,
        client_id=answer.client_id,
        at=now,
        before=before,
        after=after,
    )
    dirty.mark(answer.client_id)
    if by.kind == "client" and first_time(("contact", answer.client_id)):
        _note_contact(answer.client_id, now)


def _note_contact(client_id: UUID, now: datetime) -> None:
    long_ago = or_(Client.last_contact_at.is_(None), Client.last_contact_at < now - CONTACT_EVERY)
    db.session.execute(
        update(Client)
        .where(Client.tenant_id == tenant_id(), Client.id == client_id, long_ago)
        .values(last_contact_at=now)
        .execution_options(synchronize_session=False)
    )
