"""The import desk from a script: what a file is, what it would change, and doing it."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import click

from mspaudit.adapters.tables import TableRefused
from mspaudit.intake.kinds import KINDS
from mspaudit.intake.recognise import Recognised, recognise
from mspaudit.kernel.french import plural, typo

UNUSABLE = 2
LONGEST_MIB = 20


class Answer(Protocol):
    """What a command found, for a script and for people."""

    def as_dict(self) -> dict[str, object]:
        """Names and values for ``--json``."""

    def said(self) -> list[str]:
        """The same in French, a line each."""


class Unusable(Exception):
    """The command cannot go on; the message is one French sentence."""


class Found:
    """A recognised file."""

    def __init__(self, file: Recognised) -> None:
        self._file = file

    def as_dict(self) -> dict[str, object]:
        """What the issue of the recogniser asks for, and nothing else."""
        return self._file.as_dict()

    def said(self) -> list[str]:
        """The kind, the columns, then what is refused."""
        kind, rows = self._file.kind, len(self._file.table.rows)
        label = KINDS[kind].label if kind else "Genre inconnu, à préciser"
        columns = [f"  {ours} ← {theirs}" for ours, theirs in self._file.columns.items()]
        refused = [f"  ligne {r.line} : {r.why}" for r in self._file.content.refused]
        return [f"{label} : {plural(rows, 'ligne')}, {self._file.table.encoding}", *columns, *refused]


def recognised(file: Path) -> Found:
    """What a file is; no database is needed. Raises Unusable, TableRefused."""
    return Found(recognise(content_of(file), file.name))


def content_of(file: Path) -> bytes:
    """The bytes of a file. Raises Unusable when it cannot be read or is too heavy."""
    try:
        if file.stat().st_size > LONGEST_MIB * 1024 * 1024:
            raise Unusable(f"Ce fichier pèse plus de {LONGEST_MIB} Mo. Partagez-le en plusieurs fichiers.")
        return file.read_bytes()
    except OSError:
        raise Unusable("Ce fichier ne s’ouvre pas : vérifiez son nom et vos droits.") from None


def finish(work: Callable[[], Answer], *, as_json: bool) -> None:
    """Print what ``work`` found; what stops it is one sentence and exit code 2."""
    try:
        answer = work()
    except (Unusable, TableRefused) as refused:
        sentence = typo(str(refused))
        if as_json:
            click.echo(json.dumps({"error": sentence}, ensure_ascii=False))
        else:
            click.echo(sentence, err=True)
        sys.exit(UNUSABLE)
    if as_json:
        click.echo(json.dumps(answer.as_dict(), ensure_ascii=False))
    else:
        click.echo("\n".join(typo(line) for line in answer.said()))
