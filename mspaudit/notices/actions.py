"""What people say of deadlines: seen, put off, done, given to somebody; and taking it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from mspaudit.clients import dirty
from mspaudit.errors import DomainError
from mspaudit.extensions import db
from mspaudit.identity import queries as staff
from mspaudit.identity.models import StaffMember
from mspaudit.journal.actions import record
from mspaudit.kernel.french import day
from mspaudit.kernel.ids import new_id
from mspaudit.notices import queries
from mspaudit.notices.models import DeadlineState
from mspaudit.notices.rules import DONE, MOST_SNOOZE_DAYS, OPEN, SEEN, SNOOZED, STATES
from mspaudit.risk.models import Deadline
from mspaudit.tenancy.context import current

MOST_AT_ONCE = 500
LONGEST_REASON = 300
VERBS = {OPEN: "deadline.reopened", SEEN: "deadline.seen", SNOOZED: "deadline.snoozed", DONE: "deadline.done"}


@dataclass(frozen=True)
class Change:
    """What one click changed, which can be undone as one."""

    id: UUID
    count: int


def say(ids: Sequence[UUID], state: str, *, now: datetime) -> Change:
    """Say that these deadlines are `open`, `acknowledged` or `done`.

    Raises:
        DomainError: none of them exists any more, or there are too many at once.
    """
    if state not in STATES or state == SNOOZED:
        raise ValueError(state)
    return _change(ids, VERBS[state], now=now, state=state, until=None, reason="")


def snooze(ids: Sequence[UUID], *, until: date, reason: str, today: date, now: datetime) -> Change:
    """Put these deadlines off to a later day, for a reason; never for good.

    Raises:
        DomainError: no reason, a day that is not ahead or is more than a year away, or none exists.
    """
    if not reason.strip():
        raise DomainError("Dites pourquoi : cette raison reste avec l’échéance.")
    if not today < until <= today + timedelta(days=MOST_SNOOZE_DAYS):
        raise DomainError("Choisissez un jour à venir, d’ici un an au plus.")
    kept = reason.strip()[:LONGEST_REASON]
    return _change(ids, VERBS[SNOOZED], now=now, state=SNOOZED, until=until, reason=kept)


def assign(ids: Sequence[UUID], member_id: UUID | None, *, now: datetime) -> Change:
    """Put a colleague in charge of these deadlines; None leaves them to those who look after the client.

    Raises:
        DomainError: the colleague cannot act, does not see one of the clients, or none exists.
    """
    member = _colleague(member_id) if member_id is not None else None
    if member is not None:
        _sees_them_all(member, queries.by_ids(ids))
    name = member.name if member else ""
    return _change(ids, "deadline.assigned", now=now, assignee_id=member_id, _to=name)


def set_thresholds(ids: Sequence[UUID], days: Sequence[int] | None, *, now: datetime) -> Change:
    """Give these deadlines their own thresholds, in days; None gives back those of their kind."""
    found = list(days) if days is not None else None
    return _change(ids, "deadline.thresholds", now=now, thresholds=found)


def undo(change_id: UUID, *, now: datetime) -> int:
    """Put back what was said before that change, where nothing was said since; how many deadlines."""
    rows = [row for row in queries.changed_by(change_id) if row.before is not None]
    for row in rows:
        for name, value in _revived(row.before or {}).items():
            setattr(row, name, value)
        row.before, row.at, row.by = None, now, current().actor
        record(
            "deadline.undone", "Échéance", subject_id=row.id, client_id=row.client_id, at=now, to=row.state
        )
        dirty.mark(row.client_id)
    return len(rows)


def _change(ids: Sequence[UUID], verb: str, *, now: datetime, **values: object) -> Change:
    wanted = list(dict.fromkeys(ids))
    if len(wanted) > MOST_AT_ONCE:
        raise DomainError(f"Pas plus de {MOST_AT_ONCE} échéances à la fois.")
    found = queries.by_ids(wanted)
    if not found:
        raise DomainError("Cochez au moins une échéance." if not wanted else "Ces échéances ont changé.")
    told = {"to": values.pop("_to")} if "_to" in values else {}
    change, said = new_id(), queries.states(wanted)
    for deadline in found:
        row = said.get(deadline.id)
        before = _kept(row)
        if row is None:
            row = DeadlineState(id=deadline.id, client_id=deadline.client_id, state=OPEN)
            db.session.add(row)
        for name, value in {**values, "by": current().actor, "at": now}.items():
            setattr(row, name, value)
        row.change_id, row.before = change, before
        _tell(verb, deadline, row, now, **told)
        dirty.mark(deadline.client_id)
    return Change(change, len(found))


def _tell(verb: str, deadline: Deadline, row: DeadlineState, now: datetime, **more: object) -> None:
    if row.state == SNOOZED and verb == VERBS[SNOOZED]:
        more |= {"until": row.until.isoformat() if row.until else None, "reason": row.reason}
    record(
        verb,
        f"{deadline.subject}, {day(deadline.act_by)}",
        subject_id=deadline.id,
        client_id=deadline.client_id,
        at=now,
        **more,
    )


def _kept(row: DeadlineState | None) -> dict[str, object]:
    """What undoing puts back, as JSON."""
    if row is None:
        return {"state": OPEN}
    return {
        "state": row.state,
        "reason": row.reason,
        "until": row.until.isoformat() if row.until else None,
        "assignee_id": str(row.assignee_id) if row.assignee_id else None,
        "thresholds": row.thresholds,
    }


def _revived(before: dict[str, object]) -> dict[str, object]:
    until, assignee = before.get("until"), before.get("assignee_id")
    return {
        "state": before["state"],
        "reason": before.get("reason", ""),
        "until": date.fromisoformat(str(until)) if until else None,
        "assignee_id": UUID(str(assignee)) if assignee else None,
        "thresholds": before.get("thresholds"),
    }


def _colleague(member_id: UUID) -> StaffMember:
    member = staff.member(member_id)
    if member is None or member.disabled_at is not None or member.role == "reader":
        raise DomainError("Cette personne ne peut pas être chargée d’une échéance.")
    return member


def _sees_them_all(member: StaffMember, found: Sequence[Deadline]) -> None:
    if member.serves_all:
        return
    hidden = {d.client_id for d in found} - queries.clients_of(member.id)
    if hidden:
        raise DomainError(f"{member.name} ne suit pas tous ces clients : confiez-les-lui d’abord.")
