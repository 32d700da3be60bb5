"""Reading the forms of incidents."""

from datetime import datetime

from mspaudit.clients import rules as typed
from mspaudit.clients.forms import Form
from mspaudit.crisis.incidents import rules
from mspaudit.crisis.incidents.duties import ANSWERS, RISKS
from mspaudit.crisis.incidents.rules import Told
from mspaudit.crisis.incidents.signing_actions import Right

LABELS = {
    "kind": "Ce qui arrive",
    "what": "En une phrase",
    "awareness_at": "Connu depuis",
    "happened_at": "Quand",
    "text": "Texte",
    "hours": "Heures",
    "breach_people": "Personnes concernées",
    "granted_on": "Date de la preuve",
    "done_at": "Fait à",
}


class IncidentForm(Form):
    """A form of this room, with its own names of fields."""

    @property
    def summary(self) -> list[tuple[str, str]]:
        return [(f"f-{name}", f"{LABELS.get(name, name)} : {text}") for name, text in self.errors.items()]

    def moment(self, name: str, *, now: datetime) -> datetime:
        """A moment typed on a clock in Paris; ``now`` when nothing was."""
        return self.optional(name, lambda text: rules.moment(text, now=now)) or now

    def count(self, name: str) -> int | None:
        """A whole number, or None."""
        return self.optional(name, lambda text: typed.whole(text, "Un nombre de personnes", 9_999_999))


def told(form: IncidentForm) -> Told:
    """What is known of an incident."""
    chosen = form.values
    return Told(
        personal=chosen["personal"] if chosen.get("personal") in ANSWERS else "unknown",
        risk=chosen["risk"] if chosen.get("risk") in RISKS else "unknown",
        insured=chosen["insured"] if chosen.get("insured") in ANSWERS else "unknown",
        money=form.ticked("money"),
        at_provider=form.ticked("at_provider"),
        nis2=form.ticked("nis2"),
    )


def right(form: IncidentForm) -> Right:
    """What someone may sign."""
    return Right(
        name=form.values.get("name", ""),
        title=form.values.get("title", ""),
        complaint=form.ticked("complaint"),
        cnil=form.ticked("cnil"),
        insurer=form.ticked("insurer"),
        granted_on=form.optional("granted_on", typed.day),
    )
