"""What an MSP's address may be."""

import re

# The first words of the addresses that belong to no MSP.
RESERVED = frozenset(
    {"connexion", "deconnexion", "lien", "code-oublie", "mon-compte", "mes-espaces", "question", "demo"}
    | {"invitation", "sante", "static", "plateforme", "api", "ping", "favicon.ico", "robots.txt"}
    | {"_galerie", ".well-known", "t"}
)
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{1,38}[a-z0-9])")


def slug_refusal(slug: str) -> str | None:
    """Why ``slug`` cannot be an MSP's address, in French; None when it can."""
    if not _SLUG.fullmatch(slug) or "--" in slug:
        return "Trois à quarante lettres sans accent, chiffres ou tirets, par exemple infogerance-du-lac."
    if slug in RESERVED:
        return "Cette adresse est réservée au service. Choisissez-en une autre."
    return None
