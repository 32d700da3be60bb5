"""A line of a staff list against the people already known. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from mspaudit.intake.feeds import Row
from mspaudit.kernel.french import fold

ELECTED = ("elu", "maire", "adjoint", "conseill")
CONTRACTORS = ("independant", "prestataire", "freelance", "autoentrepreneur", "auto entrepreneur", "interim")
AGENTS = ("agent", "titulaire", "fonctionnaire", "contractuel", "vacataire", "stagiaire")
EMPLOYEES = ("salarie", "employe", "cdi", "cdd", "apprenti", "alternan", "cadre", "ouvrier")
STATUSES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("elected", ELECTED),
    ("contractor", CONTRACTORS),
    ("agent", AGENTS),
    ("employee", EMPLOYEES),
)
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Line:
    """What a line says of someone; empty or None where it says nothing."""

    line: int
    name: str
    name_key: str
    number: str = ""
    email: str = ""
    title: str = ""
    status: str = ""
    department: str = ""
    arrived_on: date | None = None
    left_on: date | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """Someone already known, with their number on the staff list."""

    id: UUID
    name_key: str
    email: str
    number: str
    card: Mapping[str, Any] = field(default_factory=dict)


def read(row: Row) -> Line | None:
    """A line of the list; None when it names nobody."""
    said = row.cells
    first, last = said.get("given_name", ""), said.get("surname", "")
    name = _written(f"{first} {last}".strip() or said.get("name", ""))[:LONGEST_NAME]
    if not fold(name):
        return None
    return Line(
        row.line,
        name,
        fold(name),
        said.get("number", ""),
        said.get("email", "").lower(),
        said.get("title", "")[:LONGEST_NAME],
        status(said.get("status", "")),
        said.get("department", "")[:LONGEST_NAME],
        _day(said.get("arrived_on", "")),
        _day(said.get("left_on", "")),
    )


def status(text: str) -> str:
    """The status that a payroll's words mean; empty when they mean none."""
    said = fold(text)
    return next((code for code, starts in STATUSES if any(_has(said, start) for start in starts)), "")


class Roll:
    """The people already known, by what a list may call them."""

    def __init__(self, people: Iterable[Known]) -> None:
        self._by_number: dict[str, list[Known]] = defaultdict(list)
        self._by_mail: dict[str, list[Known]] = defaultdict(list)
        self._by_name: dict[frozenset[str], list[Known]] = defaultdict(list)
        for person in people:
            if person.number:
                self._by_number[person.number].append(person)
            if person.email:
                self._by_mail[person.email].append(person)
            self._by_name[frozenset(person.name_key.split())].append(person)

    def find(self, line: Line) -> Known | None:
        """Who the line is about: the number, then the address, then the same name when only one has it.

        Another number or another address is another person, whatever the name.
        """
        for found in (self._by_number.get(line.number), self._by_mail.get(line.email)):
            if found and len(found) == 1:
                return found[0]
        named = self._by_name.get(frozenset(line.name_key.split()), [])
        same = [person for person in named if not _another(person, line)]
        return same[0] if len(same) == 1 else None


def changes(line: Line, card: Mapping[str, Any], *, today: date) -> dict[str, Any]:
    """What the line changes of a person's card: what it leaves empty stays, an address is not taken away.

    A departure is one once its day has come: a contract's end ahead may still be renewed.
    """
    said = {"title": line.title, "status": line.status, "email": line.email if not card.get("email") else ""}
    found: dict[str, Any] = {n: value for n, value in said.items() if value and value != card.get(n)}
    if line.left_on is not None and line.left_on <= today and card.get("left_on") is None:
        found["left_on"] = line.left_on
    return found


def _another(person: Known, line: Line) -> bool:
    return bool(
        (person.number and line.number and person.number != line.number)
        or (person.email and line.email and person.email != line.email)
    )


def _has(said: str, start: str) -> bool:
    return any(said[at:].startswith(start) for at in (0, *(i + 1 for i, c in enumerate(said) if c == " ")))


def _written(name: str) -> str:
    """« PERRIN » as people write it; a name that is not all capitals is left as it is."""
    return " ".join(word.title() if len(word) > 1 and word.isupper() else word for word in name.split())


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
