"""Passwords and personal codes: what is accepted (CNIL, délibération 2022-100) and how they are kept."""

import re
import threading
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib import import_module, resources

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from mspaudit.identity import keys
from mspaudit.kernel.french import fold

# 2 passes, 19 MiB, 1 lane: the least that OWASP accepts, about 40 ms on a small server.
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# A wave of sign-ins then queues instead of taking the machine's memory.
_TURNS = threading.BoundedSemaphore(2)
LONGEST = 512

HELP = (
    "Au moins 12 caractères avec majuscule, minuscule, chiffre et signe ; ou 14 sans signe ; "
    "ou une phrase d’au moins 18 caractères."
)


def hashed(secret: str) -> str:
    """``secret`` as Argon2id keeps it."""
    with _TURNS:
        return HASHER.hash(_normal(secret))


def matches(stored: str | None, secret: str) -> bool:
    """Whether ``secret`` is what was stored. With nothing stored, takes the same time and is False."""
    with _TURNS:
        try:
            found = HASHER.verify(stored or _nobody(), _normal(secret))
        except (VerificationError, InvalidHashError):
            return False
    return found and stored is not None


def outdated(stored: str) -> bool:
    """Whether ``stored`` was hashed with costs that are no longer ours."""
    return HASHER.check_needs_rehash(stored)


def pin_hashed(pin: str) -> str:
    """A six-digit code as Argon2id keeps it, under a key too: a million codes are soon tried."""
    return hashed(keys.fingerprint(pin, "pin"))


def pin_matches(stored: str | None, pin: str) -> bool:
    """Whether ``pin`` is the code that was stored."""
    return matches(stored, keys.fingerprint(pin, "pin"))


def refusal(password: str, about: Iterable[str] = ()) -> str | None:
    """Why ``password`` is not accepted, in French; None when it is.

    Args:
        about: the person's name, e-mail and organisations: what a stranger would try first.
    """
    if len(password) > LONGEST:
        return f"Ce mot de passe est trop long : {LONGEST} caractères au plus."
    if not _long_enough(password):
        return "Ce mot de passe est trop court. " + HELP
    core = _core(password)
    if len(set(fold(password).replace(" ", ""))) < 5 or _common(password, core):
        return "Ce mot de passe figure parmi les plus devinés. Choisissez plutôt une phrase."
    if any(core and core == word for word in _words(about)):
        return "Ce mot de passe reprend votre nom ou celui de votre organisation. Choisissez-en un autre."
    return None


def _long_enough(password: str) -> bool:
    kinds = (str.isupper, str.islower, str.isdigit)
    letters_and_digits = all(any(kind(c) for c in password) for kind in kinds)
    sign = any(not c.isalnum() for c in password)
    length = len(password)
    return length >= 18 or (letters_and_digits and (length >= 14 or (length >= 12 and sign)))


def _core(password: str) -> str:
    """The word at the heart of « Azerty2024! »: without the digits and signs around it, nor its echoes."""
    return _once(re.sub(r"^[\W\d_]+|[\W\d_]+$", "", fold(password)))


def _once(text: str) -> str:
    """« soleilsoleil » is « soleil »."""
    repeated = re.fullmatch(r"(.+?)\1+", text.replace(" ", ""))
    return repeated.group(1) if repeated else text


def _common(password: str, core: str) -> bool:
    known = commonest()
    bare = fold(password).replace(" ", "")
    return not any(c.isalpha() for c in password) or not known.isdisjoint({password.casefold(), core, bare})


def _words(about: Iterable[str]) -> set[str]:
    parts = {fold(part) for text in about for part in (text, *re.split(r"[\s@.\-_']+", text))}
    glued = {part.replace(" ", "") for part in parts}
    return {part for part in parts | glued if len(part) >= 4}


@cache
def commonest() -> frozenset[str]:
    """The commonest breached passwords, lower case: some 30,000, and those that French people add."""
    lists = import_module("zxcvbn.frequency_lists").FREQUENCY_LISTS
    ours = resources.files("mspaudit.content").joinpath("data/passwords_fr.txt").read_text("utf-8")
    return frozenset(lists["passwords"]) | frozenset(ours.split())


@cache
def _nobody() -> str:
    return HASHER.hash("personne")


def _normal(secret: str) -> str:
    """The same characters whatever the keyboard: an é typed on a Mac is one on Windows."""
    return unicodedata.normalize("NFKC", secret)
