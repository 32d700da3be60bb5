"""The mails of this room: an incident was opened; a clock has little left, or has passed.

Each leaves once: its key names the incident or the clock, the hour it ends, the threshold and the reader.
"""

from collections.abc import Iterator
from datetime import datetime

from mspaudit.clients import queries as clients
from mspaudit.clients.models import Client
from mspaudit.crisis.incidents import queries, rules
from mspaudit.crisis.incidents.duties import DUTIES, KINDS
from mspaudit.crisis.incidents.models import Incident, IncidentClock
from mspaudit.extensions import db
from mspaudit.identity.models import ClientMember, StaffMember
from mspaudit.outbox.actions import queue_mail
from mspaudit.outbox.letters import address, letter
from mspaudit.tenancy.context import tenant_id
from mspaudit.tenancy.models import Tenant


def tell_all(*, now: datetime) -> None:
    """Tell what each open incident owes at ``now``: that it was opened, and its most pressing thresholds.

    Late rather than never: after an outage, only the last threshold reached is told.
    """
    for incident, client, _next in queries.incidents(open_only=True):
        clocks = queries.clocks(incident.id)
        _opened(incident, client, clocks)
        for clock in clocks:
            if clock.holds and clock.done_at is None and clock.due_at is not None:
                _pressing(incident, client, clock, clock.due_at, now=now)


def _opened(incident: Incident, client: Client, clocks: list[IncidentClock]) -> None:
    todo = [(DUTIES[each.duty].label, each) for each in clocks if each.holds]
    # The one who opens it knows; the others are few, so that everybody has the same mail.
    _send("incident_opened", incident, client, key=f"incident:{incident.id}", todo=todo)


def _pressing(
    incident: Incident, client: Client, clock: IncidentClock, due: datetime, *, now: datetime
) -> None:
    reached = rules.threshold(due, now)
    if reached is None:
        return
    key = f"incident-clock:{clock.id}:{due:%Y%m%d%H%M}:{reached}"
    duty = DUTIES[clock.duty]
    _send("incident_clock", incident, client, key=key, duty=duty, due=due, left=rules.time_left(due, now))


def _send(name: str, incident: Incident, client: Client, *, key: str, **words: object) -> None:
    tenant = db.session.get_one(Tenant, tenant_id())
    for reader, link in _readers(incident, client, tenant):
        mail = letter(
            name, reader=reader.name, client=client.name, msp=tenant.name, incident=incident, link=link,
            kind=KINDS[incident.kind], **words,
        )  # fmt: skip
        queue_mail(
            key=f"{key}:{reader.id}", recipient=reader.email, subject=mail.subject, body=mail.body,
            client_id=client.id,
        )  # fmt: skip


def _readers(
    incident: Incident, client: Client, tenant: Tenant
) -> Iterator[tuple[StaffMember | ClientMember, str]]:
    """The colleagues who answer for this client, nobody else of the MSP, and those who decide there."""
    at = {"msp": tenant.slug, "client": client.slug, "incident": incident.id}
    for colleague in clients.responsible(client.id):
        yield colleague, address("incidents.show", **at)
    for member in clients.members(client.id):
        if member.role == "decider" and member.disabled_at is None:
            yield member, address("client_incidents.show", **at)
