"""When each colleague wants to be told, their calendar address, and the test alert they asked for."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from mspaudit.extensions import db
from mspaudit.notices.models import CalendarFeed, KindThresholds, Preference, Trial
from mspaudit.notices.rules import Hours
from mspaudit.outbox import queries as outbox
from mspaudit.outbox.models import OutgoingMail


def every() -> dict[UUID, Hours]:
    """The hours of every colleague who chose some."""
    return {row.member_id: _hours(row) for row in db.session.scalars(select(Preference))}


def of(member_id: UUID) -> Hours:
    """The hours of one colleague."""
    row = row_of(member_id)
    return _hours(row) if row else Hours()


def row_of(member_id: UUID) -> Preference | None:
    """What one colleague chose, if anything."""
    return db.session.scalar(select(Preference).where(Preference.member_id == member_id))


def thresholds() -> dict[str, KindThresholds]:
    """The kinds whose thresholds this MSP changed."""
    return {row.kind: row for row in db.session.scalars(select(KindThresholds))}


def feed(member_id: UUID) -> CalendarFeed | None:
    """A colleague's calendar address as it stands, if they have one."""
    return db.session.scalar(
        select(CalendarFeed).where(CalendarFeed.member_id == member_id, CalendarFeed.revoked_at.is_(None))
    )


def trial(trial_id: UUID) -> Trial | None:
    """One test alert of this MSP."""
    return db.session.scalar(select(Trial).where(Trial.id == trial_id))


@dataclass(frozen=True)
class Progress:
    """How far a test alert went. ``mail`` is None until a worker wrote it."""

    asked_at: datetime
    taken_at: datetime | None
    mail: OutgoingMail | None

    @property
    def over(self) -> bool:
        """Whether nothing more will happen: the server took the mail, or never will."""
        return self.mail is not None and self.mail.state != "waiting"


def progress(found: Trial) -> Progress:
    """The steps that a test alert has reached."""
    return Progress(found.asked_at, found.taken_at, outbox.by_key(trial_key(found.id)))


def trial_key(trial_id: UUID) -> str:
    """The outbox key of a test alert's mail."""
    return f"trial:{trial_id}"


def _hours(row: Preference) -> Hours:
    return Hours(row.at, tuple(row.days), row.alsace)
