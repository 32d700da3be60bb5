"""A crisis plan at Valbrune, as far as a test needs it."""

from datetime import UTC, date, datetime

from mspaudit.clients import people_actions, queries
from mspaudit.clients.models import Client
from mspaudit.content import crisis as content
from mspaudit.crisis import actions
from mspaudit.crisis import queries as crisis
from mspaudit.crisis.actions import ContactGiven, Provider, SeatGiven, SheetGiven
from mspaudit.crisis.models import CrisisPlan

# A Friday afternoon in Paris.
NOW = datetime(2026, 11, 20, 13, 32, tzinfo=UTC)
TODAY = date(2026, 11, 20)
PLACES = ["Coffre de la mairie", "Chez la maire", "Caserne"]


def client(slug: str = "valbrune") -> Client:
    return queries.client_or_404(slug)


def started(slug: str = "valbrune") -> CrisisPlan:
    provider = Provider("Tilleul", "01 23 45 67 89")
    return actions.start(client(slug), provider, today=TODAY, now=NOW)


def sheet_of(plan: CrisisPlan, service: str, *, concerned: bool = True, slug: str = "valbrune") -> None:
    """Write the sheet of one service, or rule it out."""
    usual = crisis.usual_sheet_or_404(client(slug), service)
    given = SheetGiven(concerned, usual.hours, "Ouvrir le cahier" if concerned else "", "Cahiers", "Armoire")
    actions.write_sheet(client(slug), plan, usual, given, by="Zoé Delorme", today=TODAY, now=NOW)


def complete(slug: str = "valbrune") -> CrisisPlan:
    """A plan that lacks nothing, read and printed today."""
    plan, found = started(slug), client(slug)
    people_actions.add_person(found, name="Zoé Delorme", status="agent", now=NOW)
    seats = {
        role.code: SeatGiven("Zoé Delorme", "06 11 22 33 44", "Paul Astruc", "06 55 66 77 88")
        for role in content.roles(found.kind)
    }
    actions.set_cell(found, plan, seats, now=NOW)
    lines = {each.code: ContactGiven("Un nom", "01 11 22 33 44") for each in content.contacts(found.kind)}
    actions.set_directory(found, plan, lines, now=NOW)
    actions.set_cover(plan, activation="Un poste bloqué", places=PLACES, now=NOW)
    for usual, _sheet in crisis.view(found).sheets:
        sheet_of(plan, usual.code, slug=slug)
    actions.review(plan, by="Zoé Delorme", today=TODAY, now=NOW)
    actions.note_print(plan, today=TODAY, now=NOW)
    return plan
