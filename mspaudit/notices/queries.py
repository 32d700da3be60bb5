"""Reading deadlines and what was said of them. Every statement starts from what the context may see."""

from collections.abc import Collection, Sequence
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
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from mspaudit.clients.models import Assignment, Client, Tag
from mspaudit.extensions import db
from mspaudit.identity.models import StaffMember
from mspaudit.kernel.french import fold
from mspaudit.notices.models import DeadlineState
from mspaudit.notices.rules import DONE, OPEN, SEEN, SNOOZED, SOON_DAYS
from mspaudit.notices.wanted import MINE, NOBODYS, PAGE, Wanted
from mspaudit.risk.models import Deadline
from mspaudit.tenancy.context import current

CALENDAR = "calendar"
MOST_COUNTED = 500
Rows = Select[*tuple[Any, ...]]
_assignee = aliased(StaffMember)


@dataclass(frozen=True)
class Row:
    """One deadline as the list shows it. ``who``: its assignee, or the technicians of its client."""

    deadline: Deadline
    client_slug: str
    client_name: str
    said: DeadlineState | None
    who: list[str]

    @property
    def state(self) -> str:
        """What was said of it; `open` when nothing was."""
        return self.said.state if self.said else OPEN


@dataclass(frozen=True)
class Page:
    """One page of the list. ``total`` stops at ``MOST_COUNTED``; ``soon`` and ``late`` count every page."""

    rows: list[Row]
    total: int
    late: int
    soon: int
    more: bool

    @property
    def many(self) -> bool:
        """Whether there are more than are counted."""
        return self.total >= MOST_COUNTED


def page(wanted: Wanted, *, today: date, client_id: UUID | None = None) -> Page:
    """One page of the deadlines that the filters keep, the first to act on first; three statements."""
    # An alias of the model and not of the table: the session then knows whose rows these are.
    counted = select(Deadline.tenant_id, Deadline.client_id, Deadline.id, Deadline.act_by)
    kept = aliased(Deadline, _kept(counted, wanted, today, client_id).limit(MOST_COUNTED).subquery())
    total, late, soon = db.session.execute(
        select(
            func.count(kept.id),
            func.count().filter(kept.act_by < today),
            func.count().filter(kept.act_by.between(today, today + timedelta(days=SOON_DAYS))),
        )
    ).one()
    shown = (
        _kept(
            select(Deadline, Client.slug, Client.name, DeadlineState, _assignee.name),
            wanted,
            today,
            client_id,
        )
        .join(Client, Client.id == Deadline.client_id)
        .outerjoin(_assignee, _assignee.id == DeadlineState.assignee_id)
        .limit(PAGE + 1)
        .offset((wanted.page - 1) * PAGE)
    )
    found = db.session.execute(shown).all()
    return Page(_rows(found[:PAGE]), total, late, soon, len(found) > PAGE)


def deadline(deadline_id: UUID) -> Row | None:
    """One deadline with what was said of it, if this context may see it."""
    statement = (
        select(Deadline, Client.slug, Client.name, DeadlineState, _assignee.name)
        .join(Client, Client.id == Deadline.client_id)
        .outerjoin(DeadlineState, DeadlineState.id == Deadline.id)
        .outerjoin(_assignee, _assignee.id == DeadlineState.assignee_id)
        .where(Deadline.id == deadline_id)
    )
    return next(iter(_rows(db.session.execute(statement).all())), None)


def by_ids(ids: Collection[UUID]) -> Sequence[Deadline]:
    """Those of these deadlines that still exist and that this context may see."""
    return db.session.scalars(select(Deadline).where(Deadline.id.in_(ids))).all()


def states(ids: Collection[UUID]) -> dict[UUID, DeadlineState]:
    """What was said of these deadlines, held so that two changes at once do not cross."""
    found = db.session.scalars(select(DeadlineState).where(DeadlineState.id.in_(ids)).with_for_update())
    return {row.id: row for row in found}


def changed_by(change_id: UUID) -> Sequence[DeadlineState]:
    """What one change wrote, as long as nothing was said since."""
    return db.session.scalars(select(DeadlineState).where(DeadlineState.change_id == change_id)).all()


