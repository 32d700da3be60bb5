"""Who holds an account: the address first, then the name, and a question whenever there is a doubt. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from mspaudit.accounts.rules import keys_of

Found = Literal["none", "exact", "name", "asked"]


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
    said = frozenset(keys_of([login.partition("@")[0]])[0].split())
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
