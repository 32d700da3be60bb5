"""The legal calendar: dates that everyone of a kind shares, for whom they apply and how sure they are."""

import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

from mspaudit.content.schema import Kind
from mspaudit.kernel.french import fold, typo

Certainty = Literal["sure", "high", "likely"]
_FILE = Path(__file__).parent / "data" / "calendar.toml"
_EVERY: tuple[Kind, ...] = ("enterprise", "commune")


@dataclass(frozen=True)
class Obligation:
    """One date. ``todo`` says what to do before it; ``seen_on``: when the source was last read.

    A client is concerned when its kind is in ``kinds``, its size within the bounds (an unknown size
    is taken for small) and, where ``tags`` are given, when it has one of them.
    """

    code: str
    on: date
    title: str
    todo: str
    certainty: Certainty
    source: str
    seen_on: date
    kinds: tuple[Kind, ...] = _EVERY
    tags: tuple[str, ...] = ()
    min_population: int = 0
    max_population: int | None = None
    min_headcount: int = 0
    max_headcount: int | None = None

    def concerns(
        self,
        kind: str,
        *,
        population: int | None = None,
        headcount: int | None = None,
        tags: Collection[str] = (),
    ) -> bool:
        """Whether a client of that kind, size and tags has to act; accents and case of tags aside."""
        if kind not in self.kinds:
            return False
        if self.tags and not {fold(tag) for tag in self.tags} & {fold(tag) for tag in tags}:
            return False
        if kind == "commune":
            return _within(population, self.min_population, self.max_population)
        return _within(headcount, self.min_headcount, self.max_headcount)


@cache
def obligations() -> tuple[Obligation, ...]:
    """Every date of the calendar, the first one first."""
    raw = tomllib.loads(_FILE.read_text("utf-8"))
    seen_on: date = raw["seen_on"]
    found = (_read(table, seen_on) for table in raw["obligations"])
    return tuple(sorted(found, key=lambda one: (one.on, one.code)))


def _read(table: dict[str, Any], seen_on: date) -> Obligation:
    fields = {"seen_on": seen_on, **table}
    for name in ("title", "todo", "source"):
        fields[name] = typo(fields[name])
    for name in ("kinds", "tags"):
        if name in fields:
            fields[name] = tuple(fields[name])
    return Obligation(**fields)


def _within(size: int | None, least: int, most: int | None) -> bool:
    return (size or 0) >= least and (most is None or (size or 0) <= most)
