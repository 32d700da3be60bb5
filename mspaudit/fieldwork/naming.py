"""Who a text seems to name. It may cry wolf: it only asks to look again, and masks until somebody did.

``web/static/js/field.js`` asks the same on the phone, before anything leaves it.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from mspaudit.content.fieldwork import first_names, proper_words
from mspaudit.kernel.french import fold

MASK = "▮▮▮"
_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w’'-]*"
_WORD = re.compile(r"[\w’'-]+")
_CIVILITY = re.compile(
    rf"\b(?i:mme|madame|mlle|mademoiselle|monsieur|mr|m\.|docteur|dr|maître|me)\s+({_CAPITAL}(?:\s+{_CAPITAL})?)"
)
_INSIDE = re.compile(rf"(?<=[\w,;:)»’] )({_CAPITAL})")
_SHORTEST = 3


class Span(NamedTuple):
    """A part of a text that seems to name someone."""

    start: int
    end: int


def spans(text: str, people: Iterable[str] = ()) -> list[Span]:
    """Where ``text`` seems to name someone, in order and apart.

    Args:
        people: names of people who could be meant; each of their words counts, whatever its capitals.
    """
    known = {word for name in people for word in fold(name).split() if len(word) >= _SHORTEST}
    found = [Span(*match.span(1)) for match in _CIVILITY.finditer(text)]
    for match in _WORD.finditer(text):
        word = fold(match[0])
        named = known & set(word.split()) or (match[0][0].isupper() and word in first_names())
        if named:
            found.append(Span(*match.span()))
    for match in _INSIDE.finditer(text):
        if fold(match[1]) not in proper_words() and not match[1].isupper():
            found.append(Span(*match.span(1)))
    return _apart(found)


def named(texts: Iterable[str], people: Iterable[str] = ()) -> list[str]:
    """The words of ``texts`` that seem to name someone, each once, in order."""
    names = list(people)
    return list(dict.fromkeys(text[s.start : s.end] for text in texts for s in spans(text, names)))


def masked(text: str, people: Iterable[str] = ()) -> str:
    """``text`` with whom it seems to name hidden."""
    for span in reversed(spans(text, people)):
        text = text[: span.start] + MASK + text[span.end :]
    return text


def _apart(found: Iterable[Span]) -> list[Span]:
    kept: list[Span] = []
    for span in sorted(found):
        if kept and span.start < kept[-1].end:
            kept[-1] = Span(kept[-1].start, max(kept[-1].end, span.end))
        else:
            kept.append(span)
    return kept
