"""From a risk to its level, and from a number to the shortest text an SVG reads."""

from math import floor

from markupsafe import escape

from mspaudit.web.svg import Svg

LEVELS = ("faible", "modéré", "élevé", "critique")


def level_of(risk: float) -> int:
    """1 (below 25), 2 (below 50), 3 (below 75) or 4, read from the integer shown: 74.6 reads 75, critique."""
    seen = floor(risk + 0.5)
    return 1 if seen < 25 else 2 if seen < 50 else 3 if seen < 75 else 4


def level_word(risk: float) -> str:
    """« faible », « modéré », « élevé » or « critique »."""
    return LEVELS[level_of(risk) - 1]


def short(value: float) -> str:
    """One decimal at most, none when it is zero."""
    return f"{round(value, 1):g}"


def spoken(label: str | None) -> str:
    """The attributes that name a chart, or hide it when words nearby already say it."""
    return f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'


def drawing(width: float, height: float, body: str, label: str | None = None, name: str = "ma-chart") -> Svg:
    """An SVG of a fixed size in pixels."""
    w, h = short(width), short(height)
    return Svg(
        f'<svg class="{name}" width="{w}" height="{h}" viewBox="0 0 {w} {h}" {spoken(label)}>{body}</svg>'
    )
