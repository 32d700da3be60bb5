"""Campaigns for tests: a started questionnaire in a house of the cast."""

from datetime import UTC, date, datetime
from uuid import UUID

from mspaudit.checklists import actions, queries
from mspaudit.checklists.actions import By
from mspaudit.checklists.models import Answer, Assessment, Evidence
from mspaudit.clients.models import Person, Referent
from mspaudit.content.packs import base_pack
from mspaudit.extensions import db
from mspaudit.kernel import clock
from tests.cast import Cast, House

NOW = datetime(2026, 11, 20, 13, 32, tzinfo=UTC)
TODAY = date(2026, 11, 20)
ASTRUC = By("client", "Nadia Astruc")
DELORME = By("client", "Mme Delorme")
INES = By("msp", "Inès Carvalho")
PHOTO = b"\x89PNG\r\n\x1a\n" + bytes(64)


def start(
    cast: Cast,
    slug: str = "valbrune",
    house: House | None = None,
    *,
    scope: str = "full",
    due_on: date | None = None,
    now: datetime = NOW,
) -> UUID:
    """Start a campaign for a client and return its identifier."""
    with cast.inside(house) as home:
        client = home.clients[slug]
        return actions.start_assessment(client, base_pack(), scope=scope, due_on=due_on, now=now).id


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


def say(
    answer: Answer,
    choice: str,
    *,
    by: By = ASTRUC,
    now: datetime = NOW,
    version: int | None = None,
    **more: object,
) -> bool:
    """Answer as ``by`` would, looking at the current version unless told."""
    seen = answer.version if version is None else version
    return actions.save_answer(
        answer, choice, expected_version=seen, now=now, today=clock.today(now), by=by, **more
    )


def prove(
    answer: Answer, data: bytes = PHOTO, name: str = "photo.png", *, now: datetime = NOW, days: int = 365
) -> Evidence:
    """Attach a proof and return it, stored."""
    evidence = actions.attach_evidence(
        answer, data, name, proof_days=days, now=now, today=clock.today(now), by=ASTRUC
    )
    db.session.flush()
    return evidence


def proof_of(cast: Cast, code: str, slug: str = "valbrune", house: House | None = None) -> UUID:
    """A proof attached to a « oui », in a campaign already started."""
    with cast.inside(house) as home:
        answer = answer_of(home.clients[slug], code)
        say(answer, "yes")
        return prove(answer).id


def pilot_without_mandate(client_id: UUID, since: date = TODAY) -> None:
    """Have GOV-01 measured at a half: a pilot is named, with neither mandate nor time. Call it in a house."""
    person = Person(client_id=client_id, name="Paul Vigneron", name_key="paul vigneron", status="agent")
    db.session.add(person)
    db.session.flush()
    db.session.add(Referent(client_id=client_id, person_id=person.id, role="pilot", since=since))


def disprove(cast: Cast, slug: str = "valbrune", house: House | None = None) -> None:
    """A « oui » of Nadia Astruc to GOV-01 that the client's own sheet disproves."""
    with cast.inside(house) as home:
        say(answer_of(home.clients[slug], "GOV-01"), "yes")
        pilot_without_mandate(home.clients[slug])
