"""From the cells of a table to the rows a feed takes, and to what is refused, in French. Pure.

Columns are read whole rather than line by line: a day's order is told by its column, and a value that
comes back ten thousand times is read once.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from mspaudit.adapters.tables import Table
from mspaudit.intake import cells
from mspaudit.intake.cells import Unclear
from mspaudit.intake.feeds import Row
from mspaudit.intake.kinds import KINDS
from mspaudit.intake.wording import FIELDS, FORMS, Kind
from mspaudit.kernel.french import typo
from mspaudit.kernel.text import one_line

LONGEST = 500
FORMULA = frozenset("=+-@")
# An identifier that a spreadsheet would compute is no identifier: the line is refused, not repaired.
EXACT = frozenset(
    {"upn", "login", "mail", "email", "external_id", "number", "serial", "asset_tag", "reference"}
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """What could not be taken of one line.

    ``whole``: the line is left out, not one of its cells only; ``hides``: it may well be about something
    that we know, so nothing can be said gone because this file does not list it.
    """

    line: int
    why: str
    whole: bool = True
    hides: bool = False


@dataclass(slots=True)
class Content:
    """The rows to import, in the order of the file, and what is refused, by line."""

    rows: list[Row] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Whether what this file does not list is not there."""
        return bool(self.rows) and not any(refusal.hides for refusal in self.refused)


def structure(table: Table) -> list[Refusal]:
    """What is wrong with the table itself, whatever its kind."""
    overlong, read = set(table.overlong), set(table.lines)
    lost = {line for line, _why in table.problems if line in overlong or line not in read}
    return [Refusal(line, why, whole=line in lost, hides=line in lost) for line, why in table.problems]


def read(kind: str, columns: Mapping[str, str], table: Table) -> Content:
    """Every line of the table as this kind has it.

    A cell that cannot be read is emptied and said; a line whose cells slipped, whose identifier is missing
    or a formula, or that repeats another, is left out and said.

    Args:
        columns: our field names → the header that gives each; headers that are not there are skipped.
    """
    what = KINDS[kind]
    places = {name: table.headers.index(h) for name, h in columns.items() if h in table.headers}
    refused = structure(table)
    read_columns = [
        _column(name, [row[place] for row in table.rows], what, table.lines, refused)
        for name, place in places.items()
    ]
    left_out = {refusal.line for refusal in refused if refusal.whole}
    given = dict(zip(places, read_columns, strict=True))
    names = tuple(given)
    content = Content(refused=refused)
    twins = _twins(what, given, table.lines, left_out)
    refused += [Refusal(line, typo(why)) for line, why in twins.items()]
    left_out |= twins.keys()
    for line, values in zip(table.lines, zip(*read_columns, strict=True), strict=False):
        if line not in left_out:
            content.rows.append(Row(line, dict(zip(names, values, strict=True))))
    refused.sort(key=lambda refusal: refusal.line)
    return content


def _twins(
    kind: Kind, given: Mapping[str, Sequence[str]], lines: Sequence[int], left_out: Container[int]
) -> dict[int, str]:
    """The lines that are no line of their own, and why: they repeat another, or nothing tells them."""
    if kind.identity[0][0] in given and _all_differ(given[kind.identity[0][0]]):
        return {}
    names = tuple(given)
    seen: dict[tuple[str, ...], int] = {}
    found: dict[int, str] = {}
    for line, values in zip(lines, zip(*given.values(), strict=True), strict=False):
        if line not in left_out:
            why = _twin(kind, dict(zip(names, values, strict=True)), line, seen)
            found |= {line: why} if why else {}
    return found


def _all_differ(values: Sequence[str]) -> bool:
    """Whether every line has its own identifier: then nothing more need be looked at."""
    return len({value.casefold() for value in values} - {""}) == len(values)


