"""The few questions asked before a tenant is known: each is one function of schema ``auth``.

All run under a context signed ``door`` within the current transaction; PostgreSQL refuses them
to anyone else. Returned logins are plain values, never rows that a later flush could write.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, TextClause, text

from mspaudit.extensions import db
from mspaudit.kernel.ids import new_id
from mspaudit.tenancy.context import door
from mspaudit.tenancy.lifecycle import as_context

SESSION_LASTS = timedelta(hours=12)
HALF_WAY_LASTS = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class KnownLogin:
    """What checking someone's factors needs."""

    id: UUID
    email: str
    password_hash: str | None
    pin_hash: str | None
    totp_secret: bytes | None
    totp_confirmed_at: datetime | None
    totp_last_step: int | None
    disabled_at: datetime | None
    locked_until: datetime | None


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere that a person serves: an MSP (``client_slug`` None) or one client."""

    msp_slug: str
    msp_name: str
    client_slug: str | None
    client_name: str | None
    client_kind: str | None
    role: str
    member_name: str


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom a sign-in link is for. ``staff``: it will not be enough for them."""

    email: str
    name: str
    staff: bool


_FIND = text("SELECT * FROM auth.find_login(:email)")
_GET = text("SELECT * FROM auth.get_login(:id)")
_ENSURE = text("SELECT auth.ensure_login(:email, :id)")
_FAILURE = text("SELECT auth.count_failure(:id)")
_OPEN = text(
    "SELECT auth.open_session("
    ":id, :login, :token, :strength, :agent, :address, :lasts, CAST(:carried AS jsonb))"
)
_NOTE = text("SELECT auth.note(:id, :login, :what, :agent, :address)")
_ASK = text("SELECT auth.ask_link(:id, :email, :browser, :next)")
_ARM = text("SELECT * FROM auth.arm_link(:id, :token)")
_USE = text("SELECT * FROM auth.use_link(:token, :browser)")
_WAITING = text("SELECT * FROM auth.waiting_links()")
_FORGET = text("SELECT auth.forget_old()")
_INVITATION = text("SELECT * FROM auth.invitation(:token)")
_DELEGATION = text("SELECT * FROM auth.delegation(:token)")
_TENANT = text("SELECT auth.create_tenant(:id, :slug, :name, CAST(:brand AS jsonb))")
_NAMED = text("SELECT auth.tenant_named(:slug)")
_PLACES = text("SELECT * FROM auth.places(:login)")
_TENANTS = text("SELECT * FROM auth.tenants(:login)")


@contextmanager
def _asking(statement: TextClause, **values: Any) -> Iterator[Any]:
    with as_context(door()):
        yield db.session.execute(statement, values)


def _known(statement: TextClause, **values: Any) -> KnownLogin | None:
    with _asking(statement, **values) as result:
        row = result.mappings().one_or_none()
    return None if row is None else KnownLogin(**{f: row[f] for f in KnownLogin.__slots__})


def find_login(email: str) -> KnownLogin | None:
    """The login of ``email``, compared in lower case; None if nobody has it."""
    return _known(_FIND, email=email.strip())


def get_login(login_id: UUID) -> KnownLogin | None:
    """The login of that identifier."""
    return _known(_GET, id=login_id)


def ensure_login(email: str) -> UUID:
    """The login of ``email``, created if new."""
    with _asking(_ENSURE, email=email.strip(), id=new_id()) as result:
        return UUID(str(result.scalar_one()))


def count_failure(login_id: UUID) -> None:
    """Count one wrong factor; every tenth in a row locks the login for fifteen minutes."""
    with _asking(_FAILURE, id=login_id):
        return


def open_session(
    login_id: UUID,
    token_hash: bytes,
    *,
    strength: str,
    agent: str,
    address: str,
    lasts: timedelta,
    carried: str = "{}",
) -> UUID:
    """Store a session.

    Args:
        strength: ``first`` (a second factor is due) or ``full``.
        carried: JSON text that the session remembers until its next step (``WebSession.scratch``).
    """
    found = new_id()
    with _asking(
        _OPEN,
        id=found,
        login=login_id,
        token=token_hash,
        strength=strength,
        agent=agent[:300],
        address=address,
        lasts=lasts,
        carried=carried,
    ):
        return found


def note(login_id: UUID, what: str, *, agent: str, address: str) -> None:
    """Write to the person's own list of what happened to their account."""
    with _asking(_NOTE, id=new_id(), login=login_id, what=what, agent=agent[:300], address=address):
        return


def ask_link(email: str, browser_hash: bytes, next_url: str) -> UUID:
    """Record that this browser asked for a link to ``email``, known or not."""
    found = new_id()
    with _asking(_ASK, id=found, email=email.strip()[:320], browser=browser_hash, next=next_url):
        return found


def arm_link(request_id: UUID, token_hash: bytes) -> Addressee | None:
    """Arm a request once: whom to write to, or None when nobody is to be written to."""
    with _asking(_ARM, id=request_id, token=token_hash) as result:
        row = result.one_or_none()
    return None if row is None else Addressee(**row._mapping)


def use_link(token_hash: bytes, browser_hash: bytes) -> tuple[UUID, str] | None:
    """Use a link once, from the browser that asked, within ten minutes: the login and where to go."""
    with _asking(_USE, token=token_hash, browser=browser_hash) as result:
        row = result.one_or_none()
    return None if row is None else (row.login_id, row.next_url)


def waiting_links() -> list[UUID]:
    """Link requests that no worker has served yet."""
    with _asking(_WAITING) as result:
        return list(result.scalars())


def forget_old() -> None:
    """Delete link requests of more than two days and sessions ended for a month."""
    with _asking(_FORGET):
        return


def invitation(token_hash: bytes) -> tuple[UUID, UUID] | None:
    """(tenant, invitation) of a valid invitation link."""
    with _asking(_INVITATION, token=token_hash) as result:
        row = result.one_or_none()
    return None if row is None else (row.tenant_id, row.id)


def delegation(token_hash: bytes) -> Row[Any] | None:
    """tenant_id, client_id, id, tenant_name, client_name, brand of a valid delegation link."""
    with _asking(_DELEGATION, token=token_hash) as result:
        found: Row[Any] | None = result.one_or_none()
        return found


def create_tenant(tenant_id: UUID, *, slug: str, name: str, brand: str) -> None:
    """Create an MSP. ``brand``: JSON text."""
    with _asking(_TENANT, id=tenant_id, slug=slug, name=name, brand=brand):
        return


def tenant_named(slug: str) -> UUID | None:
    """The open MSP at that address, for a command of the operator; None when there is none."""
    with _asking(_NAMED, slug=slug) as result:
        found: UUID | None = result.scalar_one()
        return found


def places(login_id: UUID) -> list[Place]:
    """Every place that the signed-in person serves (their own context, not the door's)."""
    return [Place(**row._mapping) for row in db.session.execute(_PLACES, {"login": login_id})]


def tenants(login_id: UUID) -> Sequence[Row[Any]]:
    """slug, name, created_at, closed_at of every MSP, for the platform's staff."""
    return db.session.execute(_TENANTS, {"login": login_id}).all()
