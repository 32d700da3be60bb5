"""French as it is printed: numbers, dates, plurals and the spaces that must not break.

Everything is pure and returns plain text. Two spaces are used, and only two: `NB` (U+00A0) and the
narrower `FINE` (U+202F), the latter between thousands and before ; ? and !.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from mspaudit.kernel.clock import local
from mspaudit.kernel.periods import months_between

NB = "\u00a0"
FINE = "\u202f"
MINUS = "\u2212"
NOTHING = "–"

Number = int | float | Decimal

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
SHORT_MONTHS = (
    "janv.", "févr.", "mars", "avr.", "mai", "juin",
    "juil.", "août", "sept.", "oct.", "nov.", "déc.",
)  # fmt: skip

# Typography ------------------------------------------------------------------------------------

_SPACES = "[ \u00a0\u202f]"
_AFTER = r"(?=[\s»)\]’\"]|$)"
_UNITS = (
    r"%|‰|€|k€|M€|h|min|s|j|ans?|mois|semaines?|jours?|heures?|minutes?|[KMGT]o|km|m²|"
    r"pts?|points?|clients?|communes?|entreprises?|comptes?|postes?|licences?|questions?|réponses?|"
    r"personnes?|habitants?|hab\.|pers\.|pages?|mesures?|TTC|HT|"
    + "|".join(MONTHS + SHORT_MONTHS).replace(".", r"\.")
)
_TYPO: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"(?<=[^\W\d_])'(?=[^\W_])", "’"),
        (r"(?<!\.)\.\.\.(?!\.)", "…"),
        (rf"«{_SPACES}*", "«" + NB),
        (rf"{_SPACES}*»", NB + "»"),
        (rf"(?<=[\w»)\]’…%€.\"]){_SPACES}*([;?!]){_AFTER}", FINE + r"\1"),
        (rf"(?<=[\w»)\]’…%€.\"]){_SPACES}*:{_AFTER}", NB + ":"),
        (rf"(?<![\d,.])(\d{{1,3}}){_SPACES}(?=\d{{3}}(?!\d))", r"\1" + FINE),
        (rf"(?<=\d{FINE}\d\d\d){_SPACES}(?=\d{{3}}(?!\d))", FINE),
        (rf"(?<=\d){_SPACES}*(?=[%‰€])", NB),
        (rf"(?<=\d) (?=(?:{_UNITS})(?!\w))", NB),
        (rf"(?<=\d{NB}h) (?=\d\d(?!\d))", NB),
        (rf"(?<=\bN°|\bn°){_SPACES}*(?=\d)", NB),
        (r"\b(M\.|MM\.|Mme|Mmes|Me|Dr|Pr) (?=[A-ZÀ-Ý])", r"\1" + NB),
    )
)


def typo(text: str) -> str:
    """`text` with its unbreakable spaces, apostrophes and ellipses as French prints them.

    Idempotent; addresses such as https://exemple.fr/?a=b and hours such as 14:30 are left alone.
    """
    for pattern, replacement in _TYPO:
        text = pattern.sub(replacement, text)
    return text


# Numbers ---------------------------------------------------------------------------------------


def _rounded(value: Number, digits: int) -> Decimal:
    step = Decimal(1).scaleb(-digits)
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    return exact.quantize(step, rounding=ROUND_HALF_UP)


def number(value: Number | None, digits: int = 0) -> str:
    """`1 234,5` with `digits` decimals, halves rounded up, a true minus sign; a dash for None."""
    if value is None:
        return NOTHING
    amount = _rounded(value, digits)
    text = f"{abs(amount):,.{digits}f}".replace(",", FINE).replace(".", ",")
    return MINUS + text if amount < 0 else text


def signed(value: Number | None, digits: int = 0) -> str:
    """Like `number`, with a plus sign on gains; what rounds to zero has no sign."""
    text = number(value, digits)
    return "+" + text if value is not None and _rounded(value, digits) > 0 else text


def percent(value: Number | None, digits: int = 0) -> str:
    """`64 %` from 64 (not from 0.64); a dash for None."""
    return NOTHING if value is None else number(value, digits) + NB + "%"


def euros(amount: Number | None) -> str:
    """`1 240 €` from an amount in euros; cents are shown only when there are some."""
    if amount is None:
        return NOTHING
    exact = _rounded(amount, 2)
    return number(exact, 0 if exact == exact.to_integral_value() else 2) + NB + "€"


def euros_of_cents(cents: int | None) -> str:
    """`1 240 €` from 124000."""
    return euros(None if cents is None else Decimal(cents) / 100)


def hours(value: Number | None) -> str:
    """A duration in hours, to the minute: `17 h`, `1 h 30`, `15 min`; a dash for None."""
    if value is None:
        return NOTHING
    whole, minutes = divmod(int(_rounded(Decimal(str(value)) * 60, 0)), 60)
    if whole == 0 and minutes:
        return f"{minutes}{NB}min"
    return f"{number(whole)}{NB}h" + (f"{NB}{minutes:02d}" if minutes else "")


# Words -----------------------------------------------------------------------------------------


def agree(count: Number, one: str, many: str | None = None) -> str:
    """`one` or `many` (by default `one` + s). French is singular below 2: « 0 client », « 1,5 an »."""
    return one if -2 < count < 2 else (many if many is not None else one + "s")


def plural(count: Number, one: str, many: str | None = None) -> str:
    """The count and its noun, held together: `1 client`, `3 clients`, `1,5 an`."""
    digits = 0 if count == int(count) else 1
    return number(count, digits) + NB + agree(count, one, many)


def listing(items: Iterable[str], last: str = "et") -> str:
    """`a, b et c`. `last` is the word before the final item."""
    *head, tail = list(items) or [""]
    return f"{', '.join(head)} {last} {tail}" if head else tail


def of(name: str) -> str:
    """`name` behind « de », contracted: d’Avignon, du Mans, des Ulis, de Valbrune, de L’Haÿ."""
    for article, contracted in (("Le ", "du "), ("Les ", "des ")):
        if name.startswith(article):
            return contracted + name[len(article) :]
    return ("d’" if fold(name[:1]) in set("aeiouy") else "de ") + name


def fold(text: str) -> str:
    """A search key without case, accents or hyphens: « Saint-Priest-d’Été » → saint priest d ete."""
    spread = text.casefold().replace("œ", "oe").replace("æ", "ae")
    bare = "".join(c for c in unicodedata.normalize("NFKD", spread) if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", bare.casefold()))


def slug(text: str) -> str:
    """`fold`, in ASCII and hyphens, for an address. May be empty when nothing in `text` is Latin."""
    return "-".join(re.findall(r"[a-z0-9]+", fold(text)))


def initials(name: str) -> str:
    """First letters of the first and last words: « Inès Carvalho » → IC. A question mark for nothing."""
    words = name.split()
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


# Dates -----------------------------------------------------------------------------------------


def _ordinal(day: date) -> str:
    return "1er" if day.day == 1 else str(day.day)


def day(value: date | None) -> str:
    """`vendredi 20 novembre 2026`; a datetime is read on its own clock."""
    if value is None:
        return NOTHING
    return f"{DAYS[value.weekday()]} {_ordinal(value)}{NB}{MONTHS[value.month - 1]} {value.year}"


def short_day(value: date | None, today: date | None = None) -> str:
    """`20 nov.`, `1er févr.`; with the year when it is not that of `today`."""
    if value is None:
        return NOTHING
    text = f"{_ordinal(value)}{NB}{SHORT_MONTHS[value.month - 1]}"
    return f"{text} {value.year}" if today is not None and today.year != value.year else text


def week_day(value: date | None, today: date | None = None) -> str:
    """`mercredi 2 déc.`; with the year when it is not that of `today`."""
    return NOTHING if value is None else f"{DAYS[value.weekday()]} {short_day(value, today)}"


def month(value: date) -> str:
    """`novembre 2026`."""
    return f"{MONTHS[value.month - 1]} {value.year}"


def short_month(value: date) -> str:
    """`nov.`"""
    return SHORT_MONTHS[value.month - 1]


def hour(moment: datetime) -> str:
    """`14 h 32` on a clock in Paris. Raises ValueError when `moment` has no time zone."""
    clock = local(moment)
    return f"{clock.hour}{NB}h" + (f"{NB}{clock.minute:02d}" if clock.minute else "")


def moment(value: datetime) -> str:
    """`vendredi 20 novembre 2026 à 14 h 32`, in Paris. Raises ValueError without a time zone."""
    return f"{day(local(value))} à {hour(value)}"


def in_days(value: date, today: date) -> str:
    """`aujourd’hui`, `demain`, `dans 12 jours`, `hier`, `il y a 7 jours`."""
    count = (value - today).days
    near = {-1: "hier", 0: "aujourd’hui", 1: "demain"}
    if count in near:
        return near[count]
    return f"dans {plural(count, 'jour')}" if count > 0 else f"il y a {plural(-count, 'jour')}"


def days_left(value: date, today: date) -> str:
    """`12 j`, or `dépassé de 7 j`: for a table's narrow column."""
    count = (value - today).days
    return f"{number(count)}{NB}j" if count >= 0 else f"dépassé de {number(-count)}{NB}j"


def ago(value: datetime, now: datetime) -> str:
    """How long since `value`, in the largest sensible unit; `à l’instant` under a minute or in the future.

    From yesterday on, days are counted on the calendar of Paris. Raises ValueError without a time zone.
    """
    seconds = (now - value).total_seconds()
    then, here = local(value).date(), local(now).date()
    days = (here - then).days
    if seconds < 60:
        return "à l’instant"
    if seconds < 3600:
        return f"il y a {plural(int(seconds // 60), 'minute')}"
    if days == 0:
        return f"il y a {plural(int(seconds // 3600), 'heure')}"
    months = months_between(then, here)
    if months < 2:
        return in_days(then, here)
    return f"il y a {months}{NB}mois" if months < 24 else f"il y a {plural(months // 12, 'an')}"
