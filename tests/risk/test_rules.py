"""The risk model: bounds, monotony, exact gains, and figures that add up."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mspaudit.risk.rules import (
    FACT_DAYS,
    SCENARIOS,
    TRUST,
    Answer,
    Candidate,
    Control,
    Fact,
    Line,
    Proof,
    answer_in,
    certainty,
    contradicts,
    effective_line,
    exposure,
    gain,
    plan_for,
    posture,
    prevailing,
    priorities,
    reasons,
    risk,
)

TODAY = date(2026, 11, 21)
CONTROL = Control("AUT-01", 5, (3, 2, 1, 2, 0, 0))
ONLY_RANSOMWARE = {"ransomware": 3}


def about(figure: float) -> object:
    return pytest.approx(figure, abs=1e-9)


def a_line(code: str, weight: int, ransomware: int, value: float | None, proof: Proof) -> Line:
    return Line(code, weight, (0, ransomware, 0, 0, 0, 0), value, proof)


@st.composite
def lines_of(draw: st.DrawFn, code: str = "X") -> Line:
    proof = draw(st.sampled_from(Proof))
    known = st.none() | st.sampled_from([0.0, 0.5, 1.0]) | st.floats(0, 1)
    value = draw(st.sampled_from([None, 0.0]) if proof is Proof.UNKNOWN else known)
    strengths = draw(st.tuples(*[st.integers(0, 3)] * 6))
    return Line(code, draw(st.integers(1, 5)), strengths, value, proof)


@st.composite
def portfolios(draw: st.DrawFn, min_size: int = 0) -> list[Line]:
    size = draw(st.integers(min_size, 12))
    return [draw(lines_of(f"C-{i:02}")) for i in range(size)]


profiles = st.fixed_dictionaries({scenario: st.integers(0, 3) for scenario in SCENARIOS})


# By hand, against ransomware alone. w·m: A 5·3 = 15, B 3·2 = 6, C 4·1 = 4, so Σ = 25; D is left out.
#   missing:  A 0, B 6·(1 − 0.5) = 3, C unknown 0                           →  3 / 25   = 12
#   unproven: A 15·1·(1 − 0.75) = 3.75, B 6·0.5·0 = 0, C its whole share 4  →  7.75 / 25 = 31
#   risk 43; gains: A 3.75/25 = 15, B 12, C 16
#   posture: I = 1, R = (3·0.5 + 4·0) / 7 = 3/14, 100·(0.6 + 0.4·3/14) = 68.571…
#   certainty: (5·0.5 + 3·1 + 4·0) / 12 = 45.833…
EXAMPLE = [
    a_line("A", 5, 3, 1.0, Proof.DECLARED),
    a_line("B", 3, 2, 0.5, Proof.VERIFIED),
    a_line("C", 4, 1, 0.0, Proof.UNKNOWN),
    a_line("D", 5, 3, None, Proof.DECLARED),
]


def test_the_example_worked_by_hand() -> None:
    found = risk(EXAMPLE, ONLY_RANSOMWARE)
    assert (found.missing, found.unproven, found.total) == (about(12), about(31), about(43))
    assert posture(EXAMPLE) == about(100 * (0.6 + 0.4 * 3 / 14))
    assert certainty(EXAMPLE) == about(550 / 12)
    gains = {reason.code: reason.gain for reason in reasons(EXAMPLE, ONLY_RANSOMWARE)}
    assert gains == {"A": about(15), "B": about(12), "C": about(16)}


@pytest.mark.parametrize(
    ("proof", "sure", "exposed"),
    [
        (Proof.MEASURED, 100, 0),
        (Proof.VERIFIED, 100, 0),
        (Proof.EVIDENCED, 80, 10),
        (Proof.DECLARED, 50, 25),
        (Proof.EXPIRED, 25, 50),
        (Proof.UNKNOWN, 0, 100),
    ],
)
def test_each_proof_has_its_certainty_and_leaves_its_risk(proof: Proof, sure: float, exposed: float) -> None:
    lines = [a_line("A", 5, 3, 0.0 if proof is Proof.UNKNOWN else 1.0, proof)]
    assert certainty(lines) == about(sure)
    assert risk(lines, ONLY_RANSOMWARE).unproven == about(exposed)
    assert risk(lines, ONLY_RANSOMWARE).missing == 0


def test_the_example_in_priorities() -> None:
    first = priorities(EXAMPLE, ONLY_RANSOMWARE, {"A": 10, "B": 1, "C": 4})
    assert [item.code for item in first] == ["A", "B", "C"]  # A is indispensable, B gains 12 an hour, C 4
    assert [item.indispensable for item in first] == [True, False, False]


@given(portfolios(), profiles)
def test_every_figure_stays_between_0_and_100(lines: list[Line], impacts: dict[str, int]) -> None:
    for figure in (posture(lines), certainty(lines), risk(lines, impacts).total):
        assert -1e-9 <= figure <= 100 + 1e-9
    for scenario in SCENARIOS:
        assert -1e-9 <= exposure(lines, scenario).total <= 100 + 1e-9


@given(portfolios(min_size=1))
def test_the_parts_of_an_exposure_add_up_to_the_formula(lines: list[Line]) -> None:
    for i, scenario in enumerate(SCENARIOS):
        stakes = [(n.weight * n.strengths[i], n.v * TRUST[n.proof]) for n in lines if n.applies]
        whole = sum(stake for stake, _ in stakes)
        expected = 100 * sum(stake * (1 - safe) for stake, safe in stakes) / whole if whole else 0.0
        assert exposure(lines, scenario).total == about(expected)


@given(portfolios(), profiles)
def test_risk_is_the_mean_of_the_exposures_that_something_bears_on(
    lines: list[Line], impacts: dict[str, int]
) -> None:
    borne = {s for i, s in enumerate(SCENARIOS) if any(n.strengths[i] for n in lines if n.applies)}
    whole = sum(impacts[s] for s in borne)
    expected = sum(impacts[s] * exposure(lines, s).total for s in borne) / whole if whole else 0.0
    assert risk(lines, impacts).total == about(expected)


@given(portfolios(min_size=1), profiles, st.data())
def test_a_better_value_or_proof_never_hurts(
    lines: list[Line], impacts: dict[str, int], data: st.DataObject
) -> None:
    i = data.draw(st.integers(0, len(lines) - 1))
    line = lines[i]
    if line.value is None:
        return
    better_proofs = [proof for proof in Proof if TRUST[proof] >= TRUST[line.proof]]
    proof = data.draw(st.sampled_from(better_proofs))
    value = 0.0 if proof is Proof.UNKNOWN else data.draw(st.floats(line.v, 1))
    better = [*lines[:i], replace(line, value=value, proof=proof), *lines[i + 1 :]]
    assert risk(better, impacts).total <= risk(lines, impacts).total + 1e-9
    assert posture(better) >= posture(lines) - 1e-9
    assert certainty(better) >= certainty(lines) - 1e-9


@given(portfolios(min_size=1), profiles)
def test_the_gain_is_the_recomputed_difference(lines: list[Line], impacts: dict[str, int]) -> None:
    before = risk(lines, impacts).total
    for i, line in enumerate(lines):
        fixed = line if line.value is None else replace(line, value=1.0, proof=Proof.VERIFIED)
        after = risk([*lines[:i], fixed, *lines[i + 1 :]], impacts).total
        assert gain(line, lines, impacts) == about(before - after)


@given(portfolios(), profiles)
def test_the_reasons_sum_to_the_risk(lines: list[Line], impacts: dict[str, int]) -> None:
    found, whole = reasons(lines, impacts), risk(lines, impacts)
    assert sum(reason.missing_points for reason in found) == about(whole.missing)
    assert sum(reason.unproven_points for reason in found) == about(whole.unproven)
    assert sum(reason.gain for reason in found) == about(whole.total)


@given(portfolios(min_size=2), profiles, st.randoms())
def test_the_order_of_the_lines_changes_nothing(
    lines: list[Line], impacts: dict[str, int], random: object
) -> None:
    shuffled = list(lines)
    random.shuffle(shuffled)
    assert risk(shuffled, impacts) == risk(lines, impacts)
    assert (posture(shuffled), certainty(shuffled)) == (posture(lines), certainty(lines))
    hours = {line.code: 2.0 for line in lines}
    assert priorities(shuffled, impacts, hours) == priorities(lines, impacts, hours)


@given(portfolios(), profiles, lines_of("N-A"))
def test_a_control_that_does_not_apply_is_as_if_absent(
    lines: list[Line], impacts: dict[str, int], other: Line
) -> None:
    excluded = replace(other, value=None)
    assert risk([*lines, excluded], impacts) == risk(lines, impacts)
    assert posture([*lines, excluded]) == posture(lines)
    assert certainty([*lines, excluded]) == certainty(lines)
    assert gain(excluded, [*lines, excluded], impacts) == 0.0


@given(st.lists(st.integers(1, 4), max_size=20))
def test_recommended_controls_never_make_up_for_a_missing_indispensable(weights: list[int]) -> None:
    half = [a_line("I1", 5, 3, 0.0, Proof.MEASURED), a_line("I2", 5, 3, 1.0, Proof.MEASURED)]
    perfect = [a_line(f"R{i}", w, 1, 1.0, Proof.MEASURED) for i, w in enumerate(weights)]
    assert posture(half[:1] + perfect) == 0.0
    assert posture(half + perfect) <= 50 + 1e-9


def test_all_verified_is_100_and_no_risk() -> None:
    lines = [a_line("A", 5, 3, 1.0, Proof.VERIFIED), a_line("B", 2, 1, 1.0, Proof.MEASURED)]
    assert (posture(lines), certainty(lines), risk(lines, ONLY_RANSOMWARE).total) == (100, 100, 0)


def test_one_kind_of_control_is_read_alone() -> None:
    assert posture([a_line("A", 5, 3, 0.5, Proof.VERIFIED)]) == 50
    assert posture([a_line("B", 2, 1, 0.5, Proof.VERIFIED)]) == 50


def test_nothing_known_of_nothing_is_zero_everywhere() -> None:
    assert posture([]) == certainty([]) == risk([], ONLY_RANSOMWARE).total == 0
    assert reasons([], ONLY_RANSOMWARE) == priorities([], ONLY_RANSOMWARE, {}) == []


def test_a_scenario_no_control_bears_on_does_not_dilute_the_risk() -> None:
    assert exposure(EXAMPLE, "mailbox").total == 0
    assert risk(EXAMPLE, {"mailbox": 3, "ransomware": 1}).total == about(43)


def test_it_refuses_an_unheard_of_scenario() -> None:
    with pytest.raises(ValueError, match="flood"):
        exposure(EXAMPLE, "flood")


@pytest.mark.parametrize(
    "wrong", [{"weight": 0}, {"weight": 6}, {"strengths": (4, 0, 0, 0, 0, 0)}, {"strengths": (1,)}]
)
def test_it_refuses_a_line_out_of_range(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="AUT-01"):
        Line(
            **{"code": "AUT-01", "weight": 5, "strengths": (1,) * 6, "value": 1, "proof": Proof.DECLARED}
            | wrong
        )


@pytest.mark.parametrize(
    ("value", "proof"), [(1.1, Proof.DECLARED), (-0.1, Proof.DECLARED), (0.5, Proof.UNKNOWN)]
)
def test_it_refuses_a_value_out_of_range_or_out_of_thin_air(value: float, proof: Proof) -> None:
    with pytest.raises(ValueError, match="A: "):
        a_line("A", 5, 3, value, proof)


def test_an_unanswered_control_is_unknown() -> None:
    line = effective_line(CONTROL, None, None, today=TODAY)
    assert (line.value, line.proof) == (0.0, Proof.UNKNOWN)
    assert (line.missing, line.unproven) == (0.0, 1.0)


@pytest.mark.parametrize("answer", [None, Answer(1.0, Proof.VERIFIED), Answer(None, Proof.DECLARED)])
def test_a_fact_outranks_whatever_was_said(answer: Answer | None) -> None:
    line = effective_line(CONTROL, answer, Fact(0.4, TODAY), today=TODAY)
    assert (line.value, line.proof) == (0.4, Proof.MEASURED)


@pytest.mark.parametrize("observed_on", [date(2023, 11, 29), date(2023, 12, 31), date(2024, 2, 29)])
def test_a_fact_ages_in_days_across_a_leap_day_and_keeps_its_value(observed_on: date) -> None:
    fact, last_day = Fact(0.4, observed_on), observed_on + timedelta(days=FACT_DAYS)
    on_time = effective_line(CONTROL, None, fact, today=last_day)
    late = effective_line(CONTROL, Answer(1.0, Proof.DECLARED), fact, today=last_day + timedelta(days=1))
    assert (on_time.value, on_time.proof) == (0.4, Proof.MEASURED)
    assert (late.value, late.proof) == (0.4, Proof.EXPIRED)


def test_a_disproved_yes_is_contradicted() -> None:
    said_yes = Answer(1.0, Proof.DECLARED)
    assert contradicts(Fact(0.75, TODAY), said_yes)
    assert not contradicts(Fact(0.76, TODAY), said_yes)
    assert not contradicts(Fact(0.0, TODAY), Answer(0.0, Proof.UNKNOWN))
    assert not contradicts(Fact(0.0, TODAY), Answer(None, Proof.DECLARED))
    assert not contradicts(Fact(0.0, TODAY), None)


def test_of_several_facts_the_fresh_then_the_worst_speaks() -> None:
    stale, bad, good = Fact(0.0, date(2020, 1, 1)), Fact(0.3, TODAY), Fact(0.9, TODAY)
    assert prevailing([stale, good, bad], today=TODAY) == bad
    assert prevailing([stale], today=TODAY) == stale
    assert prevailing([], today=TODAY) is None


def test_an_answer_reads_by_its_state() -> None:
    assert answer_in("unanswered", None) is None
    assert answer_in("unknown", 0.0) == Answer(0.0, Proof.UNKNOWN)
    assert answer_in("contradicted", 1.0) == Answer(0.0, Proof.UNKNOWN)
    assert answer_in("expired", 1.0) == Answer(1.0, Proof.EXPIRED)
    assert answer_in("declared", None) == Answer(None, Proof.DECLARED)


@given(portfolios(min_size=1), profiles, st.integers(1, 6))
def test_priorities_put_indispensables_first_then_gain_per_hour(
    lines: list[Line], impacts: dict[str, int], n: int
) -> None:
    found = priorities(lines, impacts, {line.code: 1 + i for i, line in enumerate(lines)}, n)
    assert len(found) <= n
    assert all(item.gain > 0 for item in found)
    rank = [(not item.indispensable, -round(item.gain / item.hours, 9), item.code) for item in found]
    assert rank == sorted(rank)


def test_equal_priorities_are_ordered_by_code() -> None:
    twins = [a_line(code, 3, 1, 0.0, Proof.DECLARED) for code in ("Z", "A", "M")]
    assert [item.code for item in priorities(twins, ONLY_RANSOMWARE, dict.fromkeys("ZAM", 2.0))] == list(
        "AMZ"
    )


def test_a_plan_fills_the_hours_and_skips_what_no_longer_fits() -> None:
    candidates = [
        Candidate("brume", "A", 10, 2, indispensable=False),
        Candidate("aubois", "B", 1, 3, indispensable=True),
        Candidate("brume", "C", 4, 4, indispensable=False),
        Candidate("aubois", "D", 0.5, 1, indispensable=False),
        Candidate("aubois", "E", 0, 1, indispensable=True),
    ]
    assert [item.code for item in plan_for(6, candidates)] == ["B", "A", "D"]
    assert plan_for(0, candidates) == []


def test_a_plan_counts_tenths_of_an_hour_exactly() -> None:
    tenths = [Candidate("brume", f"A{i}", 1, 0.1, indispensable=False) for i in range(10)]
    assert len(plan_for(1, tenths)) == 10
