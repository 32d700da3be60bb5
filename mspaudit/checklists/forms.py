"""What a questionnaire's form holds: as typed, to show it again, and as understood, to save it. Pure."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from mspaudit.checklists import wording
from mspaudit.checklists.models import Answer
from mspaudit.checklists.rules import ChecklistError, Choice, Scale
from mspaudit.kernel.text import plain

LONGEST_REASON = 500
LONGEST_NOTE = 2000
_OPTIONS = {"most": (Choice.PARTLY, wording.MOST), "few": (Choice.PARTLY, wording.FEW)}


@dataclass(frozen=True)
class Typed:
    """The raw fields, all text; ``choice`` is the value of an option of ``wording.options``."""

    choice: str = ""
    done_month: str = ""
    done_year: str = ""
    done_on: str = ""
    percent: str = ""
    na_reason: str = ""
    note: str = ""
    version: str = "0"

    @property
    def fields(self) -> dict[str, str]:
        """The same as a form would post it."""
        return {name: value for name, value in asdict(self).items() if value}


@dataclass(frozen=True)
class Reply:
    """What ``actions.save_answer`` takes."""

    choice: str
    done_on: date | None
    percent: int | None
    na_reason: str
    note: str


def typed(form: Mapping[str, str]) -> Typed:
    """The fields of a posted form; what it does not hold is empty."""
    return Typed(**{name: form.get(name, "") for name in Typed.__dataclass_fields__})


def stored(answer: Answer, scale: str) -> Typed:
    """The fields as the saved answer fills them."""
    day = answer.done_on
    return Typed(
        choice=wording.picked(scale, answer.choice, answer.percent),
        done_month=str(day.month) if day else "",
        done_year=str(day.year) if day else "",
        done_on=day.isoformat() if day else "",
        percent="" if answer.percent is None else str(answer.percent),
        na_reason=answer.na_reason or "",
        note=answer.note,
        version=str(answer.version),
    )


def understood(given: Typed, scale: str) -> Reply:
    """What the fields mean. Raises ChecklistError, in French, when a date or a share cannot be read."""
    choice, percent = given.choice, None
    if choice in _OPTIONS and scale == Scale.COVERAGE:
        picked, percent = _OPTIONS[choice]
        choice = picked.value
    if choice not in tuple(Choice):
        raise ChecklistError("Choisissez une réponse.")
    graded = choice in (Choice.YES, Choice.PARTLY)
    if given.choice == Choice.PARTLY and scale == Scale.COVERAGE and given.percent.strip():
        percent = _share(given.percent)
    return Reply(
        choice=choice,
        done_on=_day(given) if graded and scale == Scale.LAST_DONE else None,
        percent=percent,
        na_reason=plain(given.na_reason, LONGEST_REASON),
        note=plain(given.note, LONGEST_NOTE),
    )


def version(given: Typed) -> int:
    """The version the form was looking at; one that cannot be read is older than any."""
    return int(given.version) if re.fullmatch(r"[0-9]{1,9}", given.version) else -1


def replace_version(given: Typed, current: int) -> Typed:
    """The same fields, now looking at that version: to save one's own over someone else's, knowingly."""
    return replace(given, version=str(current))


def as_arguments(reply: Reply) -> dict[str, Any]:
    """The keyword arguments of ``save_answer``, the choice included."""
    return asdict(reply)


def _day(given: Typed) -> date | None:
    """A full date, or the first day of a month; None when nothing was typed."""
    if given.done_on and not (given.done_month or given.done_year):
        return _date(given.done_on)
    if not (given.done_month or given.done_year):
        return None
    if not given.done_month or not given.done_year:
        raise ChecklistError("Indiquez le mois et l’année, même approximatifs.")
    return _date(f"{given.done_year}-{given.done_month.zfill(2)}-01")


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise ChecklistError(f"« {text[:20]} » n’est pas une date.") from None


def _share(text: str) -> int:
    number = text.replace("%", "").replace(",", ".").strip()
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]+)?", number):
        raise ChecklistError("La part couverte va de 0 à 100 %.")
    return int(float(number))
