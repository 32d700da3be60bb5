"""What an account is, and what its second factor says. Pure; every guess can be corrected by hand.

An account is taken for a person's unless something says otherwise: a mistake then shows as one person
too many to protect, never as one forgotten.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

from mspaudit.accounts.vocabulary import (
    ADMIN,
    CIVIL,
    GLASS,
    GUESTS,
    MACHINES,
    MARKED,
    RESCUE,
    SERVICE,
    SHARED,
)
from mspaudit.kernel.french import fold

Kind = Literal["person", "shared", "service", "guest", "break_glass"]
Mfa = Literal["yes", "no", "unknown"]

DORMANT_DAYS = 90
"""An account without a sign-in for that long is dormant."""
EXCEPTION_DAYS = 366
"""How far ahead an exception may end: longer, nobody would ask again."""

KINDS: Mapping[str, str] = {
    "person": "Personne",
    "shared": "Boîte partagée",
    "service": "Compte de service",
    "guest": "Invité",
    "break_glass": "Compte de secours",
}
SOURCES: Mapping[str, str] = {
    "entra": "Microsoft 365",
    "ad": "Active Directory",
    "google": "Google Workspace",
    "okta": "Okta",
}
MFA_WORDS: Mapping[str, str] = {"yes": "Oui", "no": "Non", "unknown": "Inconnu"}
MATCHES: Mapping[str, str] = {
    "none": "Personne inconnue",
    "exact": "Même adresse",
    "name": "Même nom",
    "asked": "À confirmer",
    "confirmed": "Confirmé",
    "refused": "Personne inconnue",
}

_PLAIN = str.maketrans(
    {**dict(zip("àâäáãéèêëîïíôöóõùûüúÿçñ", "aaaaaeeeeiiioooouuuuycn", strict=True)), "œ": "oe", "æ": "ae"}
)
_SIGNS = re.compile(r"[^a-z0-9\n]+")
_SPLIT = re.compile(r"[^a-z0-9]")
_MACHINE = re.compile(r"(?i)\$$|^[a-z]{2,8}[-_]?\d{2,}$")


class Seen(NamedTuple):
    """What an export says of an account.

    ``words``: those of its login and name (``words_of``); ``full``: it has a first name and a surname;
    ``licensed``: None when the export cannot say.
    """

    login: str
    name: str
    words: frozenset[str]
    full: bool
    user_type: str = ""
    object_class: str = ""
    enabled: bool | None = None
    licensed: bool | None = None
    signed_in: bool = False


def keys_of(names: Sequence[str]) -> list[str]:
    """Names as they are matched, each as ``kernel.french.fold`` gives it; all at once, which is quick."""
    text = "\n".join(name.replace("\n", " ") for name in names).casefold().translate(_PLAIN)
    if not text.isascii():
        return [fold(name) for name in names]
    return [line.strip() for line in _SIGNS.sub(" ", text).split("\n")]


def words_of(login_key: str, name_key: str) -> frozenset[str]:
    """The words of a login, its domain left out, and of a name, both folded."""
    return frozenset(f"{login_key} {name_key}".split())


def classify(seen: Seen) -> Kind:
    """What an account is, from its names and its state."""
    if seen.user_type.casefold() in GUESTS or "#ext#" in seen.login:
        return "guest"
    if MARKED.isdisjoint(seen.words):
        return _unmarked(seen)
    return _marked(seen)


def _marked(seen: Seen) -> Kind:
    said = seen.words
    if any(glass <= said for glass in GLASS) or (said & RESCUE and said & (ADMIN | {"compte"})):
        return "break_glass"
    named = seen.full and not _generic(said) and _SPLIT.split(seen.login, 1)[0] not in SERVICE
    if named:
        return "person"
    if said & SERVICE or (said & ADMIN and not said & SHARED):
        return "service"
    return "shared" if said & SHARED or said >= CIVIL else _unmarked(seen)


def _unmarked(seen: Seen) -> Kind:
    if seen.object_class.casefold() in MACHINES or (
        not seen.full and _MACHINE.search(seen.name or seen.login.partition("@")[0])
    ):
        return "service"
    # What the Microsoft 365 admin centre shows of a shared mailbox: no licence, sign-in blocked, no name.
    bare = not seen.full and seen.licensed is False and seen.enabled is False and not seen.signed_in
    return "shared" if bare else "person"


def _generic(said: frozenset[str]) -> bool:
    """Whether a first name and a surname are there only because the form wanted them: « Compta Partagé »."""
    return not said - MARKED or (bool(said & (SERVICE | SHARED)) and len(said - MARKED) == 1)


def looks_admin(words: frozenset[str]) -> bool:
    """Whether names alone announce an administrator, for an export that does not say."""
    return not ADMIN.isdisjoint(words)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Second factors over some accounts: how many have one, have none, or cannot be told."""

    yes: int = 0
    no: int = 0
    unknown: int = 0

    @property
    def total(self) -> int:
        """How many accounts are counted."""
        return self.yes + self.no + self.unknown

    @property
    def share(self) -> float | None:
        """What is known to be covered, 0 to 1; None when there is nothing honest to say.

        An unknown account counts as uncovered, as an unknown answer does, but only once one account at
        least is known to have no second factor: until then the export disproves nothing.
        """
        if not self.total or (self.unknown and not self.no):
            return None
        return self.yes / self.total


def is_dormant(
    last_sign_in: datetime | None, created_at: datetime | None, *, seen_at: datetime | None
) -> bool | None:
    """Whether an account slept for 90 days when its directory last told of sign-ins; None when it never did.

    Args:
        seen_at: when that was. An account that never signed in is dormant once it is that old itself.
    """
    if seen_at is None:
        return None
    since = last_sign_in or created_at
    return None if since is None else seen_at - since > timedelta(days=DORMANT_DAYS)


def exception_until(until: date | None, *, today: date) -> str:
    """What is wrong with the end of an exception, in French; empty when it may stand."""
    if until is None:
        return "Indiquez quand l’exception prend fin."
    if until < today:
        return "Cette date est passée."
    if until > today + timedelta(days=EXCEPTION_DAYS):
        return "Un an au plus : l’exception sera revue à cette date."
    return ""
