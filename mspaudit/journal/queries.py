"""Reading the journal of the current MSP, the latest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text, tuple_

from mspaudit.extensions import Base, db
from mspaudit.journal.models import Entry
from mspaudit.tenancy.context import tenant_id

PAGE = 50


# Numbers follow one another from 1, and each entry's hash is that of its content over the one before.
_FIRST_BROKEN = text(
    "SELECT coalesce(seq, place) FROM ("
    " SELECT j.seq, j.hash, row_number() OVER chain AS place,"
    r"  tenancy.journal_hash(coalesce(lag(j.hash) OVER chain, '\x'), j.seq, j) AS expected"
    "  FROM journal j WHERE j.tenant_id = :tenant WINDOW chain AS (ORDER BY j.seq)"
    ") AS links WHERE seq IS DISTINCT FROM place OR hash IS DISTINCT FROM expected"
    " ORDER BY place LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link of the chain as noted outside the database: the number of an entry and its hash."""

    seq: int
    hash: bytes


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


def head() -> Anchor | None:
    """The last link of the current MSP's chain; None while its journal is empty."""
    query = select(Entry.seq, Entry.hash).where(Entry.seq.is_not(None)).order_by(Entry.seq.desc()).limit(1)
    row = db.session.execute(query).one_or_none()
    return None if row is None else Anchor(row.seq, row.hash)


def verify(anchor: Anchor | None = None) -> int | None:
    """The number of the first entry that was changed, removed or slipped in; None when the chain is whole.

    Entries removed from the end leave a whole chain: only an anchor kept elsewhere shows them. Needs a
    context that sees the whole journal, and none of its own entries waiting for the commit.
    """
    broken: int | None = db.session.execute(_FIRST_BROKEN, {"tenant": tenant_id()}).scalar()
    if broken is None and anchor is not None:
        kept = db.session.scalar(select(Entry.hash).where(Entry.seq == anchor.seq))
        return None if kept == anchor.hash else anchor.seq
    return broken
