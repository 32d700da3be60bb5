"""Answering, and confirming what comes from the previous campaign."""

from datetime import date, datetime
from typing import Any

from mspaudit.checklists import rules
from mspaudit.checklists.actions import trail
from mspaudit.checklists.actions.trail import By
from mspaudit.checklists.models import Answer
from mspaudit.errors import DomainError
from mspaudit.kernel.clock import local
from mspaudit.kernel.french import hour, short_day, typo

_VALUES = ("choice", "done_on", "percent", "na_reason", "note")


class AnswerChanged(DomainError):
    """Someone else answered since this person looked; ``answer`` is theirs, and stands until one chooses."""

    def __init__(self, answer: Answer, now: datetime) -> None:
        self.answer = answer
        who = answer.by_name or "Quelqu’un"
        said = f"{who} a répondu {trail.described(answer)} {_when(answer, now)}."
        super().__init__(typo(f"{said} Garder sa réponse ou la vôtre ?"))


def save_answer(
    answer: Answer,
    choice: str,
    *,
    expected_version: int,
    now: datetime,
    today: date,
    done_on: date | None = None,
    percent: int | None = None,
    na_reason: str | None = None,
    note: str = "",
    by: By | None = None,
) -> bool:
    """Save what someone picked, and return whether anything changed.

    Saving again what is already there changes nothing, whatever the version: a phone that lost its
    connection may send twice. Nobody is in conflict with themselves: their last word counts.

    Args:
        expected_version: the answer's version that this person was looking at.
        today: the business day in Paris that dates are judged against.
        by: who answers; the current context's own by default.

    Raises:
        ChecklistError: the scale has no such choice, or a date or share is missing or impossible.
        AnswerChanged: someone else answered meanwhile, otherwise.
        DomainError: the campaign is over, or « pas concerné » comes without a reason.
    """
    by = by or trail.me()
    scale = trail.scale_of(answer.pack_id, answer.code)
    given = _given(scale, choice, done_on=done_on, percent=percent, na_reason=na_reason, note=note)
    points = rules.halves(scale, choice, done_on=given["done_on"], percent=given["percent"], today=today)
    trail.locked(answer)
    if not answer.carried and all(getattr(answer, name) == value for name, value in given.items()):
        return False
    trail.open_for_answers(trail.assessment_of(answer))
    if rules.conflict(expected_version, answer.version) and (answer.by_kind, answer.by_name) != by:
        raise AnswerChanged(answer, now)
    before = trail.described(answer)
    _write(answer, given, points=points, by=by, now=now)
    settle(answer, today=today)
    trail.trace(answer, "saved", before=before, after=trail.described(answer), by=by, now=now)
    return True


def confirm_carried(answer: Answer, *, now: datetime, by: By | None = None) -> None:
    """Say that the previous campaign's answer still holds. Does nothing when it was confirmed already."""
    by = by or trail.me()
    trail.locked(answer)
    if not answer.carried:
        return
    trail.open_for_answers(trail.assessment_of(answer))
    answer.carried = False
    answer.version += 1
    said = trail.described(answer)
    trail.trace(answer, "confirmed", before=said, after=said, by=by, now=now)


def settle(answer: Answer, *, today: date) -> None:
    """Set the state that the answer and its remaining proofs deserve."""
    live = (rules.Proof(p.valid_until, p.verified_at) for p in trail.live_proofs(answer))
    found = rules.settled(answer.choice, live, answered_at=answer.answered_at, today=today)
    answer.state, answer.proof_until = found.state.value, found.proof_until


def _given(
    scale: str,
    choice: str,
    *,
    done_on: date | None,
    percent: int | None,
    na_reason: str | None,
    note: str,
) -> dict[str, Any]:
    """The values to store: a date, a share or a reason only where the choice calls for one."""
    graded = choice in (rules.Choice.YES, rules.Choice.PARTLY)
    reason = (na_reason or "").strip()
    if choice == rules.Choice.NOT_APPLICABLE and not reason:
        raise DomainError("Dites en une phrase pourquoi cela ne vous concerne pas.")
    return {
        "choice": choice,
        "done_on": done_on if graded and scale == rules.Scale.LAST_DONE else None,
        "percent": percent if graded and scale == rules.Scale.COVERAGE else None,
        "na_reason": reason if choice == rules.Choice.NOT_APPLICABLE else None,
        "note": note.strip(),
    }


def _write(answer: Answer, given: dict[str, Any], *, points: int, by: By, now: datetime) -> None:
    revalued = any(getattr(answer, name) != given[name] for name in _VALUES if name != "note")
    for name in _VALUES:
        setattr(answer, name, given[name])
    answer.points, answer.carried = points, False
    answer.version += 1
    if revalued or answer.answered_at is None:
        # A note alone does not make a verified proof a proof of something else.
        answer.answered_at = now
    answer.by_kind, answer.by_name = by.kind, by.name


def _when(answer: Answer, now: datetime) -> str:
    if answer.answered_at is None:
        return "entre-temps"
    day, at = local(answer.answered_at).date(), f"à {hour(answer.answered_at)}"
    return at if day == local(now).date() else f"le {short_day(day)} {at}"