def _twin(kind: Kind, given: Mapping[str, str], line: int, seen: dict[tuple[str, ...], int]) -> str:
    """Why a line is no line of its own, if it is not."""
    key = _key(kind, given)
    if key is None:
        return f"Rien ne dit de qui ou de quoi il s’agit : {_wanted(kind, given)}."
    first = seen.setdefault(key, line)
    return "" if first == line else f"Répète la ligne {first}."


def _key(kind: Kind, given: Mapping[str, str]) -> tuple[str, ...] | None:
    for names in kind.identity:
        if given.get(names[0]):
            return (names[0], *(given.get(name, "").casefold() for name in names))
    return None


def _wanted(kind: Kind, given: Mapping[str, str]) -> str:
    names = dict.fromkeys(names[0] for names in kind.identity if names[0] in given)
    shown = [f"« {FIELDS[name]} »" for name in names]
    if len(shown) > 1:
        return f"{', '.join(shown[:-1])} et {shown[-1]} sont vides"
    return f"{shown[0]} est vide" if shown else "aucune colonne ne l’identifie"


def _column(
    name: str, values: Sequence[str], kind: Kind, lines: Sequence[int], refused: list[Refusal]
) -> Sequence[str]:
    """A column as read. What is wrong in it is added to ``refused``, on every line that has it."""
    wrong: dict[str, tuple[str, bool]] = {}
    different = dict.fromkeys(values)
    if FORMS.get(name, "serial") == "serial":
        plain = name != "serial" and _all_as_is(different)
        known = {} if plain else {value: _text(name, value, wrong) for value in different}
        found = values if plain else [known[value] for value in values]
    else:
        read = _formed(name, list(different), kind, wrong)
        found = [read[value] for value in values]
    if wrong:
        refused.extend(_told(name, zip(lines, values, strict=True), wrong))
    return found


def _all_as_is(values: Iterable[str]) -> bool:
    """Whether texts are kept as written: most are short and printable, and none of these is a formula."""
    together = "".join(values)
    return (
        together.isprintable()
        and max(map(len, values), default=0) <= LONGEST
        and FORMULA.isdisjoint(value[:1] for value in values)
    )


def _told(
    name: str, written: Iterable[tuple[int, str]], wrong: Mapping[str, tuple[str, bool]]
) -> Iterator[Refusal]:
    said = {value: typo(f"{FIELDS[name]} : {why}") for value, (why, _whole) in wrong.items()}
    for line, value in written:
        if value in wrong:
            yield Refusal(line, said[value], whole=wrong[value][1], hides=wrong[value][1])


def _text(name: str, value: str, wrong: dict[str, tuple[str, bool]]) -> str:
    if value[:1] in FORMULA and _computes(value):
        exact = name in EXACT
        wrong[value] = (f"« {_short(value)} » est une formule", True) if exact else _plain(value)
        value = value.lstrip("=+-@ \t")
    if name == "serial":
        value = cells.serial(value)
    return value if value.isprintable() and len(value) <= LONGEST else one_line(value, LONGEST)


def _plain(value: str) -> tuple[str, bool]:
    return (
        f"« {_short(value)} » ressemble à une formule ; gardé comme du texte, sans son premier signe.",
        False,
    )


def _computes(value: str) -> bool:
    """Whether a spreadsheet would compute it: a phone or a number that has a sign is what it says."""
    return not (value[0] in "+-" and all(c.isdigit() or c in "+-., ()/\u00a0\u202f%€" for c in value))


def _formed(
    name: str, values: Sequence[str], kind: Kind, wrong: dict[str, tuple[str, bool]]
) -> dict[str, str]:
    """Each value of a column with a form, as a feed receives it; empty for what cannot be read."""
    form, found = FORMS[name], {"": ""}
    first = cells.order(values, kind.order) if form in ("day", "moment") else kind.order
    for value in filter(None, values):
        try:
            found[value] = cells.canonical(form, value, first, kind.zone)
        except Unclear as unclear:
            found[value] = ""
            wrong[value] = (f"{unclear} Laissé vide.", False)
    return found


def _short(value: str) -> str:
    return value if len(value) <= 40 else value[:39] + "…"
