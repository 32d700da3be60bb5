"""Machines and contracts over the whole portfolio: one product at many clients, one notice after another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from mspaudit.clients.models import Client
from mspaudit.content.support import Product, products
from mspaudit.extensions import db
from mspaudit.inventory.models import Agreement, Asset
from mspaudit.inventory.queries import ORDER, standing
from mspaudit.inventory.rules import COMPUTERS, Period
from mspaudit.inventory.terms_sql import ACT_BY, END, with_terms

Rows = Select[*tuple[Any, ...]]
PAGE = 60
MISSED_SHOWN_DAYS = 30
"""How long something that ended without renewing itself stays listed."""


@dataclass(frozen=True, slots=True)
class Spread:
    """One system over the portfolio; ``product`` None for the machines whose system is unknown."""

    product: Product | None
    until: date | None
    state: str
    machines: int
    clients: int


@dataclass(frozen=True, slots=True)
class Concerned:
    """One client that has machines of a system; ``named``: the first few."""

    slug: str
    name: str
    machines: int
    named: Sequence[str]


@dataclass(frozen=True, slots=True)
class Bound:
    """One contract of the portfolio and its current period."""

    agreement: Agreement
    slug: str
    client: str
    period: Period


def spreads(*, today: date) -> list[Spread]:
    """Every system in use, what is no longer corrected first, then by how many machines run it."""
    columns = Asset.product, Asset.extended_until
    counts = func.count(), func.count(Asset.client_id.distinct())
    found: dict[tuple[str | None, date | None], tuple[int, int]] = {}
    for product, extended, machines, clients in db.session.execute(
        _in_use(select(*columns, *counts)).group_by(*columns)
    ):
        known = products().get(product or "")
        key = product if known else None, standing(known, extended, today=today)[0]
        before = found.get(key, (0, 0))
        found[key] = before[0] + machines, before[1] + clients
    spread = [_spread(*key, *counted, today=today) for key, counted in found.items()]
    return sorted(spread, key=lambda s: (ORDER.index(s.state), -s.machines))


def _spread(key: str | None, until: date | None, machines: int, clients: int, *, today: date) -> Spread:
    product = products().get(key or "")
    return Spread(product, until, standing(product, until, today=today)[1], machines, clients)


def concerned(product: str, *, page: int) -> list[Concerned]:
    """The clients that run a system (empty: an unknown one), those with the most machines first."""
    named = func.array_agg(aggregate_order_by(Asset.name, Asset.name))
    statement = _in_use(select(Client.slug, Client.name, func.count(), named))
    wanted = Asset.product == product if product else Asset.product.is_(None)
    rows = db.session.execute(
        statement.where(wanted)
        .group_by(Client.slug, Client.name, Client.name_key)
        .order_by(func.count().desc(), Client.name_key)
        .limit(PAGE)
        .offset(page * PAGE)
    )
    return [Concerned(slug, name, count, names[:6]) for slug, name, count, names in rows]


def _in_use(statement: Rows) -> Rows:
    return (
        statement.select_from(Asset)
        .join(Client, Client.id == Asset.client_id)
        .where(
            Client.archived_at.is_(None),
            Asset.gone_at.is_(None),
            Asset.status == "in_use",
            Asset.kind.in_(COMPUTERS) | Asset.product.is_not(None),
        )
    )


def bound(*, today: date, kind: str, page: int) -> tuple[list[Bound], int]:
    """A page of the portfolio's contracts by their last useful day, and how many there are in all."""
    asked = {"today": today}
    rows = db.session.execute(
        _engaged(select(Agreement, Client.slug, Client.name, ACT_BY, END), today, kind)
        .order_by(ACT_BY, Client.name_key, Agreement.label)
        .limit(PAGE)
        .offset(page * PAGE),
        asked,
    )
    found = [Bound(row, slug, name, Period(act_by, end)) for row, slug, name, act_by, end in rows]
    total = db.session.scalar(_engaged(select(func.count()), today, kind), asked) or 0
    return found, total


def about_to_renew(*, today: date, days: int) -> tuple[int, int]:
    """How many contracts renew themselves unless a letter arrives within ``days``, and their cents a year."""
    cents = func.coalesce(func.sum(Agreement.yearly_cents), 0)
    statement = _engaged(select(func.count(), cents), today, "").where(
        Agreement.tacit, Agreement.noticed_on.is_(None), today + timedelta(days=days) >= ACT_BY
    )
    count, total = db.session.execute(statement, {"today": today}).one()
    return count, total


def _engaged(statement: Rows, today: date, kind: str) -> Rows:
    listed = with_terms(
        statement.select_from(Agreement).join(Client, Client.id == Agreement.client_id)
    ).where(
        Client.archived_at.is_(None),
        Agreement.gone_at.is_(None),
        Agreement.ends_on.is_not(None),
        today - timedelta(days=MISSED_SHOWN_DAYS) <= ACT_BY,
    )
    return listed.where(Agreement.kind == kind) if kind else listed
