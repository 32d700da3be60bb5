"""Who is to be told of what: thresholds reached, written once to each person in one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnElement,
    DateTime,
    Integer,
    Select,
    SmallInteger,
    Table,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    column,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import insert

from mspaudit.clients.models import Assignment, Client
from mspaudit.extensions import db
from mspaudit.identity.models import StaffMember
from mspaudit.notices.kinds import KINDS, OTHER
from mspaudit.notices.models import DeadlineState, KindThresholds, Notice
from mspaudit.notices.rules import DONE, LAST_WEEK, MOST_DAYS, SEEN, SNOOZED, URGENT_DAYS
from mspaudit.risk.deadlines import OVERDUE_SHOWN_DAYS
from mspaudit.risk.lines_sql import TENANT, TODAY
from mspaudit.risk.models import Deadline
from mspaudit.tenancy.context import tenant_id

MEMBER = bindparam("member", type_=Uuid)
EVERYONE = bindparam("everyone", type_=Boolean)
NOW = bindparam("now", type_=DateTime(timezone=True))
KNOWN = bindparam("known", type_=ARRAY(Text))
RULE_KINDS = bindparam("rule_kinds", type_=ARRAY(Text))
RULE_DAYS = bindparam("rule_days", type_=ARRAY(Integer))

_d, _s = Deadline.__table__, DeadlineState.__table__
_a, _m = Assignment.__table__, StaffMember.__table__
_n: Table = Notice.metadata.tables[Notice.__tablename__]


@dataclass(frozen=True)
class Line:
    """One deadline that somebody is told of. ``threshold`` is None for a reminder without a threshold."""

    deadline_id: UUID
    client: str
    kind: str
    subject_id: UUID
    subject: str
    act_by: date
    due_on: date
    threshold: int | None = None


def rules() -> Mapping[str, Sequence[int]]:
    """The thresholds of every kind at this MSP; those of « » are for a kind nobody named."""
    own = {row.kind: row.days for row in db.session.scalars(select(KindThresholds))}
    return {"": OTHER.days, **{code: kind.days for code, kind in KINDS.items()}, **own}


def claim(
    member: StaffMember, known: Mapping[str, Sequence[int]], *, today: date, now: datetime, urgent: bool
) -> list[Line]:
    """Write that this member is told today, and return what they are told; each pair once, ever.

    Whoever calls queues the mail in the same transaction: a worker killed in between has told nothing.

    Args:
        known: ``rules()``.
        urgent: only the deadlines with a day or less left.
    """
    values = _values(member, known, today) | {"now": now}
    rows = db.session.execute(_claim(urgent), values).all()
    told = {row.deadline_id: row.threshold for row in rows if not row.passed}
    return _lines(told)


def before(member: StaffMember, *, today: date, until: date) -> list[Line]:
    """What this member has to do after today and up to ``until``, whatever they were told already."""
    due = _theirs().subquery("due").c
    found = db.session.scalars(
        select(due.id).where(due.act_by > today, due.act_by <= until, due.state.is_distinct_from(SEEN)),
        _values(member, {}, today),
    ).all()
    return _lines(dict.fromkeys(found))


def _values(member: StaffMember, known: Mapping[str, Sequence[int]], today: date) -> dict[str, Any]:
    pairs = [(kind, days) for kind, thresholds in known.items() for days in thresholds]
    return {
        "tenant": tenant_id(),
        "today": today,
        "member": member.id,
        "everyone": member.serves_all,
        "known": list(known),
        "rule_kinds": [kind for kind, _ in pairs],
        "rule_days": [days for _, days in pairs],
    }


def _lines(thresholds: Mapping[UUID, int | None]) -> list[Line]:
    statement = (
        select(
            Deadline.id,
            Client.name,
            Deadline.kind,
            Deadline.subject_id,
            Deadline.subject,
            Deadline.act_by,
            Deadline.due_on,
        )
        .join(Client, Client.id == Deadline.client_id)
        .where(Deadline.id.in_(thresholds))
        .order_by(Deadline.act_by, Client.name_key, Deadline.id)
    )
    return [Line(*row, thresholds[row[0]]) for row in db.session.execute(statement)]


def _active() -> ColumnElement[bool]:
    return and_(_m.c.tenant_id == TENANT, _m.c.disabled_at.is_(None), _m.c.role != "reader")


def _assigned(member: ColumnElement[UUID]) -> Select[Any]:
    return select(_a.c.member_id).where(
        _a.c.tenant_id == TENANT, _a.c.client_id == _d.c.client_id, _a.c.member_id == member
    )


def _responsible() -> ColumnElement[bool]:
    """The one in charge if they can act; else those assigned to the client; else who serves all clients."""
    able = or_(StaffMember.serves_all, _assigned(_m.c.id).exists())
    named = select(_m.c.id).where(_active(), _m.c.id == _s.c.assignee_id, able).exists()
    looked_after = (
        select(_a.c.member_id)
        .join(_m, and_(_m.c.tenant_id == _a.c.tenant_id, _m.c.id == _a.c.member_id))
        .where(_active(), _a.c.tenant_id == TENANT, _a.c.client_id == _d.c.client_id)
        .exists()
    )
    return case(
        (named, _s.c.assignee_id == MEMBER), (looked_after, _assigned(MEMBER).exists()), else_=EVERYONE
    )


def _theirs() -> Select[Any]:
    """The deadlines of a year to come that ask something of the member; those long missed left out."""
    said = and_(_s.c.tenant_id == _d.c.tenant_id, _s.c.id == _d.c.id)
    quiet = or_(_s.c.state == DONE, and_(_s.c.state == SNOOZED, _s.c.until > TODAY))
    return (
        select(_d.c.id, _d.c.client_id, _d.c.kind, _d.c.act_by, _s.c.state, _s.c.thresholds)
        .outerjoin(_s, said)
        .where(_d.c.tenant_id == TENANT, _d.c.act_by.between(TODAY - OVERDUE_SHOWN_DAYS, TODAY + MOST_DAYS))
        .where(func.coalesce(quiet, False).is_(False), _responsible())
    )


@cache
def _claim(urgent: bool) -> Any:
    due = _theirs().cte("due")
    listed = func.unnest(RULE_KINDS, RULE_DAYS).table_valued(
        column("kind", Text), column("days", Integer), name="rule"
    )
    rule = listed.render_derived()
    mine = case((due.c.kind == func.any(KNOWN), due.c.kind), else_="")
    usual = (
        select(due.c.id, due.c.client_id, due.c.act_by, due.c.state, rule.c.days)
        .join(rule, rule.c.kind == mine)
        .where(due.c.thresholds.is_(None))
    )
    own = cast(func.unnest(due.c.thresholds), Integer).label("days")
    special = select(due.c.id, due.c.client_id, due.c.act_by, due.c.state, own)
    every = union_all(usual, special).subquery("every").c
    first = func.min(every.days).over(partition_by=every.id)
    reached = (
        select(every.id, every.client_id, every.days, first.label("first"))
        .where((every.act_by - every.days) <= TODAY)
        .where(or_(every.state.is_distinct_from(SEEN), every.days <= LAST_WEEK))
        .subquery("reached")
        .c
    )
    new = select(
        TENANT, reached.client_id, reached.id, MEMBER, cast(reached.days, SmallInteger),
        reached.days != reached.first, NOW,
    )  # fmt: skip
    # In one order, so that two statements at once wait for each other instead of crossing.
    new = new.order_by(reached.id, reached.days)
    if urgent:
        new = new.where(reached.first <= URGENT_DAYS)
    names = ["tenant_id", "client_id", "deadline_id", "member_id", "threshold", "passed", "at"]
    statement = insert(_n).from_select(names, new).on_conflict_do_nothing()
    return statement.returning(_n.c.deadline_id, _n.c.threshold, _n.c.passed)
