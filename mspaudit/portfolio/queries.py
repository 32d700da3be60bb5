"""Reading the portfolio. Every statement starts from what the context may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    Uuid,
    and_,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, load_only

from mspaudit.checklists import naming
from mspaudit.checklists.models import LoadedPack
from mspaudit.clients.models import Assignment, Client, Tag
from mspaudit.content.packs import Control
from mspaudit.extensions import db
from mspaudit.identity.models import StaffMember
from mspaudit.kernel.french import fold
from mspaudit.portfolio.overview import Overview
from mspaudit.portfolio.rules import MINE, PAGE, Size, Wanted
from mspaudit.risk.deadlines import OVERDUE_SHOWN_DAYS
from mspaudit.risk.deadlines import of_client as to_do
from mspaudit.risk.history import level
from mspaudit.risk.models import Standing
from mspaudit.tenancy.context import current, tenant_id

Column = InstrumentedAttribute[Any]
Rows = Select[*tuple[Any, ...]]
# What a row of the table shows, so that ordering thousands of clients carries no more than that.
_SHOWN = (
    load_only(
        Client.slug, Client.name, Client.kind, Client.population, Client.headcount, Client.last_contact_at
    ),
    load_only(
        Standing.risk, Standing.missing, Standing.unproven, Standing.certainty, Standing.worst,
        Standing.worst_exposure, Standing.contradicted, Standing.delta, Standing.spark, Standing.act_by,
        Standing.deadline,
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One line of the table; `standing` is None until the client is computed."""

    client: Client
    standing: Standing | None
    tags: Sequence[str]
    in_level: int


@dataclass(frozen=True)
class Page:
    """One page of the table and how many clients the filters keep."""

    rows: list[Row]
    total: int


def page(wanted: Wanted, whole: Overview) -> Page:
    """One page of the table. Counts come from `whole` unless a filter narrows them."""
    tags = (
        select(func.array_agg(Tag.tag))
        .where(Tag.client_id == Client.id, Tag.tenant_id == Client.tenant_id)
        .correlate(Client)
        .scalar_subquery()
    )
    columns: list[Any] = [Client, Standing, tags]
    if wanted.filtered:
        # Counting over a window reads and keeps every row: only when nothing else knows the count.
        columns += [func.count().over(partition_by=level(Standing.risk)), func.count().over()]
    rows: list[Any] = list(
        db.session.execute(
            _kept(select(*columns).options(*_SHOWN), wanted)
            .order_by(*_ordered(wanted.order))
            .limit(PAGE)
            .offset((wanted.page - 1) * PAGE)
        )
    )
    if wanted.filtered:
        found = [Row(row[0], row[1], sorted(row[2] or ()), row[3]) for row in rows]
        return Page(found, rows[0][4] if rows else 0)
    return Page([Row(row[0], row[1], sorted(row[2] or ()), whole.like(row[1])) for row in rows], whole.total)


def every(wanted: Wanted) -> list[tuple[Client, Standing | None]]:
    """Every client that the filters keep, in order, to export."""
    statement = _kept(select(Client, Standing), wanted).order_by(*_ordered(wanted.order))
    return [(client, found) for client, found in db.session.execute(statement)]


@dataclass(frozen=True)
class Choices:
    """What the filters offer, and the words of the controls in use."""

    tags: list[str]
    technicians: list[tuple[UUID, str]]
    controls: Mapping[str, Control]


def choices() -> Choices:
    """Labels in use, technicians who look after someone, and loaded packs; one statement."""
    found: dict[str, list[tuple[str, UUID]]] = {"tag": [], "member": [], "pack": []}
    rows: list[Any] = list(db.session.execute(_offered()))
    for what, key, text in rows:
        found[what].append((text, key))
    return Choices(
        tags=sorted((text for text, _ in found["tag"]), key=fold),
        technicians=[(key, text) for text, key in sorted(found["member"])],
        controls=naming.of_packs([digest for digest, _ in sorted(found["pack"], key=lambda pair: pair[1])]),
    )


@cache
def _offered() -> CompoundSelect[*tuple[Any, ...]]:
    tags = select(literal("tag"), cast(null(), Uuid), Tag.tag).distinct()
    people = (
        select(literal("member"), StaffMember.id, StaffMember.name)
        .join(Assignment, Assignment.member_id == StaffMember.id)
        .where(StaffMember.disabled_at.is_(None))
        .distinct()
    )
    return union_all(tags, people, select(literal("pack"), LoadedPack.id, LoadedPack.digest))


@dataclass(frozen=True)
class Deadline:
    """Something due at a client: `act_by` is the last useful day, `due_on` the end; `amount` in cents."""

    kind: str
    subject: str
    due_on: date
    act_by: date
    amount: int | None
    detail: str | None


def deadlines(client_id: UUID, *, today: date) -> list[Deadline]:
    """What is to do at a client, what was missed within a month included, the first to act on first."""
    due = to_do(client_id).subquery("due").c
    rows = db.session.execute(
        select(due.kind, due.subject, due.due_on, due.act_by, due.amount, due.detail)
        .where(due.act_by >= today - timedelta(days=OVERDUE_SHOWN_DAYS))
        .order_by(due.act_by, due.subject),
        {"today": today, "tenant": tenant_id()},
    )
    return [Deadline(*row) for row in rows]


def _kept(statement: Rows, wanted: Wanted) -> Rows:
    statement = (
        statement.select_from(Client)
        .outerjoin(Standing, Standing.client_id == Client.id)
        .where(Client.archived_at.is_(None))
    )
    for word in wanted.words:
        statement = statement.where(Client.name_key.contains(word, autoescape=True))
    if wanted.kind:
        statement = statement.where(Client.kind == wanted.kind)
    if wanted.tag:
        tagged = select(Tag.client_id).where(Tag.tag == wanted.tag)
        statement = statement.where(Client.id.in_(tagged))
    member = current().member_id if wanted.technician == MINE else wanted.member
    if member is not None:
        assigned = select(Assignment.client_id).where(Assignment.member_id == member)
        statement = statement.where(Client.id.in_(assigned))
    return statement if wanted.band is None else statement.where(_within(wanted.band))


def _within(band: Size) -> ColumnElement[bool]:
    size = Client.population if band.kind == "commune" else Client.headcount
    within = and_(Client.kind == band.kind, size >= band.least)
    return within if band.below is None else and_(within, size < band.below)


def _ordered(order: str) -> list[ColumnElement[Any]]:
    """What is not known comes last either way; ties by name, then by identifier."""
    columns: dict[str, Column] = {
        "client": Client.name_key,
        "risque": Standing.risk,
        "evolution": Standing.delta,
        "certitude": Standing.certainty,
        "scenario": Standing.worst_exposure,
        "echeance": Standing.act_by,
        "contact": Client.last_contact_at,
    }
    column = columns[order.removeprefix("-")]
    first = column.desc() if order.startswith("-") else column.asc()
    return [first.nulls_last(), Client.name_key.asc(), Client.id.asc()]
