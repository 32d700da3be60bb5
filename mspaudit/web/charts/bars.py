"""Bars. Lengths are percentages, so that a bar stretches without bending its hatching.

`width` is in pixels, or "100%" to fill what holds it.
"""

from mspaudit.web.charts.scale import level_of, short, spoken
from mspaudit.web.svg import Svg

Width = int | str


def _bar(width: Width, height: int, body: str, label: str | None, name: str = "ma-chart") -> Svg:
    return Svg(f'<svg class="{name}" width="{width}" height="{height}" {spoken(label)}>{body}</svg>')


def _notches(height: int) -> str:
    return "".join(
        f'<line x1="{x}%" x2="{x}%" y2="{height}" class="ma-s-surface" stroke-width="1.5"/>'
        for x in (25, 50, 75)
    )


_NOTCHES = {height: _notches(height) for height in range(4, 25)}


def risk_bar(
    missing: float,
    unproven: float,
    width: Width = 92,
    height: int = 10,
    *,
    level: int | None = None,
    label: str | None = None,
    name: str = "ma-bar",
) -> Svg:
    """Risk on a scale of 100: solid for what is missing, hatched for what is only unproven.

    Args:
        missing, unproven: points of risk; they add up to the risk.
        level: 1 to 4, when it is not that of the sum.
        label: what a screen reader says; left out when a number stands beside the bar.
    """
    step = level or level_of(missing + unproven)
    solid, hatched = short(missing), short(unproven)
    body = (
        f'<rect width="100%" height="{height}" class="ma-f-track"/>'
        f'<rect width="{solid}%" height="{height}" class="ma-f{step}"/>'
        f'<rect x="{solid}%" width="{hatched}%" height="{height}" fill="url(#hatch-{step})"/>'
        f"{_NOTCHES.get(height) or _notches(height)}"
    )
    return Svg(f'<svg class="{name}" width="{width}" height="{height}" {spoken(label)}>{body}</svg>')


def scenario_bar(missing: float, unproven: float, label: str | None = None) -> Svg:
    """A thin risk bar as wide as its panel, for one scenario's exposure."""
    return risk_bar(missing, unproven, "100%", 7, label=label, name="ma-chart")


def certainty_bar(
    proven: float, declared: float, unknown: float, width: Width = "100%", label: str | None = None
) -> Svg:
    """What is proven (solid), declared (hatched), unknown or expired (empty). Their sum is the whole."""
    whole = (proven + declared + unknown) or 1
    first, second = 100 * proven / whole, 100 * declared / whole
    body = (
        '<rect x=".5" y=".5" width="99.7%" height="11" class="ma-f-track ma-s-strong"/>'
        f'<rect width="{short(first)}%" height="12" class="ma-f-accent"/>'
        f'<rect x="{short(first)}%" width="{short(second)}%" height="12" fill="url(#hatch-a)"/>'
    )
    return _bar(width, 12, body, label)


def gain_meter(gain: float, best: float, width: Width = 44) -> Svg:
    """How this gain compares with the best of the list; both in points of risk, sign ignored."""
    share = min(abs(gain) / abs(best), 1) if best else 0
    body = (
        '<rect width="100%" height="8" class="ma-f-track"/>'
        f'<rect width="{short(100 * share)}%" height="8" class="ma-f-accent"/>'
    )
    return _bar(width, 8, body, None, "ma-gain-bar")


def progress(done: float, total: float, label: str | None = None) -> Svg:
    """How far along: a rounded bar as wide as what holds it. Say the counts beside it."""
    share = min(done / total, 1) if total > 0 else 0
    body = (
        '<rect width="100%" height="6" rx="3" class="ma-f-track"/>'
        f'<rect width="{short(100 * share)}%" height="6" rx="3" class="ma-f-accent"/>'
    )
    return _bar("100%", 6, body, label)
