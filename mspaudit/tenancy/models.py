"""The tenant, and what every tenant table has in common."""

from datetime import date, datetime
from typing import Any, ClassVar, Literal
from uuid import UUID

from sqlalchemy import Date, DateTime, ForeignKey, ForeignKeyConstraint, Text, UniqueConstraint, Uuid, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mspaudit.extensions import Base
from mspaudit.kernel.ids import new_id

# Who sees a table's rows, and who writes them when that is fewer:
#   tenant  everyone of the tenant; written by its MSP         msp    the MSP's people and jobs
#   staff   everyone of the tenant; written by those who serve all of its clients
#   client  also a client's own people, on their own client    unit   the same, within their own unit
#   served  the MSP's people and jobs, each on the clients that they serve
#   login   one person, whatever the tenant                    self   the row itself: a tenant, a login
#   ledger  everyone of the tenant, through the database's own trigger only
#   hidden  nobody but the functions of schema auth
Visibility = Literal[
    "tenant", "staff", "msp", "client", "unit", "served", "login", "self", "ledger", "hidden"
]
Timestamp = DateTime(timezone=True)


class Secured(Base):
    """A table under row-level security; ``__visible__`` names its policies (see ``rls.py``)."""

    __abstract__ = True
    __visible__: ClassVar[Visibility]


class TenantModel(Secured):
    """A row of one tenant: every key, unique constraint and foreign key starts with ``tenant_id``."""

    __abstract__ = True
    __visible__: ClassVar[Visibility] = "msp"

    # First in every primary key, so that one tenant's rows lie together and can be distributed.
    tenant_id: Mapped[UUID] = mapped_column(
        ForeignKey("tenant.id", ondelete="CASCADE"), primary_key=True, sort_order=-30
    )


class TenantEntity(TenantModel):
    """A tenant row with an identifier of its own."""

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, sort_order=-20)


class ClientScoped:
    """Mixin: has a ``client_id``, so that one client's people can be confined to their own rows."""

    # Any: most rows have one client, a journal entry or a mail may have none.
    client_id: Mapped[Any] = mapped_column(Uuid, nullable=False, sort_order=-10)


class UnitScoped:
    """Mixin: may belong to one unit of the client, to which some of its people are confined."""

    org_unit_id: Mapped[UUID | None] = mapped_column()


class LoginScoped:
    """Mixin: has a ``login_id``; belongs to one person, in no tenant."""

    login_id: Mapped[UUID] = mapped_column()


class LoginModel(LoginScoped, Secured):
    """A row of one person, with its own identifier."""

    __abstract__ = True
    __visible__: ClassVar[Visibility] = "login"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    login_id: Mapped[UUID] = mapped_column(ForeignKey("login.id", ondelete="CASCADE"), index=True)


class ClientModel(ClientScoped, TenantModel):
    """A row about one client: a client-side person sees it only on their own organisation."""

    __abstract__ = True
    __visible__: ClassVar[Visibility] = "client"

    client_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-20)


class ClientEntity(ClientScoped, TenantEntity):
    """A row with its own identifier that belongs to one client."""

    __abstract__ = True
    __visible__: ClassVar[Visibility] = "client"


def client_fk() -> ForeignKeyConstraint:
    """The composite foreign key from a client's row to that client."""
    return fk("client_id", to="client.id")


def fk(column: str, *, to: str, ondelete: str = "CASCADE") -> ForeignKeyConstraint:
    """A composite foreign key: a simple one would accept another tenant's parent."""
    table = to.split(".", maxsplit=1)[0]
    return ForeignKeyConstraint(["tenant_id", column], [f"{table}.tenant_id", to], ondelete=ondelete)


def unique(*columns: str) -> UniqueConstraint:
    """A unique constraint within the tenant: a global one tells whether another tenant has the value."""
    return UniqueConstraint("tenant_id", *columns)


class Tenant(Secured):
    """A managed service provider. ``brand``: phone, e-mail, signature, colours; no secret."""

    __tablename__ = "tenant"
    __visible__ = "self"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    slug: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    brand: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    closed_at: Mapped[datetime | None] = mapped_column(Timestamp)


class Period(TenantModel):
    """A scheduled run: the primary key makes each period of each kind happen once (see ``schedule.py``)."""

    __tablename__ = "period"
    __visible__ = "msp"

    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    period: Mapped[date] = mapped_column(Date, primary_key=True)
    claimed_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    done_at: Mapped[datetime | None] = mapped_column(Timestamp)


class Heartbeat(Base):
    """When a long-running process was last alive. Holds nothing of any tenant."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    at: Mapped[datetime] = mapped_column(Timestamp)
