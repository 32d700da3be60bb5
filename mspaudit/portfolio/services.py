"""Who answers for each service of a client, and what was sent to them; answers are the whole client's."""

from collections.abc import Sequence
from typing import NamedTuple

from mspaudit.checklists.queries import Sent
from mspaudit.clients.models import OrgUnit, Person
from mspaudit.identity.models import ClientMember


class Service(NamedTuple):
    """One unit: its people still there, those confined to it in the space, the questions sent to them."""

    unit: OrgUnit
    people: list[Person]
    members: list[ClientMember]
    sent: list[Sent]


def by_service(
    units: Sequence[OrgUnit], people: Sequence[Person], members: Sequence[ClientMember], sent: Sequence[Sent]
) -> list[Service]:
    """Each unit in order. A question belongs to the unit of whoever has the address that it was sent to."""
    found = []
    for unit in units:
        mine = [person for person in people if person.org_unit_id == unit.id and person.left_on is None]
        addresses = {person.email.lower() for person in mine if person.email}
        confined = [each for each in members if each.org_unit_id == unit.id]
        addresses |= {each.email for each in confined}
        found.append(Service(unit, mine, confined, [s for s in sent if s.delegation.email in addresses]))
    return found
