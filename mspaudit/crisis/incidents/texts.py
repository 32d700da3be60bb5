"""Texts ready to copy: the complaint, the CNIL's form, a message to people. A blank stays a blank."""

from collections.abc import Sequence
from typing import NamedTuple

from mspaudit.clients.models import Client
from mspaudit.crisis.incidents.duties import ANSWERS, KINDS, RISKS
from mspaudit.crisis.incidents.models import Incident, IncidentEntry, SigningRight
from mspaudit.kernel.french import moment, of, typo

BLANK = "à compléter"


class Text(NamedTuple):
    """A text to copy, one field after the other. ``key``: its anchor in the page."""

    key: str
    title: str
    say: str
    fields: list[tuple[str, str]]


def prepared(
    client: Client,
    incident: Incident,
    log: Sequence[IncidentEntry],
    rights: Sequence[SigningRight],
    *,
    msp: str,
) -> list[Text]:
    """The three texts, filled with what is known of the incident."""
    facts = "\n".join(f"{moment(e.happened_at)} : {e.text}" for e in log if e.kind == "fact") or BLANK
    done = "\n".join(f"{moment(e.happened_at)} : {e.text}" for e in log if e.kind != "fact") or BLANK
    return [
        _complaint(client, incident, facts, rights, msp),
        _cnil(client, incident, facts, done, rights),
        _people(client, incident),
    ]


def _signer(rights: Sequence[SigningRight], what: str) -> str:
    able = [each for each in rights if getattr(each, what)]
    return ", ".join(f"{r.name}{f' ({r.title})' if r.title else ''}" for r in able) or BLANK


def _complaint(
    client: Client, incident: Incident, facts: str, rights: Sequence[SigningRight], msp: str
) -> Text:
    return Text(
        "plainte",
        "Plainte",
        "En gendarmerie ou au commissariat. Apportez la main courante et les captures d’écran.",
        [
            ("Plaignant", client.name),
            ("Représenté par", _signer(rights, "complaint")),
            ("SIREN", client.siren or BLANK),
            ("Nature des faits", KINDS[incident.kind]),
            ("Connus depuis le", moment(incident.awareness_at)),
            ("Récit des faits", typo(facts)),
            ("Préjudice estimé", BLANK),
            ("Auteur soupçonné, adresses, comptes bancaires vus", BLANK),
            ("Prestataire informatique", msp),
        ],
    )


def _cnil(client: Client, incident: Incident, facts: str, done: str, rights: Sequence[SigningRight]) -> Text:
    people = incident.breach_people
    return Text(
        "cnil",
        "Notification à la CNIL",
        "Sur notifications.cnil.fr. Une notification initiale suffit d’abord, elle se complète ensuite.",
        [
            ("Responsable du traitement", client.name),
            ("Déclarant", _signer(rights, "cnil")),
            ("Date de prise de connaissance", moment(incident.awareness_at)),
            ("Des données personnelles sont touchées", ANSWERS[incident.personal]),
            ("Nature de la violation et circonstances", typo(facts)),
            ("Données concernées", incident.breach_data or BLANK),
            ("Nombre de personnes", str(people) if people is not None else BLANK),
            ("Conséquences probables", incident.breach_effects or BLANK),
            ("Risque pour les personnes", RISKS[incident.risk]),
            ("Mesures prises ou prévues", incident.breach_measures or typo(done)),
            ("Raison d’un retard au-delà de 72 h", BLANK),
        ],
    )


def _people(client: Client, incident: Incident) -> Text:
    return Text(
        "personnes",
        "Message aux personnes concernées",
        "Court, daté, avec ce qu’elles peuvent faire. À faire relire par qui décide avant l’envoi.",
        [
            ("Objet", typo(f"Information sur vos données : {client.name}")),
            (
                "Message",
                typo(
                    f"Le {moment(incident.awareness_at)}, nous avons appris un incident informatique. "
                    f"Données concernées : {incident.breach_data or BLANK}. "
                    f"Ce que cela peut entraîner : {incident.breach_effects or BLANK}. "
                    f"Ce que nous avons fait : {incident.breach_measures or BLANK}. "
                    "Méfiez-vous des messages qui s’appuieraient sur ces données, et changez tout mot "
                    f"de passe réutilisé ailleurs. Une question : contactez l’accueil {of(client.name)}."
                ),
            ),
        ],
    )
