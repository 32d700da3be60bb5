"""Actions of a plan: added, changed, moved, put back."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select

from mspaudit.clients.dirty import mark
from mspaudit.clients.models import Client
from mspaudit.errors import DomainError
from mspaudit.extensions import db
from mspaudit.journal.actions import record
from mspaudit.kernel.ids import new_id
from mspaudit.plan import queries, rules
from mspaudit.plan.findings import Candidate
from mspaudit.plan.models import ActionItem
from mspaudit.tenancy.context import current

# What an undo of a change of state puts back.
KEPT = ("status", "decided_on", "done_on", "postponed_until")


@dataclass(frozen=True)
class Sheet:
    """What is told of an action; see ``models.ActionItem``."""

    title: str
    why: str = ""
    hours: float = 0.0
    once_cents: int = 0
    yearly_cents: int = 0
    nature: str = "operating"
    covered: bool = False
    owner_side: str = "msp"
    owner_name: str = ""
    due_on: date | None = None
    depends_on: UUID | None = None
    stream: str | None = None


def add(
    client: Client,
    sheet: Sheet,
    *,
    now: datetime,
    source_kind: str = "own",
    source_id: UUID | None = None,
    code: str | None = None,
) -> ActionItem:
    """Add an action at the end of a client's plan, proposed. Raises DomainError."""
    item = ActionItem(
        id=new_id(),
        client_id=client.id,
        source_kind=source_kind,
        source_id=source_id,
        code=code,
        status="proposed",
        position=_next_position(client.id),
        created_at=now,
        created_by=current().actor,
    )
    _write(item, sheet)
    db.session.add(item)
    _tell(item, "plan.added", now, source=source_kind)
    return item


def add_candidate(client: Client, found: Candidate, *, now: datetime) -> ActionItem:
    """Turn a finding into an action, with the time and the cost that it usually takes."""
    sheet = Sheet(
        title=found.fix,
        why=f"{found.title} : {found.detail}" if found.detail else found.title,
        hours=found.hours,
        once_cents=found.once_cents,
        nature="both" if found.once_cents else "operating",
        stream=rules.stream_of(found.code, found.kind),
    )
    return add(client, sheet, now=now, source_kind=found.kind, source_id=found.source_id, code=found.code)


def edit(item: ActionItem, sheet: Sheet, *, now: datetime) -> None:
    """Change what an action is. Raises DomainError: it would wait for itself, or for another client's."""
    _write(item, sheet)
    _tell(item, "plan.changed", now)
    mark(item.client_id)


def move(item: ActionItem, status: str, *, now: datetime, today: date) -> None:
    """Give an action another state. Raises DomainError: only the client's decision may give that one."""
    if status not in rules.moves(item.status, covered=item.covered):
        raise DomainError(_why_not(item, status))
    waited = _unmet(item) if status == "done" else None
    if waited is not None:
        raise DomainError(f"Cette action attend « {waited.title} », qui n’est pas faite.")
    before = _kept(item)
    item.status = status
    item.done_on = today if status == "done" else None
    if status == "decided" and item.decided_on is None:
        item.decided_on = today
    item.before = before
    _tell(item, "plan.moved", now, before=before["status"], after=status)
    mark(item.client_id)


def undo(item: ActionItem, *, now: datetime) -> None:
    """Put an action back in the state it had before its last move. Raises DomainError: nothing to undo."""
    if item.before is None:
        raise DomainError("Il n’y a rien à annuler : l’action a changé depuis.")
    for name in KEPT:
        value = item.before[name]
        setattr(item, name, date.fromisoformat(value) if value and name != "status" else value)
    item.before = None
    _tell(item, "plan.undone", now, after=item.status)
    mark(item.client_id)


def place(item: ActionItem, *, up: bool, now: datetime) -> None:
    """Move an action one place up or down among those of the same state; nothing at either end."""
    ordered = [each for each in queries.actions(item.client_id) if each.status == item.status]
    for position, each in enumerate(ordered):
        each.position = position
    here = next(number for number, each in enumerate(ordered) if each.id == item.id)
    there = here - 1 if up else here + 1
    if 0 <= there < len(ordered):
        ordered[here].position, ordered[there].position = there, here
    _tell(item, "plan.placed", now, up=up)


def _write(item: ActionItem, sheet: Sheet) -> None:
    if sheet.depends_on is not None:
        known = {each.id: each.depends_on for each in queries.actions(item.client_id)}
        if sheet.depends_on not in known:
            raise DomainError("L’action attendue n’est pas dans ce plan.")
        if rules.would_turn(item.id, sheet.depends_on, known):
            raise DomainError("Ces deux actions s’attendraient l’une l’autre.")
    for name, value in asdict(sheet).items():
        setattr(item, name, value)


def _why_not(item: ActionItem, status: str) -> str:
    if status in ("decided", "in_progress", "done") and item.status in ("proposed", "refused", "postponed"):
        return "Le client n’a pas encore décidé : proposez-lui cette action, ou notez qu’elle est au contrat."
    return f"Cette action est {rules.STATUSES[item.status].lower()} : elle ne peut pas changer ainsi."


def _unmet(item: ActionItem) -> ActionItem | None:
    if item.depends_on is None:
        return None
    needed = queries.action_or_404(item.client_id, item.depends_on)
    return needed if needed.status not in ("done", "cancelled") else None


def _kept(item: ActionItem) -> dict[str, str | None]:
    values = {name: getattr(item, name) for name in KEPT}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def _next_position(client_id: UUID) -> int:
    last = select(func.max(ActionItem.position)).where(ActionItem.client_id == client_id)
    return (db.session.scalar(last) or 0) + 1


def _tell(item: ActionItem, verb: str, now: datetime, **data: object) -> None:
    record(verb, item.title, subject_id=item.id, client_id=item.client_id, at=now, **data)
