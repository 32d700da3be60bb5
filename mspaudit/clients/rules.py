"""What may be written of a client, and what its parts are called. Messages are French, for whoever typed."""

import re
import unicodedata
from collections.abc import Callable, Collection
from datetime import date
from typing import TypedDict

from mspaudit.kernel import siren as numbers
from mspaudit.kernel.french import fold, slug, typo
from mspaudit.kernel.text import one_line

NAME_LIMIT = 120
NOTES_LIMIT = 4000
TAG_LIMIT = 30
TAGS_AT_MOST = 12
HOURS_AT_MOST = 200
MANDATE_NOTICE_DAYS = 30
"""How long before a mandate ends someone must act: a council or a manager has to sign the next one."""

STATUSES = {
    "agent": "Agent",
    "elected": "Élu",
    "employee": "Salarié",
    "contractor": "Indépendant",
    "other": "Autre",
}
ROLES = {
    "pilot": "Pilote informatique",
    "cyber": "Référent cybersécurité",
    "dpo": "Délégué à la protection des données",
    "einvoicing": "Référent facturation électronique",
    "crisis": "Responsable de crise",
}
ACCESS = {"respondent": "Répond aux questions", "decider": "Répond et décide"}

# Pages that stand beside a client's own under /clients.
RESERVED_SLUGS = frozenset({"nouveau", "archives", "importer", "export", "exporter"})

_EMAIL = re.compile(r"[^@\s<>,;:\"()\[\]]{1,64}@[^@\s<>,;:\"()\[\]]+\.[^@\s<>,;:\"()\[\].]{2,63}")
_PHONE = re.compile(r"\+?[\d .()/-]{4,30}")
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00)?)?")
_WHOLE = re.compile(r"([-\u2212]?)(\d+)(?:[.,]0+)?")


class Refused(ValueError):
    """What was typed cannot be taken; the text says why in French and may be shown as it stands."""

    def __init__(self, message: str) -> None:
        super().__init__(typo(message))


class Given(TypedDict, total=False):
    """What is told of a client; an absent key means « leave it »."""

    name: str
    siren: str | None
    population: int | None
    headcount: int | None
    postal_code: str | None
    department: str | None
    epci_name: str | None
    phone: str | None
    notes: str


PROFILE = frozenset({"population", "headcount"})
"""What of ``Given`` changes how hard each scenario would hit the client."""


def line(text: str) -> str:
    """`text` on one line, without control characters. Emoji and right-to-left writing stay as they are."""
    return one_line(text, len(text))


def name(text: str) -> str:
    """A name of someone or something, 120 characters at most. Raises Refused."""
    kept = line(text)
    if all(unicodedata.category(c)[0] in "CZ" for c in kept):
        raise Refused("Indiquez un nom.")
    return short(kept, NAME_LIMIT)


def short(text: str, limit: int = NAME_LIMIT) -> str:
    """One line of at most `limit` characters. Raises Refused."""
    kept = line(text)
    if len(kept) > limit:
        raise _too_long(kept, limit)
    return kept


def _too_long(text: str, limit: int) -> Refused:
    return Refused(f"{len(text)} caractères, c’est trop long : la limite est {limit}. Raccourcissez.")


