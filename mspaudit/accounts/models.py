"""Accounts of a client's directories, and what imports changed of them.

All of it is for the MSP's own people (``served``): a list of every account with its administrators and
of who has no second factor is what an intruder looks for first, and the client's people need only what
the portal tells them of it, in numbers.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mspaudit.tenancy.models import (
    ClientEntity,
    ClientScoped,
    TenantModel,
    Timestamp,
    Visibility,
    client_fk,
    fk,
    unique,
)

SERVED: Visibility = "served"


class Directory(ClientEntity):
    """A place that holds accounts; one of each source a client.

    ``entra`` is Entra ID, the Microsoft 365 admin centre and the registration report alike: they show the
    same accounts. Dates are those of the last whole list (``imported_at``, import ``list_id``) and of the
    last file that told of second factors (``mfa_at``), administrators (``admin_at``) or sign-ins
    (``sign_in_at``). ``before``: what the last import, ``import_id``, found there.
    """

    __tablename__ = "directory"
    __visible__ = SERVED
    __table_args__ = (
        client_fk(),
        unique("client_id", "source"),
        # So that an account's directory is its client's, in one foreign key rather than two.
        unique("client_id", "id"),
        CheckConstraint("source IN ('entra', 'ad', 'google', 'okta')", name="source"),
    )

    source: Mapped[str] = mapped_column(Text)
    imported_at: Mapped[datetime | None] = mapped_column(Timestamp)
    mfa_at: Mapped[datetime | None] = mapped_column(Timestamp)
    admin_at: Mapped[datetime | None] = mapped_column(Timestamp)
    sign_in_at: Mapped[datetime | None] = mapped_column(Timestamp)
    list_id: Mapped[UUID | None]
    import_id: Mapped[UUID | None]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))


class Account(ClientScoped, TenantModel):
    """One account. ``key`` is what its directory calls it, folded; ``name_key`` the name, for matching.

    ``enabled``, ``is_admin`` and ``mfa`` are what the last export that had the column said. ``import_id``
    is the import that last wrote the row, None once someone corrected it; ``born_in`` the one that made it.
    """

    __tablename__ = "account"
    __visible__ = SERVED
    # The directory's key carries the tenant and the client: two more foreign keys would prove the same,
    # and each costs as much as writing the row.
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "client_id", "directory_id"],
            ["directory.tenant_id", "directory.client_id", "directory.id"],
            ondelete="CASCADE",
        ),
        fk("person_id", to="person.id", ondelete="SET NULL (person_id)"),
        CheckConstraint("kind IN ('person', 'shared', 'service', 'guest', 'break_glass')", name="kind"),
        CheckConstraint("mfa IN ('yes', 'no', 'unknown')", name="mfa"),
        CheckConstraint("match IN ('none', 'exact', 'name', 'asked', 'confirmed', 'refused')", name="match"),
        Index("uq_account_key", "tenant_id", "client_id", "directory_id", "key", unique=True),
        Index("ix_account_held", "tenant_id", "person_id", postgresql_where=text("person_id IS NOT NULL")),
    )

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-30)
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid(), sort_order=-20)
    directory_id: Mapped[UUID]
    key: Mapped[str] = mapped_column(Text)
    upn: Mapped[str] = mapped_column(Text, default="")
    name: Mapped[str] = mapped_column(Text, default="")
    name_key: Mapped[str] = mapped_column(Text, default="")
    mail: Mapped[str] = mapped_column(Text, default="")
    title: Mapped[str] = mapped_column(Text, default="")
    licences: Mapped[str] = mapped_column(Text, default="")
    kind: Mapped[str] = mapped_column(Text, default="person")
    kind_by_hand: Mapped[bool] = mapped_column(default=False)
    enabled: Mapped[bool] = mapped_column(default=True)
    is_admin: Mapped[bool] = mapped_column(default=False)
    mfa: Mapped[str] = mapped_column(Text, default="unknown")
    mfa_methods: Mapped[str] = mapped_column(Text, default="")
    last_sign_in: Mapped[datetime | None] = mapped_column(Timestamp)
    created_at: Mapped[datetime | None] = mapped_column(Timestamp)
    gone_at: Mapped[datetime | None] = mapped_column(Timestamp)
    person_id: Mapped[UUID | None]
    match: Mapped[str] = mapped_column(Text, default="none")
    import_id: Mapped[UUID | None]
    born_in: Mapped[UUID | None]


class AccountException(ClientEntity):
    """Why an account is left out of the figures, who answers for it, and until when (last day included)."""

    __tablename__ = "account_exception"
    __visible__ = SERVED
    __table_args__ = (
        client_fk(),
        fk("account_id", to="account.id"),
        Index("ix_account_exception_of", "tenant_id", "account_id"),
    )

    account_id: Mapped[UUID]
    reason: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(Text)
    until: Mapped[date]
    made_by: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    ended_at: Mapped[datetime | None] = mapped_column(Timestamp)


class AccountReview(ClientEntity):
    """The accounts were read against the staff list, by whom, and how many differences were left open."""

    __tablename__ = "account_review"
    __visible__ = SERVED
    __table_args__ = (client_fk(), Index("ix_account_review_client", "tenant_id", "client_id", "reviewed_at"))

    reviewed_at: Mapped[datetime] = mapped_column(Timestamp)
    reviewed_by: Mapped[str] = mapped_column(Text)
    accounts: Mapped[int]
    left_open: Mapped[int]


class AccountChange(ClientScoped, TenantModel):
    """What an account was before an import changed it (``before``: column → value), for an undo.

    No foreign key to the account: PostgreSQL keeps the plan of its checks, and one made while the table was
    empty would read all of it for each of twenty thousand rows. An undo meets only accounts that are there.
    """

    __tablename__ = "account_change"
    __visible__ = SERVED
    __table_args__ = (client_fk(),)

    import_id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    before: Mapped[dict[str, Any]] = mapped_column(JSONB)


class StaffEntry(ClientScoped, TenantModel):
    """Someone whom the client's staff list names. ``gone_at``: when a later list no longer did.

    Not being listed any more is told, never taken for a departure: only a date of departure is one.
    """

    __tablename__ = "staff_entry"
    __visible__ = SERVED
    __table_args__ = (
        client_fk(),
        fk("person_id", to="person.id"),
        Index("ix_staff_entry_client", "tenant_id", "client_id"),
    )

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(Text, default="")
    department: Mapped[str] = mapped_column(Text, default="")
    arrived_on: Mapped[date | None]
    leaves_on: Mapped[date | None]
    listed_at: Mapped[datetime] = mapped_column(Timestamp)
    gone_at: Mapped[datetime | None] = mapped_column(Timestamp)


class StaffChange(ClientScoped, TenantModel):
    """What a staff list changed of someone, for an undo: columns of the person and of their entry.

    ``before`` is None for who the list brought. An undo leaves alone whoever is no longer ``after``.
    """

    __tablename__ = "staff_change"
    __visible__ = SERVED
    __table_args__ = (client_fk(), fk("person_id", to="person.id"))

    import_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    after: Mapped[dict[str, Any]] = mapped_column(JSONB)
