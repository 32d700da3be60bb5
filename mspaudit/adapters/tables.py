"""Tables people upload, CSV or XLSX, read in a process of their own that can do no harm.

A hostile file costs at most the time and the memory given to that process; ours only sees its answer.
"""

import json
import os
import select
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field, fields
from pathlib import PurePath
from typing import IO

from mspaudit.adapters.table_text import CELL, ROW
from mspaudit.kernel.french import typo

MIB = 1024 * 1024
ANSWER_BYTES = 128 * MIB
GRACE = 1  # second, to end once the answer is written
EXTENSIONS = frozenset({"", ".csv", ".txt", ".tsv", ".xlsx"})

_TOO_COSTLY = (
    "Ce fichier demande trop de temps ou de mémoire à lire. Gardez les colonnes utiles, "
    "enregistrez-le en CSV, ou partagez-le en plusieurs fichiers."
)


class TableRefused(ValueError):
    """The file cannot be read as a table; the message, in French, says what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(typo(message))


@dataclass(frozen=True)
class Table:
    """Every row is as long as `headers`. `lines[i]` is where `rows[i]` starts in the file, from 1.

    `problems` are `(line, French message)`, and `overlong` the lines among them with more cells than there
    are columns, where a value may sit under another's name; `encoding` is Python's name, or `xlsx` with no
    `delimiter`.
    """

    headers: list[str]
    rows: list[list[str]]
    lines: list[int]
    encoding: str
    delimiter: str
    problems: list[tuple[int, str]]
    overlong: list[int] = field(default_factory=list)


def read_table(
    data: bytes,
    filename: str,
    *,
    max_rows: int = 50_000,
    seconds: int = 10,
    max_unzipped: int = 64 * MIB,
    max_memory: int = 256 * MIB,
) -> Table:
    """The first table of the file: its first line that is not empty names the columns.

    CSV or XLSX is told from the content; `filename` only has to be one of theirs. Raises `TableRefused` for
    what is not a table, has too many rows, or costs more than `seconds` or `max_memory` bytes to read.
    """
    if PurePath(filename).suffix.lower() not in EXTENSIONS:
        raise TableRefused("Ce fichier n’est pas un tableau. Enregistrez-le en CSV ou en XLSX.")
    limits = {
        "max_rows": max_rows,
        "seconds": seconds,
        "max_unzipped": max_unzipped,
        "max_memory": max_memory,
        "max_answer": ANSWER_BYTES,
    }
    with tempfile.TemporaryFile() as question, tempfile.TemporaryFile() as answer:
        question.write(data)
        question.seek(0)
        if not _read_apart(question, json.dumps(limits), answer, seconds):
            raise TableRefused(_TOO_COSTLY)
        answer.seek(0)
        return from_bytes(answer.read())


def from_bytes(answer: bytes) -> Table:
    """The table that a reader has answered, or that was kept by ``to_bytes``. Raises `TableRefused`."""
    head, _, rows = answer.partition(b"\n")
    said = json.loads(head)
    if "refused" in said:
        raise TableRefused(said["refused"])
    said["problems"] = [(line, typo(message)) for line, message in said["problems"]]
    return Table(rows=[row.split(CELL) for row in rows.decode().split(ROW)] if said["lines"] else [], **said)


def to_bytes(table: Table) -> bytes:
    """The table as ``from_bytes`` reads it, several times faster than its file."""
    said = {field.name: getattr(table, field.name) for field in fields(table) if field.name != "rows"}
    return json.dumps(said).encode() + b"\n" + ROW.join(map(CELL.join, table.rows)).encode()


def _read_apart(question: IO[bytes], limits: str, answer: IO[bytes], seconds: int) -> bool:
    """Whether the reader came to its end within its limits, its answer written to `answer`."""
    command = [sys.executable, "-I", "-m", "mspaudit.adapters.table_reader", limits]
    # The pipe closes when the reader ends: that wakes us at once, where waiting for a process polls.
    ended, held = os.pipe()
    try:
        # An empty environment: what reads a stranger's file has no business with our secrets.
        reader = subprocess.Popen(
            command, stdin=question, stdout=answer, stderr=subprocess.DEVNULL, env={}, pass_fds=(held,)
        )
    finally:
        os.close(held)
    with reader, open(ended, "rb", buffering=0):
        done = bool(select.select([ended], [], [], seconds)[0])
        try:
            return reader.wait(GRACE) == 0 if done else False
        except subprocess.TimeoutExpired:
            return False
        finally:
            reader.kill()
