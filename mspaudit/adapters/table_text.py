"""Delimited text as rows: encoding, delimiter, quotes and ragged lines. No I/O."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from mspaudit.kernel.french import number, plural

MAX_CELLS = 2_000_000
MAX_COLUMNS = 1_000
MAX_PROBLEMS = 1_000
DELIMITERS = (";", ",", "\t", "|")
SAMPLE_LINES = 30
SAMPLE_WIDTH = 4_000

# Between cells and between rows of what is read, on its way back: `_clean` leaves neither in any cell.
CELL, ROW = "\x1f", "\x1e"

_CONTROLS = dict.fromkeys([*range(9), *range(11, 13), *range(14, 32), 127])
_BINARY = re.compile(r"[\x00-\x08\x0e-\x19\x1c-\x1f]")
_PREAMBLE = re.compile(r"(?:#TYPE\b.*|sep=(.))\r?\n?", re.IGNORECASE)

Record = tuple[int, Sequence[str]]


class Unreadable(ValueError):
    """Not a table we read; the message is French and says what to do."""


@dataclass
class Grid:
    """Rows as long as the headers, the line each starts on, and what was wrong on which line.

    ``overlong``: the lines with more cells than there are headers; theirs may well have slipped.
    """

    headers: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)
    overlong: list[int] = field(default_factory=list)

    def note(self, line: int, message: str) -> None:
        """Keep a problem; the first thousand say enough."""
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append((line, message))


def encoding_of(data: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16, else Windows-1252: what office software in France writes."""
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    sample = data[:2000]
    if sample[1::2].count(0) > len(sample) // 4:
        return "utf-16-le"
    if sample[0::2].count(0) > len(sample) // 4:
        return "utf-16-be"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def read_text(data: bytes, *, max_rows: int) -> tuple[Grid, str, str]:
    """The grid, the encoding and the delimiter. Raises `Unreadable`."""
    encoding = encoding_of(data)
    try:
        head = list(islice(_lines(data, encoding), SAMPLE_LINES))
        if any(_BINARY.search(line) for line in head):
            raise Unreadable("Ce fichier n’est pas un tableau. Enregistrez-le en CSV ou en XLSX.")
        skipped, delimiter = _preamble(head)
        delimiter = delimiter or delimiter_of(head[skipped:])
        grid = Grid()
        lines = islice(_lines(data, encoding), skipped, None)
        return fill(grid, _records(lines, delimiter, grid, skipped), max_rows=max_rows), encoding, delimiter
    except UnicodeDecodeError:
        raise Unreadable("Le texte de ce fichier ne se lit pas. Enregistrez-le en CSV UTF-8.") from None


def _lines(data: bytes, encoding: str) -> Iterator[str]:
    errors = "replace" if encoding == "cp1252" else "strict"
    return io.TextIOWrapper(io.BytesIO(data), encoding, errors, newline="")


def _preamble(head: Sequence[str]) -> tuple[int, str]:
    """How many first lines are notes to other software, and the delimiter one of them may announce.

    PowerShell writes `#TYPE …`, Excel reads `sep=;`.
    """
    delimiter, skipped = "", 0
    for line in head:
        found = _PREAMBLE.fullmatch(line)
        if not found:
            break
        delimiter, skipped = found[1] or delimiter, skipped + 1
    return skipped, delimiter


def delimiter_of(head: Sequence[str]) -> str:
    """The one that cuts most lines like the first, then that makes most columns; a comma when none does."""

    sample = [line[:SAMPLE_WIDTH] for line in head]

    def evenness(delimiter: str) -> tuple[float, int]:
        widths = [len(row) for row in csv.reader(sample, delimiter=delimiter) if row]
        if not widths or widths[0] < 2:
            return (0.0, 0)
        return (Counter(widths)[widths[0]] / len(widths), widths[0])

    best = max(DELIMITERS, key=evenness)
    return best if evenness(best)[1] else ","


def _records(lines: Iterable[str], delimiter: str, grid: Grid, skipped: int) -> Iterator[Record]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        line = skipped + reader.line_num + 1
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            grid.note(line, _what_happened(error))


def _what_happened(error: csv.Error) -> str:
    if "field limit" in str(error):
        return "Une cellule dépasse 131 072 caractères : cette ligne est ignorée."
    if "unexpected end" in str(error):
        return "Un guillemet s’ouvre ici et ne se ferme jamais : la fin du fichier est ignorée."
    return "Un guillemet est mal placé : cette ligne est ignorée."


def fill(grid: Grid, records: Iterable[Record], *, max_rows: int) -> Grid:
    """Headers from the first record that is not empty, then every row cut or completed to their width."""
    for line, record in records:
        cells = _clean(record)
        if not any(cells):
            continue
        if not grid.headers:
            grid.headers = _headers(cells)
            continue
        _check_size(grid, max_rows)
        grid.rows.append(_fitted(cells, line, grid))
        grid.lines.append(line)
    if not grid.headers:
        raise Unreadable("Ce fichier est vide. Vérifiez-le et envoyez-le à nouveau.")
    return grid


def _clean(record: Sequence[str]) -> list[str]:
    """Trimmed, without control characters; nearly every line has none, and is told so at once."""
    if "".join(record).isprintable():
        return [cell.strip() for cell in record]
    return [cell.translate(_CONTROLS).strip() for cell in record]


def _check_size(grid: Grid, max_rows: int) -> None:
    if len(grid.rows) >= max_rows:
        raise Unreadable(
            f"Ce fichier a plus de {number(max_rows)} lignes. Partagez-le en plusieurs fichiers."
        )
    if (len(grid.rows) + 1) * len(grid.headers) > MAX_CELLS:
        raise Unreadable("Ce fichier a trop de cellules. Gardez les colonnes utiles.")


def _headers(cells: list[str]) -> list[str]:
    """Every column gets a name of its own, so that it can be designated."""
    while not cells[-1]:
        cells = cells[:-1]
    if len(cells) > MAX_COLUMNS:
        raise Unreadable(f"Ce fichier a plus de {number(MAX_COLUMNS)} colonnes. Gardez les colonnes utiles.")
    names: dict[str, None] = {}
    for place, cell in enumerate(cells, start=1):
        name = wanted = cell or f"Colonne {place}"
        again = 2
        while name in names:
            name, again = f"{wanted} ({again})", again + 1
        names[name] = None
    return list(names)


def _fitted(cells: list[str], line: int, grid: Grid) -> list[str]:
    width, found = len(grid.headers), len(cells)
    if found < width:
        grid.note(line, f"{plural(found, 'colonne')} au lieu de {width} : les dernières sont laissées vides.")
        return cells + [""] * (width - found)
    if any(cells[width:]):
        grid.overlong.append(line)
        grid.note(line, f"{plural(found, 'colonne')} au lieu de {width} : ce qui dépasse est ignoré.")
    return cells[:width]
