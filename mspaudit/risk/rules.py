"""The readable reference of the risk model.

The nightly job computes the same figures in SQL for a whole tenant; a test holds the two equal. Notation:
for each applicable control, weight w (1 to 5), value v (0 to 1), proof q, strength m (0 to 3) against each
scenario. A control that does not apply (value None) is left out of every sum.

Sums use `fsum`, so that no figure depends on the order of the lines.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from math import fsum
from typing import NamedTuple

from mspaudit.checklists.measured import FACT_DAYS, Fact, disproves, prevailing
from mspaudit.risk.scenarios import SCENARIOS, impacts_for
from mspaudit.risk.terms import (
    INDISPENSABLE,
    KNOWLEDGE,
    TRUST,
    Answer,
    Control,
    Line,
    Proof,
    Reason,
    Split,
)

__all__ = [
    "FACT_DAYS",
    "INDISPENSABLE",
    "KNOWLEDGE",
    "SCENARIOS",
    "TRUST",
    "Answer",
    "Candidate",
    "Control",
    "Fact",
    "Line",
    "Priority",
    "Proof",
    "Reason",
    "Split",
    "answer_in",
    "certainty",
    "contradicts",
    "effective_line",
    "exposure",
    "gain",
    "impacts_for",
    "plan_for",
    "posture",
    "prevailing",
    "priorities",
    "reasons",
    "risk",
]

_PROOF_OF_STATE = {
    "declared": Proof.DECLARED,
    "evidenced": Proof.EVIDENCED,
    "verified": Proof.VERIFIED,
    "expired": Proof.EXPIRED,
}


class Priority(NamedTuple):
    """One thing to do for a client: points of risk it removes, and hours it takes."""

    code: str
    gain: float
    hours: float
    indispensable: bool


class Candidate(NamedTuple):
    """One thing that could be done for one client of the portfolio."""

    client: str
    code: str
    gain: float
    hours: float
    indispensable: bool


def answer_in(state: str, value: float | None) -> Answer | None:
    """An answer as the figures read it, from its effective state today and its value, 0 to 1.

    A value of None means « pas concerné ». A contradicted answer that no fact speaks for any more proves
    nothing and is unknown. Returns None when unanswered; raises KeyError for an unheard-of state.
    """
    if state == "unanswered":
        return None
    if state in ("unknown", "contradicted"):
        return Answer(0.0, Proof.UNKNOWN)
    return Answer(value, _PROOF_OF_STATE[state])


def contradicts(fact: Fact, answer: Answer | None) -> bool:
    """Whether a fact disproves what was said; nothing was said when `answer` is None."""
    return answer is not None and disproves(fact, answer.value)


def effective_line(
    control: Control, answer: Answer | None, fact: Fact | None, *, today: date, shelf_days: int = FACT_DAYS
) -> Line:
    """The line the figures use: a fact outranks whatever was said, « pas concerné » included.

    A fact past its shelf life keeps its value with expired proof: were the answer to come back instead, a
    disproved « oui » would be restored by merely unplugging the probe. No answer and no fact is unknown.
    """
    if fact is not None:
        fresh = fact.is_fresh(today, shelf_days)
        value, proof = fact.value, Proof.MEASURED if fresh else Proof.EXPIRED
        return Line(control.code, control.weight, control.strengths, value, proof)
    if answer is None:
        return Line(control.code, control.weight, control.strengths, 0.0, Proof.UNKNOWN)
    return Line(control.code, control.weight, control.strengths, answer.value, answer.proof)


def posture(lines: Iterable[Line]) -> float:
    """What is in place, 0 to 100: 100·I·(0.6 + 0.4·R), I and R the means of indispensables and others.

    The product keeps recommended controls from making up for a missing indispensable. With only one kind
    of control the figure is that kind's mean; with none it is 0.
    """
    applicable = [line for line in lines if line.applies]
    indispensable = _mean_value(line for line in applicable if line.weight == INDISPENSABLE)
    others = _mean_value(line for line in applicable if line.weight != INDISPENSABLE)
    if indispensable is None:
        return 100 * (others or 0.0)
    return 100 * indispensable * (0.6 + 0.4 * (1.0 if others is None else others))


def certainty(lines: Iterable[Line]) -> float:
    """How much is known rather than said, 0 to 100: 100·Σw·p / Σw. No line, no certainty: 0."""
    applicable = [line for line in lines if line.applies]
    if not applicable:
        return 0.0
    known = fsum(line.weight * KNOWLEDGE[line.proof] for line in applicable)
    return 100 * known / sum(line.weight for line in applicable)


def exposure(lines: Iterable[Line], scenario: str) -> Split:
    """Exposure to one scenario: 100·Σw·m·(1 − v·q) / Σw·m, in its two parts; 0 if no control bears on it.

    Raises ValueError for a name that is not in SCENARIOS.
    """
    if scenario not in SCENARIOS:
        raise ValueError(f"{scenario!r} is not one of {SCENARIOS}")
    return risk(lines, {scenario: 1})


def risk(lines: Iterable[Line], impacts: Mapping[str, int]) -> Split:
    """The mean of the exposures, weighted by impact (0 to 3 for each scenario; absent means 0).

    A scenario that no applicable control bears on is left out, weight included, since nothing is known of
    it. With nothing left the risk is 0: show it beside the certainty, which is then 0 too.
    """
    found = reasons(lines, impacts)
    return Split(
        fsum(reason.missing_points for reason in found), fsum(reason.unproven_points for reason in found)
    )


def gain(line: Line, lines: Iterable[Line], impacts: Mapping[str, int]) -> float:
    """The exact drop in risk if `line`, one of `lines`, were verified and complete."""
    return _reason(line, _points_per_strength(lines, impacts)).gain


def reasons(lines: Iterable[Line], impacts: Mapping[str, int]) -> list[Reason]:
    """What each applicable control adds, in the order given; the points sum to the risk."""
    applicable = [line for line in lines if line.applies]
    rates = _points_per_strength(applicable, impacts)
    return [_reason(line, rates) for line in applicable]


def priorities(
    lines: Iterable[Line], impacts: Mapping[str, int], hours: Mapping[str, float], n: int = 6
) -> list[Priority]:
    """The `n` things to do first: indispensables, then by gain per hour, ties by code.

    `hours` gives the positive effort of every control listed. What gains nothing is not proposed.
    """
    known = list(lines)
    weights = {line.code: line.weight for line in known}
    worthwhile = [
        Priority(reason.code, reason.gain, hours[reason.code], weights[reason.code] == INDISPENSABLE)
        for reason in reasons(known, impacts)
        if reason.gain > 0
    ]
    return sorted(worthwhile, key=lambda item: (*_urgency(item), item.code))[:n]


def plan_for(hours_budget: float, candidates: Iterable[Candidate]) -> list[Candidate]:
    """What to do across clients in that many hours: indispensables, then gain per hour, ties by name.

    Greedy: what no longer fits is skipped and smaller items still get their turn. Not the optimum of the
    knapsack, but an order that can be explained in one sentence to the people who carry it out.
    """
    chosen, left = [], hours_budget
    worthwhile = (candidate for candidate in candidates if candidate.gain > 0)
    for candidate in sorted(worthwhile, key=lambda item: (*_urgency(item), item.client, item.code)):
        if candidate.hours <= left + 1e-9:
            chosen.append(candidate)
            left -= candidate.hours
    return chosen


def _urgency(item: Priority | Candidate) -> tuple[bool, float]:
    # Nine decimals: equal gains reached by different sums must tie, here as in SQL.
    return not item.indispensable, -round(item.gain / item.hours, 9)


def _mean_value(lines: Iterable[Line]) -> float | None:
    pairs = [(line.weight, line.v) for line in lines]
    if not pairs:
        return None
    return fsum(weight * value for weight, value in pairs) / sum(weight for weight, _ in pairs)


def _points_per_strength(lines: Iterable[Line], impacts: Mapping[str, int]) -> Sequence[float]:
    """For each scenario, the points of risk that one unit of w·m stands for."""
    applicable = [line for line in lines if line.applies]
    totals = [sum(line.weight * line.strengths[i] for line in applicable) for i in range(len(SCENARIOS))]
    weights = [
        impacts.get(scenario, 0) if total else 0 for scenario, total in zip(SCENARIOS, totals, strict=True)
    ]
    whole = sum(weights)
    return [
        100 * weight / (whole * total) if weight else 0.0
        for weight, total in zip(weights, totals, strict=True)
    ]


def _reason(line: Line, rates: Sequence[float]) -> Reason:
    if not line.applies:
        return Reason(line.code, 0.0, 0.0)
    stake = fsum(line.weight * m * rate for m, rate in zip(line.strengths, rates, strict=True))
    return Reason(line.code, stake * line.missing, stake * line.unproven)
