"""Things one can count: each square is one thing, until there are too many to count."""

from collections.abc import Sequence

from mspaudit.web.charts.bars import certainty_bar
from mspaudit.web.charts.scale import drawing
from mspaudit.web.svg import Svg

COUNTABLE = 180


def _full(x: float, y: float, size: float, colour: str = "ma-f-accent") -> str:
    return f'<rect x="{x:g}" y="{y:g}" width="{size:g}" height="{size:g}" rx="2" class="{colour}"/>'


def _empty(x: float, y: float, size: float, colour: str = "ma-s-ink") -> str:
    inner = f"{size - 1.5:g}"
    return (
        f'<rect x="{x + 0.75:g}" y="{y + 0.75:g}" width="{inner}" height="{inner}" rx="1.5" '
        f'class="ma-nofill {colour}" stroke-width="1.5"/>'
    )


def _half(x: float, y: float, size: float) -> str:
    edge = size - 2
    triangle = f'<path d="M{x + 1:g} {y + size - 1:g}h{edge:g}v-{edge:g}z" class="ma-f-accent"/>'
    return _empty(x, y, size, "ma-s-accent") + triangle


def _unknown(x: float, y: float, size: float) -> str:
    mark = (
        f'<text x="{x + size / 2:g}" y="{y + size * 0.72:g}" text-anchor="middle" class="ma-strong">?</text>'
    )
    return _full(x, y, size, "ma-f-track") + mark


def waffle(yes: int, no: int, unknown: int, label: str, columns: int = 12) -> Svg:
    """Full squares for yes, empty for no, a question mark for unknown; a bar beyond 180 things."""
    total = yes + no + unknown
    if total > COUNTABLE:
        return certainty_bar(yes, 0, no + unknown, label=label)
    shapes = [_full] * yes + [_empty] * no + [_unknown] * unknown
    body = "".join(draw(25 * (i % columns), 25 * (i // columns), 20) for i, draw in enumerate(shapes))
    across, down = min(columns, max(total, 1)), max(-(-total // columns), 1)
    return drawing(25 * across - 5, 25 * down - 5, body, label)


def posture_squares(held: int, partly: int, absent: int, label: str) -> Svg:
    """One square for each indispensable measure: full when held, half in part, empty when absent."""
    shapes = [_full] * held + [_half] * partly + [_empty] * absent
    body = "".join(draw(12 * (i % 32), 13 * (i // 32), 9) for i, draw in enumerate(shapes))
    rows = max(-(-len(shapes) // 32), 1)
    return drawing(12 * min(max(len(shapes), 1), 32) - 3, 13 * rows - 4, body, label)


def _impact(held: int) -> Svg:
    shapes = "".join(
        _full(13 * i, 0, 9, "ma-f-ink3") if i < held else _empty(13 * i, 0, 9, "ma-s-ink3") for i in range(3)
    )
    return drawing(35, 9, shapes, f"conséquence {held} sur 3", "ma-impact")


_IMPACTS = tuple(_impact(held) for held in range(4))


def impact_squares(impact: int) -> Svg:
    """How much a scenario would hurt this client, from 0 to 3 squares."""
    return _IMPACTS[impact]


def nights(states: Sequence[str], label: str) -> Svg:
    """Backup nights, oldest first: `ok` a bar, `failed` a cross, `missing` a ring, anything else a gap."""
    shapes = {
        "ok": '<rect x="{0}" y="2" width="5" height="12" rx="1" class="ma-f-ink3"/>',
        "failed": '<path d="M{1} 4l8 8m0-8l-8 8" class="ma-s3" stroke-width="2.2"/>',
        "missing": '<circle cx="{2}" cy="8" r="3.4" class="ma-nofill ma-s3" stroke-width="1.8"/>',
    }
    body = "".join(
        shapes.get(state, "").format(11 * i + 2, 11 * i + 0.5, 11 * i + 4.5) for i, state in enumerate(states)
    )
    return drawing(11 * len(states), 16, body, label)
