"""Actions, advice and decisions at Valbrune, for the tests of this room."""

from datetime import UTC, date, datetime
from uuid import UUID

from mspaudit.clients import queries as clients
from mspaudit.clients.models import Client
from mspaudit.plan import actions, queries
from mspaudit.plan.actions import Option, Proposal, Received, Said, Sheet
from mspaudit.plan.models import ActionItem, Decision, Recommendation
from mspaudit.tenancy.context import Context
from tests.cast import Cast, House

# A Friday afternoon in Paris.
NOW = datetime(2026, 11, 20, 13, 32, tzinfo=UTC)
TODAY = date(2026, 11, 20)
PDF = b"%PDF-1.4\n%deliberation\n%%EOF\n"
RECEIVED = Received("Jeanne Astruc", "Maire", "deliberation", TODAY, "deliberation.pdf", PDF)


def as_staff(cast: Cast, who: str = "technician", house: House | None = None) -> Context:
    """What ``who`` of the MSP acts as."""
    house = house or cast.tilleul
    person = house.people[who]
    return Context(
        "limited" if who == "limited" else "msp", house.id, member_id=person.id, login_id=person.login_id,
        actor=person.name, role="technician",
    )  # fmt: skip


def as_client(cast: Cast, who: str = "decider", slug: str = "valbrune") -> Context:
    """What ``who`` of the client acts as."""
    person = cast.tilleul.people[who]
    role = "respondent" if who == "secretary" else "decider"
    return Context(
        "client", cast.tilleul.id, client_id=cast.tilleul.clients[slug], member_id=person.id,
        login_id=person.login_id, actor=person.name, role=role,
    )  # fmt: skip


def client(slug: str = "valbrune") -> Client:
    return clients.client_or_404(slug)


def an_action(title: str = "Activer le second facteur", slug: str = "valbrune", **more: object) -> ActionItem:
    return actions.add(client(slug), Sheet(title, hours=4.0, once_cents=10_000, **more), now=NOW)  # type: ignore[arg-type]


def proposal(title: str = "Activer le second facteur", action: ActionItem | None = None) -> Proposal:
    options = [
        Option("Pour tous", "Plus de mot de passe seul", "Une heure par personne", 4.0, 34_000, 1_200),
        Option("Pour les élus", "Rapide", "Laisse les agents exposés", 1.0, 6_000, 0),
    ]
    return Proposal(title, "Un mot de passe volé ne suffit plus.", options, "Une boîte prise.", action=action)


def advised(title: str = "Activer le second facteur", slug: str = "valbrune") -> Recommendation:
    """Advice about a new action, sent by whoever is inside."""
    return actions.propose(client(slug), proposal(title, an_action(title, slug)), now=NOW)


def found(advice_id: UUID, slug: str = "valbrune") -> Recommendation:
    return queries.recommendation_or_404(client(slug).id, advice_id)


def sent(cast: Cast, title: str = "Activer le second facteur", slug: str = "valbrune") -> UUID:
    """Advice sent by the technician."""
    with cast.inside(context=as_staff(cast)):
        return advised(title, slug).id


def decided(cast: Cast, advice_id: UUID, verdict: str = "accepted", **more: object) -> Decision:
    """What the decider says of it, in person."""
    with cast.inside(context=as_client(cast)):
        said = Said(verdict, **more)  # type: ignore[arg-type]
        return actions.decide(found(advice_id), said, now=NOW, today=TODAY)
