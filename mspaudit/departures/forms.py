"""Reading the forms of departures, missions and registers."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from mspaudit.clients import rules
from mspaudit.clients.forms import Form
from mspaudit.clients.models import Person
from mspaudit.departures.actions import Brief
from mspaudit.errors import DomainError

LABELS = {
    "person_id": "Personne",
    "people": "Personnes",
    "name": "Nom",
    "leaves_on": "Dernier jour",
    "email": "Adresse e-mail",
    "starts_on": "Début",
    "ends_on": "Fin",
    "contract_signed_on": "Contrat signé le",
    "charter_signed_on": "Charte signée le",
    "briefed_on": "Consignes données le",
    "device_declared_on": "Appareil déclaré le",
    "certificate_until": "Fin du certificat",
    "rotated_on": "Dernier changement",
}


class LeavingForm(Form):
    """A form of this room, with its own names of fields."""

    @property
    def summary(self) -> list[tuple[str, str]]:
        return [(f"f-{name}", f"{LABELS.get(name, name)} : {text}") for name, text in self.errors.items()]

    def day(self, name: str) -> date:
        """A day that may not be empty; once refused, any: the form is not ok."""
        return self.needed(name, rules.day) or date.max

    def person(self, name: str, among: Sequence[Person]) -> Person | None:
        """The person chosen; None when nobody was, or someone who is not listed."""
        return {str(each.id): each for each in among}.get(self.values.get(name, ""))

    def people(self, name: str, among: Sequence[Person]) -> list[Person]:
        """The people ticked among those listed."""
        wanted = set(self.ids(name))
        return [each for each in among if each.id in wanted]


def one_day(sent: Mapping[str, str], name: str) -> date:
    """The day of a form that holds nothing else. Raises DomainError."""
    try:
        return rules.day(sent.get(name, ""))
    except rules.Refused as refused:
        raise DomainError(str(refused)) from None


class Announced(NamedTuple):
    """What is told of a departure."""

    kind: str
    leaves_on: date
    note: str


def announced(form: LeavingForm) -> Announced:
    """Why, when, and a word about it."""
    return Announced(form.values.get("kind", "leave"), form.day("leaves_on"), form.values.get("note", ""))


def brief(form: LeavingForm) -> Brief:
    """What is signed, told and declared before any access."""
    return Brief(
        clauses=form.sent.getlist("clause"),
        exposed=form.sent.getlist("exposed"),
        contract_signed_on=form.optional("contract_signed_on", rules.day),
        charter_signed_on=form.optional("charter_signed_on", rules.day),
        briefed_on=form.optional("briefed_on", rules.day),
        device=form.values.get("device", ""),
        device_declared_on=form.optional("device_declared_on", rules.day),
    )
