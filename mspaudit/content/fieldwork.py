"""The words of a field report: what may be picked, and what looks like somebody's name in a text."""

from functools import cache
from pathlib import Path

from mspaudit.kernel.french import fold

_DATA = Path(__file__).parent / "data"

DATA_KINDS = {
    "people": "Données de personnes (usagers, clients, agents)",
    "health": "Données sociales, de santé ou d’enfants",
    "money": "Banque, paie, factures",
    "codes": "Mots de passe, accès d’administration",
    "plans": "Documents internes",
    "none": "Rien de sensible",
}
SHARING = {
    "mail": "Par e-mail",
    "folder": "Dossier partagé",
    "link": "Lien envoyé (WeTransfer, Drive…)",
    "messenger": "Messagerie (WhatsApp, SMS…)",
    "key": "Clé USB, téléphone, papier",
    "screen": "Un même poste ou un même compte",
    "none": "Rien n’est partagé",
}
REASONS = {
    "slow": "L’outil prévu est trop lent",
    "complex": "L’outil prévu est trop compliqué",
    "no_tool": "Aucun outil n’est prévu",
    "urgency": "Il faut répondre vite",
    "inherited": "On a toujours fait comme ça",
    "supplier": "Un fournisseur ou un partenaire le demande",
    "fear": "Peur d’interrompre le service",
    "other": "Autre raison",
}
# What a workaround comes from; a reason not listed here is nobody's in particular.
CAUSES = {
    "slow": "tool",
    "complex": "tool",
    "no_tool": "tool",
    "supplier": "tool",
    "urgency": "organisation",
    "inherited": "organisation",
    "fear": "organisation",
}
FREQUENCIES = {"1": "Quelques fois par an", "2": "Chaque semaine", "3": "Tous les jours"}


@cache
def first_names() -> frozenset[str]:
    """Usual first names in France, folded."""
    return _words("first_names.txt")


@cache
def proper_words() -> frozenset[str]:
    """Words written with a capital that name nobody: tools, administrations, months of a title; folded."""
    return _words("proper_words.txt")


def _words(name: str) -> frozenset[str]:
    text = (_DATA / name).read_text("utf-8")
    return frozenset(fold(word) for word in text.split())
