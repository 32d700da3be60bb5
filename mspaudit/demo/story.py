"""What happens to one client over fourteen months, and why: pure, from a seed.

A client is answered for in its first weeks. Then its thread decides: some improve visit after
visit, some stall and let their proofs expire, one is woken by a neighbour's ransomware, another
loses the person who followed everything.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Literal

from mspaudit.content.packs import Control

Side = Literal["client", "msp"]
Proof = Literal["none", "shown", "verified"]
Thread = Literal["steady", "stalled", "shaken", "departure", "newcomer"]
THREADS: tuple[tuple[Thread, int], ...] = (
    ("steady", 42), ("stalled", 24), ("shaken", 12), ("departure", 12), ("newcomer", 10),
)  # fmt: skip
WEEKS = 61

REASONS: dict[Thread, tuple[str, ...]] = {
    "steady": (
        "Fait lors de la visite.",
        "Réglé à distance avec la secrétaire.",
        "Prévu au point trimestriel.",
    ),
    "stalled": ("Seule action acceptée ce trimestre.",),
    "shaken": ("Décidé après le rançongiciel chez la commune voisine.", "Voté en urgence par le conseil."),
    "departure": ("Repris par la nouvelle référente.",),
    "newcomer": ("Première visite.",),
}
NOT_CONCERNED = {
    "DAT-05": "Nous n’avons aucun téléservice.",
    "ACC-08": "Nous ne faisons pas appel à des indépendants.",
    "GOV-07": "Nos factures passent par le cabinet comptable.",
}


@dataclass(frozen=True)
class Said:
    """An answer given on a day. ``by``: client or msp. ``proof``: none, shown, or shown and verified."""

    on: date
    code: str
    choice: str
    by: Side
    done_on: date | None = None
    percent: int | None = None
    na_reason: str | None = None
    note: str = ""
    proof: Proof = "none"


@dataclass(frozen=True)
class PilotLeft:
    """The person who followed everything leaves."""

    on: date


@dataclass(frozen=True)
class PilotNamed:
    """A pilot is named; ``signed``: with a written mandate."""

    on: date
    signed: bool
    hours: float


Event = Said | PilotLeft | PilotNamed


@dataclass(frozen=True)
class Story:
    """One client's story. ``campaign_on``: its first campaign; ``again_on``: the yearly one, if it came."""

    thread: Thread
    begins_on: date
    campaign_on: date
    again_on: date | None
    events: tuple[Event, ...]


class Narrator:
    """Draws one story. ``today``: the last day told; ``start``: the portfolio's first."""

    def __init__(self, rng: Random, *, start: date, today: date) -> None:
        self._rng, self._start, self._today = rng, start, today

    def tell(self, controls: Sequence[Control], thread: Thread | None = None) -> Story:
        """The story of a client to whom ``controls`` apply."""
        rng = self._rng
        thread = thread or rng.choices([t for t, _ in THREADS], [n for _, n in THREADS])[0]
        first_week = rng.randint(44, 54) if thread == "newcomer" else rng.randint(0, 16)
        begins = self._start + timedelta(weeks=first_week, days=rng.randint(0, 4))
        maturity = rng.uniform(0.2, 0.85)
        answers = {c.code: self._first(c, begins, maturity) for c in controls}
        events: list[Event] = [*filter(None, answers.values())]
        if rng.random() < 0.6:
            signed = rng.random() < 0.55
            named = begins + timedelta(days=rng.randint(3, 30))
            events.append(PilotNamed(named, signed, rng.choice((2.0, 3.0, 4.0)) if signed else 0.0))
        events += self._afterwards(thread, begins, controls, answers)
        again = begins + timedelta(days=365 + rng.randint(5, 40))
        told = sorted((e for e in events if e.on <= self._today), key=lambda e: e.on)
        return Story(thread, begins, begins, again if again < self._today else None, tuple(told))

    def _first(self, control: Control, begins: date, maturity: float) -> Said | None:
        """The first answer: by the client over three weeks, by the MSP at its first visit."""
        rng = self._rng
        by: Side = "client" if "client" in control.answered_by else "msp"
        on = begins + timedelta(days=rng.randint(1, 24) if by == "client" else rng.choice((2, 9)))
        luck = rng.random()
        if control.code in NOT_CONCERNED and luck < 0.35:
            return Said(on, control.code, "na", by, na_reason=NOT_CONCERNED[control.code])
        if luck < 0.04:
            return None
        if luck < (0.14 if by == "client" else 0.07):
            return Said(on, control.code, "unknown", by)
        # What insurers and habit have already brought is more often there than what nobody asked for.
        chance = maturity + (0.12 if control.insurance else -0.04)
        grade = rng.random()
        choice = "yes" if grade < chance else "partly" if grade < chance + 0.22 else "no"
        return self._graded(control, choice, on, by, proven=0.4 if by == "msp" else 0.18)

    def _graded(
        self,
        control: Control,
        choice: str,
        on: date,
        by: Side,
        *,
        proven: float,
        note: str = "",
    ) -> Said:
        rng = self._rng
        done_on, percent = None, None
        if control.scale == "DT":
            # « En partie » reads as « il y a plus d’un an » on a dated question.
            days = rng.randint(380, 700) if choice == "partly" else rng.randint(3, 200)
            done_on, choice = (on - timedelta(days=days), "yes") if choice != "no" else (None, "no")
        if control.scale == "ON" and choice == "partly":
            choice = "no"
        if control.scale == "PC" and choice == "partly":
            percent = rng.choice((55, 60, 75, 80, 90))
        luck = rng.random()
        proof: Proof = "none"
        if choice == "yes" and luck < proven:
            proof = "verified" if luck < proven * 0.7 else "shown"
        return Said(on, control.code, choice, by, done_on=done_on, percent=percent, note=note, proof=proof)

    def _afterwards(
        self, thread: Thread, begins: date, controls: Sequence[Control], answers: dict[str, Said | None]
    ) -> list[Event]:
        rng = self._rng
        every = {"steady": 17, "stalled": 95, "shaken": 60, "departure": 40, "newcomer": 12}[thread]
        turn = begins + timedelta(days=rng.randint(120, 260))
        open_gaps = [c for c in controls if _improvable(answers[c.code])]
        # The most critical first, as the product itself advises, with some human disorder.
        open_gaps.sort(key=lambda c: (-c.criticality - rng.uniform(0, 2.5), c.code))
        found: list[Event] = []
        on = begins + timedelta(days=rng.randint(28, 50))
        while open_gaps and on <= self._today:
            note = rng.choice(REASONS[thread])
            found.append(self._graded(open_gaps.pop(0), "yes", on, "msp", proven=0.85, note=note))
            pace = every / 4 if thread == "shaken" and on > turn else every
            on += timedelta(days=max(2, round(rng.uniform(0.6, 1.4) * pace)))
        if thread == "departure":
            found += self._loses_its_pilot(turn, controls)
        return found

    def _loses_its_pilot(self, on: date, controls: Sequence[Control]) -> list[Event]:
        note = "La personne qui suivait l’informatique est partie."
        lost = [c for c in controls if c.code in ("GOV-01", "ACC-03", "ACC-04", "CRI-02", "BCK-05")]
        found: list[Event] = [PilotLeft(on)]
        found += [Said(on + timedelta(days=12), c.code, "no", "client", note=note) for c in lost]
        if self._rng.random() < 0.5:
            found.append(PilotNamed(on + timedelta(days=80), True, 2.0))
        return found


def _improvable(said: Said | None) -> bool:
    return said is None or said.choice in ("no", "partly", "unknown")
