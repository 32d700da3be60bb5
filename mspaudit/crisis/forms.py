"""Reading the forms of the crisis plan."""

from collections.abc import Sequence

from mspaudit.clients import rules
from mspaudit.clients.forms import Form
from mspaudit.crisis.actions import LONGEST_OUTAGE, ContactGiven, SeatGiven, SheetGiven
from mspaudit.crisis.exercise_actions import Played
from mspaudit.crisis.rules import COPIES

LABELS = {
    "planned_on": "Date prévue",
    "held_on": "Joué le",
    "scenario": "Scénario",
    "activation": "Critères d’activation",
    "hours": "Délai",
    "steps": "Étapes",
}


class PlanForm(Form):
    """A form of this room, with its own names of fields."""

    @property
    def summary(self) -> list[tuple[str, str]]:
        return [(f"f-{name}", f"{LABELS.get(name, name)} : {text}") for name, text in self.errors.items()]

    def typed(self, name: str) -> str:
        """The field as typed; empty when it was not sent."""
        return self.values.get(name, "")

    def places(self) -> list[str]:
        """Where each paper copy is kept."""
        return [self.typed(f"place-{number}") for number in range(1, COPIES + 1)]

    def seats(self, codes: Sequence[str]) -> dict[str, SeatGiven]:
        """The team, by place."""
        return {
            code: SeatGiven(
                name=self.typed(f"name-{code}"),
                phone=self._phone(f"phone-{code}"),
                deputy=self.typed(f"deputy-{code}"),
                deputy_phone=self._phone(f"deputy_phone-{code}"),
            )
            for code in codes
        }

    def contacts(self, codes: Sequence[str]) -> dict[str, ContactGiven]:
        """The directory, by line."""
        return {
            code: ContactGiven(
                self.typed(f"name-{code}"), self._phone(f"phone-{code}"), self.typed(f"note-{code}")
            )
            for code in codes
        }

    def sheet(self) -> SheetGiven:
        """A fallback sheet; a service that the client does not have needs nothing else."""
        concerned = not self.ticked("unconcerned")
        hours = self.needed("hours", lambda text: rules.whole(text, "Un délai", LONGEST_OUTAGE))
        if concerned and not self.typed("steps").strip():
            self.errors["steps"] = "Écrivez au moins une étape : que fait-on d’abord ?"
        return SheetGiven(
            concerned=concerned,
            hours=hours or 0,
            steps=self.typed("steps").replace("\r\n", "\n"),
            stock=self.typed("stock"),
            data_source=self.typed("data_source"),
        )

    def played(self) -> Played:
        """How an exercise went."""
        return Played(
            held_on=self.optional("held_on", rules.day),
            attendance=self.typed("attendance"),
            timeline=self.typed("timeline").replace("\r\n", "\n"),
            lessons=self.typed("lessons").splitlines(),
        )

    def _phone(self, name: str) -> str:
        return self.optional(name, rules.phone) or ""
