"""The functions of schema ``auth`` for those who lost a factor; each answers at the door alone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, TextClause, text

from mspaudit.extensions import db
from mspaudit.tenancy.context import door
from mspaudit.tenancy.lifecycle import as_context


@dataclass(frozen=True, slots=True)
class Reset:
    """A forgotten code about to be chosen again: from ``ready_at`` until ``expires_at``."""

    ready_at: datetime
    expires_at: datetime

    def is_ready(self, now: datetime) -> bool:
        """Whether the new code may be chosen."""
        return self.ready_at <= now < self.expires_at


@dataclass(frozen=True, slots=True)
class Told:
    """Whom to write to about it. ``asked_by``: ``self`` or ``msp``."""

    email: str
    name: str
    asked_by: str
    ready_at: datetime
    expires_at: datetime


_OPEN = text("SELECT ready_at, expires_at FROM auth.open_pin_reset(:login)")
_ASK = text("SELECT auth.ask_pin_reset(:id, :login)")
_GRANT = text("SELECT auth.grant_pin_reset(:id, :msp, :member)")
_TELL = text("SELECT * FROM auth.tell_pin_reset(:id, :token)")
_USE = text("SELECT auth.use_pin_reset(:login, :pin, :kept)")
_CANCEL = text("SELECT auth.cancel_pin_reset(:token)")
_DROP = text("SELECT auth.drop_pin_reset(:login)")
_FACTORS = text("SELECT auth.reset_second_factor(:admin, :msp, :member)")
_PLATFORM = text("SELECT * FROM auth.platform_reset(:agent, :msp, :email)")


def open_reset(login_id: UUID) -> Reset | None:
    """The person's request that still counts."""
    row = _row(_OPEN, login=login_id)
    return None if row is None else Reset(**row._mapping)


def ask(reset_id: UUID, login_id: UUID) -> UUID | None:
    """Open a request with a day to wait; None when one is open, or the person has no code to forget."""
    return _found(_ASK, id=reset_id, login=login_id)


def grant(reset_id: UUID, *, msp: UUID, member_id: UUID) -> UUID | None:
    """Open one for someone of a client, or bring it forward: the request to tell them about, if any."""
    return _found(_GRANT, id=reset_id, msp=msp, member=member_id)


def tell(reset_id: UUID, token_hash: bytes) -> Told | None:
    """Whom to write to about a request, once."""
    row = _row(_TELL, id=reset_id, token=token_hash)
    return None if row is None else Told(**row._mapping)


def use(login_id: UUID, *, pin_hash: str, kept: UUID) -> bool:
    """Set the new code if its time has come, and end every session of the person but ``kept``."""
    return _found(_USE, login=login_id, pin=pin_hash, kept=kept) is not None


def cancel(token_hash: bytes) -> UUID | None:
    """Cancel the request that a mail told about: whose it was, None when it is closed already."""
    return _found(_CANCEL, token=token_hash)


def drop(login_id: UUID) -> bool:
    """Cancel the request of someone who came in without it; whether there was one."""
    return _found(_DROP, login=login_id) is not None


def reset_second_factor(*, admin: UUID, msp: UUID, member_id: UUID) -> UUID | None:
    """Forget a colleague's second factors: their login, None when this MSP alone may not decide."""
    return _found(_FACTORS, admin=admin, msp=msp, member=member_id)


def platform_reset(*, agent: UUID, msp: str, email: str) -> Row[Any] | None:
    """The same for an MSP's administrator, by the platform: tenant_id, member_id, login_id, name."""
    return _row(_PLATFORM, agent=agent, msp=msp, email=email.strip())


def _row(statement: TextClause, **values: Any) -> Row[Any] | None:
    with as_context(door()):
        return db.session.execute(statement, values).one_or_none()


def _found(statement: TextClause, **values: Any) -> UUID | None:
    with as_context(door()):
        found = db.session.execute(statement, values).scalar_one_or_none()
    return None if found is None else UUID(str(found))
