"""What decides who comes in and by which step. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal
from urllib.parse import urlsplit

Step = Literal["prove", "enrol", "password", "done"]
Factor = Literal["passkey", "totp", "recovery", "pin"]

_EMAIL = re.compile(r"[^@\s<>(),;:\"]+@[^@\s<>(),;:\"]+\.[^@\s.<>(),;:\"]{2,}")
# The longest address that we send someone back to.
LONGEST_PATH = 500


@dataclass(frozen=True, slots=True)
class Standing:
    """Where someone is on the way in.

    Attributes:
        via: how the first factor was given: ``password`` or ``link``.
        staff: works for an MSP, or for the platform.
        proved: the second factor was given in this session.
    """

    via: str
    staff: bool
    proved: bool = False
    passkeys: int = 0
    totp: bool = False
    pin: bool = False
    recovery_codes: int = 0

    @property
    def strong_only(self) -> bool:
        """Whether a personal code is not enough: it is for those who came by a link and are not staff."""
        return self.staff or self.via != "link"

    @property
    def factors(self) -> tuple[Factor, ...]:
        """What this person may prove themselves with, the strongest first."""
        found: list[Factor] = []
        if self.passkeys:
            found.append("passkey")
        if self.totp:
            found.append("totp")
        if self.pin and not self.strong_only:
            found.append("pin")
        if found and self.recovery_codes:
            found.append("recovery")
        return tuple(found)

    @property
    def may_forget_pin(self) -> bool:
        """Whether a forgotten code may be replaced: it is one of the ways in, and a link was opened."""
        return not self.proved and "pin" in self.factors

    @property
    def choices(self) -> tuple[Factor, ...]:
        """What this person may choose as a first second factor."""
        return ("passkey", "totp") if self.strong_only else ("pin", "passkey")


def next_step(standing: Standing) -> Step:
    """What is still missing.

    A member of staff who came by a link has lost their password: the link lets them choose another
    once the second factor is given, and never replaces either.
    """
    if not standing.proved:
        return "prove" if standing.factors else "enrol"
    if standing.staff and standing.via == "link":
        return "password"
    return "done"


def local_path(wanted: str | None) -> str | None:
    """``wanted`` if it is a page of this very site; None for anything a browser could take elsewhere."""
    if not wanted or len(wanted) > LONGEST_PATH or not wanted.startswith("/"):
        return None
    if wanted.startswith("//") or "\\" in wanted or any(ord(c) < 33 or ord(c) == 127 for c in wanted):
        return None
    parts = urlsplit(wanted)
    return None if parts.scheme or parts.netloc else wanted


def plausible_email(text: str) -> bool:
    """Whether a mail could be sent there: one @, a dotted domain, no space, 254 characters at most."""
    return len(text) <= 254 and _EMAIL.fullmatch(text) is not None


def pin_refusal(pin: str) -> str | None:
    """Why a six-digit code is not accepted, in French; None when it is."""
    if not re.fullmatch(r"[0-9]{6}", pin):
        return "Ce code doit avoir six chiffres."
    if _is_a_run(pin) or len(set(pin)) < 3 or pin[:3] == pin[3:] or pin[:2] * 3 == pin:
        return "Ce code est trop facile à deviner : évitez les suites et les répétitions."
    if _looks_like_a_date(pin):
        return "Ce code ressemble à une date, que d’autres peuvent connaître. Choisissez-en un autre."
    return None


def _is_a_run(pin: str) -> bool:
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    return len(steps) == 1


def _looks_like_a_date(pin: str) -> bool:
    """Day-month-year, year-month-day, or a month with a year of four digits."""
    first, second, third = int(pin[:2]), int(pin[2:4]), int(pin[4:])
    orders = ((third, second, first), (first, second, third))
    if any(_is_a_day(2000 + year, month, day) for year, month, day in orders):
        return True
    whole = ((int(pin[2:]), first), (int(pin[:4]), third))
    return any(1900 <= year <= 2099 and 1 <= month <= 12 for year, month in whole)


def _is_a_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def may_remove_factor(*, passkeys: int, totp: bool, pin: bool, staff: bool) -> bool:
    """Whether something remains to sign in with after removing one passkey."""
    return passkeys > 1 or totp or (pin and not staff)


_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "téléphone Android"), ("CrOS", "Chromebook"),
    ("Windows", "ordinateur Windows"), ("Macintosh", "Mac"), ("Linux", "ordinateur Linux"),
)  # fmt: skip
_BROWSERS = (
    ("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"),
    ("Chrome", "Chrome"), ("CriOS", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip


def device(user_agent: str) -> str:
    """A browser's own description, in words: « Firefox sur ordinateur Windows »."""
    browser, system = _first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent)
    if browser and system:
        return f"{browser} sur {system}"
    return browser or system or "Appareil inconnu"


def _first(known: Sequence[tuple[str, str]], text: str) -> str | None:
    return next((words for mark, words in known if mark in text), None)


def tidy_code(text: str) -> str:
    """A code as typed, without the spaces and hyphens that help to read it, in capitals."""
    return re.sub(r"[\s\-\u00a0\u202f]", "", text).upper()
