"""One client as its page shows it: figures, priorities, contradictions, scenarios."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from mspaudit.checklists.wording import measured_on, spoken
from mspaudit.clients.models import Client
from mspaudit.kernel.clock import local
from mspaudit.kernel.french import percent, short_day
from mspaudit.portfolio.board import scenario_titles
from mspaudit.risk import rules
from mspaudit.risk.queries import Detail, Picture
from mspaudit.risk.rounding import RoundedSplit, rounded_split, shown
from mspaudit.risk.scenarios import SCENARIOS, Impact, Profile, explained_impacts
from mspaudit.risk.terms import INDISPENSABLE, Proof, Split

HOURLY_RATE = Decimal(60)
VAT = Decimal("1.2")
FIRST = 6

PROOF_WORDS = {
    Proof.MEASURED: "mesuré",
    Proof.VERIFIED: "preuve vérifiée",
    Proof.EVIDENCED: "preuve fournie",
    Proof.DECLARED: "déclaré",
    Proof.EXPIRED: "preuve périmée",
    Proof.UNKNOWN: "inconnu",
}
WHO = {"client": "le client", "msp": "nous", "machine": "une mesure"}


class Money(NamedTuple):
    """What a measure costs, in euros: the hours (`running`) and what is bought (`bought`)."""

    running: Decimal
    bought: Decimal

    @property
    def total(self) -> Decimal:
        """Both."""
        return self.running + self.bought


@dataclass(frozen=True)
class Priority:
    """One thing to do, with what it rests on."""

    detail: Detail
    gain: float
    hours: float
    money: Money
    why: str


@dataclass(frozen=True)
class Scenario:
    """One scenario: exposure in its two parts, and how much it would hurt, and why."""

    code: str
    title: str
    impact: int
    split: Split


@dataclass(frozen=True)
class Dossier:
    """Everything the figures of a client say."""

    client: Client
    picture: Picture
    today: date
    rate: Decimal

    @property
    def risk(self) -> RoundedSplit:
        """The risk as shown, its parts adding up."""
        return rounded_split(rules.risk(self.picture.lines, self.picture.impacts))

    @property
    def posture(self) -> int:
        """The posture as shown."""
        return shown(rules.posture(self.picture.lines))

    @property
    def certainty(self) -> int:
        """The certainty as shown."""
        return shown(rules.certainty(self.picture.lines))

    @property
    def squares(self) -> tuple[int, int, int]:
        """Indispensables held, held in part, absent or unknown."""
        values = [line.v for line in self.picture.lines if line.applies and line.weight == INDISPENSABLE]
        held, absent = sum(v == 1 for v in values), sum(v == 0 for v in values)
        return held, len(values) - held - absent, absent

    @property
    def proofs(self) -> tuple[int, int, int]:
        """Answers proven or measured, declared, and unknown or expired."""
        kinds = [line.proof for line in self.picture.lines if line.applies]
        proven = sum(kind in (Proof.MEASURED, Proof.VERIFIED, Proof.EVIDENCED) for kind in kinds)
        declared = sum(kind is Proof.DECLARED for kind in kinds)
        return proven, declared, len(kinds) - proven - declared

    @property
    def priorities(self) -> list[Priority]:
        """The six things to do first."""
        details = {detail.control.code: detail for detail in self.picture.details}
        # A measure that takes no time of ours would be divided by nothing: it counts a quarter of an hour.
        hours = {code: detail.hours or 0.25 for code, detail in details.items()}
        return [
            Priority(details[p.code], p.gain, p.hours, self.money(details[p.code]), self.why(details[p.code]))
            for p in rules.priorities(self.picture.lines, self.picture.impacts, hours, FIRST)
        ]

    @property
    def others(self) -> int:
        """How many other measures could still gain something."""
        found = rules.reasons(self.picture.lines, self.picture.impacts)
        return max(sum(reason.gain > 0 for reason in found) - FIRST, 0)

    @property
    def contradicted(self) -> list[Detail]:
        """Answers that a measurement disproves, the heaviest first."""
        found = [detail for detail in self.picture.details if detail.contradicted]
        return sorted(found, key=lambda detail: -detail.line.weight)

    @property
    def scenarios(self) -> list[Scenario]:
        """The six scenarios, the most exposed first."""
        found = [
            Scenario(code, title, self.picture.impacts[code], rules.exposure(self.picture.lines, code))
            for code, title in zip(SCENARIOS, scenario_titles(), strict=True)
        ]
        return sorted(found, key=lambda scenario: -scenario.split.total)

    def after(self, done: list[Priority]) -> int:
        """The risk as shown once these are done."""
        risk = rules.risk(self.picture.lines, self.picture.impacts).total
        return shown(risk - sum(priority.gain for priority in done))

    def money(self, detail: Detail) -> Money:
        """The cost of a measure: with tax for a commune, which does not recover it, without for others."""
        tax = VAT if self.client.is_commune else Decimal(1)
        return Money(Decimal(str(detail.hours)) * self.rate * tax, Decimal(detail.cost_eur) * tax)

    def why(self, detail: Detail) -> str:
        """Why a measure is proposed, in one sentence."""
        answer, line = detail.answer, detail.line
        if detail.measured is not None:
            when = measured_on(detail.measured, self.today)
            return _sentence(f"Mesuré {when} : {detail.measured.detail}")
        if line.proof is Proof.UNKNOWN:
            known = answer.choice == "unknown"
            return "Personne n’a su répondre." if known else "Pas encore de réponse."
        if line.proof is Proof.EXPIRED:
            ended = short_day(answer.proof_until, self.today)
            return _sentence(f"Répondu {said(detail)} : la preuve est périmée depuis le {ended}")
        return _sentence(f"Répondu {said(detail)}{by(detail, self.today)}")


def _sentence(text: str) -> str:
    """`text` with one full stop, the one of « nov. » included."""
    return text.rstrip(".") + "."


def said(detail: Detail) -> str:
    """The answer in words: « oui, en novembre 2026 »."""
    a = detail.answer
    return spoken(detail.control.scale, a.choice, done_on=a.done_on, share=a.percent)


def by(detail: Detail, today: date) -> str:
    """« , Martine Delorme, le 3 oct. », empty when nobody answered."""
    a = detail.answer
    if a.by_name is None or a.answered_at is None:
        return ""
    return f", {a.by_name}, le {short_day(local(a.answered_at).date(), today)}"


def state(detail: Detail, today: date) -> str:
    """What the line rests on: « déclaré : oui », « mesuré le 20 nov. par l’annuaire importé : 40 % »."""
    line = detail.line
    if not line.applies:
        return "pas concerné"
    if detail.measured is not None:
        return (
            f"{PROOF_WORDS[Proof.MEASURED]} {measured_on(detail.measured, today)} : {percent(100 * line.v)}"
        )
    if line.proof is Proof.UNKNOWN:
        return "je ne sais pas" if detail.answer.choice == "unknown" else "sans réponse"
    return f"{PROOF_WORDS[line.proof]} : {said(detail)}"


def hourly_rate(brand: dict[str, object]) -> Decimal:
    """The MSP's hourly rate before tax, in euros; 60 unless it says otherwise."""
    rate = brand.get("hourly_rate")
    return Decimal(str(rate)) if isinstance(rate, int | float) and rate > 0 else HOURLY_RATE


def impacts_explained(client: Client, units: list[str], tags: list[str]) -> dict[str, Impact]:
    """How hard each scenario would hit this client, and why."""
    profile = Profile(client.kind, client.population, client.headcount, frozenset(units), frozenset(tags))
    return explained_impacts(profile)
