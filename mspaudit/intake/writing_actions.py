"""What a worker does of an import: each part in one transaction, so that a killed one loses nothing.

Every step locks the import first: two workers on one import wait for each other, and none writes a part
twice.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from mspaudit.clients import dirty
from mspaudit.extensions import db
from mspaudit.intake import queries
from mspaudit.intake.feeds import Counts
from mspaudit.intake.models import Import, ImportPart
from mspaudit.intake.queries import Content
from mspaudit.journal.actions import record

CHUNK = 20_000
"""Lines a transaction, less than half a second of work: smaller parts compare with more each time."""
REFUSED_KEPT = 300


def prepare(import_id: UUID, content: Content, *, now: datetime) -> list[UUID]:
    """Name the clients that have lines, once; their identifiers, in the order they are written."""
    found = _locked(import_id, "waiting", "running")
    if found is None:
        return []
    if found.state == "waiting":
        found.state, found.done = "running", 0
        found.total = sum(map(len, content.parts.values()))
        found.refusals = len(content.refused)
        found.refused = [{"line": r.line, "why": r.why} for r in content.refused[:REFUSED_KEPT]]
        db.session.add_all(
            ImportPart(import_id=import_id, client_id=client, total=len(rows))
            for client, rows in content.parts.items()
        )
        record("intake.running", found.filename, subject_id=found.id, client_id=found.client_id, at=now)
    return list(content.parts)


def write_next(import_id: UUID, client_id: UUID, content: Content, *, now: datetime) -> bool:
    """Write the next lines of one client, or finish it after its last; whether some is left."""
    found = _locked(import_id, "running")
    part = _part(import_id, client_id)
    if found is None or part is None or part.finished_at is not None:
        return False
    feed = queries.feed(found.kind)
    rows = content.parts[client_id]
    some = rows[part.done : part.done + CHUNK]
    if some:
        counts = feed.write(client_id, some, import_id=import_id, now=now)
        part.done += len(some)
        found.done += len(some)
    else:
        whole = content.complete
        counts = feed.finish(client_id, rows, import_id=import_id, now=now) if whole else Counts()
        part.finished_at = now
    part.count(counts)
    found.count(counts)
    dirty.mark(client_id)
    if part.finished_at is not None and found.shared:
        record("intake.applied", found.filename, subject_id=found.id, client_id=client_id, at=now)
    return part.finished_at is None


def close(import_id: UUID, *, now: datetime) -> None:
    """Say that an import is done, once all of its parts are."""
    found = _locked(import_id, "running")
    if found is None:
        return
    found.state, found.finished_at = "done", now
    counts = {"new": found.added, "changed": found.changed, "gone": found.gone, "refused": found.refusals}
    record(
        "intake.finished", found.filename, subject_id=found.id, client_id=found.client_id, at=now, **counts
    )


def fail(import_id: UUID, *, now: datetime) -> None:
    """Give up an import whose file can no longer be read."""
    found = _locked(import_id, *queries.OPEN)
    if found is not None:
        found.state, found.finished_at = "failed", now
        record("intake.failed", found.filename, subject_id=found.id, client_id=found.client_id, at=now)


def undo_next(import_id: UUID, *, now: datetime) -> bool:
    """Put back what an import changed for one more client; whether some is left."""
    found = _locked(import_id, "undoing")
    if found is None:
        return False
    part = db.session.scalars(
        select(ImportPart)
        .where(ImportPart.import_id == import_id, ImportPart.undone_at.is_(None), ImportPart.done > 0)
        .order_by(ImportPart.id)
        .limit(1)
    ).one_or_none()
    if part is None:
        found.state, found.undone_at = "undone", now
        record("intake.undone", found.filename, subject_id=found.id, client_id=found.client_id, at=now)
        return False
    queries.feed(found.kind).undo(part.client_id, import_id=import_id, now=now)
    part.undone_at = now
    dirty.mark(part.client_id)
    return True


def _locked(import_id: UUID, *states: str) -> Import | None:
    statement = select(Import).where(Import.id == import_id, Import.state.in_(states))
    return db.session.scalars(statement.with_for_update()).one_or_none()


def _part(import_id: UUID, client_id: UUID) -> ImportPart | None:
    statement = select(ImportPart).where(ImportPart.import_id == import_id, ImportPart.client_id == client_id)
    return db.session.scalars(statement).one_or_none()
