"""The session's three duties: sign each transaction, refuse to read without a tenant, scope every query.

PostgreSQL enforces the same again (``rls.py``); the suite in ``tests/isolation`` proves each alone.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from flask import current_app
from sqlalchemy import Connection, Table, event, false, func, select
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction, with_loader_criteria
from sqlalchemy.sql.elements import BinaryExpression

from mspaudit.extensions import Base
from mspaudit.tenancy.context import Context, NoContext, current, sign, tenant_id
from mspaudit.tenancy.models import ClientScoped, LoginScoped, Tenant, TenantModel, UnitScoped

NIL = UUID(int=0)
_judged: WeakKeyDictionary[Any, str | None] = WeakKeyDictionary()


class CrossedTenant(RuntimeError):
    """One session was about to serve two tenants: its identity map would leak the first's rows."""


class UnfilteredStatement(RuntimeError):
    """A statement on bare tables forgot the tenant."""


def install() -> None:
    """Listen to every session. Idempotent: called by each application the process creates."""
    for name, listener in (
        ("after_begin", _sign_transaction),
        ("do_orm_execute", _scope),
        ("before_flush", _stamp),
    ):
        if not event.contains(Session, name, listener):
            event.listen(Session, name, listener)


def adopt(session: Session, context: Context) -> None:
    """Sign the transaction that is already open on ``session`` for ``context``.

    Raises:
        CrossedTenant: the session has already served another tenant.
    """
    if session.in_transaction():
        _bind(session, context)
        _set(session.connection(), context)


def _sign_transaction(session: Session, _transaction: Any, connection: Connection) -> None:
    context = current()
    if context.kind != "nobody":
        _bind(session, context)
        _set(connection, context)


def _set(connection: Connection, context: Context) -> None:
    key = current_app.extensions["mspaudit"].context_key
    signed = "" if context.kind == "nobody" else sign(context, key)
    connection.execute(select(func.set_config("app.ctx", signed, True)))


def _bind(session: Session, context: Context) -> None:
    """One session serves one tenant and one confinement: its identity map is out of RLS's sight."""
    if context.tenant_id is None:
        return
    scope = (context.tenant_id, *_confines(context))
    bound = session.info.setdefault("scope", scope)
    if bound != scope:
        raise CrossedTenant("This session already served another tenant or client; remove it first.")


def _confines(context: Context) -> tuple[UUID | None, UUID | None, UUID | None]:
    """The client, its unit and the member that a context is confined to."""
    return (
        (context.client_id or NIL) if context.confined else None,
        context.unit_id if context.confined else None,
        (context.member_id or NIL) if context.kind == "limited" else None,
    )


def _scope(state: ORMExecuteState) -> None:
    """Add the tenant, and what a person is confined to, to every statement of the session.

    To every one, not only to those that return entities: ``select(func.count()).select_from(Client)``
    returns none. What is written on bare tables is not reached and must name the tenant itself; text
    is PostgreSQL's alone to confine.
    """
    context = current()
    if context.tenant_id is not None:
        if state.is_select and not state.is_orm_statement and (name := _unfiltered(state.statement)):
            raise UnfilteredStatement(
                f"This statement does not filter {name} by tenant: start it from a model, as in "
                "select(Model) or select(literal(1)).select_from(Model), or compare tenant_id itself."
            )
        state.statement = state.statement.options(
            *criteria(context.tenant_id, context.login_id, *_confines(context))
        )
        return
    if name := _first_tenant_table(state.statement):
        raise NoContext(f"{name} was read outside any tenant.")
    state.statement = state.statement.options(_own(context.login_id))


def _first_tenant_table(statement: Any) -> str | None:
    for part in _parts(statement):
        if isinstance(part, Table) and (part.name == "tenant" or "tenant_id" in part.c):
            return part.name
    return None


def _unfiltered(statement: Any) -> str | None:
    """A tenant's table whose ``tenant_id`` the statement compares with nothing; judged once a statement."""
    if statement not in _judged:
        read: set[str] = set()
        compared: set[str] = set()
        for part in _parts(statement):
            if isinstance(part, Table) and "tenant_id" in part.c:
                read.add(part.name)
            elif isinstance(part, BinaryExpression):
                for side in (part.left, part.right):
                    compared.update(_compared(side))
        _judged[statement] = min(read - compared, default=None)
    return _judged[statement]


def _compared(side: Any) -> Iterator[str]:
    """The tables whose ``tenant_id`` is this side of a comparison, seen through subqueries and unions."""
    if getattr(side, "name", None) == "tenant_id":
        for column in getattr(side, "proxy_set", (side,)):
            table = getattr(column.table, "element", column.table)
            if isinstance(table, Table):
                yield table.name


def _parts(statement: Any) -> Iterator[Any]:
    """Every part of a statement once: shared by several others, it would be walked through each time."""
    seen: set[int] = set()
    waiting = [statement]
    while waiting:
        part = waiting.pop()
        if id(part) not in seen:
            seen.add(id(part))
            yield part
            waiting.extend(part.get_children())


@lru_cache(maxsize=512)
def criteria(
    tenant: UUID, login: UUID | None, client: UUID | None, unit: UUID | None, member: UUID | None
) -> tuple[Any, ...]:
    """The loader criteria of a context: the application's own lock, independent of PostgreSQL's."""
    found = [
        with_loader_criteria(TenantModel, lambda c: c.tenant_id == tenant, include_aliases=True),
        with_loader_criteria(Tenant, lambda c: c.id == tenant, include_aliases=True),
        _own(login),
    ]
    if client is not None:
        found.append(
            with_loader_criteria(ClientScoped, lambda c: c.client_id == client, include_aliases=True)
        )
        found.extend(with_loader_criteria(m, false(), include_aliases=True) for m in _msp_only())
    if unit is not None:
        found.append(with_loader_criteria(UnitScoped, lambda c: c.org_unit_id == unit, include_aliases=True))
    if member is not None:
        mine = _assigned(tenant, member)
        found.append(
            with_loader_criteria(ClientScoped, lambda c: c.client_id.in_(mine), include_aliases=True)
        )
    return tuple(found)


def _msp_only() -> Iterator[type[Base]]:
    """The models that a client's own people have no business with."""
    for mapper in Base.registry.mappers:
        if getattr(mapper.class_, "__visible__", None) in ("msp", "served"):
            yield mapper.class_


def _own(login: UUID | None) -> Any:
    """One's own login, sessions and factors; a context of nobody in particular has none."""
    # The nil identifier is nobody's, and keeps the statement the same for all.
    mine = login or NIL
    return with_loader_criteria(LoginScoped, lambda c: c.login_id == mine, include_aliases=True)


def _assigned(tenant: UUID, member: UUID) -> Any:
    """The clients of a technician who serves only some; a table by name, for its room is above this one."""
    table = Base.metadata.tables["assignment"]
    return select(table.c.client_id).where(table.c.tenant_id == tenant, table.c.member_id == member)


def _stamp(session: Session, _flush: UOWTransaction, _instances: Any) -> None:
    """A new row belongs to the tenant of the context; one that says otherwise is a bug, not a row."""
    context = current()
    for row in session.new:
        if isinstance(row, TenantModel) and row.tenant_id is None:
            row.tenant_id = tenant_id()
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, TenantModel) and row.tenant_id != context.tenant_id:
            raise CrossedTenant(f"A {type(row).__name__} of another tenant was about to be written.")
        if context.confined and isinstance(row, ClientScoped) and row.client_id != context.client_id:
            raise CrossedTenant(f"A {type(row).__name__} of another client was about to be written.")
