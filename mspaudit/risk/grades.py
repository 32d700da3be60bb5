"""What an answer can be worth, as fifteen grades that SQL looks up instead of reckoning again.

A grade joins a value in halves with what it rests on; a proof's age and a date's age decide it each day.
Every share is a whole number of fortieths, so that sums of them are exact.
"""

from typing import NamedTuple

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
