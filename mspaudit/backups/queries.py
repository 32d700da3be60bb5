"""Reading backups. Every lookup starts from the context: what it may not see does not exist."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import Date, Select, and_, case, cast, func, literal, select
from werkzeug.exceptions import NotFound

from mspaudit.backups import rules, standing_sql
from mspaudit.backups.models import BackupCoverage, BackupEvent, BackupJob, BackupMail, RestoreTest
from mspaudit.backups.rules import Heard, Night, Schedule, Standing, State
from mspaudit.clients.models import Client
from mspaudit.extensions import db
from mspaudit.kernel.clock import today
from mspaudit.tenancy.models import Timestamp

T = TypeVar("T")
STRIP_DAYS = 30
PER_PAGE = 50
EVENTS_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Watched:
    """A job, where it stands, and its last thirty days."""

    job: BackupJob
    state: State
    nights: Sequence[Night]

    @property
    def red(self) -> bool:
        return self.state in rules.RED


class Line(NamedTuple):
    """A job among those of the whole portfolio."""

    client_slug: str
    client_name: str
    watched: Watched


class Counts(NamedTuple):
    """How many jobs are followed: in all, red, paused, and well."""

    total: int
    red: int
    paused: int

    @property
    def well(self) -> int:
        return self.total - self.red - self.paused


def standing(job: BackupJob) -> Standing:
    """What is kept of everything heard of a job."""
    return Standing(
        job.due_at, job.last_result, job.last_result_at, job.last_ok_at, job.started_at, job.paused_until
    )


def schedule(job: BackupJob) -> Schedule:
    """When a job is expected."""
    return Schedule(job.period_hours, job.grace_hours, job.working_days)


def state(job: BackupJob, *, now: datetime) -> State:
    """Where a job stands."""
    return rules.state(standing(job), now=now, grace_hours=job.grace_hours)


def watched(client_id: UUID, *, now: datetime) -> list[Watched]:
    """The jobs of a client that are followed, what is red first; two statements however many."""
    rows = db.session.scalars(
        select(BackupJob)
        .where(BackupJob.client_id == client_id, BackupJob.archived_at.is_(None))
        .order_by(BackupJob.name)
    ).all()
    return sorted(_drawn(rows, now), key=lambda each: rules.ORDER.index(each.state))


def archived(client_id: UUID) -> Sequence[BackupJob]:
    """The jobs no longer followed, by name."""
    statement = select(BackupJob).where(BackupJob.client_id == client_id, BackupJob.archived_at.is_not(None))
    return db.session.scalars(statement.order_by(BackupJob.name)).all()


def names(client_id: UUID) -> Sequence[BackupJob]:
    """Every job of a client by name, archived ones included."""
    return db.session.scalars(
        select(BackupJob).where(BackupJob.client_id == client_id).order_by(BackupJob.name)
    ).all()


def job_or_404(client_id: UUID, job_id: UUID) -> BackupJob:
    """One job of that client. Raises NotFound."""
    return _one(select(BackupJob).where(BackupJob.client_id == client_id, BackupJob.id == job_id))


def locked(job_id: UUID) -> BackupJob:
    """The job, as it is now and held until this transaction ends."""
    statement = select(BackupJob).where(BackupJob.id == job_id).with_for_update(key_share=True)
    return _one(statement.execution_options(populate_existing=True))


def drawn(job: BackupJob, *, now: datetime) -> Watched:
    """One job with its last thirty days."""
    return _drawn([job], now)[0]


def events(job_id: UUID) -> Sequence[BackupEvent]:
    """The latest signals of a job."""
    statement = select(BackupEvent).where(BackupEvent.job_id == job_id)
    return db.session.scalars(statement.order_by(BackupEvent.at.desc()).limit(EVENTS_SHOWN)).all()


def event_or_404(job_id: UUID, event_id: UUID) -> BackupEvent:
    """One signal of that job. Raises NotFound."""
    return _one(select(BackupEvent).where(BackupEvent.job_id == job_id, BackupEvent.id == event_id))


def mails(job_id: UUID) -> dict[UUID, BackupMail]:
    """The latest report mails of a job, by identifier."""
    statement = select(BackupMail).where(BackupMail.job_id == job_id)
    rows = db.session.scalars(statement.order_by(BackupMail.received_at.desc()).limit(EVENTS_SHOWN))
    return {row.id: row for row in rows}


def mail_or_404(mail_id: UUID, *, client_id: UUID | None = None) -> BackupMail:
    """A mail of that client; without one, any that this context may see. Raises NotFound."""
    statement = select(BackupMail).where(BackupMail.id == mail_id)
    return _one(statement if client_id is None else statement.where(BackupMail.client_id == client_id))


def waiting_mails() -> Sequence[BackupMail]:
    """The mails that no job expected, the latest first; at most a hundred."""
    statement = select(BackupMail).where(BackupMail.job_id.is_(None), BackupMail.set_aside_at.is_(None))
    return db.session.scalars(statement.order_by(BackupMail.received_at.desc()).limit(100)).all()


def waiting_count() -> int:
    """How many mails no job expected."""
    statement = select(func.count()).select_from(BackupMail)
    return (
        db.session.scalar(statement.where(BackupMail.job_id.is_(None), BackupMail.set_aside_at.is_(None)))
        or 0
    )


def choices() -> list[tuple[str, str]]:
    """(identifier, « client : job ») of every job followed, for a select."""
    rows = db.session.execute(
        select(BackupJob.id, Client.name, BackupJob.name)
        .join(Client, Client.id == BackupJob.client_id)
        .where(BackupJob.archived_at.is_(None), Client.archived_at.is_(None))
        .order_by(Client.name_key, BackupJob.name)
    )
    return [(str(identifier), f"{client} : {name}") for identifier, client, name in rows]


def any_job(job_id: UUID) -> BackupJob | None:
    """The job of that identifier, whichever client's, if this context may see it."""
    return db.session.scalars(select(BackupJob).where(BackupJob.id == job_id)).one_or_none()


