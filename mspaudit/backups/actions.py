"""What may be done with backup jobs: follow, change, pause, archive, and note what one saw."""

import secrets
from datetime import datetime, timedelta
from typing import Required, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import select

from mspaudit.backups import hearing, queries, rules
from mspaudit.backups.models import BackupCoverage, BackupEvent, BackupJob
from mspaudit.backups.rules import Kind, Schedule
from mspaudit.clients.dirty import mark
from mspaudit.clients.models import Client
from mspaudit.clients.queries import org_units
from mspaudit.errors import DomainError
from mspaudit.extensions import db
from mspaudit.journal.actions import record
from mspaudit.kernel.clock import today
from mspaudit.kernel.text import plain
from mspaudit.tenancy.context import current
from mspaudit.tenancy.gate import hashed

NOTE_LIMIT = 2000


class Card(TypedDict, total=False):
    """What is told of a job. ``unit_id``: None for the whole client."""

    name: Required[str]
    tool: str
    destination: str
    covers: list[str]
    off_site: bool | None
    immutable: bool | None
    retention_days: int | None
    period_hours: Required[int]
    grace_hours: Required[int]
    working_days: Required[bool]
    mail_from: list[str]
    mail_words: list[str]
    unit_id: UUID | None


def add_job(client: Client, *, now: datetime, **card: Unpack[Card]) -> tuple[BackupJob, str]:
    """Follow one more backup; the secret of its address is told here and kept nowhere.

    Raises:
        DomainError: a name already taken, a schedule that cannot be, a unit that is gone.
    """
    job = BackupJob(client_id=client.id, created_at=now)
    _write(client, job, card)
    job.due_at = rules.due_after(now, queries.schedule(job))
    token = _new_token(job)
    db.session.add(job)
    db.session.flush()
    record("backup_job.added", job.name, subject_id=job.id, client_id=client.id, at=now)
    mark(client.id)
    return job, token


def update_job(client: Client, job: BackupJob, *, now: datetime, **card: Unpack[Card]) -> None:
    """Change what is told of a job; a new schedule counts from its last success. Raises DomainError."""
    job = queries.locked(job.id)
    before = queries.schedule(job)
    _write(client, job, card)
    schedule = queries.schedule(job)
    if schedule != before:
        job.due_at = rules.due_after(job.last_ok_at or job.created_at, schedule)
    record("backup_job.updated", job.name, subject_id=job.id, client_id=client.id, at=now)
    mark(client.id)


def new_address(client: Client, job: BackupJob, *, now: datetime) -> str:
    """Give the job another secret address; the former one is nobody's from this commit on."""
    token = _new_token(job)
    record("backup_job.address", job.name, subject_id=job.id, client_id=client.id, at=now)
    return token


def pause(client: Client, job: BackupJob, *, until: datetime, reason: str, now: datetime) -> None:
    """Expect nothing until that instant; then the job has its whole period again.

    Raises:
        DomainError: no reason, or an end that is past or more than 180 days away.
    """
    reason = plain(reason, 300)
    if not reason:
        raise DomainError("Dites pourquoi : la pause sera lue par d’autres.")
    if not now < until <= now + timedelta(days=rules.LONGEST_PAUSE_DAYS + 1):
        raise DomainError(
            f"Une pause finit après aujourd’hui et dure {rules.LONGEST_PAUSE_DAYS} jours au plus."
        )
    job = queries.locked(job.id)
    job.paused_until, job.pause_reason = until, reason
    job.due_at = max(job.due_at, rules.due_after(until, queries.schedule(job)))
    record(
        "backup_job.paused", job.name, subject_id=job.id, client_id=client.id, at=now, until=until.isoformat()
    )
    mark(client.id)


def resume(client: Client, job: BackupJob, *, now: datetime) -> None:
    """End the pause at once; the job has its whole period from here."""
    job = queries.locked(job.id)
    if job.paused_until is None:
        return
    job.paused_until = job.pause_reason = None
    job.due_at = rules.due_after(now, queries.schedule(job))
    record("backup_job.resumed", job.name, subject_id=job.id, client_id=client.id, at=now)
    mark(client.id)


