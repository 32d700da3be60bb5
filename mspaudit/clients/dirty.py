"""Telling the risk computation that something about a client changed."""

from uuid import UUID

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert

from mspaudit.clients.models import Dirty
from mspaudit.extensions import db
from mspaudit.tenancy.context import tenant_id
from mspaudit.tenancy.jobs import enqueue
from mspaudit.tenancy.lifecycle import first_time


def mark(client_id: UUID, *, profile: bool = False) -> None:
    """Have the client's figures recomputed within seconds of this transaction's commit.

    Args:
        profile: its kind, size, units or tags changed, so how hard each scenario would hit did too.
    """
    if not first_time(("dirty", client_id, profile)):
        return
    tenant = tenant_id()
    statement = insert(Dirty).values(
        tenant_id=tenant, client_id=client_id, profile=profile, since=func.clock_timestamp()
    )
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=[Dirty.tenant_id, Dirty.client_id],
            set_={"since": statement.excluded.since, "profile": Dirty.profile | statement.excluded.profile},
        )
    )
    enqueue("risk.recompute", tenant_id=tenant)
