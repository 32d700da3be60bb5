"""Campaigns for tests: a started questionnaire in a house of the cast."""

from datetime import UTC, date, datetime
from uuid import UUID

from mspaudit.checklists import actions, queries
from mspaudit.checklists.models import Answer, Assessment
from mspaudit.content.packs import base_pack
from tests.cast import Cast, House

NOW = datetime(2026, 11, 20, 13, 32, tzinfo=UTC)
TODAY = date(2026, 11, 20)


def start(
    cast: Cast,
    slug: str = "valbrune",
    house: House | None = None,
    *,
    scope: str = "full",
    now: datetime = NOW,
) -> UUID:
    """Start a campaign for a client and return its identifier."""
    with cast.inside(house) as home:
        return actions.start_assessment(home.clients[slug], base_pack(), scope=scope, due_on=None, now=now).id


def answer_of(client_id: UUID, code: str) -> Answer:
    """The current answer to ``code``; call it inside a house."""
    checklist = queries.current_assessment(client_id)
    assert checklist is not None
    found = queries.one_question(checklist, code, today=TODAY)
    assert found is not None
    return found.answer


def current(client_id: UUID) -> Assessment:
    """The current campaign; call it inside a house."""
    checklist = queries.current_assessment(client_id)
    assert checklist is not None
    return checklist.assessment
