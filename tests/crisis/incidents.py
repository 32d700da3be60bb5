"""An incident at Valbrune, and who may act on it."""

from datetime import UTC, datetime
from uuid import UUID

from mspaudit.clients import queries as clients
from mspaudit.clients.models import Client
from mspaudit.crisis.incidents import actions, queries, rules
from mspaudit.crisis.incidents.models import Incident, IncidentClock
from mspaudit.crisis.incidents.rules import Told
from tests.cast import Cast
from tests.departures.leavers import by

# A Friday evening in Paris: the weekend counts.
AWARE = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)


def client() -> Client:
    return clients.client_or_404("valbrune")


def opened(cast: Cast, kind: str = "account", *, now: datetime = NOW, aware: datetime = AWARE) -> UUID:
    """An incident opened by the technician."""
    with cast.inside(context=by(cast, "technician")):
        return actions.open_incident(
            client(),
            kind=kind,
            what="La messagerie envoie du courrier toute seule",
            awareness_at=aware,
            now=now,
        ).id


def found(incident: UUID) -> Incident:
    return queries.incident_or_404(client().id, incident)


def clock(incident: UUID, duty: str) -> IncidentClock:
    return next(each for each in queries.clocks(incident) if each.duty == duty)


def settle(incident: Incident, *, now: datetime = NOW) -> None:
    """Each duty done or set aside."""
    known = Told(personal="no", insured="no")
    actions.say(client(), incident, known, insurer="", csirt="", now=now)
    for each in queries.clocks(incident.id):
        if each.holds and each.done_at is None:
            actions.met(incident, each, at=now, now=now)


def seals_hold(incident: UUID) -> bool:
    """Whether each line of the log bears the seal that its words make after the line before."""
    previous = ""
    for e in queries.entries(incident):
        said = (e.kind, e.author, e.text, str(e.corrects or "-"))
        if e.hash != rules.seal(previous, e.seq, e.happened_at, e.written_at, *said):
            return False
        previous = e.hash
    return True
