"""Lines through time. A missing value (None) leaves no point; the line goes on to the next."""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import escape

from mspaudit.web.charts.scale import drawing, short
from mspaudit.web.svg import Svg

Series = Sequence[float | None]


Point = tuple[float, float]


class Box(NamedTuple):
    """Where a line may run, in pixels; `span` is the change of value that fills `tall`, at the least."""

    left: float
    right: float
    middle: float
    tall: float
    span: float


def _points(values: Series, box: Box) -> list[Point]:
    known = [value for value in values if value is not None]
    if not known:
        return []
    low, high = min(known), max(known)
    centre, scale = (low + high) / 2, box.tall / max(high - low, box.span)
    step = (box.right - box.left) / max(len(values) - 1, 1)
    return [
        (box.left + index * step, box.middle - (value - centre) * scale)
        for index, value in enumerate(values)
        if value is not None
    ]


def _polyline(points: list[Point], colour: str, stroke: str) -> str:
    path = " ".join(f"{x:.0f},{y:.1f}" for x, y in points)
    look = f'class="ma-nofill {colour}" stroke-width="{stroke}" stroke-linejoin="round"'
    return f'<polyline points="{path}" {look}/>'


def spark(values: Series, level: int, label: str | None = None) -> Svg:
    """A word-sized line of risk over the last weeks, ending on a dot of its level (1 to 4)."""
    points = _points(values, Box(3, 51, 9, 12, 20))
    if not points:
        return drawing(54, 18, "", label, "ma-spark")
    x, y = points[-1]
    body = (
        _polyline(points, "ma-s-ink3", "1.5")
        + f'<circle cx="{x:.0f}" cy="{y:.1f}" r="2.6" class="ma-f{level}"/>'
    )
    return drawing(54, 18, body, label, "ma-spark")


def trend(
    values: Series, first_label: str, last_label: str, label: str, *, width: int = 112, height: int = 58
) -> Svg:
    """A figure's year: the line, its first value written, and its two end dates.

    Args:
        first_label, last_label: the dates under the ends (« déc. », « nov. »).
        label: the whole story in words (« Risque : de 52 en décembre 2025 à 43 en novembre 2026 »).
    """
    base = height - 14.5
    points = _points(values, Box(4, width - 4, base / 2 - 1, base - 14, 40))
    axis = (
        f'<path d="M0 {base:g}H{width}" class="ma-s-line"/>'
        f'<text x="0" y="{height - 2}">{escape(first_label)}</text>'
        f'<text x="{width}" y="{height - 2}" text-anchor="end">{escape(last_label)}</text>'
    )
    if not points:
        return drawing(width, height, axis, label)
    (x0, y0), (x1, y1) = points[0], points[-1]
    first = next(value for value in values if value is not None)
    beside = y0 + 15 if y0 < y1 - 1 else y0 - 6
    body = (
        f"{axis}{_polyline(points, 'ma-s-accent', '2')}"
        f'<circle cx="{x0:.0f}" cy="{y0:.1f}" r="2" class="ma-f-accent"/>'
        f'<circle cx="{x1:.0f}" cy="{y1:.1f}" r="3.5" class="ma-f-accent"/>'
        f'<text x="{x0:.0f}" y="{short(beside)}">{round(first)}</text>'
    )
    return drawing(width, height, body, label)
