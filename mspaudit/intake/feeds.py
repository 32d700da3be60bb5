"""What a room offers the import desk: how one kind of file becomes its rows, and how that is undone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Literal, Protocol
from uuid import UUID

from mspaudit import features

Verb = Literal["new", "changed", "gone", "same", "ignored"]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a file. ``cells``: our field names → text, empty when the cell is, never None.

    What has a form is already read, so that a part of a file means what the whole file says: a day is
    ``2026-11-18``, a moment ``2026-11-18T07:01:22+00:00``, yes and no are ``oui`` and ``non``, an amount in
    euros is ``2480.00``, a number is its digits (``wording.FORMS``). The functions of ``cells`` read them
    back with no other argument. A field that the file has no column for is absent.
    """

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """What one line would do. ``line`` is None for what is gone; ``why`` is French, for people."""

    verb: Verb
    line: int | None
    subject: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows a part wrote, by verb."""

    new: int = 0
    changed: int = 0
    gone: int = 0
    same: int = 0
    ignored: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.new + other.new,
            self.changed + other.changed,
            self.gone + other.gone,
            self.same + other.same,
            self.ignored + other.ignored,
        )


class Feed(Protocol):
    """One kind of file. Called in the tenant's context; the caller commits, journals and marks dirty."""

    def plan(self, client_id: UUID, rows: Sequence[Row], *, today: date) -> Iterator[Change]:
        """What the whole file would do, written nowhere."""

    def write(self, client_id: UUID, rows: Sequence[Row], *, import_id: UUID, now: datetime) -> Counts:
        """Write one part of the file, set-based; safe to run twice on the same part."""

    def finish(self, client_id: UUID, rows: Sequence[Row], *, import_id: UUID, now: datetime) -> Counts:
        """Once every part is written: what the whole file (``rows``) no longer lists is gone."""

    def undo(self, client_id: UUID, *, import_id: UUID, now: datetime) -> Counts:
        """Put back what this import changed, where nothing has changed it since."""


@cache
def feeds() -> Mapping[str, Feed]:
    """Every kind of file that some room takes."""
    found: dict[str, Feed] = {}
    for module in features.modules(features.FEEDS):
        found.update(module.FEEDS)
    return found
