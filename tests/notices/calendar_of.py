"""Deadlines for tests: mandates that end on chosen days, computed as the product does."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select

from mspaudit.clients.models import Person, Referent
from mspaudit.clients.rules import MANDATE_NOTICE_DAYS, ROLES
from mspaudit.extensions import db
from mspaudit.kernel import clock
from mspaudit.kernel.clock import PARIS
from mspaudit.notices.models import Notice
from mspaudit.outbox.models import OutgoingMail
from mspaudit.risk import deadlines
from mspaudit.risk.models import Deadline
from tests.cast import Cast, House


def today() -> date:
    return clock.today(clock.now())


def at(day: date, hour: int = 5, minute: int = 5) -> datetime:
    """That time of that day in Paris, UTC."""
    return datetime.combine(day, time(hour, minute), PARIS).astimezone(UTC)


def due(
    cast: Cast, act_by: date, *, slug: str = "valbrune", house: House | None = None, day: date | None = None
) -> UUID:
    """One more deadline of that client, to act on by that day; its identifier. ``day``: today, when told."""
    with cast.inside(house) as home:
        client = home.clients[slug]
        name = f"Personne {act_by}"
        person = Person(client_id=client, name=name, name_key=name.lower(), status="agent")
        db.session.add(person)
        db.session.flush()
        until = act_by + timedelta(days=MANDATE_NOTICE_DAYS)
        # A client has one referent in place a role.
        before = len(db.session.scalars(select(Referent).where(Referent.client_id == client)).all())
        role = list(ROLES)[before]
        referent = Referent(
            client_id=client, person_id=person.id, role=role, since=date(2020, 1, 1), mandate_until=until
        )
        db.session.add(referent)
        db.session.flush()
        subject = referent.id
    compute(cast, house=house, day=day)
    with cast.inside(house):
        return db.session.scalars(select(Deadline.id).where(Deadline.subject_id == subject)).one()


def compute(cast: Cast, *, day: date | None = None, house: House | None = None) -> None:
    """Copy what the rooms tell."""
    with cast.inside(house):
        deadlines.write(today=day or today())


def mails(kind: str = "") -> list[OutgoingMail]:
    """The mails of that kind (``digest``, ``urgent``), in the house entered, by key."""
    found = db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.key)).all()
    return [mail for mail in found if mail.key.startswith(f"{kind}:")]


def told(deadline: UUID) -> list[tuple[UUID, int, bool]]:
    """(member, threshold, passed) of a deadline, in the house entered."""
    rows = db.session.scalars(select(Notice).where(Notice.deadline_id == deadline))
    return sorted((row.member_id, row.threshold, row.passed) for row in rows)
