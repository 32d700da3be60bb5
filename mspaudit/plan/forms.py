"""Reading the forms of plans, advice and decisions."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from werkzeug.datastructures import FileStorage

from mspaudit.clients import rules as texts
from mspaudit.clients.forms import Form, identifier
from mspaudit.clients.rules import Refused
from mspaudit.errors import DomainError
from mspaudit.intake.forms import cents
from mspaudit.plan import rules
from mspaudit.plan.actions import Option, Proposal, Received, Said, Sheet
from mspaudit.plan.models import ActionItem

OPTIONS = 3
LABELS = {
    "title": "Intitulé",
    "why": "Pourquoi",
    "hours": "Temps",
    "once": "Coût une fois",
    "yearly": "Coût par an",
    "due_on": "Pour le",
    "text": "Ce que nous recommandons",
    "risk_if_not": "Si rien n’est fait",
    "received_on": "Reçue le",
    "decider": "Qui a décidé",
    "until": "Jusqu’au",
}


class PlanForm(Form):
    """A form of this room, with its own names of fields."""

    @property
    def summary(self) -> list[tuple[str, str]]:
        """(id of the control, « field: what is wrong »)."""
        return [(f"f-{name}", f"{LABELS.get(name, name)} : {text}") for name, text in self.errors.items()]

    def one_of(self, name: str, choices: Mapping[str, str], default: str) -> str:
        """The choice made in a list; ``default`` for what is not in it."""
        value = self.values.get(name, default)
        return value if value in choices else default


def action(form: PlanForm, others: Sequence[ActionItem]) -> Sheet:
    """An action as typed; ``others``: those that it may wait for."""
    needed = identifier(form.values.get("depends_on", ""))
    stream = form.values.get("stream", "")
    return Sheet(
        title=form.text("title"),
        why=form.optional("why", texts.notes) or "",
        hours=form.optional("hours", hours) or 0.0,
        once_cents=form.optional("once", cents) or 0,
        yearly_cents=form.optional("yearly", cents) or 0,
        nature=form.one_of("nature", rules.NATURES, "operating"),
        covered=form.ticked("covered"),
        owner_side=form.one_of("owner_side", rules.SIDES, "msp"),
        owner_name=form.optional("owner_name", texts.short) or "",
        due_on=form.optional("due_on", texts.day),
        depends_on=needed if needed in {each.id for each in others} else None,
        stream=stream if stream in rules.STREAMS else None,
    )


def action_typed(item: ActionItem) -> dict[str, str]:
    """An action as its form shows it."""
    found = {
        "title": item.title,
        "why": item.why,
        "hours": number(item.hours),
        "once": euros(item.once_cents),
        "yearly": euros(item.yearly_cents),
        "nature": item.nature,
        "owner_side": item.owner_side,
        "owner_name": item.owner_name,
        "due_on": item.due_on.isoformat() if item.due_on else "",
        "depends_on": str(item.depends_on or ""),
        "stream": item.stream or "",
    }
    return {**found, "covered": "1"} if item.covered else found


def proposal_typed(item: ActionItem, rate: int) -> dict[str, str]:
    """What is proposed of an action, before anybody writes it better: one option, at that hourly rate."""
    return {
        "title": item.title,
        "text": item.why,
        "nature": item.nature,
        "o1_title": item.title,
        "o1_hours": number(item.hours),
        "o1_once": euros(rules.price(item.hours, rate, item.once_cents)),
        "o1_yearly": euros(item.yearly_cents),
    }


def proposal(form: PlanForm, item: ActionItem, gain: float | None, today: date) -> Proposal:
    """Advice as typed, about that action."""
    return Proposal(
        title=form.text("title"),
        text=form.needed("text", texts.notes) or "",
        options=[option for number in range(1, OPTIONS + 1) if (option := _option(form, f"o{number}_"))],
        risk_if_not=form.optional("risk_if_not", texts.notes) or "",
        nature=form.one_of("nature", rules.NATURES, item.nature),
        code=item.code,
        gain=round(gain, 1) if gain else None,
        gain_on=today if gain else None,
        action=item,
    )


def _option(form: PlanForm, prefix: str) -> Option | None:
    title = form.optional(f"{prefix}title", texts.short)
    if not title:
        return None
    return Option(
        title=title,
        pros=form.optional(f"{prefix}pros", texts.notes) or "",
        cons=form.optional(f"{prefix}cons", texts.notes) or "",
        hours=form.optional(f"{prefix}hours", hours) or 0.0,
        once_cents=form.optional(f"{prefix}once", cents) or 0,
        yearly_cents=form.optional(f"{prefix}yearly", cents) or 0,
    )


def said(form: PlanForm) -> Said:
    """A verdict as its page sends it. Each has fields of its own, so that none is read for another."""
    verdict = form.values.get("verdict", "")
    option = form.values.get("option", "0")
    return Said(
        verdict=verdict,
        option=int(option) if option.isdecimal() and len(option) < 3 else 0,
        reason=form.values.get("reason", ""),
        until=form.optional("until", texts.day) if verdict == "postponed" else None,
    )


def received(form: PlanForm, sent: FileStorage | None) -> Received:
    """How a decision reached the MSP. Raises DomainError without its document."""
    if sent is None or not sent.filename:
        raise DomainError("Joignez ce qui montre cette décision : délibération, courrier, courriel imprimé.")
    return Received(
        decider=form.optional("decider", texts.short) or "",
        decider_title=form.optional("decider_title", texts.short) or "",
        how=form.values.get("how", ""),
        on=form.optional("received_on", texts.day),
        filename=sent.filename,
        data=sent.read(),
    )


def hours(text: str) -> float:
    """A number of hours, a comma allowed. Raises Refused."""
    found = _decimal(text, "Ce temps ne se lit pas. Écrivez des heures : 4 ou 1,5.")
    if not 0 <= found <= 10_000:
        raise Refused("Ce temps est négatif ou trop grand.")
    return float(found)


def _decimal(text: str, refusal: str) -> Decimal:
    bare = (
        text.replace("h", "").replace("\u00a0", "").replace("\u202f", "").replace(" ", "").replace(",", ".")
    )
    if not bare.replace(".", "", 1).isdecimal() or len(bare) > 12:
        raise Refused(refusal)
    return Decimal(bare)


def number(value: float) -> str:
    """Hours as a form shows them."""
    return f"{value:g}".replace(".", ",")


def euros(amount: int) -> str:
    """Cents as a form shows them; empty for nothing."""
    if not amount:
        return ""
    return f"{amount / 100:.2f}".replace(".", ",").removesuffix(",00")
