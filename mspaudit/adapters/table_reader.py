"""The process that reads one uploaded table: it limits itself, reads stdin, answers and ends.

    python -I -m mspaudit.adapters.table_reader '{"max_rows": …}' < file > answer

The answer is a line of JSON, then the rows, cut by two control characters that no cell has: reading JSON
takes longer than reading the file. When a limit stops it, it ends with an error and no answer worth reading.
"""

import io
import json
import resource
import sys
from collections.abc import Iterator
from dataclasses import fields
from datetime import date, datetime, time, timedelta

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from mspaudit.adapters.archives import ArchiveRefused, ArchiveTooLarge, check_unzipped
from mspaudit.adapters.table_text import CELL, ROW, Grid, Record, Unreadable, fill, read_text

Value = int | float | str | bool | time | date | datetime | timedelta

_DAMAGED = "Ce classeur est abîmé ou protégé. Ouvrez-le, enregistrez-le à nouveau en XLSX et renvoyez-le."
_HEAVY = "Ce classeur est trop lourd une fois ouvert. Gardez les colonnes utiles ou enregistrez-le en CSV."
_OLD = "Ce classeur est à l’ancien format XLS ou protégé par un mot de passe. Enregistrez-le en XLSX."


def main(limits: dict[str, int]) -> None:
    restrain(limits)
    rows: list[list[str]] = []
    try:
        answer, rows = read(sys.stdin.buffer.read(), limits)
    except Unreadable as refused:
        answer = {"refused": str(refused)}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
    sys.stdout.buffer.write(ROW.join(map(CELL.join, rows)).encode())


def restrain(limits: dict[str, int]) -> None:
    """Hard limits of the operating system: once set, nothing in this process can lift them."""
    for what, most in (
        (resource.RLIMIT_AS, limits["max_memory"]),
        (resource.RLIMIT_CPU, limits["seconds"]),
        (resource.RLIMIT_FSIZE, limits["max_answer"]),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def read(data: bytes, limits: dict[str, int]) -> tuple[dict[str, object], list[list[str]]]:
    """What `tables.Table` is made of, and its rows. Raises `Unreadable`."""
    if data.startswith(b"PK\x03\x04"):
        grid, encoding, delimiter = read_workbook(data, limits), "xlsx", ""
    elif data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise Unreadable(_OLD)
    else:
        grid, encoding, delimiter = read_text(data, max_rows=limits["max_rows"])
    said = {field.name: getattr(grid, field.name) for field in fields(grid) if field.name != "rows"}
    return said | {"encoding": encoding, "delimiter": delimiter}, grid.rows


def read_workbook(data: bytes, limits: dict[str, int]) -> Grid:
    """The first visible sheet that holds something."""
    try:
        check_unzipped(data, limit=limits["max_unzipped"])
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            for found in book.sheets_metadata:
                if found.typ == SheetTypeEnum.WorkSheet and found.visible == SheetVisibleEnum.Visible:
                    sheet = book.get_sheet_by_name(found.name)
                    if sheet.start is not None:
                        return fill(Grid(), _records(sheet, sheet.start[0]), max_rows=limits["max_rows"])
    except PasswordError:
        raise Unreadable(_OLD) from None
    except ArchiveTooLarge:
        raise Unreadable(_HEAVY) from None
    except (ArchiveRefused, CalamineError):
        raise Unreadable(_DAMAGED) from None
    raise Unreadable("Ce classeur est vide. Vérifiez-le et envoyez-le à nouveau.")


def _records(sheet: CalamineSheet, first: int) -> Iterator[Record]:
    for line, row in enumerate(sheet.iter_rows(), start=first + 1):
        yield line, [_text(value) for value in row]


def _text(value: Value) -> str:
    """A whole number without a decimal point, a day without midnight, dates in ISO order."""
    if isinstance(value, bool):
        return "VRAI" if value else "FAUX"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
