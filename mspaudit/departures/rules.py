"""When what must be done, and who may say that it was. Pure; days are business days in Europe/Paris."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from mspaudit.content.departures import Clause, Delay, Task
from mspaudit.kernel import workdays

KINDS = {"leave": "Départ", "term": "Fin de mandat", "conflict": "Départ conflictuel"}
STATES = {
    "planned": "Prévu",
    "leaving": "En cours",
    "disabled": "Accès coupés",
    "verified": "Vérifié",
    "closed": "Clos",
    "cancelled": "Annulé",
}
MISSION_STATES = {
    "planned": "Prévue",
    "active": "En cours",
    "leaving": "Terminée, accès ouverts",
    "disabled": "Accès coupés",
    "verified": "Destruction attestée",
    "closed": "Close",
    "orphan": "Sans responsable",
}
LEVELS = {"critical": "Administration ou banque", "other": "Autre"}

TERM_DAYS = 90
"""The longest that a mission's access lasts before someone renews it (our proposal)."""
DESTRUCTION_DAYS = 30
"""How long after its end a mission's data must be returned or destroyed (RGPD art. 28; delay: ours)."""
REVIEW_DAYS = 365
CRITICAL_SECRET, OTHER_SECRET = Delay(), Delay(days=2)

_SPACE = re.compile(r"\s")


@dataclass(frozen=True)
class Times:
    """Two days of one line: ``due_on`` by the rule; ``act_by``, the last working day to do it."""

    due_on: date
    act_by: date


def times(due: Delay, leaves_on: date) -> Times:
    """When a line with that delay is due, for someone whose last day is ``leaves_on``.

    A weekend or a public holiday brings the last useful day forward, never before the last day itself:
    who works on a Saturday keeps their access until then.
    """
    due_on = due.after(leaves_on)
    return Times(due_on, max(leaves_on, workdays.on_or_before(due_on)))


def verify_by(leaves_on: date) -> date:
    """By when someone else looks whether the accesses are cut: the working day after the last day."""
    return workdays.on_or_after(leaves_on + timedelta(days=1))


def secret_delay(level: str) -> Delay:
    """How soon after a departure a shared secret of that level changes."""
    return CRITICAL_SECRET if level == "critical" else OTHER_SECRET


def list_for(tasks: Iterable[Task], kind: str, status: str) -> list[Task]:
    """The tasks asked when someone of that status leaves a client of that kind."""
    return [task for task in tasks if task.concerns(kind, status)]


def departure_state(
    *,
    leaves_on: date,
    today: date,
    begun: bool,
    cut: bool,
    verified: bool,
    closed: bool,
    cancelled: bool = False,
) -> str:
    """A key of ``STATES``: the furthest that the departure has come."""
    if cancelled:
        return "cancelled"
    if closed:
        return "closed"
    if verified:
        return "verified"
    if cut:
        return "disabled"
    return "leaving" if begun or today >= leaves_on else "planned"


@dataclass(frozen=True)
class Line:
    """What deciding needs of one line: its state, whether it cuts, who settled it and was it checked."""

    title: str
    state: str
    cuts: bool
    settled_by_id: UUID | None
    checked: bool


def cut_off(lines: Collection[Line]) -> bool:
    """Whether nothing lets the person in any more, as far as the list knows."""
    return bool(lines) and all(line.state != "todo" for line in lines if line.cuts)


def may_verify(lines: Sequence[Line], by: UUID | None) -> str:
    """Why ``by`` may not say that the accesses are cut; empty when they may."""
    if not cut_off(lines):
        return f"Il reste à couper : {_named([x for x in lines if x.cuts and x.state == 'todo'])}."
    own = [line for line in lines if line.cuts and not line.checked and line.settled_by_id == by]
    return _four_eyes(own, by)


def may_close(lines: Sequence[Line], by: UUID | None, *, verified: bool) -> str:
    """Why ``by`` may not close the departure; empty when they may. Closing checks what nobody checked yet."""
    left = [line for line in lines if line.state == "todo"]
    if left or not lines:
        return f"Il reste à faire : {_named(left)}." if left else "La liste n’est pas encore prête."
    if not verified:
        return "La coupure des accès n’a pas encore été vérifiée par une autre personne."
    return _four_eyes([x for x in lines if not x.checked and x.settled_by_id == by], by)


def _four_eyes(own: Sequence[Line], by: UUID | None) -> str:
    if by is None:
        return "Seule une personne connectée peut vérifier."
    if own:
        return f"Vous avez fait vous-même : {_named(own)}. Une autre personne doit le vérifier."
    return ""


def _named(lines: Sequence[Line]) -> str:
    shown = ", ".join(line.title[0].lower() + line.title[1:] for line in lines[:3])
    return shown + (f" et {len(lines) - 3} autres" if len(lines) > 3 else "")


def last_end(start: date) -> date:
    """The latest end of a mission that starts, or is renewed, on ``start``."""
    return start + timedelta(days=TERM_DAYS)


def destruction_by(ends_on: date) -> date:
    """By when the certificate of destruction is due."""
    return ends_on + timedelta(days=DESTRUCTION_DAYS)


@dataclass(frozen=True)
class Step:
    """One condition of the gate, in words, and whether it is met."""

    name: str
    met: bool


def gate(*, contract: bool, charter: bool, briefed: bool, device: bool) -> list[Step]:
    """What stands before any access: all four, or none is opened."""
    return [
        Step("contrat signé et joint", contract),
        Step("charte signée", charter),
        Step("consignes données", briefed),
        Step("appareil déclaré", device),
    ]


def missing_clauses(clauses: Iterable[Clause], held: Collection[str]) -> list[Clause]:
    """The needed clauses that a contract does not hold."""
    return [clause for clause in clauses if clause.needed and clause.code not in held]


def mission_state(
    *, starts_on: date, ends_on: date, today: date, opened: int, left: int, certified: bool, closed: bool,
    held: bool,
) -> str:  # fmt: skip
    """A key of ``MISSION_STATES``.

    Args:
        opened: accesses ever opened; left: those not revoked.
        held: whether someone at the client still answers for it.
    """
    if closed:
        return "closed"
    if left and not held:
        return "orphan"
    if today <= ends_on:
        return "active" if opened and today >= starts_on else "planned"
    if left:
        return "leaving"
    return "verified" if certified else "disabled"


def looks_like_a_secret(text: str) -> bool:
    """Whether a label holds what looks like a password that someone was about to write down here.

    That is a word of eight characters or more, no address, that mixes both cases and figures, or two of
    these with a sign that names of machines and accounts do not have.
    """
    return any(_dense(word) for word in _SPACE.split(text))


def _dense(word: str) -> bool:
    bare = word.strip(".,;:()«»'’\"")
    if len(bare) < 8 or "://" in bare or re.fullmatch(r"[\w.+-]+@[\w.-]+\.\w+", bare):
        return False
    kinds = [any(map(test, bare)) for test in (str.islower, str.isupper, str.isdigit)]
    signs = any(not c.isalnum() and c not in "-_./&’'" for c in bare)
    return sum(kinds) >= 2 and (signs or sum(kinds) == 3)


def late_first(act_by: date | None, announced_at: datetime) -> tuple[bool, date, datetime]:
    """How open departures are sorted: what is due first, those with nothing due last."""
    return act_by is None, act_by or date.max, announced_at
