"""Figures on screen add up, to the last tenth."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mspaudit.risk.rounding import delta, level, rounded_reasons, rounded_split, shown
from mspaudit.risk.terms import Reason, Split

points = st.floats(0, 50)


@st.composite
def explanations(draw: st.DrawFn) -> list[Reason]:
    pairs = draw(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), max_size=67))
    return [Reason(f"C-{i}", missing, unproven) for i, (missing, unproven) in enumerate(pairs)]


@given(explanations(), st.integers(0, 2))
def test_displayed_reasons_add_up_to_the_displayed_risk(reasons: list[Reason], digits: int) -> None:
    rows = rounded_reasons(reasons, digits)
    whole = Split(sum(r.missing_points for r in reasons), sum(r.unproven_points for r in reasons))
    displayed = rounded_split(whole, digits)
    assert sum(row.missing_points for row in rows) == displayed.missing
    assert sum(row.unproven_points for row in rows) == displayed.unproven
    assert sum(row.gain for row in rows) == displayed.total


@given(explanations(), st.integers(0, 2))
def test_no_displayed_reason_is_off_by_a_whole_unit(reasons: list[Reason], digits: int) -> None:
    unit = 10**-digits + 1e-9
    for row, reason in zip(rounded_reasons(reasons, digits), reasons, strict=True):
        assert row.code == reason.code
        assert abs(float(row.missing_points) - reason.missing_points) < unit
        assert abs(float(row.unproven_points) - reason.unproven_points) < unit


@given(points, points)
def test_the_two_parts_shown_add_up_to_the_figure_shown(missing: float, unproven: float) -> None:
    split = Split(missing, unproven)
    assert rounded_split(split).total == shown(split.total)


def test_thirds_share_the_tenth_that_is_left() -> None:
    rows = rounded_reasons([Reason(code, 1 / 3, 0) for code in "ABC"])
    assert [row.gain for row in rows] == [Decimal("0.4"), Decimal("0.3"), Decimal("0.3")]


@given(points, points, points)
def test_changes_add_up_as_displayed(first: float, second: float, third: float) -> None:
    assert shown(first) + delta(first, second) == shown(second)
    assert delta(first, second) + delta(second, third) == delta(first, third)


@pytest.mark.parametrize(
    ("figure", "integer"), [(0, 0), (0.5, 1), (1.5, 2), (2.4999, 2), (24.499999999999996, 25)]
)
def test_halves_are_rounded_up_despite_float_noise(figure: float, integer: int) -> None:
    assert shown(figure) == integer


@pytest.mark.parametrize(
    ("risk", "expected"),
    [(0, 1), (24.4, 1), (24.6, 2), (25, 2), (49.4, 2), (50, 3), (74.4, 3), (75, 4), (100, 4)],
)
def test_the_level_agrees_with_the_figure_shown(risk: float, expected: int) -> None:
    assert level(risk) == expected
