"""What falls due at clients, over every room that says so."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import CTE, CompoundSelect, Update, select, union_all, update
from sqlalchemy.dialects.postgresql import distinct_on

from mspaudit import features
from mspaudit.extensions import db
from mspaudit.risk import lines_sql as lines
from mspaudit.risk.models import Standing
from mspaudit.tenancy.context import tenant_id

OVERDUE_SHOWN_DAYS = 30


def every() -> CompoundSelect[Any]:
    """Every room's deadlines, of the tenant and the day that the statement is executed for."""
    return union_all(*(lines.of_tenant(module.DEADLINES) for module in features.modules(features.DEADLINES)))


def write(*, today: date, clients: Sequence[UUID] | None = None) -> None:
    """Write beside each client's figures the deadline to act on first."""
    db.session.execute(_write(clients is not None), lines.parameters(tenant_id(), today, clients))


def _due(some: bool) -> CTE:
    """(client_id, act_by, subject) of the deadline to act on first, those missed a month ago left out."""
    due = every().subquery("due")
    statement = (
        select(due.c.client_id, due.c.act_by, due.c.subject)
        .ext(distinct_on(due.c.client_id))
        .where(due.c.act_by >= lines.TODAY - OVERDUE_SHOWN_DAYS)
        .order_by(due.c.client_id, due.c.act_by, due.c.subject)
    )
    return lines.only(statement, due.c.client_id, some).cte("first_due")


@cache
def _write(some: bool) -> Update:
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
