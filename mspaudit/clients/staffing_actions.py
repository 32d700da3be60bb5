"""What a staff list does to the people of a client, many at once."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import literal, select

from mspaudit.clients import people_actions, rules
from mspaudit.clients.models import Client, Person
from mspaudit.extensions import Base, db
from mspaudit.journal.actions import record
from mspaudit.kernel.french import plural

Cards = Iterable[tuple[Person, dict[str, Any]]]


def enlist(client_id: UUID, cards: Sequence[dict[str, Any]], *, now: datetime) -> list[Person]:
    """Add people, each from the columns of a card; ``name`` and ``status`` at least."""
    found = [
        Person(client_id=client_id, name_key=rules.key(card["name"]), created_at=now, **card)
        for card in cards
    ]
    db.session.add_all(found)
    db.session.flush()
    if found:
        record("person.listed", plural(len(found), "personne"), client_id=client_id, at=now, count=len(found))
    return found


def correct(client: Client, cards: Cards, *, now: datetime) -> None:
    """Write what a list says of people already known; a departure ends their roles and their access."""
    count = 0
    for person, card in cards:
        count += 1
        left_on: date | None = card.get("left_on")
        for name, value in card.items():
            if name != "left_on":
                setattr(person, name, value)
        if left_on is not None:
            people_actions.mark_left(client, person, on=left_on, now=now)
    if count:
        record("person.corrected", plural(count, "personne"), client_id=client.id, at=now, count=count)


def strike(client_id: UUID, people: Sequence[Person], *, apart: Sequence[str], now: datetime) -> int:
    """Take back people whom a list added by mistake; whoever something else refers to stays.

    Args:
        apart: tables that may refer to them without keeping them.
    """
    gone = [person for person in people if not _is_needed(person, apart)]
    for person in gone:
        db.session.delete(person)
    if gone:
        record("person.struck", plural(len(gone), "personne"), client_id=client_id, at=now, count=len(gone))
    db.session.flush()
    return len(gone)


def _is_needed(person: Person, apart: Sequence[str]) -> bool:
    keys = (
        (table, element.parent)
        for table in Base.metadata.sorted_tables
        if table.name not in apart
        for key in table.foreign_key_constraints
        for element in key.elements
        if element.target_fullname == "person.id"
    )
    return any(
        db.session.scalar(
            select(literal(1)).where(table.c.tenant_id == person.tenant_id, column == person.id).limit(1)
        )
        for table, column in keys
    )
