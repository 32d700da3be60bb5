"""The words by which a backup's report mail says how it went; data in ``data/report_words.toml``."""

import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple


class ReportWords(NamedTuple):
    """Folded words by what they say, and those that deny or only suppose one; a star is any ending."""

    fail: tuple[str, ...]
    warning: tuple[str, ...]
    success: tuple[str, ...]
    none_before: tuple[str, ...]
    none_after: tuple[str, ...]
    supposed: tuple[str, ...]


@cache
def report_words() -> ReportWords:
    """The words that come with the product."""
    text = (Path(__file__).parent / "data" / "report_words.toml").read_text("utf-8")
    read = tomllib.loads(text)
    return ReportWords(**{name: tuple(read[name]) for name in ReportWords._fields})
