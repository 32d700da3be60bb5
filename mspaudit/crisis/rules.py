"""Rules of the crisis plan: what is missing, what is out of date. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from mspaudit.content.crisis import CrisisRole, UsualContact, UsualSheet
from mspaudit.kernel.french import typo
from mspaudit.kernel.periods import add_months

REVIEW_MONTHS = 12
"""A plan is read again, and printed again, once a year (CRI-01, CRI-02)."""
COPIES = 3
DEPUTIZED = ("decide", "coordinate")
"""Places that may not stay empty when one person is away."""


@dataclass(frozen=True)
class Seat:
    """A place of the crisis team as it stands."""

    role: CrisisRole
    name: str = ""
    phone: str = ""
    deputy: str = ""
    deputy_phone: str = ""
    gone: tuple[str, ...] = ()

    @property
    def lacks(self) -> list[str]:
        """What a stranger to the house would lack to reach this place, in French."""
        if not self.name:
            return [f"à désigner : {self.role.who}"]
        found = [] if self.phone else [f"téléphone privé de {self.name}"]
        if self.role.code in DEPUTIZED and not self.deputy:
            found.append(f"suppléant : {self.role.who}")
        if self.deputy and not self.deputy_phone:
            found.append(f"téléphone privé de {self.deputy}")
        return found + [f"remplaçant de {name}, qui est parti" for name in self.gone]


@dataclass(frozen=True)
class Line:
    """A line of the directory as it stands."""

    usual: UsualContact
    name: str = ""
    phone: str = ""
    note: str = ""

    @property
    def lacking(self) -> bool:
        """Whether the directory is not complete without what this line lacks."""
        return self.usual.needed and not self.phone


def stale(day: date | None, today: date) -> bool:
    """Whether what was done on ``day`` is to be done again: never done, or more than a year ago."""
    return day is None or add_months(day, REVIEW_MONTHS) < today


def outdated_print(printed_on: date | None, changed_on: date, today: date) -> bool:
    """Whether the paper copies no longer tell the plan: too old, or changed since."""
    return stale(printed_on, today) or (printed_on is not None and changed_on > printed_on)


def expected(
    sheets: Iterable[UsualSheet], units: Iterable[str], unconcerned: Iterable[str]
) -> list[UsualSheet]:
    """The services that should have a fallback sheet: those that the client has and did not rule out."""
    here, out = set(units), set(unconcerned)
    return [each for each in sheets if (not each.unit or each.unit in here) and each.code not in out]


def missing(
    seats: Sequence[Seat], directory: Sequence[Line], unwritten: Sequence[UsualSheet], places: Sequence[str]
) -> list[tuple[str, str]]:
    """(part of the plan, what it lacks) in French, in the order of the booklet. Empty when nothing is."""
    found = [("cell", lack) for seat in seats for lack in seat.lacks]
    found += [("directory", f"numéro : {line.usual.title}") for line in directory if line.lacking]
    found += [("sheets", f"fiche : {sheet.title}") for sheet in unwritten]
    kept = sum(1 for place in places if place)
    if kept < COPIES:
        found.append(("cover", f"lieu de {COPIES - kept} exemplaire(s) papier sur {COPIES}"))
    return [(part, typo(text)) for part, text in found]
