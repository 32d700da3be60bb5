"""The terms of the risk model: what its rules read and what they return."""

from dataclasses import dataclass
from enum import StrEnum

from mspaudit.risk.scenarios import SCENARIOS

INDISPENSABLE = 5


class Proof(StrEnum):
    """What a value rests on, from the strongest to nothing at all."""

    MEASURED = "measured"
    VERIFIED = "verified"
    EVIDENCED = "evidenced"
    DECLARED = "declared"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


# q: how much of the value protects, as far as can be shown.
TRUST = {
    Proof.MEASURED: 1.0,
    Proof.VERIFIED: 1.0,
    Proof.EVIDENCED: 0.9,
    Proof.DECLARED: 0.75,
    Proof.EXPIRED: 0.5,
    Proof.UNKNOWN: 0.0,
}

# p: how much we know, whether the news is good or bad.
KNOWLEDGE = {
    Proof.MEASURED: 1.0,
    Proof.VERIFIED: 1.0,
    Proof.EVIDENCED: 0.8,
    Proof.DECLARED: 0.5,
    Proof.EXPIRED: 0.25,
    Proof.UNKNOWN: 0.0,
}


@dataclass(frozen=True)
class Control:
    """A control of the pack: weight 1 to 5, strength 0 to 3 against each of SCENARIOS, in that order."""

    code: str
    weight: int
    strengths: tuple[int, int, int, int, int, int]


@dataclass(frozen=True)
class Answer:
    """What a person said: value 0 to 1, or None when the control does not apply."""

    value: float | None
    proof: Proof


@dataclass(frozen=True)
class Line:
    """One control of one client as the figures see it. Raises ValueError outside the stated ranges."""

    code: str
    weight: int
    strengths: tuple[int, int, int, int, int, int]
    value: float | None
    proof: Proof

    def __post_init__(self) -> None:
        if not 1 <= self.weight <= 5:
            raise ValueError(f"{self.code}: weight {self.weight} is not within 1..5")
        if len(self.strengths) != len(SCENARIOS) or not all(0 <= m <= 3 for m in self.strengths):
            raise ValueError(f"{self.code}: strengths {self.strengths} are not six numbers within 0..3")
        if self.value is not None and not 0 <= self.value <= 1:
            raise ValueError(f"{self.code}: value {self.value} is not within 0..1")
        if self.proof is Proof.UNKNOWN and self.value:
            raise ValueError(f"{self.code}: an unknown control cannot have a value")

    @property
    def applies(self) -> bool:
        """Whether the line counts in the figures."""
        return self.value is not None

    @property
    def v(self) -> float:
        """The value, 0 to 1; 0 for a line that does not apply, which no sum reads."""
        return self.value or 0.0

    @property
    def missing(self) -> float:
        """The share of the control known to be absent: 1 − v, or 0 when nothing is known."""
        return 0.0 if self.proof is Proof.UNKNOWN else 1 - self.v

    @property
    def unproven(self) -> float:
        """The share said to be there but not shown: v·(1 − q), or 1 when nothing is known."""
        return 1.0 if self.proof is Proof.UNKNOWN else self.v * (1 - TRUST[self.proof])


@dataclass(frozen=True)
class Split:
    """A figure from 0 to 100 in its two parts: known to be missing, and merely unproven."""

    missing: float
    unproven: float

    @property
    def total(self) -> float:
        """The whole figure."""
        return self.missing + self.unproven


@dataclass(frozen=True)
class Reason:
    """What one control adds to the risk, in points of the hundred."""

    code: str
    missing_points: float
    unproven_points: float

    @property
    def gain(self) -> float:
        """The exact drop in risk if the control were verified and complete: all it adds, being linear."""
        return self.missing_points + self.unproven_points
