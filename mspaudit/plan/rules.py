"""What an action may become, what a decision must say, what is late, what it costs. Pure.

Amounts are cents; days are business days in Europe/Paris. Messages are French, for whoever typed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from mspaudit.kernel.periods import add_months

STATUSES: Mapping[str, str] = {
    "proposed": "Proposée",
    "decided": "Décidée",
    "in_progress": "En cours",
    "done": "Faite",
    "postponed": "Reportée",
    "refused": "Refusée",
    "cancelled": "Abandonnée",
}
NATURES: Mapping[str, str] = {
    "operating": "Fonctionnement",
    "investment": "Investissement",
    "both": "Investissement et fonctionnement",
}
SIDES: Mapping[str, str] = {"msp": "Nous", "client": "Le client"}
STREAMS: Mapping[str, str] = {
    "fundamentals": "Fondamentaux",
    "einvoicing": "Facturation électronique",
    "fleet": "Parc",
    "contracts": "Contrats",
    "own": "Autre chantier",
}
SOURCES: Mapping[str, str] = {
    "gap": "Réponse au questionnaire",
    "unknown": "Personne ne sait",
    "contradiction": "Mesure qui contredit une réponse",
    "fallback": "Plan de crise",
    "machine": "Matériel sans correctifs",
    "contract": "Préavis proche",
    "accounts": "Comptes",
    "report": "Remontée du terrain",
    "incident": "Incident",
    "exercise": "Exercice de crise",
    "meeting": "Réunion",
    "own": "Ajoutée à la main",
}
STATES: Mapping[str, str] = {
    "sent": "Envoyée",
    "opened": "Lue",
    "accepted": "Acceptée",
    "refused": "Refusée",
    "postponed": "Reportée",
    "withdrawn": "Retirée",
}
VERDICTS: Mapping[str, str] = {"accepted": "Acceptée", "postponed": "Reportée", "refused": "Refusée"}
HOW: Mapping[str, str] = {
    "deliberation": "Délibération",
    "letter": "Courrier signé",
    "email": "Courriel",
    "meeting": "Réunion",
    "phone": "Téléphone",
}
# What the MSP may do by itself. Only a decision, or a contract that covers it, makes an action decided.
MOVES: Mapping[str, tuple[str, ...]] = {
    "proposed": ("cancelled",),
    "decided": ("in_progress", "done", "cancelled"),
    "in_progress": ("done", "decided", "cancelled"),
    "done": ("in_progress",),
    "refused": ("cancelled",),
    "postponed": ("cancelled",),
    "cancelled": ("proposed",),
}
OPEN = ("proposed", "decided", "in_progress", "postponed")
RUNNING = ("decided", "in_progress")

AWAITED_DAYS = 15
"""How long a decision is waited for before somebody should ask again."""
REVIEW_MONTHS = 12
"""When a refusal, which is a risk accepted, is looked at again."""
POSTPONED_AT_MOST_MONTHS = 24
REASON_AT_LEAST = 5
HOURLY_RATE_CENTS = 60_00
VAT_PERCENT = 20


@dataclass(frozen=True)
class Delivery:
    """How many decided actions fell due or were done, and how many of them were done in time."""

    due: int
    on_time: int

    @property
    def share(self) -> float | None:
        """0 to 1; None when nothing fell due."""
        return self.on_time / self.due if self.due else None


def moves(status: str, *, covered: bool) -> list[str]:
    """The states that the MSP may give an action of that state."""
    found = list(MOVES[status])
    if status == "proposed" and covered:
        found.insert(0, "decided")
    return found


def would_turn(action: UUID, needs: UUID | None, known: Mapping[UUID, UUID | None]) -> bool:
    """Whether `action` would end up waiting for itself. `known`: what each action of the client waits for."""
    seen: set[UUID] = set()
    while needs is not None and needs not in seen:
        if needs == action:
            return True
        seen.add(needs)
        needs = known.get(needs)
    return False


def delivery(actions: Iterable[tuple[date | None, date | None]], *, today: date) -> Delivery:
    """Delivery of (due, done) pairs of decided actions; what has no date was promised for no day."""
    due = on_time = 0
    for due_on, done_on in actions:
        if due_on is not None and (due_on < today or done_on is not None):
            due += 1
            on_time += done_on is not None and done_on <= due_on
    return Delivery(due, on_time)


def refusal(verdict: str, reason: str, until: date | None, *, today: date) -> str:
    """What is wrong with a decision, in French; empty when it may be written."""
    if verdict not in VERDICTS:
        return "Choisissez : accepter, reporter ou refuser."
    if verdict != "accepted" and len(reason.strip()) < REASON_AT_LEAST:
        return "Dites pourquoi en quelques mots : c’est ce qui restera au registre."
    return _wrong_until(until, today) if verdict == "postponed" else ""


def _wrong_until(until: date | None, today: date) -> str:
    if until is None:
        return "Indiquez jusqu’à quand la décision est reportée."
    if until <= today:
        return "Cette date est passée : choisissez un jour à venir."
    if until > add_months(today, POSTPONED_AT_MOST_MONTHS):
        return "Deux ans au plus : au-delà, refusez, et la question reviendra dans un an."
    return ""


def review_on(verdict: str, until: date | None, *, today: date) -> date | None:
    """When a decision comes back: at its own date, in a year for a risk accepted, never once accepted."""
    if verdict == "accepted":
        return None
    return until if verdict == "postponed" else add_months(today, REVIEW_MONTHS)


def status_after(verdict: str) -> str:
    """The state of an action whose recommendation got that verdict."""
    return {"accepted": "decided", "refused": "refused", "postponed": "postponed"}[verdict]


def answer_by(sent_on: date) -> date:
    """The day by which a decision is hoped for."""
    return sent_on + timedelta(days=AWAITED_DAYS)


def rate_cents(brand: Mapping[str, object]) -> int:
    """The MSP's hourly rate before tax; 60 € unless its brand says otherwise."""
    rate = brand.get("hourly_rate")
    return round(rate * 100) if isinstance(rate, int | float) and rate > 0 else HOURLY_RATE_CENTS


def price(hours: float, rate: int, fixed: int) -> int:
    """What an action costs once, before tax: the hours at that rate, and what is bought."""
    return round(hours * rate) + fixed


def shown_cents(cents: int, *, with_tax: bool) -> int:
    """An amount as that client reads it: a commune does not recover the tax, so it sees it."""
    return round(cents * (100 + VAT_PERCENT) / 100) if with_tax else cents


def stream_of(code: str | None, kind: str) -> str:
    """The stream of the roadmap that a finding belongs to, for a start."""
    if code == "GOV-07":
        return "einvoicing"
    if kind == "machine" or code in ("INV-01", "INV-03"):
        return "fleet"
    if kind == "contract" or code == "GOV-05":
        return "contracts"
    return "fundamentals" if code else "own"