def clients_of(member_id: UUID) -> set[UUID]:
    """The clients that a colleague looks after."""
    return set(db.session.scalars(select(Assignment.client_id).where(Assignment.member_id == member_id)))


@dataclass(frozen=True)
class Choices:
    """What the filters offer: labels, and the colleagues who can be in charge."""

    tags: list[str]
    technicians: list[tuple[UUID, str]]


def choices() -> Choices:
    """Labels in use and technicians; one statement."""
    rows = db.session.execute(_offered()).all()
    return Choices(
        tags=sorted((text for what, _, text in rows if what == "tag"), key=fold),
        technicians=sorted(
            ((key, text) for what, key, text in rows if what == "member"), key=lambda pair: fold(pair[1])
        ),
    )


@cache
def _offered() -> CompoundSelect[*tuple[Any, ...]]:
    tags = select(literal("tag"), cast(null(), Uuid), Tag.tag).distinct()
    people = select(literal("member"), StaffMember.id, StaffMember.name).where(
        StaffMember.disabled_at.is_(None), StaffMember.role != "reader"
    )
    return union_all(tags, people)


def _rows(found: Sequence[Any]) -> list[Row]:
    clients = {row[0].client_id for row in found if row[4] is None}
    assigned: dict[UUID, list[str]] = {}
    if clients:
        statement = (
            select(Assignment.client_id, StaffMember.name)
            .join(StaffMember, StaffMember.id == Assignment.member_id)
            .where(Assignment.client_id.in_(clients), StaffMember.disabled_at.is_(None))
            .order_by(StaffMember.name)
        )
        for client_id, name in db.session.execute(statement):
            assigned.setdefault(client_id, []).append(name)
    return [
        Row(row[0], row[1], row[2], row[3], [row[4]] if row[4] else assigned.get(row[0].client_id, []))
        for row in found
    ]


def _kept(statement: Rows, wanted: Wanted, today: date, client_id: UUID | None) -> Rows:
    statement = (
        statement.select_from(Deadline)
        .outerjoin(DeadlineState, DeadlineState.id == Deadline.id)
        .where(Deadline.act_by.between(*wanted.window(today)), of_state(wanted.state, today))
        .order_by(Deadline.act_by, Deadline.id)
    )
    if client_id is not None:
        statement = statement.where(Deadline.client_id == client_id)
    if wanted.kind:
        statement = statement.where(Deadline.kind == wanted.kind)
    elif client_id is None:
        statement = statement.where(Deadline.kind != CALENDAR)
    for word in wanted.words:
        said = func.lower(Deadline.subject).contains(word, autoescape=True)
        named = select(Client.id).where(Client.name_key.contains(word, autoescape=True))
        statement = statement.where(or_(Deadline.client_id.in_(named), said))
    if wanted.tag:
        statement = statement.where(
            Deadline.client_id.in_(select(Tag.client_id).where(Tag.tag == wanted.tag))
        )
    return statement if not wanted.technician else statement.where(_in_charge(wanted))


def of_state(state: str, today: date) -> ColumnElement[bool]:
    """Whether a deadline, beside what was said of it, belongs to that list (see ``wanted.STATES``)."""
    s = DeadlineState
    away = and_(s.state == SNOOZED, s.until > today)
    if state == "reportees":
        return away
    if state == "faites":
        return s.state == DONE
    return or_(s.id.is_(None), s.state.in_((OPEN, SEEN)), and_(s.state == SNOOZED, s.until <= today))


def _in_charge(wanted: Wanted) -> ColumnElement[bool]:
    """The one named on the deadline, or when nobody is, one of those who look after the client."""
    unnamed = DeadlineState.assignee_id.is_(None)
    if wanted.technician == NOBODYS:
        return and_(unnamed, Deadline.client_id.not_in(select(Assignment.client_id)))
    member = current().member_id if wanted.technician == MINE else wanted.member
    mine = select(Assignment.client_id).where(Assignment.member_id == member)
    return or_(DeadlineState.assignee_id == member, and_(unnamed, Deadline.client_id.in_(mine)))
