"""What people download: tables as XLSX and CSV, in which nothing is ever a live formula."""

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

Cell = str | int | float | Decimal | date | datetime | bool | None

MAX_ROWS = 1_048_575
EXACT_INTEGER = 2**53
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet may take for the beginning of a formula, full-width forms included."""

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "remove_timezone": True,
}


def to_xlsx(headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """One sheet, its header frozen and filterable. Text stays text; numbers and dates are real ones.

    A datetime is shown on the clock it carries. Raises `ValueError` over 1,048,575 rows, Excel's own limit.
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _OPTIONS) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        formats: dict[type, Format] = {
            date: book.add_format({"num_format": "dd/mm/yyyy"}),
            datetime: book.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
        }
        for column, header in enumerate(headers):
            sheet.write_string(0, column, header, bold)
        last = 0
        for last, row in enumerate(rows, start=1):
            if last > MAX_ROWS:
                raise ValueError("more rows than a spreadsheet can hold")
            for column, cell in enumerate(row):
                _write(sheet, last, column, cell, formats)
        sheet.freeze_panes(1, 0)
        if headers:
            sheet.autofilter(0, 0, last, len(headers) - 1)
    return buffer.getvalue()


def _write(sheet: Worksheet, row: int, column: int, cell: Cell, formats: Mapping[type, Format]) -> None:
    """Each kind by its own method: the general `write` guesses, and guesses formulas."""
    if isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif isinstance(cell, date) and cell.year >= 1900:  # Excel knows no day before.
        sheet.write_datetime(row, column, cell, formats[type(cell)])
    elif isinstance(cell, int | float | Decimal) and _fits_a_double(cell):
        sheet.write_number(row, column, cell)
    elif (text := _as_text(cell)) != "":
        sheet.write_string(row, column, text)


def _fits_a_double(number: float | Decimal) -> bool:
    return math.isfinite(number) and -EXACT_INTEGER <= number <= EXACT_INTEGER


def to_csv(headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with its mark and semicolons, as a French Excel opens it; decimals take a comma.

    Text that could start a formula is led by an apostrophe; a number is left alone, even negative.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow([_harmless(header) for header in headers])
    writer.writerows([_csv_cell(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + buffer.getvalue().encode()


def _csv_cell(cell: Cell) -> str:
    text = _as_text(cell)
    if isinstance(cell, str):
        return _harmless(text)
    return text.replace(".", ",") if isinstance(cell, float | Decimal) else text


def _harmless(text: str) -> str:
    return "'" + text if text.startswith(FORMULA_STARTS) else text


def _as_text(cell: Cell) -> str:
    """Nothing for what is not a number: a cell has no word for infinity."""
    if cell is None or (isinstance(cell, float | Decimal) and not math.isfinite(cell)):
        return ""
    if isinstance(cell, bool):
        return "oui" if cell else "non"
    if isinstance(cell, Decimal):
        return format(cell, "f")
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "minutes")
    return cell.isoformat() if isinstance(cell, date) else str(cell)
