"""What a kind of file is made of, and how a header is read. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Literal

from mspaudit.intake.cells import Order
from mspaudit.kernel.clock import PARIS
from mspaudit.kernel.french import fold

Family = Literal["accounts", "staff", "assets", "contracts"]
Form = Literal["day", "moment", "flag", "active", "suspended", "amount", "months", "count", "serial"]

_ASIDE = re.compile(r"\[[^\]]*\]|\([^)]*\)")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file.

    Attributes:
        headers: our field → the headers known for it, as ``header_key`` writes them, the surest first.
        needs: of each set, one field at least.
        marks: header keys that hardly any other kind has; at least ``least`` of them are needed.
        foreign: header keys that no file of this kind has.
        identity: what makes a line itself; its key is the first of these whose first field is filled.
        order: how 03/04/2026 reads when nothing in its column tells.
        zone: where its times without a zone are meant.
        spelling: headers as this kind writes them, case included, when another kind has the same words.
    """

    name: str
    label: str
    family: Family
    headers: Mapping[str, tuple[str, ...]]
    needs: tuple[frozenset[str], ...]
    marks: frozenset[str]
    least: int = 1
    foreign: frozenset[str] = frozenset()
    identity: tuple[tuple[str, ...], ...] = ()
    order: Order = "day"
    zone: tzinfo = PARIS
    spelling: frozenset[str] = frozenset()


def header_key(header: str) -> str:
    """« Préavis (mois) », « preavis » and « PRÉAVIS » are one header; ``userPrincipalName`` is one word."""
    bare = header.lstrip("\ufeff")
    return fold(_ASIDE.sub(" ", bare) if _ASIDE.sub("", bare).strip() else bare).replace(" ", "")


def words(text: str) -> tuple[str, ...]:
    """The header keys of a text that lists them, separated by spaces."""
    return tuple(text.split())


FIELDS: Mapping[str, str] = {
    "upn": "Identifiant de connexion",
    "login": "Identifiant court",
    "name": "Nom affiché",
    "given_name": "Prénom",
    "surname": "Nom de famille",
    "mail": "Adresse de messagerie",
    "external_id": "Identifiant technique",
    "user_type": "Membre ou invité",
    "title": "Fonction",
    "department": "Service",
    "enabled": "Compte actif",
    "blocked": "Connexion bloquée",
    "suspended": "État du compte",
    "last_sign_in": "Dernière connexion",
    "created_at": "Créé le",
    "licences": "Licences",
    "admin": "Administrateur",
    "mfa": "Second facteur",
    "mfa_methods": "Méthodes du second facteur",
    "measured_at": "Mesuré le",
    "password_last_set": "Mot de passe changé le",
    "password_never_expires": "Mot de passe sans fin",
    "object_class": "Nature de l’objet",
    "dn": "Emplacement dans l’annuaire",
    "email": "E-mail",
    "status": "Statut",
    "arrived_on": "Arrivée le",
    "left_on": "Départ le",
    "number": "Matricule",
    "entity": "Client ou entité",
    "maker": "Fabricant",
    "serial": "Numéro de série",
    "type": "Type",
    "model": "Modèle",
    "os": "Système",
    "os_version": "Version du système",
    "place": "Lieu",
    "last_seen": "Vu le",
    "user": "Utilisateur",
    "bought_on": "Acheté le",
    "warranty_until": "Garantie jusqu’au",
    "asset_tag": "Étiquette d’inventaire",
    "label": "Libellé",
    "supplier": "Fournisseur",
    "starts_on": "Début",
    "ends_on": "Échéance",
    "notice_months": "Préavis en mois",
    "tacit": "Tacite reconduction",
    "yearly_amount": "Montant annuel",
    "reference": "Référence",
    "seats": "Nombre de postes ou de licences",
}
"""Every field that a file may give, as people read it."""

FORMS: Mapping[str, Form] = {
    "enabled": "active",
    "blocked": "flag",
    "suspended": "suspended",
    "last_sign_in": "moment",
    "created_at": "moment",
    "admin": "flag",
    "mfa": "flag",
    "measured_at": "moment",
    "password_last_set": "moment",
    "password_never_expires": "flag",
    "arrived_on": "day",
    "left_on": "day",
    "serial": "serial",
    "last_seen": "moment",
    "bought_on": "day",
    "warranty_until": "day",
    "starts_on": "day",
    "ends_on": "day",
    "notice_months": "months",
    "tacit": "flag",
    "yearly_amount": "amount",
    "seats": "count",
}
"""How a field is read; the others are text. « Active » is oui as ``active`` and non as ``suspended``."""
