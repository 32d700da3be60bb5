"""The small shapes of legends."""

from mspaudit.web.charts.scale import drawing
from mspaudit.web.svg import Svg

_HOLLOW = (
    '<rect x=".75" y=".75" width="11.5" height="11.5" rx="1.5" class="ma-nofill {}" stroke-width="1.5"/>'
)
_SHAPES = {
    "proven": '<rect width="13" height="13" class="ma-f-accent"/>',
    "declared": '<rect width="13" height="13" fill="url(#hatch-a)"/>',
    "unsure": '<rect x=".5" y=".5" width="12" height="12" class="ma-f-track ma-s-strong"/>',
    "held": '<rect width="13" height="13" rx="2" class="ma-f-accent"/>',
    "partly": _HOLLOW.format("ma-s-accent") + '<path d="M1 12H12V1z" class="ma-f-accent"/>',
    "absent": _HOLLOW.format("ma-s-ink"),
    "unknown": '<rect width="13" height="13" rx="2" class="ma-f-track"/>'
    '<text x="6.5" y="10.5" text-anchor="middle" class="ma-strong">?</text>',
    "today": '<path d="M6.5 0V13" class="ma-s-accent" stroke-width="2"/>',
    "act_by": '<path d="M6.5 0l6.5 6.5-6.5 6.5-6.5-6.5z" class="ma-f-ink"/>',
    "end": '<circle cx="6.5" cy="6.5" r="4.5" class="ma-f-surface ma-s-ink" stroke-width="1.5"/>',
    "commune": '<circle cx="6.5" cy="6.5" r="4.5" class="ma-f-ink3"/>',
    "enterprise": '<rect x="2.5" y="2.5" width="8" height="8" class="ma-f-ink3"/>',
}
_SHAPES |= {f"missing-{n}": f'<rect width="13" height="13" class="ma-f{n}"/>' for n in (1, 2, 3, 4)}
_SHAPES |= {f"unproven-{n}": f'<rect width="13" height="13" fill="url(#hatch-{n})"/>' for n in (1, 2, 3, 4)}
_MARKS = {name: drawing(13, 13, body, None, "ma-mark") for name, body in _SHAPES.items()}


def mark(name: str) -> Svg:
    """The shape a legend explains. Raises KeyError on a name not among these.

    `missing-1` to `missing-4`, `unproven-1` to `unproven-4`, `proven`, `declared`, `unsure`, `held`,
    `partly`, `absent`, `unknown`, `today`, `act_by`, `end`, `commune`, `enterprise`.
    """
    return _MARKS[name]
