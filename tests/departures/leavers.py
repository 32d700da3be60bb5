"""People who leave, and the two technicians who see them off."""

from datetime import UTC, date, datetime
from uuid import UUID

from mspaudit.clients import people_actions, queries
from mspaudit.clients.models import Client, Person
from mspaudit.departures import actions
from mspaudit.departures import queries as departures
from mspaudit.departures.models import Departure, SharedSecret
from mspaudit.tenancy.context import Context
from tests.cast import Cast, House

# A Friday afternoon in Paris.
NOW = datetime(2026, 11, 20, 13, 32, tzinfo=UTC)
TODAY = date(2026, 11, 20)
PDF = b"%PDF-1.4\n%contrat\n%%EOF\n"


def by(cast: Cast, who: str, house: House | None = None) -> Context:
    """What ``who`` acts as, over all clients of the house."""
    house = house or cast.tilleul
    person = house.people[who]
    return Context("msp", house.id, member_id=person.id, login_id=person.login_id, actor=person.name)


def client(slug: str = "valbrune") -> Client:
    return queries.client_or_404(slug)


def someone(name: str = "Zoé Delorme", status: str = "agent", slug: str = "valbrune") -> Person:
    return people_actions.add_person(client(slug), name=name, status=status, now=NOW)


def leaving(person: Person, *, on: date = TODAY, kind: str = "leave", now: datetime = NOW) -> Departure:
    return actions.start(client(), person, kind=kind, leaves_on=on, now=now)


def announced(cast: Cast, name: str = "Zoé Delorme", **more: object) -> UUID:
    """A departure at Valbrune, prepared by the technician."""
    with cast.inside(context=by(cast, "technician")):
        return leaving(someone(name), **more).id  # type: ignore[arg-type]


def found(departure_id: UUID) -> Departure:
    return departures.departure_or_404(client().id, departure_id)


def settle_all(departure: Departure, *, only_cuts: bool = False, now: datetime = NOW) -> None:
    """Everything done, by whoever is inside."""
    for item in departures.items(departure.id):
        if item.state == "todo" and (item.cuts or not only_cuts):
            actions.settle_item(departure, item, now=now)


def secret(
    label: str = "Administration du serveur", level: str = "critical", *knowers: Person
) -> SharedSecret:
    kept = actions.add_secret(client(), label=label, kept_in="Coffre", level=level, rotated_on=None, now=NOW)
    actions.set_knowers(client(), kept, [person.id for person in knowers], now=NOW)
    return kept
