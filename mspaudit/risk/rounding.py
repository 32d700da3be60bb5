"""Figures as they are shown: rounded so that what is displayed adds up."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from mspaudit.risk.terms import Reason, Split

_THRESHOLDS = (25, 50, 75)


@dataclass(frozen=True)
class RoundedSplit:
    """A figure in its two parts as shown; the parts add up to the total exactly."""

    missing: Decimal
    unproven: Decimal

    @property
    def total(self) -> Decimal:
        """The whole figure as shown."""
        return self.missing + self.unproven


@dataclass(frozen=True)
class RoundedReason:
    """A reason as shown; both columns and the gains add up to the displayed risk exactly."""

    code: str
    missing_points: Decimal
    unproven_points: Decimal

    @property
    def gain(self) -> Decimal:
        """The points shown for the whole row."""
        return self.missing_points + self.unproven_points


def shown(figure: float) -> int:
    """A figure from 0 to 100 as the integer on screen; halves go up, as readers expect."""
    return _units(figure, 0)


def delta(before: float, after: float) -> int:
    """The change between two figures as shown, so that 41 then 44 reads +3 whatever the decimals."""
    return shown(after) - shown(before)


def level(risk: float) -> int:
    """The level of a risk, 1 to 4, under 25, 50 and 75; read from the integer shown, never against it."""
    seen = shown(risk)
    return 1 + sum(seen >= threshold for threshold in _THRESHOLDS)


def rounded_split(split: Split, digits: int = 0) -> RoundedSplit:
    """The two parts rounded to `digits` decimals so that they add up to the rounded total."""
    missing, unproven = _apportion([split.missing, split.unproven], _units(split.total, digits), digits)
    return RoundedSplit(_decimal(missing, digits), _decimal(unproven, digits))


def rounded_reasons(reasons: Sequence[Reason], digits: int = 1) -> list[RoundedReason]:
    """Reasons rounded by largest remainder, in the order given.

    Each column adds up to its part of `rounded_split` at the same `digits`, and the gains to its total.
    """
    missing = [reason.missing_points for reason in reasons]
    unproven = [reason.unproven_points for reason in reasons]
    whole = sum(missing) + sum(unproven)
    missing_sum, unproven_sum = _apportion([sum(missing), sum(unproven)], _units(whole, digits), digits)
    columns = zip(
        reasons,
        _apportion(missing, missing_sum, digits),
        _apportion(unproven, unproven_sum, digits),
        strict=True,
    )
    return [RoundedReason(r.code, _decimal(m, digits), _decimal(u, digits)) for r, m, u in columns]


def _units(figure: float, digits: int) -> int:
    # Rounding to nine decimals first absorbs float noise: 24.499999999999996 is 24.5.
    scaled = Decimal(repr(round(figure, 9))).scaleb(digits)
    return int(scaled.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _decimal(units: int, digits: int) -> Decimal:
    return Decimal(units).scaleb(-digits)


def _apportion(parts: Sequence[float], total: int, digits: int) -> list[int]:
    """Whole units for each part, adding up to `total`; the largest remainders are rounded up first."""
    scaled = [part * 10**digits for part in parts]
    floors = [int(part) for part in scaled]
    by_remainder = sorted(range(len(parts)), key=lambda i: (floors[i] - scaled[i], i))
    short = total - sum(floors)
    for i in by_remainder[:short]:
        floors[i] += 1
    return floors
