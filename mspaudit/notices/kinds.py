"""The kinds of deadlines: their French words and when people are told, in this one place.

A room may speak of a kind that is not here yet: it then has the usual thresholds and no word of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from mspaudit.kernel.french import NB

USUAL = (90, 60, 30, 15, 7, 1)


@dataclass(frozen=True)
class Kind:
    """``label``: as it reads on a line. ``days``: how long before the last useful day people are told."""

    label: str
    days: tuple[int, ...] = USUAL


OTHER = Kind("Échéance")
KINDS: Mapping[str, Kind] = {
    "contract": Kind("Contrat"),
    "insurance": Kind("Assurance"),
    "licence": Kind("Licence"),
    "software": Kind("Logiciel"),
    "platform": Kind("Plateforme agréée"),
    "domain": Kind("Nom de domaine"),
    "certificate": Kind("Certificat", (30, 15, 7, 1)),
    "warranty": Kind("Garantie", (90, 30)),
    "end_of_support": Kind("Fin de support", (90, 30)),
    "backup": Kind("Sauvegarde", (1,)),
    "restore_test": Kind("Test de restauration", (30, 15, 7, 1)),
    "mission": Kind("Mission d’indépendant", (30, 15, 7, 1)),
    "destruction": Kind("Certificat de destruction", (15, 7, 1)),
    "field_answer": Kind("Réponse au terrain", (7, 2)),
    "field_contain": Kind("Urgence de terrain", (2, 1)),
    "field_next": Kind("Rendez-vous de terrain", (30, 7)),
    "holder_certificate": Kind("Certificat d’un titulaire", (30, 15, 7, 1)),
    "departure": Kind("Départ", (7, 1)),
    "exception": Kind("Exception", (30, 15, 7, 1)),
    "secret": Kind("Secret partagé", (30, 7)),
    "mandate": Kind("Mandat", (60, 30, 7)),
    "proof": Kind("Preuve", (30, 7)),
    "campaign": Kind("Questionnaire", (7, 1)),
    "plan_review": Kind("Revue de la feuille de route", (60, 30, 7)),
    "action": Kind("Action du plan", (30, 15, 7, 1)),
    "decision": Kind("Décision attendue", (1,)),
    "decision_review": Kind("Décision à revoir", (30, 7)),
    "incident": Kind("Incident", (1,)),
    "incident_lessons": Kind("Enseignements d’un incident", (15, 7, 1)),
    "crisis_review": Kind("Relecture du plan de crise", (60, 30, 7)),
    "crisis_print": Kind("Impression du plan de crise", (30, 7)),
    "exercise": Kind("Exercice de crise", (30, 15, 7, 1)),
    "calendar": Kind("Calendrier légal", (90, 30)),
}


def short(code: str, subject: str) -> str:
    """A subject without the word of its kind: « Copieurs » from « Contrat : Copieurs »."""
    label = kind(code).label
    rest = subject.removeprefix(f"{label}{NB}: ").removeprefix(f"{label} : ")
    return rest if rest == subject else rest[:1].upper() + rest[1:]


def kind(code: str) -> Kind:
    """What is known of a kind, the newest included."""
    return KINDS.get(code, OTHER)
