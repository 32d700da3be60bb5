"""The technician's table: which questions are shown, and under which theme. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

from mspaudit.checklists.queries import Question
from mspaudit.checklists.rules import AnswerState
from mspaudit.checklists.wording import STATES
from mspaudit.content.packs import Pack, Theme
from mspaudit.kernel.french import fold

CARRIED = "carried"
STATE_FILTERS = [
    (AnswerState.UNANSWERED.value, "Sans réponse"),
    (CARRIED, "À confirmer"),
    (AnswerState.UNKNOWN.value, "Je ne sais pas"),
    (AnswerState.DECLARED.value, "Déclaré"),
    (AnswerState.EVIDENCED.value, "Preuve à vérifier"),
    (AnswerState.VERIFIED.value, "Vérifié"),
    (AnswerState.EXPIRED.value, "Preuve expirée"),
    (AnswerState.CONTRADICTED.value, "Contredit par une mesure"),
]
WHO_FILTERS = [("client", "Le client"), ("msp", "Nous")]


@dataclass(frozen=True)
class Filters:
    """What the technician asked to see; empty means everything."""

    theme: str = ""
    state: str = ""
    who: str = ""
    text: str = ""

    @classmethod
    def read(cls, args: Mapping[str, str]) -> Self:
        """From the address; an unknown value shows nothing rather than everything."""
        theme, state, who = (args.get(name, "") for name in ("theme", "etat", "qui"))
        return cls(theme, state, who, args.get("texte", "").strip()[:80])

    @property
    def any(self) -> bool:
        """Whether anything is filtered."""
        return bool(self.theme or self.state or self.who or self.text)

    def keep(self, question: Question) -> bool:
        """Whether this question is to be shown."""
        control = question.control
        return (
            (not self.theme or control.theme == self.theme)
            and (not self.state or self._in_state(question))
            and (not self.who or self.who in control.answered_by)
            and self._has_text(question)
        )

    def _has_text(self, question: Question) -> bool:
        searched = f"{question.control.code} {question.text} {question.answer.note}"
        return not self.text or fold(self.text) in fold(searched)

    def _in_state(self, question: Question) -> bool:
        if self.state == CARRIED:
            return question.answer.carried
        return question.state == self.state and not question.answer.carried


@dataclass
class Group:
    """One theme and the questions of it that are shown."""

    theme: Theme
    questions: list[Question] = field(default_factory=list)

    @property
    def answered(self) -> int:
        """How many of them have an answer given or confirmed in this campaign."""
        return sum(question.answered for question in self.questions)


def grouped(pack: Pack, questions: Iterable[Question]) -> list[Group]:
    """The questions under their themes, in the pack's order, without empty themes."""
    groups = {theme.code: Group(theme) for theme in pack.themes}
    for question in questions:
        groups[question.control.theme].questions.append(question)
    return [group for group in groups.values() if group.questions]


def state_word(question: Question) -> str:
    """The state as the table says it."""
    return "à confirmer" if question.answer.carried else STATES[question.state]
