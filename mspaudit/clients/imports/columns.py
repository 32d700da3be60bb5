"""Which column of a stranger's spreadsheet holds what."""

from collections.abc import Sequence

from mspaudit.kernel.french import fold

FIELDS = {
    "name": "Nom du client",
    "commune": "Nom de la commune",
    "kind": "Type : commune ou entreprise",
    "siren": "SIREN ou SIRET",
    "insee": "Code INSEE",
    "postal": "Code postal",
    "population": "Population",
    "headcount": "Effectif",
    "phone": "Téléphone",
    "tags": "Étiquettes",
    "technician": "Technicien",
    "referent": "Référent informatique",
    "email": "E-mail du référent",
    "hours": "Heures par mois du référent",
    "signed": "Mandat signé le",
    "contact": "Dernier contact",
    "notes": "Notes",
}

EXAMPLES: tuple[dict[str, str | int], ...] = (
    {
        "commune": "Valbrune",
        "kind": "commune",
        "population": 1842,
        "tags": "crèche, M365",
        "referent": "Paul Vigneron",
        "email": "paul.vigneron@valbrune.example",
        "hours": 4,
        "signed": "12/03/2026",
        "contact": "18/11/2026",
    },
    {"name": "Scierie Malbreuil", "kind": "entreprise", "headcount": 12, "tags": "assuré"},
)
"""Lines of the file that people fill in, by field."""

# Folded (no case, accent or hyphen); the more precise first, for a column is taken by its first match.
_WORDS: dict[str, tuple[str, ...]] = {
    "insee": ("code insee", "insee", "code commune", "cog", "insee code"),
    "postal": ("code postal", "cp", "zip", "postal code", "postcode"),
    "siren": ("siren", "siret", "n siren", "n siret", "numero siren", "numero siret", "registration number"),
    "population": ("population", "habitants", "nombre d habitants", "pop", "inhabitants"),
    "headcount": ("effectif", "effectifs", "salaries", "headcount", "employees", "staff"),
    "email": ("email", "e mail", "mail", "courriel", "email referent", "e mail du referent"),
    "phone": ("telephone", "tel", "phone", "mobile", "portable"),
    "tags": ("etiquettes", "etiquette", "tags", "tag", "labels", "categorie", "categories"),
    "technician": ("technicien", "techniciens", "technician", "charge de compte", "account manager"),
    "hours": ("heures par mois", "heures", "temps prevu", "hours", "hours a month"),
    "signed": ("mandat signe le", "mandat", "date du mandat", "mandate signed on"),
    "referent": ("referent", "pilote", "referent informatique", "contact", "interlocuteur", "contact name"),
    "contact": ("dernier contact", "derniere visite", "last contact", "date de contact"),
    "kind": ("type", "nature", "kind", "type de client"),
    "commune": ("commune", "mairie", "collectivite", "nom de la commune", "town", "municipality"),
    "notes": ("notes", "note", "commentaire", "commentaires", "remarques", "comments"),
    "name": (
        "nom", "nom du client", "client", "raison sociale", "denomination", "societe", "entreprise", "name",
        "company", "company name", "customer", "organisation",
    ),
}  # fmt: skip


def guess(headers: Sequence[str]) -> dict[str, str]:
    """Header → field, or an empty text for a column to leave aside; each field at most once."""
    found = dict.fromkeys(headers, "")
    free = dict.fromkeys(_WORDS)
    for holds in (_is, _begins):
        for header in headers:
            field = next((f for f in free if not found[header] and holds(fold(header), _WORDS[f])), None)
            if field is not None:
                found[header] = field
                del free[field]
    return found


def _is(header: str, words: Sequence[str]) -> bool:
    return header in words


def _begins(header: str, words: Sequence[str]) -> bool:
    return any(header.startswith(f"{word} ") for word in words)
