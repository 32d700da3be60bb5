"""The communes of France, found as people type them.

Names, populations and numbers come from the INSEE and DGCL public files, kept whole in
`data/communes.csv`. Nothing is read before the first search.
"""

import csv
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from threading import Lock

from mspaudit.kernel.french import fold

_FILE = Path(__file__).parent / "data" / "communes.csv"
_ABBREVIATIONS = {"st": "saint", "ste": "sainte"}
_CODE = re.compile(r"\d[\dab]?\d{0,3}", re.IGNORECASE)
_first_load = Lock()


@dataclass(frozen=True, slots=True)
class Commune:
    """One commune. Codes are text: they may begin with 0, and Corsica's hold a letter (2A004).

    `siren` is None for the few that have none of their own; `population` for uninhabited territories.
    """

    insee_code: str
    name: str
    department: str
    region: str
    siren: str | None
    population: int | None
    postal_codes: tuple[str, ...]
    epci_siren: str | None
    epci_name: str | None


def search(text: str, limit: int = 8) -> list[Commune]:
    """The communes whose name, postal code or INSEE code matches what has been typed so far.

    Accents, case, hyphens, apostrophes, œ and the abbreviations st and ste do not matter. Names equal
    to `text` come first, then those beginning with it, those with a word beginning with it, those
    holding it; among equals, the most populated first. At most `limit`, none for an empty `text`.
    """
    typed = _key(text)
    if not typed:
        return []
    index = _index()
    if _CODE.fullmatch(text.strip()):
        return index.by_code(text.strip().upper(), limit)
    return index.by_name(typed, limit)


def by_insee(code: str) -> Commune | None:
    """The commune of that INSEE code (five characters), or None."""
    return _index().insee.get(code.strip().upper())


def by_siren(siren: str) -> Commune | None:
    """The commune of that SIREN (nine digits), or None."""
    return _index().siren.get(siren)


def named(name: str) -> list[Commune]:
    """Every commune that bears exactly this name, accents, hyphens, st and ste aside; the largest first."""
    return _index().by_exact_name(_glued(_key(name)))


def exists_named(name: str) -> bool:
    """Whether a real commune bears this name, accents and hyphens aside. Keeps invented names invented."""
    return _glued(_key(name)) in _index().glued_names


class _Lines:
    """Many short texts as one, which a single C loop scans; hits come out in the order of the texts."""

    def __init__(self, lines: list[str]) -> None:
        self._text = "\n" + "\n".join(lines) + "\n"
        self._starts = list(accumulate((len(line) + 1 for line in lines), initial=1))

    def holding(self, needle: str) -> Iterator[int]:
        """The positions of the lines in which `needle` stands; a leading \\n in it means a line's start."""
        at = self._text.find(needle)
        while at >= 0:
            line = bisect_right(self._starts, at + 1) - 1
            yield line
            at = self._text.find(needle, self._starts[line + 1] - 1)


class _Index:
    def __init__(self, communes: list[Commune]) -> None:
        self.communes = sorted(communes, key=lambda c: (-(c.population or 0), c.insee_code))
        self.insee = {commune.insee_code: commune for commune in communes}
        self.siren = {commune.siren: commune for commune in communes if commune.siren}
        spaced = [_key(commune.name) for commune in self.communes]
        glued = [_glued(name) for name in spaced]
        self.glued_names = frozenset(glued)
        self._spaced, self._glued = _Lines(spaced), _Lines(glued)
        self._postal = _Lines([" ".join(("", *commune.postal_codes)) for commune in self.communes])
        self._codes = _Lines([commune.insee_code for commune in self.communes])

    def by_name(self, typed: str, limit: int) -> list[Commune]:
        glued = _glued(typed)
        return self._taken(
            limit,
            self._glued.holding(f"\n{glued}\n"),
            self._spaced.holding(f"\n{typed}"),
            self._glued.holding(f"\n{glued}"),
            self._spaced.holding(f" {typed}"),
            self._glued.holding(glued),
        )

    def by_exact_name(self, glued: str) -> list[Commune]:
        return [self.communes[p] for p in self._glued.holding(f"\n{glued}\n")] if glued else []

    def by_code(self, typed: str, limit: int) -> list[Commune]:
        exact = self.insee.get(typed)
        found = self._taken(limit, self._postal.holding(f" {typed}"), self._codes.holding(f"\n{typed}"))
        if exact is None or exact in found or limit < 1:
            return found
        return [*found[: limit - 1], exact]

    def _taken(self, limit: int, *passes: Iterator[int]) -> list[Commune]:
        taken: dict[int, None] = {}
        for positions in passes:
            for position in positions:
                if len(taken) >= limit:
                    return [self.communes[p] for p in taken]
                taken[position] = None
        return [self.communes[p] for p in taken]


def _key(name: str) -> str:
    return " ".join(_ABBREVIATIONS.get(word, word) for word in fold(name).split())


def _glued(key: str) -> str:
    return key.replace(" ", "")


def _index() -> _Index:
    with _first_load:
        return _load()


@lru_cache(maxsize=1)
def _load() -> _Index:
    with _FILE.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        return _Index([_commune(row) for row in rows])


def _commune(row: list[str]) -> Commune:
    insee_code, name, department, region, siren, population, postal_codes, epci_siren, epci_name = row
    return Commune(
        insee_code=insee_code,
        name=name.replace("'", "’"),
        department=department,
        region=region,
        siren=siren or None,
        population=int(population) if population else None,
        postal_codes=tuple(postal_codes.split()),
        epci_siren=epci_siren or None,
        epci_name=epci_name.replace("'", "’") or None,
    )
