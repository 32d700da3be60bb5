"""Reading the journal of the current MSP, the latest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, tuple_

from mspaudit.extensions import Base, db
from mspaudit.journal.models import Entry
from mspaudit.tenancy.context import tenant_id

PAGE = 50


@dataclass(frozen=True, slots=True)
class Filters:
    """What to keep; None keeps all."""

    login_id: UUID | None = None
    client_id: UUID | None = None
    verb: str | None = None


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page ends: the next holds what is older."""

    at: datetime
    id: UUID

    def __str__(self) -> str:
        return f"{self.at.isoformat()}_{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Cursor | None":
        """A cursor as it travels in an address; None when it is not one."""
        at, _, entry_id = text.partition("_")
        try:
            found = cls(datetime.fromisoformat(at), UUID(entry_id))
        except ValueError:
            return None
        return found if found.at.tzinfo is not None else None


def page(filters: Filters, before: Cursor | None = None) -> tuple[Sequence[Entry], Cursor | None]:
    """One page of entries, and where the next begins (None on the last)."""
    query = select(Entry).order_by(Entry.at.desc(), Entry.id.desc()).limit(PAGE + 1)
    for column in ("login_id", "client_id", "verb"):
        wanted = getattr(filters, column)
        if wanted is not None:
            query = query.where(getattr(Entry, column) == wanted)
    if before is not None:
        query = query.where(tuple_(Entry.at, Entry.id) < (before.at, before.id))
    found = db.session.scalars(query).all()
    more = len(found) > PAGE
    return found[:PAGE], Cursor(found[PAGE - 1].at, found[PAGE - 1].id) if more else None


def clients() -> dict[UUID, str]:
    """Name of each client, by identifier and in order of name."""
    # Tables by name: their rooms stand above this one.
    table = Base.metadata.tables["client"]
    rows = db.session.execute(
        select(table.c.id, table.c.name).where(table.c.tenant_id == tenant_id()).order_by(table.c.name_key)
    )
    return {row.id: row.name for row in rows}


def people() -> dict[UUID, str]:
    """Everyone who may have done something, by login: the MSP's members, then the clients' people."""
    found: dict[UUID, str] = {}
    for name in ("staff_member", "client_member"):
        table = Base.metadata.tables[name]
        query = select(table.c.login_id, table.c.name).where(table.c.tenant_id == tenant_id())
        for row in db.session.execute(query.order_by(table.c.name)):
            found.setdefault(row.login_id, row.name)
    return found
