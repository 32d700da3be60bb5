"""Rows of an import written a part at a time, with what each was before: one statement for all, whatever
their number. Used by the feeds alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, DateTime, Table, Uuid, delete, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from mspaudit.extensions import db
from mspaudit.intake.feeds import Counts
from mspaudit.inventory.models import InventoryChange
from mspaudit.kernel.ids import new_id
from mspaudit.tenancy.context import tenant_id

Known = Mapping[str, Mapping[str, Any]]
QUIET = frozenset({"last_seen_on"})
"""Moves with every export: kept, but no change worth telling."""
_changes = InventoryChange.metadata.tables["inventory_change"]


def known(table: Table, client_id: UUID, keys: Sequence[str] | None = None) -> Known:
    """The client's rows by their key, or those of ``keys``."""
    mine = select(table).where(table.c.tenant_id == tenant_id(), table.c.client_id == client_id)
    if keys is not None:
        mine = mine.where(table.c.key.in_(keys))
    return {row["key"]: dict(row) for row in db.session.execute(mine).mappings()}


def differences(row: Mapping[str, Any], values: Mapping[str, Any]) -> list[str]:
    """The columns that ``values`` changes in ``row``; a row that had gone is back."""
    changed = [name for name, value in values.items() if name not in QUIET and row[name] != value]
    return [*changed, "gone_at"] if row["gone_at"] is not None else changed


def write(
    table: Table,
    client_id: UUID,
    rows: Iterable[Mapping[str, Any]],
    *,
    source: str,
    import_id: UUID,
    now: datetime,
) -> Counts:
    """Write these rows, the first of each key; what is there already and the same is only marked as seen."""
    by_key: dict[str, Mapping[str, Any]] = {}
    for values in rows:
        by_key.setdefault(values["key"], values)
    there = known(table, client_id, list(by_key))
    written: list[dict[str, Any]] = []
    told: list[dict[str, Any]] = []
    same = 0
    for key, values in by_key.items():
        row = there.get(key)
        changed = differences(row, values) if row else []
        # A later line about the same thing: the first one of the file was kept.
        if row and row["seen_import"] == import_id:
            same += 1
            continue
        fresh = {**_blank(table, client_id), "source": source} if row is None else dict(row)
        fresh |= {**values, "gone_at": None, "seen_at": now, "seen_import": import_id}
        if row is None or changed:
            fresh["touched_at"] = now
            before = {name: jsonable(row[name]) for name in changed} if row else {}
            told.append({"row_id": fresh["id"], "verb": "changed" if row else "new", "before": before})
        else:
            same += 1
        written.append(fresh)
    _upsert(table, written)
    remember(client_id, told, import_id=import_id, now=now)
    new = sum(one["verb"] == "new" for one in told)
    return Counts(new=new, changed=len(told) - new, same=same)


def gone(
    table: Table, client_id: UUID, *, source: str, kinds: Sequence[str], import_id: UUID, now: datetime
) -> Counts:
    """Mark as gone what that source brought, of these kinds, and this import did not list."""
    statement = (
        update(table)
        .where(
            table.c.tenant_id == tenant_id(),
            table.c.client_id == client_id,
            table.c.source == source,
            table.c.kind.in_(kinds),
            table.c.gone_at.is_(None),
            table.c.seen_import.is_distinct_from(import_id),
        )
        .values(gone_at=now, touched_at=now)
        .returning(table.c.id)
    )
    ids = db.session.scalars(statement).all()
    told = [{"row_id": one, "verb": "gone", "before": {"gone_at": None}} for one in ids]
    remember(client_id, told, import_id=import_id, now=now)
    return Counts(gone=len(told))


def remember(client_id: UUID, told: Sequence[Mapping[str, Any]], *, import_id: UUID, now: datetime) -> None:
    """Keep what these rows were; a row changed twice by one import keeps what it was first."""
    if not told:
        return
    same = {"tenant_id": tenant_id(), "client_id": client_id, "import_id": import_id, "at": now}
    statement = insert(_changes)
    again = statement.on_conflict_do_update(
        index_elements=list(_changes.primary_key.columns), set_={"at": statement.excluded.at}
    )
    db.session.execute(again, [{**same, **one} for one in told])


def undo(table: Table, client_id: UUID, *, import_id: UUID, now: datetime) -> Counts:
    """Put back what an import changed, where nothing has touched it since."""
    c = _changes.c
    mine = (c.tenant_id == tenant_id(), c.client_id == client_id, c.import_id == import_id)
    told = {row.row_id: row for row in db.session.execute(select(_changes).where(*mine))}
    rows = db.session.execute(
        select(table).where(
            table.c.tenant_id == tenant_id(),
            table.c.client_id == client_id,
            tuple_(table.c.id, table.c.touched_at).in_([(id_, row.at) for id_, row in told.items()]),
        )
    ).mappings()
    added: list[UUID] = []
    back: list[dict[str, Any]] = []
    for row in rows:
        if told[row["id"]].verb == "new":
            added.append(row["id"])
        else:
            before = {n: _restored(table, n, v) for n, v in told[row["id"]].before.items()}
            back.append({**row, **before, "touched_at": now, "seen_import": None})
    _upsert(table, back)
    db.session.execute(delete(table).where(table.c.tenant_id == tenant_id(), table.c.id.in_(added)))
    db.session.execute(delete(_changes).where(*mine))
    returned = sum(told[one["id"]].verb == "gone" for one in back)
    return Counts(
        new=returned,
        changed=len(back) - returned,
        gone=len(added),
        ignored=len(told) - len(back) - len(added),
    )


def jsonable(value: Any) -> Any:
    """A column's value as JSON keeps it."""
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _restored(table: Table, name: str, value: Any) -> Any:
    if value is None:
        return None
    kind = table.c[name].type
    if isinstance(kind, DateTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    return UUID(value) if isinstance(kind, Uuid) else value


def _blank(table: Table, client_id: UUID) -> dict[str, Any]:
    """A new row before its values: every column, so that all rows of one statement have the same."""
    defaults = {
        column.name: getattr(column.default, "arg", None)
        for column in table.columns
        if not callable(getattr(column.default, "arg", None))
    }
    return {**defaults, "tenant_id": tenant_id(), "client_id": client_id, "id": new_id()}


def _upsert(table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    if not rows:
        return
    statement = insert(table)
    kept = {"tenant_id", "client_id", "id", "source"}
    changed = {
        column.name: statement.excluded[column.name] for column in table.columns if column.name not in kept
    }
    every = statement.on_conflict_do_update(index_elements=[table.c.tenant_id, table.c.id], set_=changed)
    db.session.execute(every, [dict(row) for row in rows])
