"""What an answer can be worth, as fifteen grades that SQL looks up instead of reckoning again.

A grade joins a value in halves with what it rests on; a proof's age and a date's age decide it each day.
Every share is a whole number of fortieths, so that sums of them are exact.
"""

from datetime import date, timedelta
from typing import NamedTuple

from mspaudit.kernel.periods import add_months
from mspaudit.risk.terms import KNOWLEDGE, TRUST, Proof

SHARES = 40
NOT_CONCERNED = 15
_PROOFS = (Proof.UNKNOWN, Proof.DECLARED, Proof.EXPIRED, Proof.EVIDENCED, Proof.VERIFIED)
OFFSET = {proof: 3 * index for index, proof in enumerate(_PROOFS)}


class Grade(NamedTuple):
    """A grade and its shares: `halves` of the value, then fortieths missing, unproven and known."""

    code: int
    halves: int
    missing: int
    unproven: int
    known: int
    unknown: int


def _grade(proof: Proof, halves: int) -> Grade:
    value, unknown = halves / 2, proof is Proof.UNKNOWN
    missing = 0 if unknown else round(SHARES * (1 - value))
    unproven = SHARES if unknown else round(SHARES * value * (1 - TRUST[proof]))
    known = round(SHARES * KNOWLEDGE[proof])
    return Grade(OFFSET[proof] + halves, halves, missing, unproven, known, int(unknown))


GRADES = (
    _grade(Proof.UNKNOWN, 0),
    *(_grade(proof, halves) for proof in _PROOFS[1:] for halves in (0, 1, 2)),
)


def earliest_for(months: int, today: date) -> date:
    """The earliest day that is not yet `months` old on `today`: `add_months` of it reaches `today`."""
    day = add_months(today, -months)
    while add_months(day, months) < today:
        day += timedelta(days=1)
    return day


def value_on(choice: str | None, points: int, done_on: date | None, *, today: date) -> float | None:
    """The value, 0 to 1, of a stored answer: what its date says today when it has one; None for « na »."""
    if choice == "na":
        return None
    if choice == "yes" and done_on is not None:
        return (int(done_on >= earliest_for(12, today)) + int(done_on >= earliest_for(24, today))) / 2
    return points / 2
