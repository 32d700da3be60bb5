"""The daily summary of each technician, and what cannot wait for it: written and queued, never sent here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from mspaudit.checklists.naming import controls, named
from mspaudit.content.packs import Control
from mspaudit.extensions import db
from mspaudit.identity import queries as staff
from mspaudit.identity.models import StaffMember
from mspaudit.kernel.clock import today as day_of
from mspaudit.kernel.french import plural
from mspaudit.notices import preferences, telling
from mspaudit.notices.kinds import kind, short
from mspaudit.notices.rules import LAST_WEEK, Hours
from mspaudit.notices.telling import Line
from mspaudit.outbox.actions import queue_mail
from mspaudit.outbox.letters import address, letter
from mspaudit.outbox.queries import by_key
from mspaudit.tenancy.context import tenant_id
from mspaudit.tenancy.models import Tenant

# A summary is read in a minute; the page lists the rest.
MOST_LINES = 40
TROUBLE = "backup"


@dataclass(frozen=True)
class Entry:
    """One line of a mail: the same date at several clients is said once."""

    kind: str
    subject: str
    clients: tuple[str, ...]
    act_by: date
    due_on: date

    @property
    def label(self) -> str:
        """Its kind, in words."""
        return kind(self.kind).label

    @property
    def pressing(self) -> bool:
        """Whether it is a trouble of today rather than a date."""
        return self.kind == TROUBLE

    @property
    def where(self) -> str:
        """« Valbrune », or « 38 clients » when the same falls on several."""
        return self.clients[0] if len(self.clients) == 1 else plural(len(self.clients), "client")


def entries(lines: Iterable[Line], controls: Mapping[str, Control]) -> list[Entry]:
    """The lines of a mail, the first to act on first; controls are named by their words."""
    grouped: dict[tuple[object, ...], list[Line]] = {}
    for line in lines:
        grouped.setdefault((line.kind, line.subject_id, line.act_by, line.due_on), []).append(line)
    return [
        Entry(
            kind=same[0].kind,
            subject=short(same[0].kind, named(same[0].subject, controls)),
            clients=tuple(line.client for line in same),
            act_by=same[0].act_by,
            due_on=same[0].due_on,
        )
        for same in grouped.values()
    ]


@dataclass(frozen=True)
class _Round:
    """One pass over an MSP: nothing of it is told until its transaction commits."""

    now: datetime
    known: Mapping[str, Sequence[int]]
    tenant: Tenant
    controls: Mapping[str, Control]

    @property
    def today(self) -> date:
        return day_of(self.now)

    def send(self, name: str, member: StaffMember, key: str, at: datetime | None, **values: Any) -> None:
        mail = letter(
            name,
            member=member,
            msp=self.tenant.name,
            today=self.today,
            url=address("notices.index", msp=self.tenant.slug),
            settings_url=address("alerts.index", msp=self.tenant.slug),
            **values,
        )
        queue_mail(
            key=key, recipient=member.email, subject=mail.subject, body=mail.body, html=mail.html, due_at=at
        )


def tell_all(*, now: datetime) -> int:
    """Queue what is urgent and today's summaries of this MSP; how many mails. Safe to run twice."""
    found, hours = _round(now), preferences.every()
    urgent = sum(_urgent(found, member) for member in _told())
    return urgent + sum(_summary(found, member, hours.get(member.id, Hours())) for member in _told())


def tell_urgent(*, now: datetime) -> int:
    """Queue at once, in one mail a person, what has a day or less left; how many mails."""
    found = _round(now)
    return sum(_urgent(found, member) for member in _told())


def _round(now: datetime) -> _Round:
    # Two workers take turns: the second finds everything told.
    lock = func.pg_advisory_xact_lock(func.hashtextextended(f"notices:{tenant_id()}", 0))
    db.session.execute(select(lock))
    return _Round(now, telling.rules(), db.session.get_one(Tenant, tenant_id()), controls())


def _told() -> list[StaffMember]:
    return [member for member in staff.staff() if member.role != "reader"]


def _urgent(found: _Round, member: StaffMember) -> int:
    lines = telling.claim(member, found.known, today=found.today, now=found.now, urgent=True)
    if not lines:
        return 0
    told = sha256("".join(f"{line.deadline_id}{line.threshold}" for line in lines).encode()).hexdigest()
    said = entries(lines, found.controls)
    found.send(
        "urgent", member, f"urgent:{member.id}:{told[:32]}", None,
        entries=said[:MOST_LINES], more=max(len(said) - MOST_LINES, 0), count=len(said),
    )  # fmt: skip
    return 1


def _summary(found: _Round, member: StaffMember, hours: Hours) -> int:
    today, leaves_at = found.today, hours.leaves_at(found.now)
    key = f"digest:{member.id}:{today.isoformat()}"
    if leaves_at is None or by_key(key) is not None:
        return 0
    lines = telling.claim(member, found.known, today=today, now=found.now, urgent=False)
    following = hours.next_working_day(today)
    eve = entries(_eve(member, {x.deadline_id for x in lines}, today, following), found.controls)
    if not lines and not eve:
        return 0
    near = entries((x for x in lines if (x.act_by - today).days <= LAST_WEEK), found.controls)
    far = entries((x for x in lines if (x.act_by - today).days > LAST_WEEK), found.controls)
    found.send(
        "digest", member, key, leaves_at,
        near=near[:MOST_LINES], far=far[:MOST_LINES], eve=eve[:MOST_LINES], following=following,
        count=len(near) + len(far) or len(eve),
        more=sum(max(len(part) - MOST_LINES, 0) for part in (near, far, eve)),
    )  # fmt: skip
    return 1


def _eve(member: StaffMember, told: set[UUID], today: date, following: date) -> list[Line]:
    """Before a week-end or a holiday: what would be too late when the next summary leaves."""
    if (following - today).days < 2:
        return []
    due = telling.before(member, today=today, until=following)
    return [line for line in due if line.deadline_id not in told]
