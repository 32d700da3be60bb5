"""What an answer is worth, how far it is proven, and what is left to answer.

Points run from 0 to 3, as MonAideCyber counts them; the risk model works on their share, 0 to 1.
`today` is always a date in Europe/Paris, handed in by the caller.
"""

import math
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from mspaudit.kernel.periods import add_months

FULL_POINTS = 3.0
HALF_POINTS = 1.5


class Scale(StrEnum):
    """How a question is graded."""

    THREE_STEPS = "S3"
    YES_NO = "ON"
    LAST_DONE = "DT"
    COVERAGE = "PC"


class Choice(StrEnum):
    """What a respondent picks. On LAST_DONE, NO reads « jamais »."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "na"


class AnswerState(StrEnum):
    """How far an answer can be believed."""

    UNANSWERED = "unanswered"
    UNKNOWN = "unknown"
    DECLARED = "declared"
    EVIDENCED = "evidenced"
    VERIFIED = "verified"
    CONTRADICTED = "contradicted"
    EXPIRED = "expired"


class ChecklistError(ValueError):
    """A refused answer; its text is French and may be shown to the respondent as it stands."""


class Proof(NamedTuple):
    """A proof that still counts: neither refused nor removed. `checked_at` None: nobody looked at it yet."""

    valid_until: date
    checked_at: datetime | None


class Settled(NamedTuple):
    """The state to store with an answer, and the last day on which its proof holds (None: no proof)."""

    state: AnswerState
    proof_until: date | None


class Remaining(NamedTuple):
    """How many questions are still to answer, and the whole minutes they should take."""

    questions: int
    minutes: int


_WITH_PARTLY = tuple(Choice)
_WITHOUT_PARTLY = tuple(choice for choice in Choice if choice is not Choice.PARTLY)
_CHOICES = {
    Scale.THREE_STEPS: _WITH_PARTLY,
    Scale.YES_NO: _WITHOUT_PARTLY,
    Scale.LAST_DONE: _WITHOUT_PARTLY,
    Scale.COVERAGE: _WITH_PARTLY,
}


def allowed_choices(scale: Scale | str) -> tuple[Choice, ...]:
    """The choices to offer, in display order. Raises ValueError for a scale no pack may use."""
    return _CHOICES[Scale(scale)]


def answer_value(
    scale: Scale | str,
    choice: Choice | str,
    *,
    done_on: date | None = None,
    percent: float | None = None,
    today: date,
) -> float | None:
    """Points from 0 to 3, or None when the control does not apply and is left out of every figure.

    Not knowing is worth 0. A LAST_DONE answer ages: compute it again each day from its date. When the
    respondent knows only the month, pass its first day. Raises ChecklistError when the scale has no such
    choice, or when a date or share is missing or impossible.
    """
    scale, choice = Scale(scale), Choice(choice)
    if choice not in allowed_choices(scale):
        raise ChecklistError("Cette réponse n’est pas proposée pour cette question.")
    if choice is Choice.NOT_APPLICABLE:
        return None
    if choice in (Choice.NO, Choice.UNKNOWN):
        return 0.0
    if scale is Scale.LAST_DONE:
        return _points_for_date(done_on, today)
    if scale is Scale.COVERAGE:
        return _points_for_coverage(choice, percent)
    return HALF_POINTS if choice is Choice.PARTLY else FULL_POINTS


def halves(
    scale: Scale | str,
    choice: Choice | str,
    *,
    done_on: date | None = None,
    percent: float | None = None,
    today: date,
) -> int:
    """What the choice alone decides, in halves of the full value, as it is stored: 0, 1 or 2.

    A LAST_DONE « oui » is stored full: its date makes it age. Raises ChecklistError as `answer_value`.
    """
    points = answer_value(scale, choice, done_on=done_on, percent=percent, today=today)
    if Scale(scale) is Scale.LAST_DONE and Choice(choice) is Choice.YES:
        return 2
    return int((points or 0.0) / HALF_POINTS)


def settled(
    choice: Choice | str | None, proofs: Iterable[Proof], *, answered_at: datetime | None, today: date
) -> Settled:
    """How far an answer is proven by the proofs it still has.

    Only « oui » and « en partie » need proof. A check made before the answer last changed looked at
    another answer, so the proof is then only shown, not verified. A check that expired gives way to a
    proof still valid.
    """
    if choice is None or Choice(choice) not in (Choice.YES, Choice.PARTLY):
        return Settled(stated(choice), None)
    ranked = [
        (proof.valid_until >= today, _still_checked(proof, answered_at), proof.valid_until)
        for proof in proofs
    ]
    if not ranked:
        return Settled(AnswerState.DECLARED, None)
    _, checked, until = max(ranked)
    return Settled(AnswerState.VERIFIED if checked else AnswerState.EVIDENCED, until)


def share(points: float | None) -> float | None:
    """Points as a share from 0 to 1, which is what the risk model reads. None stays None."""
    return None if points is None else points / FULL_POINTS


def stated(choice: Choice | str | None) -> AnswerState:
    """The state an answer has when it has just been given without proof; None means not answered."""
    if choice is None:
        return AnswerState.UNANSWERED
    return AnswerState.UNKNOWN if Choice(choice) is Choice.UNKNOWN else AnswerState.DECLARED


def state_on(stored_state: AnswerState | str, *, proof_until: date | None, today: date) -> AnswerState:
    """The state as of `today`: proof past its last valid day is expired, that day included as valid.

    Without `proof_until` the proof does not age. Only proof expires; a bare declaration has none to lose.
    """
    state = AnswerState(stored_state)
    proven = state in (AnswerState.EVIDENCED, AnswerState.VERIFIED)
    if proven and proof_until is not None and today > proof_until:
        return AnswerState.EXPIRED
    return state


def remaining(questions: Mapping[str, float], answered: Collection[str]) -> Remaining:
    """What is left of `questions` (code to minutes); « je ne sais pas » counts as answered.

    Minutes are rounded up, so that the announced time is kept.
    """
    left = [minutes for code, minutes in questions.items() if code not in answered]
    return Remaining(len(left), math.ceil(math.fsum(left)))


def conflict(expected_version: int, current_version: int) -> bool:
    """Whether someone else wrote since the version this person was looking at.

    The first write stands: the second is shown it and chooses, rather than erasing it unseen.
    """
    return expected_version != current_version


def _still_checked(proof: Proof, answered_at: datetime | None) -> bool:
    return proof.checked_at is not None and (answered_at is None or proof.checked_at >= answered_at)


def _points_for_date(done_on: date | None, today: date) -> float:
    if done_on is None:
        raise ChecklistError("Indiquez la date de la dernière fois, même approximative, ou « jamais ».")
    if done_on > today:
        raise ChecklistError("Cette date est dans le futur. Indiquez la dernière fois où cela a été fait.")
    if today <= add_months(done_on, 12):
        return FULL_POINTS
    return HALF_POINTS if today <= add_months(done_on, 24) else 0.0


def _points_for_coverage(choice: Choice, percent: float | None) -> float:
    if percent is None:
        if choice is Choice.YES:
            return FULL_POINTS
        raise ChecklistError("Indiquez la part couverte, même approximative, de 0 à 100 %.")
    if not 0 <= percent <= 100:
        raise ChecklistError("La part couverte va de 0 à 100 %.")
    if percent == 100:
        return FULL_POINTS
    return HALF_POINTS if percent >= 50 else 0.0
