"""Reading machines, contracts and what they cost. Lookups start from the context."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from sqlalchemy import func, select
from werkzeug.exceptions import NotFound

from mspaudit.content.support import Product, products
from mspaudit.extensions import db
from mspaudit.inventory.models import Agreement, Asset, InsurancePolicy
from mspaudit.inventory.rules import COMPUTERS, KINDS, Period, Term, per_seat
from mspaudit.kernel.french import fold

R = TypeVar("R", Asset, Agreement)


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine on a day. ``state``: ended, ending (within ENDING_DAYS), supported, unknown or none."""

    asset: Asset
    product: Product | None
    until: date | None
    state: str


@dataclass(frozen=True, slots=True)
class Engaged:
    """A contract and its current period; None when no end is known."""

    agreement: Agreement
    period: Period | None

    @property
    def term(self) -> Term | None:
        return term(self.agreement)


@dataclass(frozen=True, slots=True)
class Cost:
    """What one kind costs a year. ``unknown``: contracts whose amount nobody noted."""

    kind: str
    cents: int
    count: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Costs:
    """A client's year. ``seats``: people or machines, ``budgets``: cents by budget, None if not said."""

    kinds: list[Cost]
    cents: int
    seats: int | None
    budgets: dict[str | None, int]

    @property
    def per_seat(self) -> int | None:
        return per_seat(self.cents, self.seats)

    @property
    def unknown(self) -> int:
        return sum(cost.unknown for cost in self.kinds)


ENDING_DAYS = 180
"""How long before its end a system is shown as one to replace."""
ORDER = ("ended", "ending", "unknown", "supported", "none")


def machines(client_id: UUID, *, today: date) -> list[Machine]:
    """The client's machines that are there, what is no longer corrected first, then by name."""
    rows = db.session.scalars(select(Asset).where(Asset.client_id == client_id, Asset.gone_at.is_(None)))
    found = [machine(row, today=today) for row in rows]
    return sorted(
        found, key=lambda m: (m.asset.status == "retired", ORDER.index(m.state), fold(m.asset.name))
    )


def machine(asset: Asset, *, today: date) -> Machine:
    """Where a machine's system stands."""
    product = products().get(asset.product or "")
    until, state = standing(product, asset.extended_until, today=today)
    silent = product is None and asset.kind not in COMPUTERS and not asset.os
    return Machine(asset, product, until, "none" if silent else state)


def standing(product: Product | None, extended_until: date | None, *, today: date) -> tuple[date | None, str]:
    """Until when a system receives fixes, those bought included, and its state on that day."""
    if product is None or product.until is None:
        return None, "supported" if product else "unknown"
    until = product.until
    if extended_until and product.paid_until:
        until = max(until, min(extended_until, product.paid_until))
    left = (until - today).days
    return until, "ended" if left < 0 else "ending" if left <= ENDING_DAYS else "supported"


def asset_or_404(client_id: UUID, asset_id: UUID) -> Asset:
    """One machine of that client, even removed. Raises NotFound."""
    found = db.session.scalars(
        select(Asset).where(Asset.client_id == client_id, Asset.id == asset_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def term(agreement: Agreement) -> Term | None:
    """How a contract ends; None when nobody knows when."""
    if agreement.ends_on is None:
        return None
    return Term(
        agreement.ends_on,
        agreement.notice_months or 0,
        agreement.notice_days,
        agreement.tacit,
        agreement.renewal_months,
        agreement.noticed_on,
    )


def engaged(agreement: Agreement, *, today: date) -> Engaged:
    """A contract with its current period."""
    terms = term(agreement)
    return Engaged(agreement, terms.current(today) if terms else None)


def agreements(client_id: UUID, *, today: date) -> list[Engaged]:
    """The client's contracts, the one to act on first first; those without an end last."""
    rows = db.session.scalars(
        select(Agreement).where(Agreement.client_id == client_id, Agreement.gone_at.is_(None))
    )
    found = [engaged(row, today=today) for row in rows]
    return sorted(found, key=lambda e: (e.period.act_by if e.period else date.max, fold(e.agreement.label)))


def agreement_or_404(client_id: UUID, agreement_id: UUID) -> Agreement:
    """One contract of that client, even removed. Raises NotFound."""
    found = db.session.scalars(
        select(Agreement).where(Agreement.client_id == client_id, Agreement.id == agreement_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def policy(agreement_id: UUID) -> InsurancePolicy | None:
    """What an insurance asks and pays; None while nobody wrote it."""
    return db.session.scalars(
        select(InsurancePolicy).where(InsurancePolicy.agreement_id == agreement_id)
    ).one_or_none()


def seats(client_id: UUID, headcount: int | None) -> int | None:
    """How many seats a client's costs are shared by: its people, else its computers in use."""
    if headcount:
        return headcount
    desks = (
        select(func.count())
        .select_from(Asset)
        .where(
            Asset.client_id == client_id,
            Asset.gone_at.is_(None),
            Asset.status == "in_use",
            Asset.kind.in_(("desktop", "laptop")),
        )
    )
    return db.session.scalar(desks) or None


def costs(listed: Iterable[Engaged], seats: int | None, *, today: date) -> Costs:
    """What a client's contracts cost a year; one that is over costs nothing more."""
    running = [e.agreement for e in listed if e.period is None or e.period.end >= today]
    kinds = []
    for kind in KINDS:
        some = [row.yearly_cents for row in running if row.kind == kind]
        if some:
            kinds.append(Cost(kind, sum(c or 0 for c in some), len(some), sum(c is None for c in some)))
    kinds.sort(key=lambda cost: -cost.cents)
    budgets: dict[str | None, int] = {}
    for row in running:
        budgets[row.budget] = budgets.get(row.budget, 0) + (row.yearly_cents or 0)
    return Costs(kinds, sum(cost.cents for cost in kinds), seats, budgets)


def removed(client_id: UUID, model: type[R]) -> Sequence[R]:
    """The last ten that were removed or are gone, the latest first."""
    return db.session.scalars(
        select(model)
        .where(model.client_id == client_id, model.gone_at.is_not(None))
        .order_by(model.gone_at.desc())
        .limit(10)
    ).all()
