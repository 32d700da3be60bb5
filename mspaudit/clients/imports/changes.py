"""What a line would change of a client that the portfolio already has."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast
from uuid import UUID

from mspaudit.clients import rules
from mspaudit.clients.imports.rules import Line
from mspaudit.clients.rules import Given


@dataclass(frozen=True, slots=True)
class State:
    """What the portfolio already knows of a client."""

    given: Given
    tags: frozenset[str]
    members: frozenset[UUID]
    people: frozenset[str]
    has_pilot: bool
    spoke_at: datetime | None


@dataclass(slots=True)
class Change:
    """What a line would change of a client that exists; nothing of it once written."""

    given: Given = field(default_factory=Given)
    tags: list[str] = field(default_factory=list)
    members: set[UUID] = field(default_factory=set)
    person: str | None = None
    pilot: bool = False
    spoke_at: datetime | None = None

    def __bool__(self) -> bool:
        return bool(self.given or self.tags or self.members or self.person or self.pilot or self.spoke_at)


def difference(line: Line, known: State, members: Iterable[UUID]) -> Change:
    """What ``line`` adds to what is known: an empty cell erases nothing, what is there is not repeated."""
    said = line.given.copy()
    # A commune keeps its official name; a company may have changed its own.
    if line.kind == "enterprise":
        said["name"] = line.name
    had = {rules.key(tag) for tag in known.tags}
    change = Change(
        given=cast("Given", {k: v for k, v in said.items() if known.given.get(k) != v}),
        tags=[tag for tag in line.tags if rules.key(tag) not in had],
        members=set(members) - known.members,
    )
    if line.referent:
        change.person = line.referent if rules.key(line.referent) not in known.people else None
        change.pilot = not known.has_pilot
    if line.spoke_at and (known.spoke_at is None or line.spoke_at > known.spoke_at):
        change.spoke_at = line.spoke_at
    return change
