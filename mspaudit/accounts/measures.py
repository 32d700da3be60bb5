"""Which accounts count where, as conditions on columns: the same for a page, for a portfolio, for a fact.

``a``, ``d``, ``p``, ``e`` and ``s`` are an account, its directory, its holder, an exception and a line of
the staff list: the models, or the columns of their tables. ``apart`` says that an exception covers it.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, or_, select

from mspaudit.accounts.rules import DORMANT_DAYS

Condition = ColumnElement[bool]
NOBODYS = ("none", "refused")


def in_force(e: Any, today: Any) -> Select[Any]:
    """The accounts that an exception covers, each once; an exception's last day is included."""
    return select(e.tenant_id, e.account_id).where(e.ended_at.is_(None), e.until >= today).distinct()


def on(a: Any) -> Condition:
    """Still in its directory, and enabled."""
    return and_(a.gone_at.is_(None), a.enabled)


def human(a: Any, apart: Condition) -> Condition:
    """A person's own enabled account, exceptions left out: what second factors are counted over."""
    return and_(on(a), a.kind == "person", ~apart)


def admin(a: Any, apart: Condition) -> Condition:
    """An enabled account that administers, whatever its kind, exceptions left out."""
    return and_(on(a), a.is_admin, ~apart)


def leaver(a: Any, p: Any, today: Any) -> Condition:
    """Enabled though its holder has left."""
    return and_(on(a), p.left_on < today)


def orphan(a: Any, s: Any) -> Condition:
    """A person's enabled account that nobody known holds, once a staff list told who is there."""
    listed = exists(literal(1)).where(s.tenant_id == a.tenant_id, s.client_id == a.client_id)
    return and_(on(a), a.kind == "person", a.match.in_(NOBODYS), listed)


def doubtful(a: Any) -> Condition:
    """Several people, or one in doubt, may hold it."""
    return and_(a.gone_at.is_(None), a.match == "asked", a.kind.in_(("person", "guest")))


def dormant(a: Any, d: Any) -> Condition:
    """Enabled, and asleep for 90 days when its directory last told of sign-ins."""
    before = d.sign_in_at - literal(timedelta(days=DORMANT_DAYS))
    since = func.coalesce(a.last_sign_in, a.created_at)
    return and_(on(a), a.kind.in_(("person", "guest")), d.sign_in_at.is_not(None), since < before)


def uncovered(a: Any, d: Any, apart: Condition) -> Condition:
    """A person known to have no second factor, or an administrator not known to have one."""
    return or_(
        and_(human(a, apart), a.mfa == "no"),
        and_(admin(a, apart), a.mfa != "yes", d.mfa_at.is_not(None)),
    )
