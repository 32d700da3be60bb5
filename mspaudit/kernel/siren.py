"""SIREN and SIRET: the numbers of French organisations and of their establishments.

Nothing is decided from a prefix: a commune's SIREN usually begins with 21, but not always.
"""

import unicodedata

from stdnum import luhn

from mspaudit.kernel.french import FINE

LA_POSTE = "356000000"
_LA_POSTE_HEAD_OFFICE = "35600000000048"
_BLANKS = {"Zs", "Cc", "Cf", "Pd"}  # Unicode spaces, controls, invisible marks and dashes


class InvalidSiren(ValueError):
    """A number that is no SIREN or SIRET; its text is French and may be shown as it stands."""


def clean(text: str) -> str:
    """`text` without the spaces, dots and dashes people type or paste between digits."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(c for c in plain if c not in "._/" and unicodedata.category(c) not in _BLANKS)


def check_siren(text: str) -> str:
    """The nine digits of a SIREN. Raises InvalidSiren; a number that passes may still not be assigned."""
    number = _digits(text, 9, "SIREN")
    if not luhn.is_valid(number):
        raise InvalidSiren(_mistyped("SIREN"))
    return number


def check_siret(text: str) -> str:
    """The fourteen digits of a SIRET, its SIREN checked too. Raises InvalidSiren.

    La Poste has too many establishments for the usual check digit: beyond its head office, the digits
    of its SIRETs add up to a multiple of 5 instead.
    """
    number = _digits(text, 14, "SIRET")
    if number.startswith(LA_POSTE) and number != _LA_POSTE_HEAD_OFFICE:
        valid = sum(map(int, number)) % 5 == 0
    else:
        valid = luhn.is_valid(number) and luhn.is_valid(number[:9])
    padded = number.endswith("00000")  # a SIREN filled up with zeros keeps its check digit
    if padded or not valid:
        raise InvalidSiren(_mistyped("SIRET"))
    return number


def format_siren(siren: str) -> str:
    """`217 500 016`, with narrow unbreakable spaces."""
    return FINE.join((siren[:3], siren[3:6], siren[6:9]))


def format_siret(siret: str) -> str:
    """`217 500 016 00019`, with narrow unbreakable spaces."""
    return FINE.join((format_siren(siret[:9]), siret[9:]))


def _digits(text: str, length: int, name: str) -> str:
    number = clean(text)
    if number and not (number.isascii() and number.isdigit()):
        raise InvalidSiren(f"Un {name} ne contient que des chiffres.")
    if len(number) != length:
        raise InvalidSiren(f"Un {name} compte {length} chiffres, celui-ci en a {len(number)}.")
    if not number.strip("0"):
        raise InvalidSiren(f"Ce {name} ne contient que des zéros.")
    return number


def _mistyped(name: str) -> str:
    return f"Ce {name} comporte sans doute une faute de frappe : son chiffre de contrôle ne correspond pas."
