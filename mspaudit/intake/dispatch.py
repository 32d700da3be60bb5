"""Which client each line of a shared file is for: by its entity, else by the domain of its address. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from mspaudit.intake.feeds import Row
from mspaudit.kernel.french import fold

ADDRESSES = ("upn", "mail", "email")
# Words that go before the name of a place or of a company in a domain, and tell nothing apart.
_COMMON = frozenset(
    {"mairie", "ville", "commune", "ccas", "sarl", "sas", "de", "d", "du", "des", "la", "le", "les"}
)


@dataclass(frozen=True, slots=True)
class Known:
    """What tells a client: what was said before, its people's domains, its name folded."""

    routes: Mapping[str, UUID] = field(default_factory=dict)
    domains: Mapping[str, frozenset[UUID]] = field(default_factory=dict)
    names: Mapping[str, UUID] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Proposal:
    """The client that lines with one key are probably for; ``sure`` when nothing is left to check."""

    client_id: UUID | None = None
    sure: bool = False


def key(row: Row) -> str:
    """What tells the client of a line: ``entity:…`` or ``domain:…``, in lower case; empty for nothing."""
    entity = row.cells.get("entity", "")
    if entity:
        return f"entity:{entity.casefold()}"
    for name in ADDRESSES:
        domain = row.cells.get(name, "").rpartition("@")[2] if "@" in row.cells.get(name, "") else ""
        if domain:
            return f"domain:{domain.casefold()}"
    return ""


def keys(rows: Iterable[Row]) -> dict[str, int]:
    """Every key of a file with how many lines have it, the most frequent first."""
    found: dict[str, int] = {}
    for row in rows:
        found[key(row)] = found.get(key(row), 0) + 1
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def propose(wanted: str, known: Known) -> Proposal:
    """Who lines with this key are for: as said last time, else by a domain or a name that only one has."""
    if wanted in known.routes:
        return Proposal(known.routes[wanted], sure=True)
    sort, _, text = wanted.partition(":")
    if sort == "domain":
        return _by_domain(text, known)
    if sort == "entity":
        return _by_entity(text, known)
    return Proposal()


def _by_domain(domain: str, known: Known) -> Proposal:
    bearers = known.domains.get(domain, frozenset())
    if bearers:
        return Proposal(next(iter(bearers)), sure=True) if len(bearers) == 1 else Proposal()
    labels = fold(domain.partition(".")[0]).split()
    return Proposal(_named([word for word in labels if word not in _COMMON], known))


def _by_entity(entity: str, known: Known) -> Proposal:
    """GLPI writes the whole path of an entity; the client is one of its steps."""
    for step in entity.split(">"):
        if fold(step) in known.names:
            return Proposal(known.names[fold(step)], sure=True)
    for step in entity.split(">"):
        found = _named([word for word in fold(step).split() if word not in _COMMON], known)
        if found is not None:
            return Proposal(found)
    return Proposal()


def _named(words: Sequence[str], known: Known) -> UUID | None:
    """The only client whose name has exactly these words, what is common to all names left aside."""
    if not words:
        return None
    found = {
        client
        for name, client in known.names.items()
        if [word for word in name.split() if word not in _COMMON] == list(words)
    }
    return found.pop() if len(found) == 1 else None


def split(rows: Iterable[Row], routes: Mapping[str, str]) -> tuple[dict[UUID, list[Row]], list[Row]]:
    """The lines of each client, and those that go to none. ``routes``: key → client's identifier or empty."""
    parts: dict[UUID, list[Row]] = {}
    nobody: list[Row] = []
    for row in rows:
        client = routes.get(key(row), "")
        if client:
            parts.setdefault(UUID(client), []).append(row)
        else:
            nobody.append(row)
    return parts, nobody
