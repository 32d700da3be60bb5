"""The session's three duties: sign each transaction, refuse to read without a tenant, scope every query.

PostgreSQL enforces the same again (``rls.py``); the suite in ``tests/isolation`` proves each alone.
"""

from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy import Connection, event, func, select
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction, with_loader_criteria

from mspaudit.extensions import Base
from mspaudit.tenancy.context import Context, NoContext, current, sign, tenant_id
from mspaudit.tenancy.models import ClientScoped, Tenant, TenantModel


class CrossedTenant(RuntimeError):
    """One session was about to serve two tenants: its identity map would leak the first's rows."""


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
    connection.execute(select(func.set_config("app.ctx", sign(context, key), True)))


def _bind(session: Session, context: Context) -> None:
    """One session serves one tenant (and one client, when confined): RLS cannot see its identity map."""
    if context.tenant_id is None:
        return
    scope = (context.tenant_id, context.client_id if context.confined else None)
    bound = session.info.setdefault("scope", scope)
    if bound != scope:
        raise CrossedTenant("This session already served another tenant or client; remove it first.")


def _scope(state: ORMExecuteState) -> None:
    """Add the tenant, and the one client of a confined person, to every ORM statement."""
    mapped = [m for m in state.all_mappers if issubclass(m.class_, TenantModel | Tenant)]
    if not mapped or state.is_column_load or state.is_relationship_load:
        return
    context = current()
    if context.tenant_id is None:
        raise NoContext(f"{mapped[0].class_.__name__} was read outside any tenant.")
    state.statement = state.statement.options(*criteria(context))


def criteria(context: Context) -> list[Any]:
    """The loader criteria of a context: the application's own lock, independent of PostgreSQL's."""
    tenant = tenant_id()
    found = [with_loader_criteria(TenantModel, lambda c: c.tenant_id == tenant, include_aliases=True)]
    if context.confined:
        client = context.client_id
        found.append(
            with_loader_criteria(ClientScoped, lambda c: c.client_id == client, include_aliases=True)
        )
    elif context.kind == "limited":
        mine = _assigned(tenant, context.member_id)
        found.append(
            with_loader_criteria(ClientScoped, lambda c: c.client_id.in_(mine), include_aliases=True)
        )
    return found


def _assigned(tenant: UUID, member: UUID | None) -> Any:
    """The clients of a technician who serves only some; a table by name, for its room is above this one."""
    table = Base.metadata.tables["assignment"]
    return select(table.c.client_id).where(table.c.tenant_id == tenant, table.c.member_id == member)


def _stamp(session: Session, _flush: UOWTransaction, _instances: Any) -> None:
    """A new row belongs to the tenant of the context; one that says otherwise is a bug, not a row."""
    for row in session.new:
        if not isinstance(row, TenantModel):
            continue
        if row.tenant_id is None:
            row.tenant_id = tenant_id()
        elif row.tenant_id != tenant_id():
            raise CrossedTenant(f"A {type(row).__name__} of another tenant was about to be written.")
