"""What leaving asks for: the tasks of a departure, the portals to hand over, the clauses of a mission."""

import re
import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal

from mspaudit.content.schema import Kind
from mspaudit.kernel.french import typo
from mspaudit.kernel.periods import add_months

About = Literal["", "account", "secret", "portal"]
Certainty = Literal["sure", "advised", "ours"]

_DATA = Path(__file__).parent / "data"
_EVERY: tuple[Kind, ...] = ("enterprise", "commune")
_DELAY = re.compile(r"([DM])(?:\+(\d+))?")

GROUPS = {
    "access": "Accès",
    "secrets": "Secrets partagés",
    "mailbox": "Messagerie",
    "sharing": "Listes, partages et licences",
    "equipment": "Matériel",
    "portals": "Portails et fonctions",
}
CERTAINTIES = {
    "sure": "un texte le dit",
    "advised": "une autorité le conseille",
    "ours": "notre proposition",
}


@dataclass(frozen=True)
class Delay:
    """How long after the last day: calendar months, then days."""

    days: int = 0
    months: int = 0

    def after(self, day: date) -> date:
        """The day that comes that long after ``day``, held to the end of a shorter month."""
        return add_months(day, self.months) + timedelta(days=self.days)

    @property
    def words(self) -> str:
        """How it reads: « le jour même », « sous 7 jours », « sous 1 mois »."""
        if self.months:
            return typo(f"sous {self.months} mois")
        return typo(f"sous {self.days} jours") if self.days else "le jour même"


@dataclass(frozen=True)
class Task:
    """One line of a departure's list. ``due`` counts from the last day; ``limit``, if any, is never passed.

    ``cuts``: while it is open, the person can still come in. ``about``: one line for each account, secret
    or portal that is known, titled by ``about_title``.
    """

    key: str
    group: str
    title: str
    help: str
    due: Delay
    certainty: Certainty
    source: str
    limit: Delay | None = None
    cuts: bool = False
    about: About = ""
    about_title: str = ""
    statuses: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = _EVERY

    def concerns(self, kind: str, status: str) -> bool:
        """Whether it is asked when someone of that status leaves a client of that kind."""
        return kind in self.kinds and (not self.statuses or status in self.statuses)

    def titled(self, name: str) -> str:
        """The line about one thing, by its name."""
        return typo(self.about_title.format(f"« {name} »"))


@dataclass(frozen=True)
class Portal:
    """A portal outside any directory. ``certificate``: its holder signs with a personal one that ends."""

    code: str
    title: str
    why: str
    certificate: bool = False
    kinds: tuple[Kind, ...] = _EVERY


@dataclass(frozen=True)
class Clause:
    """What a contract should say. ``needed``: its absence leaves the contract incomplete."""

    code: str
    title: str
    source: str
    needed: bool = False
    kinds: tuple[Kind, ...] = _EVERY


def delay(text: str) -> Delay:
    """The delay written D, D+2 or M+1. Raises ValueError for anything else."""
    found = _DELAY.fullmatch(text)
    if found is None:
        raise ValueError(f"un délai s’écrit D, D+2 ou M+1, pas « {text} »")
    count = int(found[2] or 0)
    return Delay(months=count) if found[1] == "M" else Delay(days=count)


@cache
def tasks() -> tuple[Task, ...]:
    """Every task of a departure, in the order of the list."""
    return tuple(_task(table) for table in _read("departures")["tasks"])


@cache
def task(key: str) -> Task:
    """The task of that key. Raises KeyError."""
    return {each.key: each for each in tasks()}[key]


@cache
def portals(kind: str) -> tuple[Portal, ...]:
    """The portals that a client of that kind usually has."""
    found = (Portal(**_worded(table)) for table in _read("portals")["portals"])
    return tuple(each for each in found if kind in each.kinds)


@cache
def clauses(kind: str) -> tuple[Clause, ...]:
    """The clauses that a contract with a client of that kind should hold."""
    found = (Clause(**_worded(table)) for table in _read("clauses")["clauses"])
    return tuple(each for each in found if kind in each.kinds)


@cache
def exposed() -> dict[str, str]:
    """Kinds of data to which someone outside may be exposed: code → French."""
    return {table["code"]: typo(table["title"]) for table in _read("clauses")["exposed"]}


def _task(table: dict[str, Any]) -> Task:
    fields = _worded(table)
    fields["due"] = delay(fields["due"])
    if "limit" in fields:
        fields["limit"] = delay(fields["limit"])
    return Task(**fields)


def _worded(table: dict[str, Any]) -> dict[str, Any]:
    spoken = ("title", "about_title", "help", "why", "source")
    return {
        name: typo(value) if name in spoken else tuple(value) if isinstance(value, list) else value
        for name, value in table.items()
    }


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_DATA / f"{name}.toml").read_text("utf-8"))
