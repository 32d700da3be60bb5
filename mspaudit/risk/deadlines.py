"""What falls due at clients, over every room that says so.

The rooms' own SELECTs are read for one client at a time; for the whole portfolio they would scan every
answer, so each computation copies what they say to the table ``deadline``, which is read by date.
"""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CTE,
    ColumnElement,
    CompoundSelect,
    Select,
    Table,
    Update,
    Uuid,
    and_,
    cast,
    delete,
    func,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import distinct_on, insert

from mspaudit import features
from mspaudit.clients.models import Client
from mspaudit.extensions import db
from mspaudit.risk import lines_sql as lines
from mspaudit.risk.models import Deadline, Standing
from mspaudit.tenancy.context import tenant_id

OVERDUE_SHOWN_DAYS = 30
# What was due longer ago is history, which its own room keeps.
KEPT_DAYS = 365
TOLD = ("client_id", "kind", "subject_id", "subject", "due_on", "act_by", "amount", "detail")

_deadline: Table = Deadline.metadata.tables[Deadline.__tablename__]
_client = Client.__table__


def every() -> CompoundSelect[Any]:
    """Every room's deadlines, of the tenant and the day that the statement is executed for."""
    return union_all(*(lines.of_tenant(module.DEADLINES) for module in features.modules(features.DEADLINES)))


def identity(due: Any) -> ColumnElement[UUID]:
    """The identifier of a deadline, from the columns of ``every()``."""
    parts = (due.client_id, due.kind, due.subject_id, func.to_char(due.due_on, "YYYYMMDD"))
    digest = func.sha256(func.convert_to(func.concat_ws("|", *parts), "UTF8"))
    return cast(func.substr(func.encode(digest, "hex"), 1, 32), Uuid)


def settled(deadline_id: ColumnElement[UUID]) -> ColumnElement[bool]:
    """Whether somebody said that there is nothing to do about it, for good or until a later day."""
    said = union_all(*(lines.of_tenant(module.SETTLED) for module in features.modules(features.SETTLED)))
    s = said.subquery("settled").c
    return (
        select(s.deadline_id)
        .where(s.deadline_id == deadline_id, or_(s.until.is_(None), s.until > lines.TODAY))
        .exists()
    )


def of_client(client_id: UUID) -> Select[Any]:
    """What is still to do at one client, as its rooms tell it at this very moment; `TOLD` columns."""
    due = every().subquery("due").c
    return select(*(due[name] for name in TOLD)).where(due.client_id == client_id, ~settled(identity(due)))


def write(*, today: date, clients: Sequence[UUID] | None = None) -> None:
    """Copy what the rooms tell, and write beside each client's figures the deadline to act on first."""
    values = lines.parameters(tenant_id(), today, clients)
    for statement in (_forget(clients is not None), _copy(clients is not None), _first(clients is not None)):
        db.session.execute(statement, values)


def _source(some: bool) -> CTE:
    due = every().subquery("due").c
    alive = and_(_client.c.tenant_id == lines.TENANT, _client.c.id == due.client_id)
    told = (
        select(identity(due).label("id"), *(due[name] for name in TOLD))
        .join(_client, alive)
        .where(_client.c.archived_at.is_(None), due.act_by >= lines.TODAY - KEPT_DAYS)
    )
    t = lines.only(told, due.client_id, some).subquery("told").c
    once = select(*t).ext(distinct_on(t.id)).order_by(t.id, t.act_by, t.subject)
    return once.cte("source").prefix_with("MATERIALIZED")


@cache
def _copy(some: bool) -> Any:
    source = _source(some)
    statement = insert(_deadline).from_select(
        ["tenant_id", "id", *TOLD],
        select(lines.TENANT, source.c.id, *(source.c[name] for name in TOLD)),
    )
    told = {name: statement.excluded[name] for name in TOLD}
    changed = or_(*(_deadline.c[name].is_distinct_from(value) for name, value in told.items()))
    return statement.on_conflict_do_update(
        index_elements=[_deadline.c.tenant_id, _deadline.c.id],
        set_={**told, "changed_at": func.now()},
        where=changed,
    )


@cache
def _forget(some: bool) -> Any:
    source = _source(some)
    mine = [_deadline.c.tenant_id == lines.TENANT]
    if some:
        mine.append(_deadline.c.client_id == func.any(lines.CLIENTS))
    return delete(_deadline).where(*mine, _deadline.c.id.not_in(select(source.c.id)))


def _due(some: bool) -> CTE:
    """(client_id, act_by, subject) of the deadline to act on first, those missed a month ago left out."""
    due = _deadline.c
    statement = (
        select(due.client_id, due.act_by, due.subject)
        .ext(distinct_on(due.client_id))
        .where(due.tenant_id == lines.TENANT, due.act_by >= lines.TODAY - OVERDUE_SHOWN_DAYS)
        .where(~settled(due.id))
        .order_by(due.client_id, due.act_by, due.subject)
    )
    return lines.only(statement, due.client_id, some).cte("first_due")


@cache
def _first(some: bool) -> Update:
    table = Standing.metadata.tables[Standing.__tablename__]
    row, due = table.alias("known"), _due(some)
    first = lines.only(
        select(row.c.client_id, due.c.act_by, due.c.subject)
        .join_from(row, due, due.c.client_id == row.c.client_id, isouter=True)
        .where(row.c.tenant_id == lines.TENANT),
        row.c.client_id,
        some,
    ).cte("first")
    changed = table.c.act_by.is_distinct_from(first.c.act_by) | table.c.deadline.is_distinct_from(
        first.c.subject
    )
    return (
        update(table)
        .values(act_by=first.c.act_by, deadline=first.c.subject)
        .where(table.c.tenant_id == lines.TENANT, table.c.client_id == first.c.client_id, changed)
    )
