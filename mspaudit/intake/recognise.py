"""What a file is: its encoding, its delimiter, its kind, its columns, and what is wrong with which line."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from mspaudit.adapters.table_text import encoding_of
from mspaudit.adapters.tables import Table, read_table
from mspaudit.intake import kinds, reading
from mspaudit.intake.reading import Content

MAX_ROWS = 50_000
SECONDS = 30

_TYPE_LINE = re.compile(r'\ufeff?(?:sep=.\s*)?"?#TYPE\s+([\w.]+)', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Recognised:
    """A file as understood. ``columns``: our field names → the headers; ``kind`` None when it must be asked.

    ``likely``: the kinds that fit its headers, the likeliest first.
    """

    table: Table
    kind: str | None
    columns: Mapping[str, str]
    content: Content
    likely: tuple[str, ...] = field(default=())

    def as_dict(self) -> dict[str, object]:
        """For a script: what the command prints."""
        return {
            "kind": self.kind,
            "encoding": self.table.encoding,
            "delimiter": self.table.delimiter or None,
            "rows": len(self.table.rows),
            "columns": dict(self.columns),
            "refused": [{"line": r.line, "why": r.why} for r in self.content.refused],
        }


def recognise(data: bytes, filename: str) -> Recognised:
    """Read a file and tell its kind from its headers.

    Raises:
        TableRefused: not a table, empty, or too costly to read; one French sentence.
    """
    table = open_table(data, filename)
    found = kinds.guess(table.headers, type_line=type_line(data))
    return understood(table, found.kind, found.columns, likely=found.likely)


def understood(
    table: Table, kind: str | None, columns: Mapping[str, str], *, likely: tuple[str, ...] = ()
) -> Recognised:
    """The same table with its kind and columns said by someone, or by its headers."""
    if kind is None:
        content = Content(refused=reading.structure(table))
    else:
        content = reading.read(kind, columns, table)
    return Recognised(table, kind, columns, content, likely)


def open_table(data: bytes, filename: str) -> Table:
    """The table of a file. Raises TableRefused."""
    return read_table(data, filename, max_rows=MAX_ROWS, seconds=SECONDS)


def type_line(data: bytes) -> str:
    """What PowerShell's Export-Csv says the objects are, on the first line; empty when it says nothing."""
    head = data[:400]
    found = _TYPE_LINE.match(head.decode(encoding_of(head), "ignore"))
    return found[1] if found else ""
