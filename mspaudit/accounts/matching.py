"""Giving each account its person, again after each import: whatever a person decided stays."""

from collections import Counter
from typing import Any, NamedTuple, cast
from uuid import UUID

from sqlalchemy import Table, and_, select, update

from mspaudit.accounts.holders import Book, Held, Someone
from mspaudit.accounts.models import Account
from mspaudit.accounts.sending import joined_by_hash, sent
from mspaudit.clients.models import Person
from mspaudit.extensions import db
from mspaudit.tenancy.context import tenant_id

BY_MACHINE = ("none", "exact", "name", "asked")
HUMAN = ("person", "guest")

ACCOUNT = cast("Table", Account.__table__)
_a = ACCOUNT.c


class Waiting(NamedTuple):
    """An account to match, with what was found before."""

    id: UUID
    directory_id: UUID
    upn: str
    mail: str
    name_key: str
    person_id: UUID | None
    match: str


def rematch(client_id: UUID) -> None:
    """Find again who holds each account of a client, except where a person confirmed or refused."""
    book = book_of(client_id)
    if book is None:
        db.session.execute(
            update(ACCOUNT)
            .values(person_id=None, match="none")
            .where(_of(client_id), _a.match.in_(BY_MACHINE), _a.match != "none")
        )
        return
    _forget_what_is_nobodys(client_id)
    found: dict[str, list[Any]] = {"id": [], "person_id": [], "match": []}
    waiting = _waiting(client_id)
    names = Counter((account.directory_id, account.name_key) for account in waiting)
    for account in waiting:
        alone = names[account.directory_id, account.name_key] == 1
        match, people = book.holder(Held(account.upn, account.mail, account.name_key, alone))
        holder = people[0] if match in ("exact", "name") else None
        if (match, holder) != (account.match, account.person_id):
            for column, value in (("id", account.id), ("person_id", holder), ("match", match)):
                found[column].append(value)
    if found["id"]:
        _write(client_id, found)


def book_of(client_id: UUID) -> Book | None:
    """The people of a client, to ask who holds an account; None when nobody is known."""
    statement = select(Person.id, Person.name_key, Person.email).where(Person.client_id == client_id)
    people = [Someone(row.id, row.name_key, row.email or "") for row in db.session.execute(statement)]
    return Book(people) if people else None


def _waiting(client_id: UUID) -> list[Waiting]:
    columns = (_a.id, _a.directory_id, _a.upn, _a.mail, _a.name_key, _a.person_id, _a.match)
    statement = select(*columns).where(
        _of(client_id), _a.match.in_(BY_MACHINE), _a.kind.in_(HUMAN), _a.gone_at.is_(None)
    )
    return [Waiting(*row) for row in db.session.execute(statement)]


def _forget_what_is_nobodys(client_id: UUID) -> None:
    """A mailbox that turned out to be shared has no holder any more, unless a person said so."""
    db.session.execute(
        update(ACCOUNT)
        .values(person_id=None, match="none")
        .where(_of(client_id), _a.match.in_(BY_MACHINE), _a.match != "none", _a.kind.not_in(HUMAN))
    )


def _write(client_id: UUID, found: dict[str, list[Any]]) -> None:
    lines = sent(found)
    statement = update(ACCOUNT).values(person_id=lines.c.person_id, match=lines.c.match)
    with joined_by_hash():
        db.session.execute(statement.where(_of(client_id), _a.id == lines.c.id))


def _of(client_id: UUID) -> Any:
    return and_(_a.tenant_id == tenant_id(), _a.client_id == client_id)
