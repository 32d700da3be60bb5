"""Paper: a Typst template and plain data in, a tagged PDF out (PDF/UA-1, which screen readers follow)."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

FONTS = Path(__file__).parent.parent / "web" / "static" / "vendor" / "paper"


class NotRendered(ValueError):
    """The template or its data is wrong; the message is Typst's own, with the line."""


def render(template: Path, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """The PDF of ``template``, which reads ``data`` with ``json(bytes(sys.inputs.data))``.

    Only data travels, never markup: what a person typed cannot become a Typst command. The template
    sees the files of its own folder and nothing else.

    Args:
        at: the instant written in the document's metadata, so that the same data give the same bytes.

    Raises:
        NotRendered: Typst refuses it.
    """
    try:
        return typst.compile(
            template,
            root=template.parent,
            format="pdf",
            font_paths=_fonts(),
            sys_inputs={"data": json.dumps(data, ensure_ascii=False, default=str)},
            pdf_standards="ua-1",
            timestamp=int(at.timestamp()),
        )
    except typst.TypstError as error:
        raise NotRendered(str(error)) from None


@cache
def _fonts() -> typst.Fonts:
    """Read once: looking through the system's own fonts costs more than most documents."""
    return typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS)])
