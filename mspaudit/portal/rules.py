"""Which question comes next, and how far each chapter is. Pure."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from mspaudit.checklists.queries import Question
    from mspaudit.content.packs import Pack


class Chapter(NamedTuple):
    """A theme as the respondent sees it; ``code``: the question to open, the first unanswered if any."""

    title: str
    answered: int
    total: int
    code: str


def next_code(asked: "Sequence[Question]", after: str | None) -> str | None:
    """The next unanswered question after that one, then from the start; None when nothing is left."""
    codes = [question.control.code for question in asked]
    start = codes.index(after) + 1 if after in codes else 0
    turned = [*asked[start:], *asked[:start]]
    return next((q.control.code for q in turned if not q.answered and q.control.code != after), None)


def previous_code(asked: "Sequence[Question]", code: str) -> str | None:
    """The question before that one in the pack's order; None for the first."""
    codes = [question.control.code for question in asked]
    here = codes.index(code)
    return codes[here - 1] if here else None


def chapters(pack: "Pack", asked: "Sequence[Question]") -> list[Chapter]:
    """The themes that have questions for this client, in order."""
    found = []
    for theme in pack.themes:
        mine = [question for question in asked if question.control.theme == theme.code]
        if mine:
            left = next((q.control.code for q in mine if not q.answered), mine[0].control.code)
            found.append(Chapter(theme.title, sum(q.answered for q in mine), len(mine), left))
    return found
