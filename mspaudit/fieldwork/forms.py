"""Reading the forms of a campaign."""

from collections.abc import Sequence
from datetime import date

from mspaudit.clients import rules
from mspaudit.clients.forms import Form
from mspaudit.identity.models import StaffMember

LABELS = {
    "message": "Message de la direction",
    "facilitator": "Animation",
    "session_on": "Séance",
    "next_on": "Prochain rendez-vous",
    "headcount": "Personnes",
    "name": "Groupe",
}


class FieldForm(Form):
    """A form of this room, with its own names of fields."""

    @property
    def summary(self) -> list[tuple[str, str]]:
        return [(f"f-{name}", f"{LABELS.get(name, name)} : {text}") for name, text in self.errors.items()]

    def day(self, name: str) -> date:
        """A day that may not be empty; once refused, any: the form is not ok."""
        return self.needed(name, rules.day) or date.max

    def count(self, name: str) -> int:
        """A number of people; 0 once refused."""
        return self.needed(name, rules.headcount) or 0

    def member(self, name: str, among: Sequence[StaffMember]) -> StaffMember | None:
        """The member of staff chosen among those listed."""
        found = {str(each.id): each for each in among}.get(self.values.get(name, ""))
        if found is None:
            self.errors[name] = "Choisissez qui anime la séance."
        return found
