"""The same drawings outside a page, where no stylesheet reaches: colours become attributes."""

import re

from mspaudit.web.svg import Svg

RISK = {"1": "#6c8995", "2": "#b5830e", "3": "#ad4509", "4": "#750524"}
_FILLS = {
    **{f"ma-f{n}": colour for n, colour in RISK.items()},
    "ma-f-track": "#ebf0f2", "ma-f-surface": "#ffffff", "ma-f-accent": "#0b5a72", "ma-f-ink": "#11242d",
    "ma-f-ink3": "#57666e", "ma-nofill": "none",
}  # fmt: skip
_STROKES = {
    **{f"ma-s{n}": colour for n, colour in RISK.items()},
    "ma-s-line": "#dae1e4", "ma-s-strong": "#74848c", "ma-s-surface": "#ffffff", "ma-s-accent": "#0b5a72",
    "ma-s-ink": "#11242d", "ma-s-ink3": "#57666e",
}  # fmt: skip
_CLASS = re.compile(r'class="([^"]*)"')
_HATCH = re.compile(r'fill="url\(#hatch-(.)\)"')
_ROOT = '<svg xmlns="http://www.w3.org/2000/svg"'
_TEXT = 'font-family="Source Sans 3" font-size="12" fill="#42535b"'


def _painted(found: re.Match[str]) -> str:
    names = found[1].split()
    paints = [f'fill="{_FILLS[name]}"' for name in names if name in _FILLS]
    paints += [f'stroke="{_STROKES[name]}"' for name in names if name in _STROKES]
    return " ".join(paints)


def _pattern(key: str) -> str:
    colour = RISK.get(key, _FILLS["ma-f-accent"])
    return (
        f'<pattern id="hatch-{key}" width="4" height="4" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="4" height="4" fill="#ffffff"/>'
        f'<rect width="1.7" height="4" fill="{colour}"/></pattern>'
    )


def standalone(svg: Svg, width: int | None = None) -> str:
    """`svg` as a document of its own, in the light colours, for the PDF.

    Args:
        width: in pixels, for a bar drawn at "100%".
    """
    text = str(svg).replace('class="ma-strong"', 'font-weight="600"')
    text = re.sub(r"<text ", f"<text {_TEXT} ", text)
    if width is not None:
        text = text.replace('width="100%"', f'width="{width}"', 1)
    used = sorted(set(_HATCH.findall(text)))
    defs = f"<defs>{''.join(map(_pattern, used))}</defs>" if used else ""
    head, body = _CLASS.sub(_painted, text).split(">", 1)
    return f"{head.replace('<svg', _ROOT, 1)}>{defs}{body}"
