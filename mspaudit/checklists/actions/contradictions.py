"""What measurements disprove, written down for those who may not read what was measured."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import delete, insert

from mspaudit.checklists import queries
from mspaudit.checklists.models import Contradiction
from mspaudit.checklists.queries.measured import parameters
from mspaudit.extensions import db
from mspaudit.tenancy.context import tenant_id

_table = Contradiction.metadata.tables[Contradiction.__tablename__]
COLUMNS = ("tenant_id", "client_id", "code", "value", "observed_on", "detail", "by")


def rewrite(found: Sequence[UUID], *, today: date, clients: Sequence[UUID] | None) -> None:
    """Write the contradictions of the clients `found` to have any, and forget the others'; safe to run twice.

    Args:
        clients: those that were computed; every client of the tenant when None.
    """
    gone = delete(Contradiction).where(Contradiction.tenant_id == tenant_id())
    if clients is not None:
        gone = gone.where(Contradiction.client_id.in_(clients))
    db.session.execute(gone.execution_options(synchronize_session=False))
    if found:
        rows = queries.disproving(found)
        db.session.execute(insert(_table).from_select(COLUMNS, rows), parameters(tenant_id(), today, found))
