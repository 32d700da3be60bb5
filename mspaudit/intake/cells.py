"""What is written in one cell: days, moments, yes and no, amounts, months. Pure.

An empty cell, or one that says « never », is None. What cannot be read raises ``Unclear``.

03/04/2026 is the third of April or the fourth of March. Nothing in the cell tells, but its column may:
``order`` looks for a value that reads one way only, and falls back on what that kind of file usually does.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, tzinfo
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Literal

from mspaudit.kernel.clock import PARIS
from mspaudit.kernel.french import MONTHS, fold

Order = Literal["day", "month"]

_NEVER = frozenset(
    ("never", "jamais", "neverloggedin", "jamaisconnecte", "aucun", "aucune", "na", "nd", "none", "null")
)
_YES = frozenset(
    ("true", "vrai", "oui", "yes", "y", "o", "1", "x", "on", "enabled", "actif", "active", "tacite")
)
_NO = frozenset(("false", "faux", "non", "no", "n", "0", "off", "disabled", "inactif", "inactive"))
_ACTIVE = _YES | frozenset(("provisioned", "recovery", "passwordexpired", "lockedout", "passwordreset"))
_SUSPENDED = _NO | frozenset(
    {
        "suspended", "suspendu", "deprovisioned", "staged", "archived", "archive", "desactive", "bloque",
        "deleted",
    }
)  # fmt: skip
_NO_SERIAL = frozenset(
    {
        "tobefilledbyoem", "defaultstring", "systemserialnumber", "notspecified", "notapplicable", "inconnu",
        "unknown", "na", "none", "0", "000000000", "123456789", "0123456789", "xxxxxxxxxx",
    }
)  # fmt: skip

_YES_NO = {True: "oui", False: "non"}
_EPOCHS = 1970
MOST_CENTS = 1_000_000_000
"""Ten million euros: more is a slip of the hand, and an amount with its hours still fits its column."""
_YEARS = range(1600, 2300)
_NUMBERS = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?!\d)")
_FIGURES = re.compile(r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2}))(?!\d)")
_WORDS = re.compile(r"(\d{1,2})(?:er)?\s+([^\W\d]+)\.?,?\s+(\d{4})")
_WORDS_FIRST = re.compile(r"([^\W\d]{3,})\.?\s+(\d{1,2}),?\s+(\d{4})")
_TIME = re.compile(
    r"(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*([AaPp]\.?[Mm]\.?)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)?",
    re.IGNORECASE,
)
_ENGLISH = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_AMOUNT = re.compile(r"-?\d+(?:[.,]\d+)*")
_PERIOD = re.compile(r"(\d{1,4}) ?([a-z]*)(?: [^\d]*)?")


class Unclear(ValueError):
    """The cell cannot be read; the message is French and quotes it."""


def order(values: Iterable[str], usual: Order) -> Order:
    """Which of day and month comes first in a column, from its values; ``usual`` when they never tell.

    A time in AM or PM is American. A column that says both things is read as ``usual``.
    """
    says: set[Order] = set()
    american = False
    for value in values:
        found = _NUMBERS.match(value)
        if found is None:
            continue
        american = american or bool(re.search(r"\d\s*[AP]M\b", value, re.IGNORECASE))
        if int(found[1]) > 12:
            says.add("day")
        elif int(found[2]) > 12:
            says.add("month")
    if len(says) == 1:
        return says.pop()
    return "month" if american and not says else usual


def day(text: str, first: Order = "day") -> date | None:
    """A date; the time that may follow is left aside. Raises Unclear."""
    return None if _empty(text) else _split(text, first)[0]


def moment(text: str, first: Order = "day", zone: tzinfo = PARIS) -> datetime | None:
    """An instant in UTC; a time without a zone is meant in ``zone``, a day alone is its noon.

    A directory that counts from 1601 or 1970 writes that very year for never. Raises Unclear.
    """
    if _empty(text):
        return None
    on, rest = _split(text, first)
    if on.year <= _EPOCHS:
        return None
    found = _TIME.search(rest)
    try:
        at = _time(found) if found else time(12)
        meant = datetime.combine(on, at, _zone(found[5] if found else "", zone))
    except ValueError:
        raise _unclear("Cette heure ne se lit pas", text) from None
    return meant if meant.tzinfo is UTC else meant.astimezone(UTC)


def flag(text: str) -> bool | None:
    """Yes or no, in French or English. Raises Unclear."""
    if _empty(text):
        return None
    said = _bare(text)
    if said in _YES or said in _NO:
        return said in _YES
    raise _unclear("Ni oui ni non", text)


def active(text: str) -> bool | None:
    """Whether an account with this state may sign in: « Active », « SUSPENDED », « True ». Raises Unclear."""
    if _empty(text):
        return None
    said = _bare(text)
    if said in _ACTIVE or said in _SUSPENDED:
        return said in _ACTIVE
    raise _unclear("Cet état de compte est inconnu", text)


def cents(text: str) -> int | None:
    """An amount in cents: « 2 480,00 € », « 1,150.50 », « 602 ». Raises Unclear."""
    if _empty(text):
        return None
    bare = "".join(c for c in text if c.isdigit() or c in ",.-")
    if not _AMOUNT.fullmatch(bare.rstrip(".,")):
        raise _unclear("Ce montant ne se lit pas", text)
    try:
        amount = Decimal(_point(bare.rstrip(".,")))
    except InvalidOperation:
        raise _unclear("Ce montant ne se lit pas", text) from None
    if abs(amount) > 10**9:
        raise _unclear("Ce montant est trop grand", text)
    return int((amount * 100).to_integral_value())


def months(text: str) -> int | None:
    """A length in months: « 3 », « 3 mois », « 90 jours », « 1 an ». Raises Unclear."""
    if _empty(text):
        return None
    found = _PERIOD.fullmatch(fold(text))
    if found is None:
        raise _unclear("Cette durée ne se lit pas", text)
    number, unit = int(found[1]), found[2]
    if unit.startswith(("an", "year")):
        number *= 12
    elif unit.startswith("trimestre"):
        number *= 3
    elif unit.startswith(("j", "day")) and number % 30 == 0:
        number //= 30
    elif unit and not unit.startswith("m"):
        raise _unclear("Cette durée n’est pas un nombre de mois", text)
    if number > 120:
        raise _unclear("Cette durée dépasse dix ans", text)
    return number


def count(text: str) -> int | None:
    """A whole number: « 14 », « 14 postes ». Raises Unclear."""
    if _empty(text):
        return None
    found = re.match(r"\d{1,6}(?!\d)", text.replace("\u202f", "").replace("\u00a0", "").replace(" ", ""))
    if found is None:
        raise _unclear("Ce nombre ne se lit pas", text)
    return int(found[0])


def serial(text: str) -> str:
    """A serial number, or nothing for what makers write when they write none."""
    return "" if _bare(text) in _NO_SERIAL else text.strip()


def canonical(form: str, text: str, first: Order, zone: tzinfo) -> str:
    """The cell as a feed receives it (``feeds.Row``), empty for what says nothing. Raises Unclear."""
    if form == "moment":
        at = moment(text, first, zone)
        return at.isoformat() if at else ""
    if form == "day":
        on = day(text, first)
        return on.isoformat() if on else ""
    if form == "amount":
        paid = cents(text)
        return "" if paid is None else f"{Decimal(paid) / 100:.2f}"
    if form in ("months", "count"):
        number = months(text) if form == "months" else count(text)
        return "" if number is None else str(number)
    said = flag(text) if form == "flag" else active(text)
    return "" if said is None else _YES_NO[said is not (form == "suspended")]


def _empty(text: str) -> bool:
    if text[:1].isdecimal():
        return False
    return _bare(text) in _NEVER or not _bare(text)


def _bare(text: str) -> str:
    return fold(text).replace(" ", "")


def _split(text: str, first: Order) -> tuple[date, str]:
    """The date that a text begins with, and what follows. Raises Unclear."""
    said = text.strip()
    figures = _FIGURES.match(said)
    try:
        if figures:
            return _in_figures(figures[0], first), said[figures.end() :]
        found = _in_words(said)
    except ValueError:
        raise _unclear("Cette date n’existe pas", text) from None
    if found is None:
        raise _unclear("Cette date ne se lit pas", text)
    return found


# A directory's accounts are made a few hundred a day: most days of a column come back.
@lru_cache(maxsize=4096)
def _in_figures(said: str, first: Order) -> date:
    """A date in figures. Raises ValueError for one that does not exist."""
    one, two, three = re.split("[-/.]", said)
    if len(one) == 4:
        found = date(int(one), int(two), int(three))
    else:
        on, month = (one, two) if first == "day" else (two, one)
        found = date(_year(three), int(month), int(on))
    if found.year not in _YEARS:
        raise ValueError(said)
    return found


def _in_words(said: str) -> tuple[date, str] | None:
    """The same with the name of its month. Raises ValueError."""
    if found := _WORDS.match(said):
        return date(int(found[3]), _month(found[2]), int(found[1])), said[found.end() :]
    if found := _WORDS_FIRST.search(said):
        return date(int(found[3]), _month(found[1]), int(found[2])), said[found.end() :]
    return None


def _year(text: str) -> int:
    """As written, or of two figures: 69 is 2069, 70 is 1970."""
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < 70 else 1900)


def _month(word: str) -> int:
    """From its name or its first letters, in French or English. Raises ValueError."""
    said = fold(word)
    for names in (MONTHS, _ENGLISH):
        found = [n for n, name in enumerate(names, start=1) if fold(name).startswith(said)]
        if len(found) == 1:
            return found[0]
    raise ValueError(word)


def _time(found: re.Match[str]) -> time:
    hour, half = int(found[1]), (found[4] or "")[:1].lower()
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(found[0])
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, int(found[2]), int(found[3] or 0))


def _zone(written: str | None, usual: tzinfo) -> tzinfo:
    if not written:
        return usual
    if written.upper() in ("Z", "UTC", "GMT"):
        return UTC
    moved = datetime.strptime(written.replace(":", ""), "%z").tzinfo
    return moved or usual


def _point(text: str) -> str:
    """The decimal sign as a point: the last of two different signs, or one not followed by three digits."""
    signs = [c for c in text if c in ".,"]
    if not signs:
        return text
    whole, _, rest = text.rpartition(signs[-1])
    thousands = len(rest) == 3 and len(set(signs)) == 1
    bare = whole.replace(",", "").replace(".", "")
    return bare + rest if thousands else f"{bare}.{rest}"


def _unclear(why: str, text: str) -> Unclear:
    shown = text if len(text) <= 40 else text[:39] + "…"
    return Unclear(f"{why} : « {shown} ».")
