"""The statements by which an export becomes accounts, set by set, and by which that is undone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    CTE,
    ColumnElement,
    CursorResult,
    FromClause,
    Table,
    and_,
    case,
    delete,
    false,
    func,
    literal,
    null,
    or_,
    select,
    update,
)
from sqlalchemy import cast as as_type
from sqlalchemy.dialects.postgresql import insert

from mspaudit.accounts.models import Account, AccountChange, Directory
from mspaudit.accounts.reading import Columns
from mspaudit.accounts.sending import joined_by_hash, sent
from mspaudit.extensions import db
from mspaudit.kernel.ids import new_ids
from mspaudit.tenancy.context import tenant_id

ACCOUNT, CHANGE, DIRECTORY = (cast("Table", model.__table__) for model in (Account, AccountChange, Directory))
_a, _change, _directory = ACCOUNT.c, CHANGE.c, DIRECTORY.c
TEXTS = ("upn", "name", "name_key", "mail", "title", "licences", "mfa", "mfa_methods")
STATES = ("enabled", "last_sign_in", "created_at")
# What an import may change of an account, and an undo puts back.
RESTORED = (*TEXTS, *STATES, "kind", "is_admin", "gone_at", "import_id")


@dataclass(frozen=True, slots=True)
class Target:
    """Where an import writes: one directory. ``whole``: the file lists every account as it is."""

    client_id: UUID
    directory_id: UUID
    import_id: UUID
    whole: bool
    says_admin: bool

    @property
    def here(self) -> ColumnElement[bool]:
        """The accounts of that directory, of this tenant."""
        return and_(
            _a.tenant_id == tenant_id(),
            _a.client_id == self.client_id,
            _a.directory_id == self.directory_id,
        )


def put(target: Target, columns: Columns) -> tuple[int, int]:
    """Write some lines: how many accounts are new, and how many changed."""
    fields = [f for f in (*TEXTS, *STATES, "kind", "is_admin") if f in columns]
    named = {field: columns[field] for field in ("key", *fields)}
    if not _any(target):
        return _add(target, named, fields, first=True), 0
    changed = _change_some(target, _differing(target, sent(named), fields))
    return _add(target, named, fields, first=False), changed


def take_out(target: Target, keys: Sequence[str], now: datetime) -> int:
    """Mark gone what the whole file, written by now, no longer lists, and say how many."""
    alive = select(func.count()).select_from(Account).where(target.here, _a.gone_at.is_(None))
    if db.session.scalar(alive) == len(keys):
        return 0
    listed = sent({"key": keys}, "listed")
    still = select(literal(1)).where(listed.c.key == _a.key).exists()
    found = (
        select(*_before(), literal(now, Account.gone_at.type).label("new_gone_at"))
        .where(target.here, _a.gone_at.is_(None), ~still)
        .cte("changed")
    )
    return _change_some(target, found)


def put_back(client_id: UUID, import_id: UUID) -> tuple[int, int]:
    """Undo an import where nothing has changed since: how many accounts go, and how many are as before."""
    tenant = tenant_id()
    mine = and_(
        _a.tenant_id == tenant,
        _a.client_id == client_id,
        _a.import_id == import_id,
    )
    of_change = and_(_change.tenant_id == tenant, _change.import_id == import_id, _change.account_id == _a.id)
    back = {name: as_type(_change.before[name].astext, _a[name].type) for name in RESTORED}
    with joined_by_hash():
        restored = _rows(update(ACCOUNT).values(back).where(mine, of_change))
    # Identifiers follow time: an account that a later whole list showed as well is no longer this import's.
    listed_since = and_(
        _directory.tenant_id == tenant, _directory.id == _a.directory_id, _directory.list_id > import_id
    )
    born = and_(mine, _a.born_in == import_id, ~select(literal(1)).where(listed_since).exists())
    removed = _rows(delete(ACCOUNT).where(born))
    db.session.execute(delete(CHANGE).where(_change.tenant_id == tenant, _change.import_id == import_id))
    return removed, restored


def _any(target: Target) -> bool:
    """Whether the directory holds an account already; the first file of all has nothing to compare with."""
    return bool(db.session.scalar(select(select(literal(1)).where(target.here).exists())))


def _add(target: Target, named: Columns, fields: Sequence[str], *, first: bool) -> int:
    """Insert what is not there yet; how many. ``first``: nothing is, so nothing need be looked for."""
    lines = sent({"id": new_ids(len(named["key"])), **named})
    given: dict[str, ColumnElement[Any]] = {
        "tenant_id": literal(tenant_id()),
        "id": lines.c.id,
        "client_id": literal(target.client_id),
        "directory_id": literal(target.directory_id),
        "import_id": literal(target.import_id),
        "born_in": literal(target.import_id),
        "key": lines.c.key,
        "match": literal("none"),
        "kind_by_hand": false(),
    }
    given |= {name: _or_empty(lines, name, fields) for name in (*TEXTS, *STATES, "kind", "is_admin")}
    statement = insert(ACCOUNT).from_select(list(given), select(*given.values()))
    return _rows(statement if first else statement.on_conflict_do_nothing())


def _or_empty(lines: FromClause, name: str, fields: Sequence[str]) -> ColumnElement[Any]:
    """What a new account has in that column, whatever the file leaves out."""
    usual: Mapping[str, Any] = {"enabled": True, "is_admin": False, "mfa": "unknown", "kind": "person"}
    if name in ("last_sign_in", "created_at"):
        return lines.c[name] if name in fields else null()
    empty = literal(usual.get(name, ""), _a[name].type)
    return func.coalesce(lines.c[name], empty) if name in fields else empty


def _differing(target: Target, lines: FromClause, fields: Sequence[str]) -> CTE:
    """The accounts that the lines change: what they were, and what they become."""
    becomes = {name: _becomes(target, lines, name) for name in fields}
    if target.whole:
        becomes["gone_at"] = null()
    differs = or_(*(_a[name].is_distinct_from(value) for name, value in becomes.items()))
    new = (as_type(value, _a[name].type).label(f"new_{name}") for name, value in becomes.items())
    statement = select(*_before(), *new).join_from(ACCOUNT, lines, lines.c.key == _a.key)
    return statement.where(target.here, differs).cte("changed")


def _becomes(target: Target, lines: FromClause, name: str) -> ColumnElement[Any]:
    said = lines.c[name]
    if name == "kind":
        kept = _a.kind_by_hand if target.whole else literal(True)
        return case((kept, _a.kind), else_=said)
    if name == "is_admin" and not target.says_admin:
        return _a.is_admin
    return func.coalesce(said, _a[name] if name in (*STATES, "is_admin") else literal(""))


def _before() -> tuple[ColumnElement[Any], ...]:
    pairs = [part for name in RESTORED for part in (literal(name), _a[name])]
    return _a.id, func.jsonb_build_object(*pairs).label("before")


def _change_some(target: Target, changed: CTE) -> int:
    """Write what changed, and first what it was."""
    tenant = tenant_id()
    values = [literal(tenant), literal(target.import_id), changed.c.id, literal(target.client_id)]
    kept = (
        insert(CHANGE)
        .from_select(
            ["tenant_id", "import_id", "account_id", "client_id", "before"],
            select(*values, changed.c.before),
        )
        .on_conflict_do_nothing()
        .cte("kept")
    )
    new = {name.removeprefix("new_"): c for name, c in changed.c.items() if name.startswith("new_")}
    statement = (
        update(ACCOUNT)
        .values(new | {"import_id": target.import_id})
        .where(target.here, _a.id == changed.c.id)
        .add_cte(kept)
    )
    with joined_by_hash():
        return _rows(statement)


def _rows(statement: Any) -> int:
    counted = statement.execution_options(preserve_rowcount=True)
    return cast("CursorResult[Any]", db.session.execute(counted)).rowcount
