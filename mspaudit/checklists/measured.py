"""What was measured, and when it disproves what was said. Pure; days are in Europe/Paris."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from mspaudit.kernel.periods import add_months

FACT_DAYS = 92
CONTRADICTION_GAP = 0.25


@dataclass(frozen=True)
class Fact:
    """What a machine or a field report measured: value 0 to 1, on a day in Europe/Paris."""

    value: float
    observed_on: date

    def is_fresh(self, today: date, shelf_days: int = FACT_DAYS) -> bool:
        """Whether the measurement is still within its shelf life, last day included."""
        return (today - self.observed_on).days <= shelf_days


@dataclass(frozen=True)
class Measured:
    """A fact in words: `detail` says what was seen; `by`, what saw it, reads after « par »."""

    fact: Fact
    detail: str
    by: str


def prevailing(facts: Iterable[Fact], *, today: date, shelf_days: int = FACT_DAYS) -> Fact | None:
    """The fact that speaks for a control: a fresh one before a stale one, then the worst, then the latest.

    The worst, because one measured hole is a hole whatever the other sources saw.
    """
    return min(
        facts,
        key=lambda fact: (not fact.is_fresh(today, shelf_days), fact.value, -fact.observed_on.toordinal()),
        default=None,
    )


def disproves(fact: Fact, value: float | None) -> bool:
    """Whether a fact disproves an answer worth `value`, by a quarter of the scale or more.

    None, « pas concerné », claims nothing that a measurement could disprove.
    """
    return value is not None and value >= fact.value + CONTRADICTION_GAP


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
