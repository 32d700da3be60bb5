"""Who must be told of an incident, and within how many hours: the words and where each comes from."""

from collections.abc import Mapping
from dataclasses import dataclass

from mspaudit.kernel.french import NB

NEVER_NIS2_UNDER = 30_000
"""Inhabitants: the French bill puts no ordinary commune under NIS2 up to there."""


@dataclass(frozen=True)
class Duty:
    """One thing to tell someone. ``hours``: from awareness; 0 for at once, None when a contract says it.

    ``source``: the text, with the day of its version or of our reading when that matters.
    """

    key: str
    label: str
    hours: int | None
    help: str
    source: str


DUTIES: Mapping[str, Duty] = {
    duty.key: duty
    for duty in (
        Duty(
            "bank",
            "Appeler la banque",
            0,
            "Demander le rappel des virements : chaque heure compte, appelez avant d’écrire.",
            "Usage bancaire : aucun délai légal n’attend, un virement se rappelle dans les premières heures.",
        ),
        Duty(
            "provider",
            "Prévenir le client dont les données sont touchées",
            0,
            "Un prestataire prévient son client sans délai, même s’il ne sait pas encore tout.",
            "RGPD, article 33.2.",
        ),
        Duty(
            "complaint",
            "Déposer plainte",
            72,
            "Sans plainte dans ce délai, l’assureur peut refuser d’indemniser. Elle se complète ensuite.",
            "Code des assurances, article L. 12-10-1, en vigueur depuis le 24 avril 2023.",
        ),
        Duty(
            "cnil",
            "Notifier la CNIL",
            72,
            "Sauf si le risque pour les personnes est improbable. Un retard s’explique.",
            "RGPD, article 33.1.",
        ),
        Duty(
            "people",
            "Prévenir les personnes concernées",
            0,
            "Dès que le risque pour elles est élevé, avec des mots simples et ce qu’elles peuvent faire.",
            "RGPD, article 34.",
        ),
        Duty(
            "insurer",
            "Déclarer à l’assureur",
            None,
            "Le délai est écrit au contrat, souvent cinq jours ouvrés : saisissez-le en heures.",
            "Le contrat d’assurance.",
        ),
        Duty(
            "nis2_24h",
            f"NIS2{NB}: alerte précoce à l’ANSSI",
            24,
            "Dire s’il semble malveillant et s’il peut s’étendre.",
            "Directive (UE) 2022/2555, article 23 ; loi française non promulguée à notre connaissance.",
        ),
        Duty(
            "nis2_72h",
            f"NIS2{NB}: notification à l’ANSSI",
            72,
            "Première évaluation : gravité, effets, indices de compromission.",
            "Directive (UE) 2022/2555, article 23 ; loi française non promulguée à notre connaissance.",
        ),
        Duty(
            "nis2_end",
            f"NIS2{NB}: rapport final",
            720,
            "Compté ici 30 jours depuis la connaissance ; le texte part de la notification, donc plus tard.",
            "Directive (UE) 2022/2555, article 23 ; loi française non promulguée à notre connaissance.",
        ),
    )
}

KINDS: Mapping[str, str] = {
    "ransomware": "Fichiers chiffrés ou rançon",
    "account": "Compte ou messagerie piraté",
    "fraud": "Faux virement, fraude",
    "leak": "Données parties ou publiées",
    "loss": "Matériel perdu ou volé",
    "outage": "Panne grave",
    "other": "Autre chose",
}
ENTRY_KINDS: Mapping[str, str] = {"fact": "Fait", "decision": "Décision", "action": "Action"}
ANSWERS: Mapping[str, str] = {"unknown": "On ne sait pas encore", "yes": "Oui", "no": "Non"}
RISKS: Mapping[str, str] = {
    "unknown": "On ne sait pas encore",
    "unlikely": "Improbable",
    "likely": "Possible",
    "high": "Élevé",
}