def tests(client_id: UUID) -> Sequence[RestoreTest]:
    """The restore tests of a client: those to come, then those done, the latest first."""
    statement = select(RestoreTest).where(
        RestoreTest.client_id == client_id, RestoreTest.cancelled_at.is_(None)
    )
    return db.session.scalars(
        statement.order_by(
            RestoreTest.done_on.is_not(None), RestoreTest.done_on.desc(), RestoreTest.planned_on
        )
    ).all()


def test_or_404(client_id: UUID, test_id: UUID) -> RestoreTest:
    """One restore test of that client. Raises NotFound."""
    return _one(select(RestoreTest).where(RestoreTest.client_id == client_id, RestoreTest.id == test_id))


def coverage(client_id: UUID) -> BackupCoverage | None:
    """What was last said of everything that should be saved."""
    return db.session.scalars(
        select(BackupCoverage).where(BackupCoverage.client_id == client_id)
    ).one_or_none()


def counts(*, now: datetime, client_id: UUID | None = None) -> Counts:
    """How many jobs are followed and how they are, of one client or of all."""
    at = literal(now, Timestamp)
    statement = (
        select(
            func.count(),
            func.count().filter(standing_sql.red(at)),
            func.count().filter(BackupJob.paused_until > now),
        )
        .select_from(BackupJob)
        .join(Client, Client.id == BackupJob.client_id)
        .where(BackupJob.archived_at.is_(None), Client.archived_at.is_(None))
    )
    if client_id is not None:
        statement = statement.where(BackupJob.client_id == client_id)
    return Counts(*db.session.execute(statement).one())


def portfolio(*, now: datetime, page: int, red_only: bool) -> list[Line]:
    """One page of every client's jobs, what is red first; two statements however many."""
    at = literal(now, Timestamp)
    place = case({name: rank for rank, name in enumerate(rules.ORDER)}, value=standing_sql.state(at))
    statement = (
        select(BackupJob, Client.slug, Client.name)
        .join(Client, Client.id == BackupJob.client_id)
        .where(BackupJob.archived_at.is_(None), Client.archived_at.is_(None))
    )
    if red_only:
        statement = statement.where(standing_sql.red(at))
    rows = db.session.execute(
        statement.order_by(place, Client.name_key, BackupJob.name, BackupJob.id)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    drawings = _drawn([row.BackupJob for row in rows], now)
    return [Line(row.slug, row.name, each) for row, each in zip(rows, drawings, strict=True)]


def days(now: datetime) -> list[date]:
    """The days of a strip: the last thirty, today included."""
    last = today(now)
    return [last - timedelta(days=back) for back in reversed(range(STRIP_DAYS))]


def _drawn(jobs: Sequence[BackupJob], now: datetime) -> list[Watched]:
    shown = days(now)
    start = rules.instant(shown[0], time(0))
    told, before = _told([job.id for job in jobs], start)
    return [
        Watched(
            job,
            state(job, now=now),
            rules.nights(
                shown,
                told.get(job.id, {}),
                before=before.get(job.id),
                born=job.created_at,
                schedule=schedule(job),
                now=now,
            ),
        )
        for job in jobs
    ]


def _told(
    job_ids: Iterable[UUID], start: datetime
) -> tuple[dict[UUID, dict[date, Heard]], dict[UUID, datetime]]:
    """By job: what each day since ``start`` heard, and the last result before it."""
    day: Any = cast(func.timezone("Europe/Paris", BackupEvent.at), Date)
    results = BackupEvent.kind.in_(("success", "warning", "fail"))
    failed, at = func.bool_or(BackupEvent.kind == "fail"), func.max(BackupEvent.at)
    ids = list(job_ids)
    recent = (
        select(BackupEvent.job_id, day.label("day"), failed.label("failed"), at.label("at"))
        .where(BackupEvent.job_id.in_(ids), BackupEvent.at >= start)
        .where(results)
        .group_by(BackupEvent.job_id, day)
    )
    told: dict[UUID, dict[date, Heard]] = {}
    for row in db.session.execute(recent):
        told.setdefault(row.job_id, {})[row.day] = Heard(row.failed, row.at)
    last = select(BackupEvent.job_id, at.label("at")).where(
        and_(BackupEvent.job_id.in_(ids), BackupEvent.at < start, results)
    )
    before = {row.job_id: row.at for row in db.session.execute(last.group_by(BackupEvent.job_id))}
    return told, before


def _one(statement: Select[T]) -> T:
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found
