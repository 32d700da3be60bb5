"""What falls due in this room: restore tests planned, and the next one a year after the last."""

from typing import Any

from sqlalchemy import Date, Integer, and_, cast, exists, func, literal, null, select, union_all
from sqlalchemy.sql import FromClause

from mspaudit.backups.models import BackupJob, RestoreTest
from mspaudit.backups.rules import TEST_EVERY_MONTHS
from mspaudit.kernel.french import NB

_test, _job = RestoreTest.__table__, BackupJob.__table__
_t, _j = _test.c, _job.c
_alive = _t.cancelled_at.is_(None)

_planned = select(
    _t.tenant_id,
    _t.client_id,
    literal("restore_test").label("kind"),
    _t.id.label("subject_id"),
    (literal(f"Test de restauration{NB}: ") + _t.what).label("subject"),
    _t.planned_on.label("due_on"),
    _t.planned_on.label("act_by"),
    cast(null(), Integer).label("amount"),
    literal("prévu").label("detail"),
).where(_alive, _t.done_on.is_(None))


def _last() -> FromClause:
    """(tenant_id, client_id, id, done_on) of the last test of each client that did restore something."""
    place: Any = func.row_number().over(
        partition_by=(_t.tenant_id, _t.client_id), order_by=(_t.done_on.desc(), _t.id.desc())
    )
    ranked = (
        select(_t.tenant_id, _t.client_id, _t.id, _t.done_on, place.label("place"))
        .where(_alive, _t.result.in_(("ok", "partly")))
        .subquery("ranked_test")
    )
    return (
        select(ranked.c.tenant_id, ranked.c.client_id, ranked.c.id, ranked.c.done_on)
        .where(ranked.c.place == 1)
        .subquery("last_test")
    )


_l = _last()
_waits = _test.alias("waiting_test")
_same = and_(_waits.c.tenant_id == _l.c.tenant_id, _waits.c.client_id == _l.c.client_id)
_none_planned = ~exists().where(_same, _waits.c.cancelled_at.is_(None), _waits.c.done_on.is_(None))
_followed = exists().where(
    _j.tenant_id == _l.c.tenant_id, _j.client_id == _l.c.client_id, _j.archived_at.is_(None)
)
_due = cast(_l.c.done_on + func.make_interval(0, TEST_EVERY_MONTHS), Date)
_next = select(
    _l.c.tenant_id,
    _l.c.client_id,
    literal("restore_test").label("kind"),
    _l.c.id.label("subject_id"),
    literal("Test de restauration à refaire").label("subject"),
    _due.label("due_on"),
    _due.label("act_by"),
    cast(null(), Integer).label("amount"),
    (literal("le dernier date du ") + func.to_char(_l.c.done_on, "DD/MM/YYYY")).label("detail"),
).where(_none_planned, _followed)

DEADLINES = select(union_all(_planned, _next).subquery("backup_deadline"))
"""(tenant_id, client_id, kind, subject_id, subject, due_on, act_by, amount, detail) of every tenant."""
