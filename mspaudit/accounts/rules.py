"""What an account is, who holds it, and what its second factor says. Pure; every guess can be corrected.

An account is taken for a person's unless something says otherwise: a mistake then shows as one person
too many to protect, never as one forgotten.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from mspaudit.kernel.french import fold

Kind = Literal["person", "shared", "service", "guest", "break_glass"]
Mfa = Literal["yes", "no", "unknown"]
Found = Literal["none", "exact", "name", "asked"]

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

_SERVICE = frozenset(
    "svc srv sa service sync adsync aadsync msol krbtgt backup sauvegarde veeam scan scanner scans copieur "
    "imprimante photocopieur fax noreply donotreply api robot bot sql mssql iis ldap vpn rmm kiosk borne "
    "healthmailbox systemmailbox discoverysearchmailbox iusr guestuser defaultaccount wdagutilityaccount "
    "monitoring supervision serveur server agent365 applicatif".split()
)
_SHARED = frozenset(
    "accueil mairie contact contacts info infos compta comptabilite facturation factures facture secretariat "
    "direction rh urbanisme etatcivil ccas creche ecole ecoles bibliotheque mediatheque cantine periscolaire "
    "technique techniques salle salles commercial commerciale devis commande commandes support partage partagee "
    "commun commune reception standard elus administration administratif dpo stage stagiaire stagiaires "
    "animation jeunesse culture sport cimetiere election elections finances paie achats marches courrier "
    "communication newsletter atelier boutique magasin planning sav reservation reservations".split()
)
_ADMIN = frozenset("admin admins administrateur administrator adm root superadmin domadmin".split())
_GLASS = frozenset("breakglass brisdeglace".split())
_RESCUE = frozenset("secours urgence emergency".split())
_MARKED = _SERVICE | _SHARED | _ADMIN | _GLASS | _RESCUE | {"break", "bris", "etat", "boite", "compte"}
_MACHINES = frozenset(("computer", "msds-managedserviceaccount", "msds-groupmanagedserviceaccount"))
_GUESTS = frozenset(("guest", "invite", "invité"))
_SIGNS = str.maketrans({c: " " for c in "@._-+'’#$/\\()[]"})
_MACHINE_NAME = re.compile(r"(?i)\$$|^[a-z]{2,8}[-_]?\d{2,}$")


@dataclass(frozen=True, slots=True)
class Seen:
    """What an export says of an account. ``licensed``: None when the export cannot say."""

    login: str
    name: str
    full: bool
    user_type: str = ""
    object_class: str = ""
    enabled: bool | None = None
    licensed: bool | None = None
    signed_in: bool = False


def words_of(login: str, name: str) -> set[str]:
    """The words of a login (its domain left out) and of a displayed name, folded."""
    local = login.partition("@")[0]
    text = f"{local} {name}"
    return set((text.casefold() if text.isascii() else fold(text)).translate(_SIGNS).split())


def classify(seen: Seen) -> Kind:
    """What an account is, from its names and its state."""
    if seen.user_type.casefold() in _GUESTS or "#ext#" in seen.login.casefold():
        return "guest"
    if seen.object_class.casefold() in _MACHINES:
        return "service"
    said = words_of(seen.login, seen.name)
    if _MARKED.isdisjoint(said):
        return _unmarked(seen)
    if said & _GLASS or {"break", "glass"} <= said or {"bris", "glace"} <= said:
        return "break_glass"
    if said & _RESCUE and said & (_ADMIN | {"compte"}):
        return "break_glass"
    if seen.full and not _generic(said):
        return "person"
    if said & _SERVICE:
        return "service"
    if said & _SHARED or {"etat", "civil"} <= said:
        return "shared"
    if said & _ADMIN:
        return "service" if len(said - _ADMIN) < 1 or not seen.full else "person"
    return _unmarked(seen)


def _unmarked(seen: Seen) -> Kind:
    if seen.full:
        return "person"
    if _MACHINE_NAME.search(seen.name or seen.login.partition("@")[0]):
        return "service"
    # What the Microsoft 365 admin centre shows of a shared mailbox: no licence, sign-in blocked, no name.
    if seen.licensed is False and seen.enabled is False and not seen.signed_in:
        return "shared"
    return "person"


def _generic(said: set[str]) -> bool:
    """Whether a first name and a surname are there only because the form wanted them: « Compta Partagé »."""
    known = _SERVICE | _SHARED | _ADMIN | {"boite", "compte", "de", "la", "le", "du", "des", "mail"}
    return bool(said & (_SERVICE | _SHARED)) and len(said - known) <= 1


def looks_admin(login: str, name: str) -> bool:
    """Whether names alone announce an administrator, for an export that does not say."""
    return not _ADMIN.isdisjoint(words_of(login, name))


# People ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Someone:
    """A person of the client, as matching needs them. ``name_key``: their folded name."""

    id: UUID
    name_key: str
    email: str


@dataclass(frozen=True, slots=True)
class Held:
    """An account to match. ``alone``: no other account of its directory has the same words as name."""

    login: str
    mail: str
    name_key: str
    alone: bool = True


class Book:
    """The people of a client, ready to be asked who holds an account."""

    def __init__(self, people: Iterable[Someone]) -> None:
        self._by_mail: dict[str, list[Someone]] = defaultdict(list)
        self._by_name: dict[frozenset[str], list[Someone]] = defaultdict(list)
        self._by_word: dict[str, list[Someone]] = defaultdict(list)
        for person in people:
            if person.email:
                self._by_mail[person.email.casefold()].append(person)
            said = frozenset(person.name_key.split())
            self._by_name[said].append(person)
            for word in said:
                if len(word) > 2:
                    self._by_word[word].append(person)

    def holder(self, account: Held) -> tuple[Found, tuple[UUID, ...]]:
        """How the account matches, and whom; several, or one in doubt, when it must be asked.

        The address first. Then the same name, whatever the order of its words, unless two people or two
        accounts share it, or the person has another address of the same domain: those are asked, like a
        name that is only close.
        """
        same = self._mailed(account)
        if same:
            return ("exact", (same[0].id,)) if len(same) == 1 else ("asked", _ids(same))
        said = frozenset(account.name_key.split())
        named = self._by_name.get(said, ()) if len(said) > 1 else ()
        if len(named) == 1 and account.alone and not _elsewhere(named[0], account):
            return "name", (named[0].id,)
        if named:
            return "asked", _ids(named)
        close = self._close(account, said)
        return ("asked", _ids(close)) if close else ("none", ())

    def _mailed(self, account: Held) -> Sequence[Someone]:
        found = self._by_mail.get(account.login.casefold()) or self._by_mail.get(account.mail.casefold())
        return found or ()

    def _close(self, account: Held, said: frozenset[str]) -> list[Someone]:
        near = {
            person.id: person
            for words in (said, *_readings(account.login))
            for word in words
            if len(word) > 2
            for person in self._by_word.get(word, ())
            if is_near(words, frozenset(person.name_key.split()))
        }
        return list(near.values())


def _readings(login: str) -> Iterator[frozenset[str]]:
    """The names that a login may write: « n.perrin », and « nperrin » or « perrinn » in one word."""
    said = frozenset(words_of(login, ""))
    yield said
    if len(said) == 1:
        (word,) = said
        yield frozenset((word[0], word[1:]))
        yield frozenset((word[-1], word[:-1]))


def is_near(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two names could be one person's: each first name left unmatched is the other's initial, or
    one name merely has more words than the other. « n perrin » and « marie perrin durand » are near
    « nathalie perrin » and « marie perrin »; « paul perrin » is nobody else.
    """
    left, right = one - other, other - one
    common = one & other
    if not any(len(word) > 2 for word in common):
        return False
    if not left or not right:
        return len(common) > 1
    return len(left) == len(right) == 1 and _initial(*left, *right)


def _initial(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return len(short) == 1 and long.startswith(short)


def _elsewhere(person: Someone, account: Held) -> bool:
    domain = person.email.casefold().partition("@")[2]
    theirs = {address.casefold().partition("@")[2] for address in (account.login, account.mail)}
    return bool(domain) and domain in theirs


def _ids(people: Iterable[Someone]) -> tuple[UUID, ...]:
    return tuple(person.id for person in people)


# Measures --------------------------------------------------------------------------------------


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