def notes(text: str) -> str:
    """Several lines, 4,000 characters at most. Raises Refused."""
    lines = (line(part) for part in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    kept = "\n".join(lines).strip()
    if len(kept) > NOTES_LIMIT:
        raise Refused(
            f"{len(kept)} caractères, c’est trop long : la limite est {NOTES_LIMIT}. Raccourcissez."
        )
    return kept


def key(text: str) -> str:
    """The search and sorting key of a name; never empty, even for a name made of emoji."""
    return fold(text) or text.casefold()


def population(text: str) -> int:
    """A number of inhabitants, spaces between thousands allowed. Raises Refused."""
    return whole(text, "Une population", 9_999_999)


def headcount(text: str) -> int:
    """A number of people in a company. Raises Refused."""
    return whole(text, "Un effectif", 999_999)


def whole(text: str, what: str, limit: int) -> int:
    """A whole number from 0 to `limit`; `what` begins the refusal. Raises Refused."""
    digits = _WHOLE.fullmatch(re.sub(r"\s", "", text))
    if digits is None or len(digits[2]) > 12:
        raise Refused(f"« {short(text[:40])} » n’est pas un nombre entier.")
    return within(int(digits[2]) * (-1 if digits[1] else 1), what, limit)


def within(value: int, what: str, limit: int) -> int:
    """`value`, from 0 to `limit`. Raises Refused."""
    if value < 0:
        raise Refused(f"{what} ne peut pas être {'négative' if what.startswith('Une') else 'négatif'}.")
    if value > limit:
        raise Refused(f"{what} de cette taille n’existe pas : la limite est {limit}.")
    return value


def siren(text: str) -> str:
    """The nine digits of a SIREN. Raises Refused."""
    return _number(numbers.check_siren, text)


def siret(text: str) -> str:
    """The fourteen digits of a SIRET. Raises Refused."""
    return _number(numbers.check_siret, text)


def _number(check: Callable[[str], str], text: str) -> str:
    try:
        return check(text)
    except numbers.InvalidSiren as refused:
        raise Refused(str(refused)) from None


def email(text: str) -> str:
    """An e-mail address, in lower case. Raises Refused."""
    kept = line(text).lower()
    if not _EMAIL.fullmatch(kept) or len(kept) > 254:
        raise Refused("Cette adresse e-mail n’est pas complète. Exemple : mairie@commune.fr.")
    return kept


def phone(text: str) -> str:
    """A telephone number, as written. Raises Refused."""
    kept = line(text)
    if not _PHONE.fullmatch(kept):
        raise Refused("Un numéro de téléphone ne contient que des chiffres. Exemple : 04 75 00 00 00.")
    return kept


def day(text: str) -> date:
    """A day written 2026-02-28, as a browser sends it, or 28/02/2026. Raises Refused."""
    kept = line(text)
    iso, french = _ISO_DAY.fullmatch(kept), _DAY.fullmatch(kept)
    if iso is None and french is None:
        raise Refused(f"« {kept[:40]} » n’est pas une date. Écrivez-la comme ceci : 28/02/2026.")
    year, month, of_month = iso.groups() if iso else french.groups()[::-1] if french else ()
    try:
        found = date(int(year), int(month), int(of_month))
    except ValueError:
        raise Refused(f"{of_month}/{month}/{year} n’est pas une date.") from None
    if not 1900 <= found.year <= 2200:
        raise Refused(f"{of_month}/{month}/{year} est trop loin d’aujourd’hui.")
    return found


def hours(text: str) -> float:
    """Hours a month, from 0 to 200, a comma or a point for decimals. Raises Refused."""
    try:
        value = float(line(text).replace(",", ".").removesuffix("h").strip())
    except ValueError:
        raise Refused(f"« {line(text)[:40]} » n’est pas un nombre d’heures.") from None
    if not 0 <= value <= HOURS_AT_MOST:
        raise Refused("Le temps prévu va de 0 à 200 heures par mois.")
    return value


def tags(text: str) -> list[str]:
    """Labels separated by commas or semicolons, each once whatever its case or accents. Raises Refused."""
    found: dict[str, str] = {}
    for part in re.split(r"[,;\n]", text):
        label = line(part)
        if label:
            found.setdefault(key(label), short(label, TAG_LIMIT))
    if len(found) > TAGS_AT_MOST:
        raise Refused(f"{len(found)} étiquettes, c’est trop : gardez-en {TAGS_AT_MOST}.")
    return list(found.values())


def slug_base(name: str) -> str:
    """How the addresses of every client called `name` begin."""
    return slug(name)[:60].strip("-") or "client"


def free_slug(wanted: str, taken: Collection[str]) -> str:
    """An address for the client called `wanted` that is neither `taken` nor a page's own: -2, -3…"""
    candidate, count = slug_base(wanted), 1
    while candidate in taken or candidate in RESERVED_SLUGS:
        count += 1
        candidate = f"{slug_base(wanted)}-{count}"
    return candidate


def checked(given: Given) -> Given:
    """`given` as it will be written. Raises Refused at the first value that cannot be."""
    kept = given.copy()
    if "name" in kept:
        kept["name"] = name(kept["name"])
    if kept.get("siren"):
        kept["siren"] = siren(kept["siren"] or "")
    if kept.get("population") is not None:
        kept["population"] = within(kept["population"] or 0, "Une population", 9_999_999)
    if kept.get("headcount") is not None:
        kept["headcount"] = within(kept["headcount"] or 0, "Un effectif", 999_999)
    if kept.get("phone"):
        kept["phone"] = phone(kept["phone"] or "")
    if "notes" in kept:
        kept["notes"] = notes(kept["notes"])
    return kept
