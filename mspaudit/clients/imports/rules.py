"""From the cells of a line to what it says of a client, or to what is wrong with it, in French."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TypeVar, cast

from mspaudit.clients import rules
from mspaudit.clients.rules import Given, Refused
from mspaudit.content import communes
from mspaudit.content.communes import Commune
from mspaudit.content.schema import Kind
from mspaudit.kernel.clock import PARIS
from mspaudit.kernel.french import fold

T = TypeVar("T")

_KINDS: dict[str, Kind] = {
    "commune": "commune",
    "mairie": "commune",
    "ville": "commune",
    "collectivite": "commune",
    "entreprise": "enterprise",
    "societe": "enterprise",
    "association": "enterprise",
    "tpe": "enterprise",
    "pme": "enterprise",
    "company": "enterprise",
}


@dataclass(frozen=True, slots=True)
class Line:
    """What one line says. ``given`` holds filled cells only; ``doubt`` refuses a creation, not a match."""

    number: int
    kind: Kind
    name: str
    given: Given
    insee_code: str | None = None
    tags: tuple[str, ...] = ()
    technicians: tuple[str, ...] = ()
    referent: str | None = None
    email: str | None = None
    hours: float | None = None
    signed_on: date | None = None
    spoke_at: datetime | None = None
    doubt: str = ""

    @property
    def keys(self) -> list[str]:
        """What makes it that client and no other, the surest first."""
        numbers = [self.given.get("siren"), self.insee_code]
        return [n for n in numbers if n] or [f"{self.kind} {rules.key(self.name)}"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a line is refused."""

    number: int
    text: str


def read(
    rows: Iterable[Sequence[str]], numbers: Iterable[int], mapping: Mapping[str, str]
) -> list[Line | Problem]:
    """Every line of the file; ``mapping`` has one entry a column, in order. A twin of a line is refused."""
    found: list[Line | Problem] = []
    seen: dict[str, int] = {}
    fields = list(mapping.values())
    for number, row in zip(numbers, rows, strict=True):
        cells = {f: cell.strip() for f, cell in zip(fields, row, strict=True) if f and cell.strip()}
        if not cells:
            continue
        line = _read(number, cells)
        if isinstance(line, Line):
            twin = next((seen[key] for key in line.keys if key in seen), None)
            if twin is not None:
                line = Problem(number, f"Même client que la ligne {twin}.")
            else:
                seen.update(dict.fromkeys(line.keys, number))
        found.append(line)
    return found


def _read(number: int, cells: Mapping[str, str]) -> Line | Problem:
    reader = _Cells(cells)
    line = _line(number, reader)
    return Problem(number, " ".join(reader.wrong)) if reader.wrong or line is None else line


class _Cells:
    """The filled cells of one line, and what was wrong with those read so far."""

    def __init__(self, cells: Mapping[str, str]) -> None:
        self._cells = cells
        self.wrong: list[str] = []

    def text(self, name: str) -> str:
        return self._cells.get(name, "")

    def read(self, name: str, rule: Callable[[str], T]) -> T | None:
        text = self._cells.get(name)
        if text is None:
            return None
        try:
            return rule(text)
        except Refused as refused:
            self.wrong.append(str(refused))
            return None


def _line(number: int, cells: _Cells) -> Line | None:
    siren = cells.read("siren", _siren)
    name = cells.read("commune", rules.name) or cells.read("name", rules.name)
    commune, doubt = _commune(cells, name, siren)
    kind = _kind(cells, name, commune)
    if kind == "enterprise":
        commune, doubt = None, ""
    if commune is not None:
        name = commune.name
    if name is None:
        cells.wrong.append("Le nom du client manque.")
        return None
    spoke_on = cells.read("contact", rules.day)
    return Line(
        number=number,
        kind=kind,
        name=name,
        given=_given(cells, kind, siren or (commune.siren if commune else None)),
        insee_code=commune.insee_code if commune else None,
        tags=tuple(cells.read("tags", rules.tags) or ()),
        technicians=tuple(
            fold(part) for part in cells.text("technician").replace(";", ",").split(",") if fold(part)
        ),
        referent=cells.read("referent", rules.name),
        email=cells.read("email", rules.email),
        hours=cells.read("hours", rules.hours),
        signed_on=cells.read("signed", rules.day),
        spoke_at=datetime.combine(spoke_on, time(12), PARIS) if spoke_on else None,
        doubt=doubt,
    )


def _given(cells: _Cells, kind: Kind, siren: str | None) -> Given:
    told: dict[str, object] = {
        "siren": siren,
        "phone": cells.read("phone", rules.phone),
        "notes": cells.read("notes", rules.notes),
        "postal_code": cells.read("postal", _postal_code),
    }
    if kind == "commune":
        told["population"] = cells.read("population", rules.population)
    else:
        told["headcount"] = cells.read("headcount", rules.headcount)
    return cast("Given", {name: value for name, value in told.items() if value is not None})


def _siren(text: str) -> str:
    digits = "".join(c for c in text if c.isdigit())
    return rules.siret(text)[:9] if len(digits) == 14 else rules.siren(text)


def _postal_code(text: str) -> str:
    # A spreadsheet that took it for a number ate its first zero.
    code = rules.short(text, 10)
    return code.zfill(5) if code.isdigit() else code


def _kind(cells: _Cells, name: str | None, commune: Commune | None) -> Kind:
    said = fold(cells.text("kind"))
    if said:
        found = next((kind for word, kind in _KINDS.items() if said.startswith(word)), None)
        if found is None:
            cells.wrong.append(
                f"Type « {rules.line(cells.text('kind'))[:40]} » inconnu : commune ou entreprise."
            )
        return found or "enterprise"
    if any(cells.text(f) for f in ("commune", "insee", "population")):
        return "commune"
    if cells.text("headcount") or name is None:
        return "enterprise"
    return "commune" if commune is not None or communes.exists_named(name) else "enterprise"


def _commune(cells: _Cells, name: str | None, siren: str | None) -> tuple[Commune | None, str]:
    """The commune that the line means; else why it cannot be told which, when several could be."""
    code = cells.text("insee").upper()
    if code:
        found = communes.by_insee(code.zfill(5))
        if found is None:
            cells.wrong.append(f"Aucune commune ne porte le code INSEE {code[:20]}.")
        return found, ""
    if siren and (found := communes.by_siren(siren)):
        return found, ""
    postal = _postal_code(cells.text("postal")[:10]) if cells.text("postal") else ""
    bearers = [c for c in communes.named(name or "") if not postal or postal in c.postal_codes]
    if len(bearers) > 1:
        return None, f"{len(bearers)} communes s’appellent {name} : ajoutez le code INSEE ou le code postal."
    return (bearers[0] if bearers else None), ""
