"""The context: on whose behalf this transaction runs, signed so that PostgreSQL can believe it."""

import hmac
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal
from uuid import UUID

Kind = Literal["msp", "limited", "client", "guest", "job", "login", "door", "nobody"]

# Long enough for an import, short enough that a signature read from a log is soon worthless.
SIGNATURE_SECONDS = 900


class NoContext(RuntimeError):
    """Tenant data was asked for before anyone said for which tenant."""


@dataclass(frozen=True, slots=True)
class Context:
    """Who acts, and the most that they may see.

    Kinds: ``msp`` sees all its clients; ``limited`` only the clients assigned to the member;
    ``client`` and ``guest`` (a delegated question) one client; ``job`` a worker for one tenant;
    ``login`` a signed-in person outside any tenant; ``door`` sign-in itself; ``nobody`` nothing.
    """

    kind: Kind
    tenant_id: UUID | None = None
    client_id: UUID | None = None
    unit_id: UUID | None = None
    member_id: UUID | None = None
    login_id: UUID | None = None
    actor: str = ""
    role: str = ""

    @property
    def confined(self) -> bool:
        """Whether one client is all that this context may see."""
        return self.kind in ("client", "guest")


NOBODY = Context("nobody")


def door(login_id: UUID | None = None) -> Context:
    """The context of sign-in: may call the functions of schema ``auth``, sees no tenant table."""
    return Context("door", login_id=login_id, actor="connexion")


def job(tenant_id: UUID, actor: str = "mspaudit") -> Context:
    """The context of a worker that serves the whole of one tenant."""
    return Context("job", tenant_id=tenant_id, actor=actor)


_current: ContextVar[Context] = ContextVar("mspaudit_context", default=NOBODY)


def current() -> Context:
    """The context of this request or job; ``NOBODY`` when none was entered."""
    return _current.get()


def tenant_id() -> UUID:
    """The tenant of this context.

    Raises:
        NoContext: outside any tenant; an empty answer here is how an empty report gets mailed.
    """
    found = _current.get().tenant_id
    if found is None:
        raise NoContext("No tenant in this context: enter one before reading tenant data.")
    return found


@contextmanager
def using(context: Context) -> Iterator[Context]:
    """Make ``context`` the current one for the block. Sessions are the caller's affair."""
    token = _current.set(context)
    try:
        yield context
    finally:
        _current.reset(token)


def sign(context: Context, key: bytes, *, at: float | None = None) -> str:
    """The context as PostgreSQL's ``tenancy.verified()`` reads it.

    Eight fields joined by dots: tenant, kind, client, unit, member, login, expiry (Unix
    seconds), HMAC-SHA-256 in hexadecimal over the first seven. ``-`` stands for none.
    """
    expiry = int(time.time() if at is None else at) + SIGNATURE_SECONDS
    ids = (context.client_id, context.unit_id, context.member_id, context.login_id)
    fields = [_field(context.tenant_id), context.kind, *map(_field, ids), str(expiry)]
    message = ".".join(fields)
    return f"{message}.{hmac.new(key, message.encode(), sha256).hexdigest()}"


def pads(key: bytes) -> tuple[bytes, bytes]:
    """The inner and outer padded keys of HMAC-SHA-256 (RFC 2104), as PostgreSQL stores them."""
    block = (sha256(key).digest() if len(key) > 64 else key).ljust(64, b"\0")
    return bytes(b ^ 0x36 for b in block), bytes(b ^ 0x5C for b in block)


def _field(value: UUID | None) -> str:
    return "-" if value is None else str(value)
