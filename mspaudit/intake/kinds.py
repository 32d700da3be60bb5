"""The kinds of file that the import desk knows, told apart by their headers alone. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mspaudit.intake.kinds_accounts import ACCOUNTS
from mspaudit.intake.kinds_estate import ESTATE
from mspaudit.intake.kinds_staff import STAFF_LIST
from mspaudit.intake.wording import Kind, header_key

MARGIN = 2
"""By how much a kind must win: below, two kinds are as likely and a person says which."""

KINDS: Mapping[str, Kind] = {kind.name: kind for kind in (*ACCOUNTS, STAFF_LIST, *ESTATE)}

_TYPE_LINES = {"microsoft.activedirectory.management.aduser": "ad_users"}
_GRAPH_USER = re.compile(r"microsoft\.graph\.powershell\.models\.(i?microsoftgraphuser)\w*")


@dataclass(frozen=True, slots=True)
class Guess:
    """What headers say. ``kind`` is None when nothing, or more than one thing, fits.

    ``columns``: our field names → the header as written. ``likely``: kinds that fit, the likeliest first.
    """

    kind: str | None
    columns: Mapping[str, str]
    likely: tuple[str, ...] = ()


def guess(headers: Sequence[str], *, type_line: str = "") -> Guess:
    """The kind of a file from its headers; case, accents, marks and spaces do not count.

    Args:
        type_line: what PowerShell wrote after ``#TYPE``, if it did: it settles two kinds with the same
            headers.
    """
    announced = _announced(type_line)
    scores = {name: _score(kind, headers) for name, kind in KINDS.items()}
    fitting = sorted((n for n, score in scores.items() if score > 0), key=lambda n: -scores[n])
    if announced in fitting:
        return Guess(announced, columns(announced, headers), tuple(fitting))
    if not fitting or (len(fitting) > 1 and scores[fitting[0]] - scores[fitting[1]] < MARGIN):
        return Guess(None, {}, tuple(fitting))
    return Guess(fitting[0], columns(fitting[0], headers), tuple(fitting))


def columns(kind: str, headers: Sequence[str]) -> dict[str, str]:
    """Our field names → the header that gives each; a header gives one field at most."""
    by_key: dict[str, str] = {}
    for header in headers:
        by_key.setdefault(header_key(header), header)
    found: dict[str, str] = {}
    taken: set[str] = set()
    for field, words in KINDS[kind].headers.items():
        word = next((w for w in words if w in by_key and w not in taken), None)
        if word is not None:
            found[field] = by_key[word]
            taken.add(word)
    return found


def missing(kind: str, given: Iterable[str]) -> tuple[frozenset[str], ...]:
    """The alternatives of fields that a file of this kind needs and that ``given`` has none of."""
    fields = set(given)
    return tuple(wanted for wanted in KINDS[kind].needs if not wanted & fields)


def _announced(type_line: str) -> str:
    said = type_line.strip().casefold()
    return "mggraph_users" if _GRAPH_USER.fullmatch(said) else _TYPE_LINES.get(said, "")


def _score(kind: Kind, headers: Sequence[str]) -> float:
    """Zero when it cannot be this kind; what only it has weighs double, exact spelling settles ties."""
    keys = {header_key(header) for header in headers}
    marks = len(keys & kind.marks)
    if keys & kind.foreign or marks < kind.least:
        return 0
    found = columns(kind.name, headers)
    if missing(kind.name, found):
        return 0
    spelled = MARGIN if kind.spelling and any(h.strip("\ufeff ") in kind.spelling for h in headers) else 0
    return 2 * marks + len(found) + spelled
