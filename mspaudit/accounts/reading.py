"""The lines of a directory export as the columns of our accounts. Pure, and quick over many lines.

What the file has no column for is not in the result, so that nothing of it is overwritten. Moments stay
as the import desk wrote them, for PostgreSQL to read.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from mspaudit.accounts.rules import Seen, classify, keys_of, looks_admin, words_of
from mspaudit.intake.feeds import Row
from mspaudit.intake.kinds import KINDS

Columns = dict[str, list[Any]]

SOURCE_OF: Mapping[str, str] = {
    "entra_users": "entra",
    "mggraph_users": "entra",
    "m365_users": "entra",
    "entra_mfa": "entra",
    "ad_users": "ad",
    "google_users": "google",
    "okta_users": "okta",
}
PARTIAL = frozenset({"entra_mfa"})
"""Kinds that do not list every account as it is: whom they leave out is not gone, whom they name keeps
the kind that a whole list gave them."""

LONGEST = 320
_FLAGS = {"oui": True, "non": False}
_MFA = {"oui": "yes", "non": "no"}


def columns(kind: str, rows: Sequence[Row]) -> Columns:
    """Column of ``Account`` → one value a line, for the lines that name an account, the first of each.

    Always there: ``line``, ``key``, ``upn``, ``name``, ``name_key``, ``kind`` and ``is_admin`` (None where
    nothing tells). An empty list for each when no line names an account.
    """
    kept = _first_of_each(kind, rows)
    sheet = _Sheet(kind, [row for _key, row in kept])
    found: Columns = {"line": [row.line for _key, row in kept], "key": [key for key, _row in kept]}
    found |= sheet.texts()
    found["name_key"] = keys_of(found["name"])
    found |= sheet.states()
    logins = keys_of([key.partition("@")[0] for key in found["key"]])
    words = [words_of(login, name) for login, name in zip(logins, found["name_key"], strict=True)]
    found["kind"] = sheet.kinds(found, words)
    found["is_admin"] = sheet.admins(words)
    return found


def keys(kind: str, rows: Sequence[Row]) -> list[str]:
    """What the directory calls each account that the lines name, each once."""
    return [key for key, _row in _first_of_each(kind, rows)]


def tells(kind: str, rows: Sequence[Row]) -> frozenset[str]:
    """Which of ``mfa``, ``admin`` and ``last_sign_in`` the file has a column for."""
    return frozenset({"mfa", "admin", "last_sign_in"} & rows[0].cells.keys()) if rows else frozenset()


def measured_at(rows: Sequence[Row]) -> str:
    """The latest moment at which the report itself says it looked; empty when it does not say."""
    return max((row.cells.get("measured_at", "") for row in rows), default="")


def _first_of_each(kind: str, rows: Sequence[Row]) -> list[tuple[str, Row]]:
    fields = [names[0] for names in KINDS[kind].identity]
    found: dict[str, Row] = {}
    for row in rows:
        said = row.cells
        for field in fields:
            text = said.get(field)
            if text:
                found.setdefault(text.casefold()[:LONGEST], row)
                break
    return list(found.items())


class _Sheet:
    """Some lines of one kind of file, read a column at a time."""

    def __init__(self, kind: str, rows: Sequence[Row]) -> None:
        self._kind = kind
        self._cells = [row.cells for row in rows]
        self._given = self._cells[0].keys() if rows else frozenset[str]()

    def _texts(self, field: str) -> list[str]:
        if field not in self._given:
            return [""] * len(self._cells)
        return [said.get(field, "")[:LONGEST] for said in self._cells]

    def _mapped(self, field: str, words: Mapping[str, Any], other: Any = None) -> list[Any]:
        return [words.get(said.get(field, ""), other) for said in self._cells]

    def texts(self) -> Columns:
        """What is kept as written."""
        names = ("mail", "title", "licences", "mfa_methods")
        found = {field: self._texts(field) for field in names if field in self._given}
        logins = zip(self._texts("upn"), self._texts("login"), self._texts("external_id"), strict=True)
        found["upn"] = [upn or login or other for upn, login, other in logins]
        if self._kind == "google_users":
            found["mail"] = found["upn"]
        parts = zip(
            self._texts("name"),
            self._texts("given_name"),
            self._texts("surname"),
            found["upn"],
            strict=True,
        )
        found["name"] = [name or f"{first} {last}".strip() or login for name, first, last, login in parts]
        return found

    def states(self) -> Columns:
        """Whether accounts are on, their dates and their second factor, where the file has the column."""
        found: Columns = {f: self._texts(f) for f in ("last_sign_in", "created_at") if f in self._given}
        for field, meaning in (("enabled", True), ("suspended", False), ("blocked", False)):
            if field in self._given:
                found["enabled"] = self._mapped(field, {"oui": meaning, "non": not meaning})
        if "mfa" in self._given:
            found["mfa"] = self._mapped("mfa", _MFA, "unknown")
        return found

    def kinds(self, found: Columns, words: Sequence[frozenset[str]]) -> list[str]:
        """What each account is."""
        nothing = [None] * len(self._cells)
        licensed = [bool(text) for text in found["licences"]] if "licences" in found else nothing
        said = zip(
            found["key"],
            found["name"],
            words,
            self._texts("given_name"),
            self._texts("surname"),
            self._texts("user_type"),
            self._texts("object_class"),
            found.get("enabled", nothing),
            licensed,
            found.get("last_sign_in", nothing),
            strict=True,
        )
        return [
            classify(Seen(login, name, spoken, _whole(name, first, last), sort, thing, on, paid, bool(at)))
            for login, name, spoken, first, last, sort, thing, on, paid, at in said
        ]

    def admins(self, words: Sequence[frozenset[str]]) -> list[bool | None]:
        """Whether each administers; by its name where the file has no such column, None when that is mute."""
        if "admin" in self._given:
            return self._mapped("admin", _FLAGS)
        return [looks_admin(spoken) or None for spoken in words]


def _whole(name: str, first: str, last: str) -> bool:
    """Whether the name is made as a person's: a first name and a surname."""
    return bool(first and last) or (" " in name and not first and not last)
