"""Reading the portfolio. Every statement starts from what the context may see."""

from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache, cached_property
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

from mspaudit.checklists.models import LoadedPack
from mspaudit.checklists.packs import words
from mspaudit.clients.models import Assignment, Client, Dirty, Tag
from mspaudit.content.packs import Control
from mspaudit.extensions import db
from mspaudit.identity.models import StaffMember
from mspaudit.kernel.french import fold
from mspaudit.portfolio.rules import MINE, PAGE, Size, Wanted
from mspaudit.risk.deadlines import OVERDUE_SHOWN_DAYS
from mspaudit.risk.deadlines import every as every_deadline
from mspaudit.risk.history import level, rounded
from mspaudit.risk.models import PortfolioDay, Standing
from mspaudit.risk.rounding import level as level_of
from mspaudit.tenancy.context import current, tenant_id

Column = InstrumentedAttribute[Any]
Rows = Select[*tuple[Any, ...]]
_HASH = select(*(func.set_config(name, "off", True) for name in ("enable_nestloop", "enable_sort")))
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


@dataclass
class Overview:
    """The whole portfolio in counts. `marker` changes whenever a figure does.

    `dots`: clients by (integer risk, kind). `waiting`: clients without figures yet; `dirty`: those whose
    figures are about to change.
    """

    kinds: dict[str, int] = field(default_factory=lambda: {"commune": 0, "enterprise": 0})
    dots: dict[tuple[int, str], int] = field(default_factory=dict)
    sums: dict[str, float] = field(default_factory=lambda: {"risk": 0.0, "posture": 0.0, "certainty": 0.0})
    waiting: int = 0
    dirty: int = 0
    computed_at: datetime | None = None
    clients: list[UUID] = field(default_factory=list)

    @property
    def total(self) -> int:
        """Every client seen."""
        return sum(self.kinds.values())

    @property
    def computed(self) -> int:
        """Those that have figures."""
        return self.total - self.waiting

    @cached_property
    def levels(self) -> list[int]:
        """Clients by level, faible to critique."""
        found = [0, 0, 0, 0]
        for (risk, _kind), count in self.dots.items():
            found[min(risk // 25, 3)] += count
        return found

    def like(self, standing: Standing | None) -> int:
        """How many clients share the level of that one, or have no figures either."""
        return self.waiting if standing is None else self.levels[level_of(standing.risk) - 1]

    @property
    def marker(self) -> str:
        """What the page shows, in a few letters."""
        return marked(self.computed_at, self.dirty)

    def mean(self, figure: str) -> float:
        """The mean of `risk`, `posture` or `certainty` over the computed clients; 0 without any."""
        return self.sums[figure] / self.computed if self.computed else 0.0


def overview() -> Overview:
    """The portfolio in counts; over a whole tenant it also has PostgreSQL join by hashing from here on.

    The planner takes a policy's « all clients or those listed » for one row in 150, and a nested loop over
    5,000 clients, where it expected 34, takes a second.
    """
    limited = current().kind == "limited"
    if not limited:
        db.session.execute(_HASH)
    found = Overview()
    for kind, risk, count, computed_at, dirty, *sums, clients in db.session.execute(_counts(limited)):
        found.kinds[kind] += count
        found.computed_at, found.dirty = computed_at, dirty
        found.clients += clients or []
        if risk is None:
            found.waiting += count
            continue
        found.dots[risk, kind] = found.dots.get((risk, kind), 0) + count
        for name, value in zip(found.sums, sums, strict=True):
            found.sums[name] += value
    return found


@cache
def _counts(limited: bool) -> Rows:
    shown = rounded(Standing.risk)
    columns: list[Any] = [
        Client.kind,
        shown,
        func.count(),
        *_marks(),
        *(func.sum(getattr(Standing, name)) for name in ("risk", "posture", "certainty")),
        func.array_agg(Client.id) if limited else null(),
    ]
    return (
        select(*columns)
        .outerjoin(Standing, Standing.client_id == Client.id)
        .where(Client.archived_at.is_(None))
        .group_by(Client.kind, shown)
    )


def marker() -> str:
    """`Overview.marker` alone, for a page that asks every three seconds whether anything moved."""
    return marked(*db.session.execute(select(*_marks())).one())


def marked(computed_at: datetime | None, dirty: int) -> str:
    """The last computation and the clients that wait for the next."""
    return f"{computed_at.timestamp() if computed_at else 0:.6f}-{dirty}"


def _marks() -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    computed_at = select(func.max(PortfolioDay.computed_at)).scalar_subquery()
    dirty = (
        select(func.count())
        .select_from(Dirty)
        .join(Client, Client.id == Dirty.client_id)
        .where(Client.archived_at.is_(None))
    )
    return computed_at, dirty.scalar_subquery()


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
        controls=_controls([digest for digest, _ in sorted(found["pack"], key=lambda pair: pair[1])]),
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


def controls() -> Mapping[str, Control]:
    """The controls of every pack this MSP loaded, by code; a later pack's words win."""
    return _controls(db.session.scalars(select(LoadedPack.digest).order_by(LoadedPack.id)).all())


def _controls(digests: Sequence[str]) -> Mapping[str, Control]:
    return ChainMap(*({c.code: c for c in words(digest).controls} for digest in reversed(digests)))


@dataclass(frozen=True)
class Deadline:
    """Something due at a client: `act_by` is the last useful day, `due_on` the end."""

    kind: str
    subject: str
    due_on: date
    act_by: date
    amount: int | None
    detail: str | None


def deadlines(client_id: UUID, *, today: date) -> list[Deadline]:
    """What is due at a client, what was missed within a month included, the first to act on first."""
    due = every_deadline().subquery("due").c
    rows = db.session.execute(
        select(due.kind, due.subject, due.due_on, due.act_by, due.amount, due.detail)
        .where(
            due.client_id == client_id,
            due.act_by >= today - timedelta(days=OVERDUE_SHOWN_DAYS),
        )
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
