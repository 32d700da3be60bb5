"""Portfolios for tests: both clients of a house answered differently, and as many more as wanted."""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from mspaudit.checklists import actions
from mspaudit.checklists.models import Answer
from mspaudit.clients.models import Client, Tag
from mspaudit.content.packs import base_pack
from mspaudit.extensions import db
from mspaudit.kernel import clock
from mspaudit.kernel.french import fold
from mspaudit.risk.actions import recompute
from tests.cast import Cast, House
from tests.checklists.campaigns import ASTRUC, answer_of, say

GAP = "MSG-05"


def now() -> datetime:
    return clock.now()


def today() -> date:
    return clock.today(now())


def fill(cast: Cast, house: House | None = None) -> None:
    """Valbrune has answered a few questions badly and one well; Fontaine knows one thing."""
    with cast.inside(house) as home:
        for slug in home.clients:
            actions.start_assessment(home.clients[slug], base_pack(), scope="full", due_on=None, now=now())
        db.session.flush()
        for code, choice in (("ACC-01", "yes"), (GAP, "no"), ("ACC-03", "no"), ("GOV-01", "unknown")):
            answered(home.clients["valbrune"], code, choice)
        answered(home.clients["fontaine"], GAP, "no")
    compute(cast, house)


def answered(client: UUID, code: str, choice: str) -> None:
    """Answer as the client's own people would; call it inside a house."""
    say(answer_of(client, code), choice, by=ASTRUC, now=now())


def compute(cast: Cast, house: House | None = None, *, days_ago: int = 0) -> None:
    """Compute the whole house as of that many days ago."""
    at = now() - timedelta(days=days_ago)
    with cast.inside(house):
        recompute(today=clock.today(at), now=at)


def crowd(cast: Cast, count: int) -> None:
    """So many more communes with every question answered, named after their number."""
    with cast.inside():
        for number in range(count):
            name = f"Commune {number:03}"
            client = Client(
                kind="commune",
                slug=f"commune-{number}",
                name=name,
                name_key=fold(name),
                population=number * 10,
            )
            db.session.add(client)
            db.session.flush()
            db.session.add(Tag(client_id=client.id, tag="CCAS"))
            found = actions.start_assessment(client.id, base_pack(), scope="full", due_on=None, now=now())
            db.session.flush()
            rows = db.session.scalars(select(Answer).where(Answer.assessment_id == found.id)).all()
            for row in rows[: number % len(rows)]:
                row.choice, row.points, row.state = "yes", 2, "declared"
    compute(cast)
