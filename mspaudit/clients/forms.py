"""Reading forms: what was typed is kept, and each field tells what is wrong with it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar
from uuid import UUID

from werkzeug.datastructures import FileStorage, MultiDict

from mspaudit.clients import rules
from mspaudit.clients.mandate_actions import Terms, Upload
from mspaudit.clients.people_actions import Card
from mspaudit.clients.rules import Given
from mspaudit.errors import DomainError

T = TypeVar("T")

LABELS = {
    "name": "Nom",
    "siren": "SIREN",
    "siret": "SIRET",
    "population": "Population",
    "headcount": "Effectif",
    "phone": "Téléphone",
    "email": "Adresse e-mail",
    "since": "Depuis",
    "mandate_signed_on": "Mandat signé le",
    "mandate_until": "Fin du mandat",
    "hours_a_month": "Heures par mois",
}


class Form:
    """A form as typed. ``values`` goes back to the page; ``errors`` holds one French message a field.

    ``refused`` is what the action itself objected, when no single field is at fault.
    """

    def __init__(self, sent: Mapping[str, str] | None = None) -> None:
        self.sent = sent if isinstance(sent, MultiDict) else MultiDict(sent or {})
        self.values: dict[str, str] = dict(self.sent.items())
        self.errors: dict[str, str] = {}
        self.refused = ""

    @property
    def ok(self) -> bool:
        """Whether nothing was refused so far."""
        return not self.errors and not self.refused

    @property
    def summary(self) -> list[tuple[str, str]]:
        """(id of the control, « field: what is wrong »), in the order they were read."""
        return [(f"f-{name}", f"{LABELS.get(name, name)} : {text}") for name, text in self.errors.items()]

    def optional(self, name: str, rule: Callable[[str], T]) -> T | None:
        """The field read by ``rule``; None when it is empty or refused."""
        text = self.values.get(name, "").strip()
        if not text:
            return None
        try:
            return rule(text)
        except rules.Refused as refused:
            self.errors[name] = str(refused)
            return None

    def needed(self, name: str, rule: Callable[[str], T]) -> T | None:
        """The same for a field that may not be empty."""
        if not self.values.get(name, "").strip():
            self.errors[name] = "Ce champ est nécessaire."
        return self.optional(name, rule)

    def text(self, name: str) -> str:
        """A name that may not be empty; empty once refused."""
        return self.needed(name, rules.name) or ""

    def ticked(self, name: str) -> bool:
        """Whether a box is ticked."""
        return name in self.values

    def ids(self, name: str) -> list[UUID]:
        """The identifiers among the ticked boxes; anything else was not sent by our page."""
        return [found for text in self.sent.getlist(name) if (found := identifier(text))]

    @contextmanager
    def trying(self) -> Iterator[None]:
        """Keep what an action refuses, to show it above the form."""
        try:
            yield
        except DomainError as refused:
            self.refused = str(refused)


def identifier(text: str) -> UUID | None:
    """The UUID that ``text`` writes; None for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None


def identity(form: Form, kind: str) -> Given:
    """What is told of a client."""
    given = Given(
        name=form.text("name"),
        siren=form.optional("siren", rules.siren),
        phone=form.optional("phone", rules.phone),
        notes=form.optional("notes", rules.notes) or "",
    )
    if kind == "commune":
        given["population"] = form.optional("population", rules.population)
    else:
        given["headcount"] = form.optional("headcount", rules.headcount)
    return given


def tags(form: Form) -> list[str]:
    """The labels typed in one field."""
    return form.optional("tags", rules.tags) or []


def card(form: Form) -> Card:
    """What is known of someone."""
    return Card(
        name=form.text("name"),
        status=form.values.get("status", ""),
        email=form.optional("email", rules.email),
        phone=form.optional("phone", rules.phone),
        title=form.optional("title", rules.short),
        unit_id=identifier(form.values.get("unit_id", "")),
    )


def terms(form: Form) -> Terms:
    """The terms of a mandate."""
    return Terms(
        hours_a_month=form.optional("hours_a_month", rules.hours),
        mandate_signed_on=form.optional("mandate_signed_on", rules.day),
        mandate_until=form.optional("mandate_until", rules.day),
    )


def upload(sent: FileStorage | None) -> Upload | None:
    """The file that was chosen, if any."""
    if sent is None or not sent.filename:
        return None
    return Upload(sent.filename, sent.read())
