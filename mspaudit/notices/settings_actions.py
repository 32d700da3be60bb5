"""Choosing when and how far ahead people are told, opening and closing calendar addresses, testing."""

import secrets
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any
from uuid import UUID

from mspaudit.errors import DomainError
from mspaudit.extensions import db
from mspaudit.identity import door
from mspaudit.identity.models import StaffMember
from mspaudit.journal.actions import record
from mspaudit.kernel.ids import new_id
from mspaudit.notices import preferences
from mspaudit.notices.kinds import kind
from mspaudit.notices.models import CalendarFeed, KindThresholds, Preference, Trial
from mspaudit.notices.rules import half_hours
from mspaudit.outbox.actions import queue_mail
from mspaudit.outbox.letters import address, letter
from mspaudit.tenancy.context import current, tenant_id
from mspaudit.tenancy.gate import hashed
from mspaudit.tenancy.jobs import enqueue
from mspaudit.tenancy.models import Tenant


def choose_hours(member: StaffMember, *, at: time, days: Sequence[int], alsace: bool, now: datetime) -> None:
    """Choose when this colleague's summary leaves.

    Raises:
        DomainError: no day at all, or a time at which no summary leaves.
    """
    kept = sorted(set(days) & set(range(1, 8)))
    if not kept:
        raise DomainError("Gardez au moins un jour : sans résumé, une échéance peut passer inaperçue.")
    if at not in half_hours():
        raise DomainError("Choisissez une heure de la liste.")
    row = preferences.row_of(member.id) or Preference(member_id=member.id)
    row.at, row.days, row.alsace = at, kept, alsace
    db.session.add(row)
    _tell("alerts.hours", member, now, hour=at.isoformat("minutes"), days=kept)


def choose_thresholds(code: str, days: Sequence[int] | None, *, now: datetime) -> None:
    """Give a kind of deadlines the MSP's own thresholds, in days; None gives ours back."""
    row = preferences.thresholds().get(code)
    if days is None or tuple(days) == kind(code).days:
        if row is None:
            return
        db.session.delete(row)
    else:
        row = row or KindThresholds(kind=code)
        if row.days == list(days):
            return
        row.days = list(days)
        db.session.add(row)
    record("alerts.thresholds", kind(code).label, at=now, days=list(days or kind(code).days))


def open_feed(member: StaffMember, *, now: datetime) -> str:
    """Give a colleague a new calendar address; returns its secret, this once. The former one is dead."""
    close_feed(member, now=now, told=False)
    token = secrets.token_urlsafe(32)
    row = CalendarFeed(id=new_id(), member_id=member.id, token_hash=hashed(token), created_at=now)
    db.session.add(row)
    _tell("calendar.opened", member, now)
    return token


def close_feed(member: StaffMember, *, now: datetime, told: bool = True) -> None:
    """Make a colleague's calendar address useless."""
    row = preferences.feed(member.id)
    if row is None:
        return
    row.revoked_at = now
    db.session.flush()
    if told:
        _tell("calendar.closed", member, now)


def ask_trial(member: StaffMember, *, now: datetime) -> Trial:
    """Have a test alert sent to this colleague, through everything a real one goes through."""
    row = Trial(id=new_id(), member_id=member.id, asked_at=now)
    db.session.add(row)
    _tell("alerts.tested", member, now)
    enqueue("notices.trial", tenant_id=tenant_id(), trial_id=row.id)
    return row


def take_trial(trial_id: UUID, *, now: datetime) -> None:
    """The worker's share of a test alert: note that it was taken, and write its mail."""
    row = preferences.trial(trial_id)
    if row is None:
        return
    row.taken_at = row.taken_at or now
    tenant = db.session.get_one(Tenant, tenant_id())
    member = db.session.get_one(StaffMember, (tenant_id(), row.member_id))
    url = address("alerts.index", msp=tenant.slug)
    mail = letter("trial", member=member, msp=tenant.name, asked_at=row.asked_at, url=url)
    queue_mail(
        key=preferences.trial_key(row.id),
        recipient=member.email,
        subject=mail.subject,
        body=mail.body,
        html=mail.html,
    )


def _tell(verb: str, member: StaffMember, now: datetime, **more: Any) -> None:
    """In the journal; for who serves only some clients, whose journal is theirs alone, in their own list."""
    if current().kind == "limited":
        door.note(member.login_id, verb.replace(".", "_"), agent="", address="")
        return
    record(verb, member.name, subject_id=member.id, at=now, **more)