def archive(client: Client, job: BackupJob, *, now: datetime) -> None:
    """Stop following a job. What it still sends is kept, and ``restore`` follows it again."""
    if job.archived_at is None:
        job.archived_at = now
        record("backup_job.archived", job.name, subject_id=job.id, client_id=client.id, at=now)
        mark(client.id)


def restore(client: Client, job: BackupJob, *, now: datetime) -> None:
    """Follow an archived job again."""
    if job.archived_at is not None:
        job.archived_at = None
        record("backup_job.restored", job.name, subject_id=job.id, client_id=client.id, at=now)
        mark(client.id)


def note_run(client: Client, job: BackupJob, *, kind: Kind, note: str, now: datetime) -> BackupEvent:
    """Note what someone saw in the tool itself. ``kind``: success, warning or fail."""
    event = hearing.hear(
        queries.locked(job.id),
        kind,
        at=now,
        source="manual",
        body=plain(note, NOTE_LIMIT),
        by_name=current().actor,
    )
    record("backup_run.noted", job.name, subject_id=job.id, client_id=client.id, at=now, kind=kind)
    return event


def see_failure(client: Client, job: BackupJob, event: BackupEvent, *, note: str, now: datetime) -> None:
    """Say that someone read this failure and deals with it. Raises DomainError for anything else."""
    if event.kind != "fail":
        raise DomainError("Seul un échec se prend en charge.")
    if event.seen_at is not None:
        return
    event.seen_at, event.seen_by, event.seen_note = now, current().actor, plain(note, 300)
    record("backup_failure.seen", job.name, subject_id=event.id, client_id=client.id, at=now)
    mark(client.id)


def state_coverage(client: Client, *, complete: bool, missing: str, now: datetime) -> BackupCoverage:
    """Say whether the jobs followed cover all that the client cannot do without.

    Raises:
        DomainError: incomplete, without saying what is missing.
    """
    missing = "" if complete else plain(missing, 500)
    if not complete and not missing:
        raise DomainError("Dites ce qui n’est pas encore sauvegardé.")
    found = queries.coverage(client.id) or BackupCoverage(client_id=client.id)
    found.complete, found.missing = complete, missing
    found.stated_on, found.stated_by = today(now), current().actor
    db.session.add(found)
    said = "tout est couvert" if complete else missing
    record("backup_coverage.stated", said, client_id=client.id, at=now, complete=complete)
    mark(client.id)
    return found


def _new_token(job: BackupJob) -> str:
    """A random address. Written as a UUID, for some tools take nothing else after /ping/."""
    token = str(UUID(bytes=secrets.token_bytes(16), version=4))
    job.token_hash = hashed(token)
    return token


def _write(client: Client, job: BackupJob, card: Card) -> None:
    _check(client, job, card)
    for field in ("name", "tool", "destination", "covers", "mail_from", "mail_words"):
        if field in card:
            setattr(job, field, card[field])
    job.off_site, job.immutable = card.get("off_site"), card.get("immutable")
    job.retention_days, job.org_unit_id = card.get("retention_days"), card.get("unit_id")
    job.period_hours, job.grace_hours = card["period_hours"], card["grace_hours"]
    job.working_days = card["working_days"]


def _check(client: Client, job: BackupJob, card: Card) -> None:
    twin = select(BackupJob.id).where(BackupJob.client_id == client.id, BackupJob.name == card["name"])
    if any(found != job.id for found in db.session.scalars(twin)):
        raise DomainError(f"Une tâche de ce client s’appelle déjà « {card['name']} ».")
    if refusal := rules.refusal(Schedule(card["period_hours"], card["grace_hours"], card["working_days"])):
        raise DomainError(refusal)
    unit = card.get("unit_id")
    if unit is not None and unit not in {each.id for each in org_units(client.id)}:
        raise DomainError("Ce service n’existe plus. Rechargez la page, puis choisissez-en un autre.")
