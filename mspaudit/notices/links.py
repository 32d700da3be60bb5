"""Where to act on a deadline: pages of rooms below this one, by their endpoint's name."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask import current_app, url_for

from mspaudit.risk.models import Deadline


class Place(NamedTuple):
    """``argument``: what the address calls the deadline's subject, when the page shows it alone."""

    label: str
    endpoint: str
    argument: str = ""


_CONTRACT = Place("Ouvrir le contrat", "inventory.contract", "agreement")
_MACHINES = Place("Voir les machines", "inventory.machines")
_QUESTIONS = Place("Ouvrir le questionnaire", "checklists.show")
PLACES: Mapping[str, Place] = {
    **dict.fromkeys(
        ("contract", "licence", "software", "domain", "certificate", "insurance", "platform"), _CONTRACT
    ),
    "warranty": _MACHINES,
    "end_of_support": _MACHINES,
    "backup": Place("Ouvrir la sauvegarde", "backups.job", "job"),
    "restore_test": Place("Voir les sauvegardes", "backups.client"),
    "departure": Place("Ouvrir le départ", "departure_pages.show", "departure"),
    "mission": Place("Ouvrir la mission", "missions.show", "mission"),
    "destruction": Place("Ouvrir la mission", "missions.show", "mission"),
    "incident": Place("Ouvrir les incidents", "incidents.index"),
    "incident_lessons": Place("Ouvrir l’incident", "incidents.show", "incident"),
    "secret": Place("Ouvrir le secret", "shared_secrets.show", "secret_id"),
    "mandate": Place("Ouvrir la fiche", "clients.sheet"),
    "proof": _QUESTIONS,
    "campaign": _QUESTIONS,
}


def place(deadline: Deadline, slug: str) -> tuple[str, str] | None:
    """(words, address) of the page where this is acted on; None when no room has one."""
    found = PLACES.get(deadline.kind)
    if found is None or found.endpoint not in current_app.view_functions:
        return None
    values: dict[str, Any] = {found.argument: deadline.subject_id} if found.argument else {}
    return found.label, url_for(found.endpoint, client=slug, **values)
