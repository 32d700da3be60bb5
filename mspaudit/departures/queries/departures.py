"""Reading departures: one with its list, a client's, and all those open over the portfolio."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, case, cast, func, select
from werkzeug.exceptions import NotFound

from mspaudit.accounts.models import Account, Directory
from mspaudit.accounts.rules import SOURCES
from mspaudit.clients.models import Client, Person
from mspaudit.content import departures as content
from mspaudit.departures import rules
from mspaudit.departures.models import Departure, DepartureItem, PortalHolder, SecretKnower, SharedSecret
from mspaudit.departures.rules import Line
from mspaudit.extensions import db


@dataclass(frozen=True)
class DepartureView:
    """A departure as a list shows it. ``act_by``: the next last useful day; None when nothing is due."""

    departure: Departure
    person: Person
    client: Client
    state: str
    settled: int
    total: int
    act_by: date | None

    @property
    def state_words(self) -> str:
        return rules.STATES[self.state]

    @property
    def kind_words(self) -> str:
        return rules.KINDS[self.departure.kind]


class Group(NamedTuple):
    """Lines of a departure under one title."""

    title: str
    items: list[DepartureItem]


class Known(NamedTuple):
    """What the product knows that a person holds: an identifier and a name for each."""

    accounts: list[tuple[UUID, str]]
    secrets: list[SharedSecret]
    portals: list[PortalHolder]


def departures(client_id: UUID, *, today: date) -> list[DepartureView]:
    """A client's departures: the open ones first by what is due, then the latest; one statement."""
    found = _views(_counted().where(Departure.client_id == client_id), today)
    return sorted(found, key=_open_first)


def open_departures(*, today: date) -> list[DepartureView]:
    """Every open departure of the clients this context sees, the latest late first; one statement."""
    statement = _counted().where(
        Departure.closed_at.is_(None), Departure.cancelled_at.is_(None), Client.archived_at.is_(None)
    )
    return sorted(_views(statement, today), key=_open_first)


def view(departure: Departure, *, today: date) -> DepartureView:
    """One departure as a list shows it."""
    return _views(_counted().where(Departure.id == departure.id), today)[0]


def departure_or_404(client_id: UUID, departure_id: UUID, *, lock: bool = False) -> Departure:
    """One departure of that client; ``lock`` holds it until the end. Raises NotFound."""
    statement = select(Departure).where(Departure.client_id == client_id, Departure.id == departure_id)
    found = db.session.scalars(statement.with_for_update() if lock else statement).one_or_none()
    if found is None:
        raise NotFound
    return found


def items(departure_id: UUID) -> Sequence[DepartureItem]:
    """The lines of a departure, in their order."""
    statement = select(DepartureItem).where(DepartureItem.departure_id == departure_id)
    return db.session.scalars(statement.order_by(DepartureItem.position)).all()


def item_or_404(departure_id: UUID, item_id: UUID) -> DepartureItem:
    """One line of that departure. Raises NotFound."""
    statement = select(DepartureItem).where(
        DepartureItem.departure_id == departure_id, DepartureItem.id == item_id
    )
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found


def lines(found: Sequence[DepartureItem]) -> list[Line]:
    """What the rules need of each line."""
    return [
        Line(item.title, item.state, item.cuts, item.settled_by_id, item.checked_at is not None)
        for item in found
    ]


def may_leave(client_id: UUID, asked: UUID | None = None) -> Sequence[Person]:
    """The people of a client who did not leave and have no open departure, by name.

    Args:
        asked: someone who may be of them even though they left: their accounts may still be on.
    """
    leaving = select(Departure.person_id).where(
        Departure.client_id == client_id, Departure.closed_at.is_(None), Departure.cancelled_at.is_(None)
    )
    statement = select(Person).where(
        Person.client_id == client_id,
        Person.left_on.is_(None) | (Person.id == asked),
        Person.id.not_in(leaving),
    )
    return db.session.scalars(statement.order_by(Person.name_key)).all()


def known_of(person: Person) -> Known:
    """What that person holds, as far as directories and registers know; three statements."""
    accounts = db.session.execute(
        select(Account.id, Account.upn, Account.name, Directory.source)
        .join(Directory, Directory.id == Account.directory_id)
        .where(Account.person_id == person.id, Account.enabled, Account.gone_at.is_(None))
        .order_by(Directory.source, Account.key)
    )
    secrets = db.session.scalars(
        select(SharedSecret)
        .join(SecretKnower, SecretKnower.secret_id == SharedSecret.id)
        .where(SecretKnower.person_id == person.id, SharedSecret.retired_at.is_(None))
        .order_by(SharedSecret.label)
    )
    portals = db.session.scalars(
        select(PortalHolder)
        .where(PortalHolder.person_id == person.id, PortalHolder.used)
        .order_by(PortalHolder.title)
    )
    named = [(row.id, f"{row.upn or row.name}, {SOURCES[row.source]}") for row in accounts]
    return Known(named, list(secrets), list(portals))


def grouped(found: Sequence[DepartureItem]) -> list[Group]:
    """The lines by group, in the catalogue's order."""
    by_group: dict[str, list[DepartureItem]] = {name: [] for name in content.GROUPS}
    for item in found:
        by_group[content.task(item.task).group].append(item)
    return [Group(content.GROUPS[name], kept) for name, kept in by_group.items() if kept]


def _counted() -> Select[Departure, Person, Client, int, int, date]:
    todo: ColumnElement[bool] = DepartureItem.state == "todo"
    counts = (
        select(
            DepartureItem.departure_id,
            func.count().label("total"),
            func.count().filter(~todo).label("settled"),
            func.min(case((todo, DepartureItem.act_by))).label("act_by"),
        )
        .group_by(DepartureItem.departure_id)
        .subquery("counts")
    )
    return (
        select(
            Departure,
            Person,
            Client,
            cast(func.coalesce(counts.c.settled, 0), Integer),
            cast(func.coalesce(counts.c.total, 0), Integer),
            counts.c.act_by,
        )
        .join(Person, Person.id == Departure.person_id)
        .join(Client, Client.id == Departure.client_id)
        .outerjoin(counts, counts.c.departure_id == Departure.id)
    )


def _views(statement: Select[Departure, Person, Client, int, int, date], today: date) -> list[DepartureView]:
    return [
        DepartureView(
            departure, person, client, _state(departure, settled, today), settled, total,
            _next(departure, act_by),
        )
        for departure, person, client, settled, total, act_by in db.session.execute(statement)
    ]  # fmt: skip


def _state(departure: Departure, settled: int, today: date) -> str:
    return rules.departure_state(
        leaves_on=departure.leaves_on,
        today=today,
        begun=settled > 0,
        cut=departure.cut_at is not None,
        verified=departure.verified_at is not None,
        closed=departure.closed_at is not None,
        cancelled=departure.cancelled_at is not None,
    )


def _next(departure: Departure, act_by: date | None) -> date | None:
    if not departure.open:
        return None
    if departure.prepared_at is None:
        return departure.leaves_on
    if departure.verified_at is None:
        return min(act_by or departure.verify_by, departure.verify_by)
    return act_by


def _open_first(found: DepartureView) -> tuple[bool, tuple[bool, date, float]]:
    departure = found.departure
    empty, act_by, announced = rules.late_first(found.act_by, departure.announced_at)
    if departure.open:
        return False, (empty, act_by, announced.timestamp())
    return True, (False, date.min, -announced.timestamp())
