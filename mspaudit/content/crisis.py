"""What a crisis plan is made of: gestures, roles, contacts, questions, messages, fallback sheets."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol, TypeVar

from mspaudit.content.schema import Kind
from mspaudit.kernel.french import typo

_DATA = Path(__file__).parent / "data" / "crisis"
_EVERY: tuple[Kind, ...] = ("enterprise", "commune")
_KEPT = ("code", "unit", "phone", "hours", "needed")
T = TypeVar("T", bound="_ForKinds")


class _ForKinds(Protocol):
    @property
    def kinds(self) -> tuple[Kind, ...]: ...


@dataclass(frozen=True)
class CrisisRole:
    """A place in the crisis team. ``who`` usually holds it."""

    code: str
    title: str
    who: str
    kinds: tuple[Kind, ...] = _EVERY


@dataclass(frozen=True)
class UsualContact:
    """A line of the crisis directory. ``needed``: the directory is not complete without its telephone.

    ``phone`` and ``note``: what is the same for everybody.
    """

    code: str
    title: str
    phone: str = ""
    note: str = ""
    needed: bool = False
    kinds: tuple[Kind, ...] = _EVERY


@dataclass(frozen=True)
class Decision:
    """A question of the decision tree, and what to do for each answer."""

    ask: str
    yes: str
    no: str


@dataclass(frozen=True)
class Message:
    """What to tell, with the blanks to fill in."""

    code: str
    title: str
    text: str
    kinds: tuple[Kind, ...] = _EVERY


@dataclass(frozen=True)
class UsualSheet:
    """How a service usually works without computers. ``hours``: how long it may stop before it hurts.

    ``unit``: the code of the client's service it belongs to; empty when every client of the kind has it.
    """

    code: str
    title: str
    hours: int
    steps: tuple[str, ...]
    stock: str
    data: str
    unit: str = ""
    kinds: tuple[Kind, ...] = _EVERY


@dataclass(frozen=True)
class Scenario:
    """An exercise to play around a table. ``turns``: what is announced, one after the other."""

    code: str
    title: str
    pitch: str
    turns: tuple[str, ...]


def lines(name: str) -> tuple[str, ...]:
    """A plain list: ``activation``, ``first_hour``, ``clock``, ``rebuild`` or ``kit``. Raises KeyError."""
    return tuple(typo(text) for text in _read("plan")[name])


def stand_down() -> str:
    """When the crisis is over."""
    return typo(_read("plan")["stand_down"])


@cache
def roles(kind: str) -> tuple[CrisisRole, ...]:
    """The crisis team of a client of that kind, in order."""
    return _of_kind([CrisisRole(**_worded(table)) for table in _read("plan")["roles"]], kind)


@cache
def contacts(kind: str) -> tuple[UsualContact, ...]:
    """The lines of the directory of a client of that kind, in order."""
    return _of_kind([UsualContact(**_worded(table)) for table in _read("plan")["contacts"]], kind)


@cache
def decisions() -> tuple[Decision, ...]:
    """The decision tree, in the order to ask."""
    return tuple(Decision(**_worded(table)) for table in _read("plan")["decisions"])


@cache
def messages(kind: str) -> tuple[Message, ...]:
    """The messages that a client of that kind prepares."""
    return _of_kind([Message(**_worded(table)) for table in _read("plan")["messages"]], kind)


@cache
def sheets(kind: str) -> tuple[UsualSheet, ...]:
    """The fallback sheets of a client of that kind, those of services that it may not have included."""
    return _of_kind([UsualSheet(**_worded(table)) for table in _read("sheets")["sheets"]], kind)


@cache
def scenarios() -> tuple[Scenario, ...]:
    """The exercises to choose from."""
    return tuple(Scenario(**_worded(table)) for table in _read("exercises")["exercises"])


def _of_kind(found: list[T], kind: str) -> tuple[T, ...]:
    return tuple(each for each in found if kind in each.kinds)


def _worded(table: dict[str, Any]) -> dict[str, Any]:
    return {name: value if name in _KEPT else _spoken(name, value) for name, value in table.items()}


def _spoken(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return tuple(value) if name == "kinds" else tuple(typo(text) for text in value)
    return typo(value)


@cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_DATA / f"{name}.toml").read_text("utf-8"))
