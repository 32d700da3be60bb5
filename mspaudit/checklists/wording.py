"""An answer in French words: what to pick, and how what was picked reads. Pure."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from mspaudit.checklists.measured import Measured
from mspaudit.checklists.rules import AnswerState, Choice, Scale, allowed_choices
from mspaudit.content.packs import Control
from mspaudit.kernel.french import MONTHS, month, percent, short_day

# What « la plupart » and « moins de la moitié » are worth on a share nobody counted.
MOST, FEW = 75, 25

CHOICES = {
    Choice.YES: "oui",
    Choice.PARTLY: "en partie",
    Choice.NO: "non",
    Choice.UNKNOWN: "je ne sais pas",
    Choice.NOT_APPLICABLE: "pas concerné",
}
STATES = {
    AnswerState.UNANSWERED: "sans réponse",
    AnswerState.UNKNOWN: "à vérifier",
    AnswerState.DECLARED: "déclaré",
    AnswerState.EVIDENCED: "preuve à vérifier",
    AnswerState.VERIFIED: "vérifié",
    AnswerState.CONTRADICTED: "contredit",
    AnswerState.EXPIRED: "preuve expirée",
}
UNANSWERED = "sans réponse"
EVENTS = {
    "saved": "a répondu",
    "confirmed": "a confirmé",
    "proof_added": "a ajouté une preuve",
    "proof_verified": "a vérifié une preuve",
    "proof_refused": "a refusé une preuve",
    "proof_removed": "a retiré une preuve",
    "proof_restored": "a remis une preuve",
}


class Option(NamedTuple):
    """One radio button: the value it posts, its label, and a hint under it (may be empty)."""

    value: str
    label: str
    hint: str


def options(control: Control, helper: str) -> list[Option]:
    """What a respondent picks from, in order. `helper`: who verifies with them what they do not know."""
    return [
        *_graded(control),
        Option("unknown", "Je ne sais pas", f"Réponse utile : {helper} vérifiera avec vous"),
        Option("na", "Pas concerné", "Vous direz pourquoi en une phrase"),
    ]


def _graded(control: Control) -> Iterator[Option]:
    partly = control.hint_partly or ""
    if control.scale == Scale.COVERAGE:
        yield Option("yes", "Tous", control.hint_yes)
        yield Option("most", "La plupart", partly)
        yield Option("few", "Moins de la moitié", "")
        yield Option("no", "Aucun", "")
    elif control.scale == Scale.LAST_DONE:
        yield Option("yes", "Oui, la dernière fois en…", control.hint_yes)
        yield Option("no", "Jamais", "")
    else:
        yield Option("yes", "Oui", control.hint_yes)
        if control.scale == Scale.THREE_STEPS:
            yield Option("partly", "En partie", partly)
        yield Option("no", "Non", "")


def choices(control: Control) -> list[tuple[str, str]]:
    """The same for the technician's table, side by side: a share is then typed as a number."""
    yes, partly, no = "Oui", "En partie", "Non"
    if control.scale == Scale.COVERAGE:
        yes, no = "Tous", "Aucun"
    elif control.scale == Scale.LAST_DONE:
        no = "Jamais"
    words = {"yes": yes, "partly": partly, "no": no, "unknown": "Je ne sais pas", "na": "Pas concerné"}
    return [(choice.value, words[choice]) for choice in allowed_choices(control.scale)]


def picked(scale: Scale | str, choice: str | None, share: int | None) -> str:
    """The value of the option that stands for a stored answer; empty when there is none."""
    if choice == Choice.PARTLY and scale == Scale.COVERAGE:
        return "few" if (share or 0) < 50 else "most"
    return choice or ""


def spoken(
    scale: Scale | str, choice: str | None, *, done_on: date | None = None, share: int | None = None
) -> str:
    """« oui, en novembre 2026 », « en partie, 75 % », « jamais » or « sans réponse »."""
    if choice is None:
        return UNANSWERED
    if scale == Scale.LAST_DONE and choice == Choice.NO:
        return "jamais"
    word = CHOICES[Choice(choice)]
    if done_on is not None:
        return f"{word}, en {month(done_on)}"
    return word if share is None else f"{word}, {percent(share)}"


def measured_on(seen: Measured, today: date) -> str:
    """« le 20 nov. par l’annuaire importé », and whether it is time to look again."""
    old = "" if seen.fact.is_fresh(today) else ", mesure ancienne"
    return f"le {short_day(seen.fact.observed_on, today)} par {seen.by}{old}"


def months() -> list[tuple[str, str]]:
    """The twelve months to pick from: (« 11 », « novembre »)."""
    return [(str(number), name) for number, name in enumerate(MONTHS, start=1)]


def years(today: date) -> list[tuple[str, str]]:
    """This year and the nine before: older than that no longer counts, whatever the date."""
    return [(str(year), str(year)) for year in range(today.year, today.year - 10, -1)]
