"""One measure proposed to many clients, each at its own price."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from mspaudit.clients.models import Client
from mspaudit.content.packs import Control
from mspaudit.errors import DomainError
from mspaudit.extensions import db
from mspaudit.journal.actions import record
from mspaudit.plan import queries, rules
from mspaudit.plan.actions import items
from mspaudit.plan.actions.advising import Option, Proposal, propose_many
from mspaudit.plan.actions.items import Sheet
from mspaudit.plan.models import ActionItem, Recommendation

MOST_CLIENTS = 500


@dataclass(frozen=True)
class Offer:
    """What the measure takes at one client. ``bought_cents``: what is bought beside the hours."""

    client: Client
    hours: float
    bought_cents: int
    gain: float


def propose_everywhere(
    control: Control, offers: Sequence[Offer], *, text: str, rate: int, now: datetime, today: date
) -> list[Recommendation]:
    """Send the same advice to each of these clients, in one transaction: all, or none.

    Args:
        rate: cents an hour.

    Raises:
        DomainError: no client or too many, the measure is under way at one, or nobody decides there.
    """
    if not 0 < len(offers) <= MOST_CLIENTS:
        raise DomainError(f"Choisissez de 1 à {MOST_CLIENTS} clients.")
    known = queries.actions_for(control.code, [offer.client.id for offer in offers])
    proposals = []
    for offer in sorted(offers, key=lambda each: each.client.id):
        item = known.get(offer.client.id)
        if item is not None and item.status not in ("proposed", "refused", "postponed", "cancelled"):
            raise DomainError(f"{offer.client.name} : cette mesure est déjà décidée ou faite.")
        item = item or _added(control, offer, now)
        proposals.append((offer.client, _proposal(control, offer, item, text=text, rate=rate, today=today)))
    db.session.flush()
    sent = propose_many(proposals, now=now)
    record("advice.sent_to_many", control.fix, at=now, code=control.code, clients=len(sent))
    return sent


def _added(control: Control, offer: Offer, now: datetime) -> ActionItem:
    sheet = Sheet(
        title=control.fix,
        why=control.gap,
        hours=offer.hours,
        once_cents=offer.bought_cents,
        nature="both" if offer.bought_cents else "operating",
        stream=rules.stream_of(control.code, "gap"),
    )
    return items.add(offer.client, sheet, now=now, source_kind="gap", code=control.code)


def _proposal(
    control: Control, offer: Offer, item: ActionItem, *, text: str, rate: int, today: date
) -> Proposal:
    price = rules.price(offer.hours, rate, offer.bought_cents)
    return Proposal(
        title=control.fix,
        text=text,
        options=[Option(control.fix, hours=offer.hours, once_cents=price)],
        risk_if_not=control.why,
        nature=item.nature,
        code=control.code,
        gain=round(offer.gain, 1),
        gain_on=today,
        action=item,
    )
