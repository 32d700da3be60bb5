"""Reading what was asked of deadlines: which, what, and until when."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from werkzeug.datastructures import MultiDict

from mspaudit.kernel.text import one_line
from mspaudit.notices.rules import thresholds

VERBS = ("vu", "fait", "rouvrir", "reporter", "attribuer", "rappels")

NUMBERS = "Écrivez des nombres de jours, par exemple 90, 30, 7 (huit au plus, 365 au plus)."


@dataclass
class Asked:
    """A form of the list, or of one deadline, as typed. ``errors``: one French sentence a field."""

    verb: str
    ids: list[UUID]
    until: date | None = None
    reason: str = ""
    member: UUID | None = None
    days: tuple[int, ...] | None = None
    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def asked(sent: MultiDict[str, str], only: UUID | None = None) -> Asked:
    """What the form asks. A row's own button (`ligne`, « vu:<id> ») goes before the ticked boxes."""
    verb, _, alone = sent.get("ligne", "").partition(":")
    verb = verb or sent.get("verbe", "")
    ids = [only] if only else _ids([alone] if alone else sent.getlist("choix"))
    names = ("jusqu", "raison", "membre", "rappels")
    found = Asked(verb, ids, typed={name: sent.get(name, "") for name in names})
    if verb not in VERBS:
        found.errors["verbe"] = "Choisissez ce qu’il faut faire de ces échéances."
    elif not ids:
        found.errors["choix"] = "Cochez au moins une échéance."
    elif verb == "reporter":
        _snooze(found)
    elif verb == "attribuer":
        _member(found)
    elif verb == "rappels":
        _thresholds(found)
    return found


def _snooze(found: Asked) -> None:
    found.reason = one_line(found.typed["raison"], 300)
    if not found.reason:
        found.errors["raison"] = "Dites pourquoi : cette raison reste avec l’échéance."
    try:
        found.until = date.fromisoformat(found.typed["jusqu"])
    except ValueError:
        found.errors["jusqu"] = "Choisissez le jour où cette échéance doit revenir."


def _member(found: Asked) -> None:
    text = found.typed["membre"]
    if text and not (ids := _ids([text])):
        found.errors["membre"] = "Choisissez une personne de la liste."
    elif text:
        found.member = ids[0]


def _thresholds(found: Asked) -> None:
    text = found.typed["rappels"].strip()
    found.days = thresholds(text) if text else None
    if text and found.days is None:
        found.errors["rappels"] = NUMBERS


def _ids(texts: list[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
