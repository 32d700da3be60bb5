"""Advice sent to those who decide, to one client or to many at once."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select

from mspaudit.clients.dirty import mark
from mspaudit.clients.models import Client
from mspaudit.errors import DomainError
from mspaudit.extensions import db
from mspaudit.identity.models import ClientMember
from mspaudit.journal.actions import record
from mspaudit.kernel.ids import new_id
from mspaudit.plan import letters, queries
from mspaudit.plan.models import ActionItem, Recommendation
from mspaudit.plan.writing import hold, price_of, write
from mspaudit.tenancy.context import current

NOBODY_DECIDES = "personne ne décide encore dans son espace. Donnez cet accès à quelqu’un, depuis sa fiche."


@dataclass(frozen=True)
class Option:
    """One way to do it. Amounts: cents before tax, the hours' price included."""

    title: str
    pros: str = ""
    cons: str = ""
    hours: float = 0.0
    once_cents: int = 0
    yearly_cents: int = 0


@dataclass(frozen=True)
class Proposal:
    """What is advised; the first option is the one that the MSP would choose."""

    title: str
    text: str
    options: Sequence[Option]
    risk_if_not: str = ""
    nature: str = "operating"
    code: str | None = None
    gain: float | None = None
    gain_on: date | None = None
    action: ActionItem | None = field(default=None, compare=False)


def propose(client: Client, proposal: Proposal, *, now: datetime) -> Recommendation:
    """Send one recommendation. Raises DomainError: nobody decides there, or it has no option."""
    return propose_many([(client, proposal)], now=now)[0]


def propose_many(proposals: Sequence[tuple[Client, Proposal]], *, now: datetime) -> list[Recommendation]:
    """Send a recommendation to each of these clients: all, or none.

    Raises:
        DomainError: nobody decides at one of the clients, or a proposal has no option.
    """
    ordered = sorted(proposals, key=lambda each: each[0].id)
    ids = [client.id for client, _proposal in ordered]
    who = queries.deciders(ids)
    for client, proposal in ordered:
        _check(client, proposal, who)
    hold(ids)
    numbers = _last_numbers(ids)
    sent = []
    for client, proposal in ordered:
        numbers[client.id] = numbers.get(client.id, 0) + 1
        sent.append(_sent(client, proposal, numbers[client.id], who[client.id], now))
    db.session.flush()
    return sent


def remind(advice: Recommendation, *, now: datetime) -> None:
    """Write again to those who decide. Raises DomainError: decided, or already reminded that day."""
    if not advice.waiting:
        raise DomainError("Cette recommandation n’attend plus de décision.")
    if advice.reminded_at is not None and advice.reminded_at.date() == now.date():
        raise DomainError("Un rappel est déjà parti aujourd’hui.")
    advice.reminded_at = now
    members = queries.deciders([advice.client_id]).get(advice.client_id, [])
    letters.send_reminder(advice, members, on=now.date())
    _tell(advice, "advice.reminded", now)


def withdraw(advice: Recommendation, reason: str, *, now: datetime) -> None:
    """Take back advice that nobody decided on; it stays in the register. Raises DomainError."""
    if not advice.waiting:
        raise DomainError("Une recommandation décidée ne se retire plus : elle reste au registre.")
    if not reason.strip():
        raise DomainError("Dites pourquoi cette recommandation est retirée : le client le lira.")
    hold([advice.client_id])
    advice.state = "withdrawn"
    write(advice, "withdrawn", {"by": current().actor, "reason": reason}, now=now)
    _tell(advice, "advice.withdrawn", now, reason=reason)
    mark(advice.client_id)


def _check(client: Client, proposal: Proposal, who: dict[UUID, list[ClientMember]]) -> None:
    if not proposal.options:
        raise DomainError("Décrivez au moins une façon de faire.")
    if client.id not in who:
        raise DomainError(f"{client.name} : {NOBODY_DECIDES}")


def _sent(
    client: Client, proposal: Proposal, number: int, members: list[ClientMember], now: datetime
) -> Recommendation:
    advice = Recommendation(
        id=new_id(),
        client_id=client.id,
        number=number,
        action_id=proposal.action.id if proposal.action else None,
        code=proposal.code,
        title=proposal.title,
        text=proposal.text,
        options=[asdict(option) for option in proposal.options],
        risk_if_not=proposal.risk_if_not,
        nature=proposal.nature,
        gain=proposal.gain,
        gain_on=proposal.gain_on,
        state="sent",
        sent_at=now,
        sent_by=current().actor,
        recipients=[{"name": member.name, "email": member.email} for member in members],
    )
    db.session.add(advice)
    if proposal.action is not None and proposal.action.status in ("refused", "postponed", "cancelled"):
        proposal.action.status, proposal.action.postponed_until = "proposed", None
    told = {
        "by": advice.sent_by,
        "to": advice.recipients,
        "text": advice.text,
        "options": advice.options,
        "risk_if_not": advice.risk_if_not,
        "nature": advice.nature,
        "gain": advice.gain,
        **price_of(advice),
    }
    write(advice, "sent", told, now=now)
    letters.send_advice(client, advice, members)
    _tell(advice, "advice.sent", now, number=number)
    mark(client.id)
    return advice


def _last_numbers(client_ids: list[UUID]) -> dict[UUID, int]:
    rows = db.session.execute(
        select(Recommendation.client_id, func.max(Recommendation.number))
        .where(Recommendation.client_id.in_(client_ids))
        .group_by(Recommendation.client_id)
    )
    return {row[0]: row[1] for row in rows}


def _tell(advice: Recommendation, verb: str, now: datetime, **data: object) -> None:
    record(verb, advice.title, subject_id=advice.id, client_id=advice.client_id, at=now, **data)
