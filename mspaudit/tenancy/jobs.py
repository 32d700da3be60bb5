"""Background jobs: registered by name, carrying identifiers only, one context and session a tenant.

PostgreSQL holds the work to do; Redis only wakes a worker sooner. Losing it loses no work, for
the scheduler's sweep enqueues again whatever is still due.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from uuid import UUID

import redis
import structlog
from flask import current_app
from rq import Queue, Retry, Worker
from rq.job import Job
from rq.serializers import JSONSerializer

from mspaudit.telemetry import report
from mspaudit.tenancy.context import job as job_context
from mspaudit.tenancy.lifecycle import after_commit, unit_of_work

log = structlog.get_logger(__name__)
QUEUES = ("risk", "mail", "default")
JobFunction = Callable[..., None]

_registry: dict[str, tuple[str, JobFunction]] = {}


def tenant_job(name: str, *, queue: str) -> Callable[[JobFunction], JobFunction]:
    """Register ``function(**ids)`` as job ``name``; it runs in the context of its ``tenant_id``.

    The function must be safe to run twice: a killed worker's job runs again.
    """

    def register(function: JobFunction) -> JobFunction:
        @wraps(function)
        def run(tenant_id: str, **ids: str) -> None:
            with unit_of_work(job_context(UUID(tenant_id))):
                function(**ids)

        _registry[name] = (queue, run)
        return run

    return register


def door_job(name: str, *, queue: str) -> Callable[[JobFunction], JobFunction]:
    """Register a job of sign-in itself, which belongs to no tenant; it opens its own context."""

    def register(function: JobFunction) -> JobFunction:
        _registry[name] = (queue, function)
        return function

    return register


class RegisteredJob(Job):
    """A job that runs only what was registered: a forged message cannot name ``os.system``."""

    @property
    def func(self) -> JobFunction:
        name = self.func_name
        if name not in _registry:
            raise LookupError(f"No job is registered under {name!r}.")
        return _registry[name][1]

    def _handle_failure(self, exc_string: str, *details: Any, **more: Any) -> None:
        # What Redis keeps of a failure says where and of which kind, not what was being written.
        lines = exc_string.splitlines() or ["interrupted"]
        kept = [line for line in lines if line.lstrip().startswith("File ")]
        kept.append(lines[-1].partition(":")[0])
        super()._handle_failure("\n".join(kept), *details, **more)

    # Callback names are import paths too, and this application uses none.
    @property
    def success_callback(self) -> None:
        return None

    @property
    def failure_callback(self) -> None:
        return None

    @property
    def stopped_callback(self) -> None:
        return None


def enqueue(name: str, **ids: UUID | str) -> None:
    """Wake a worker for ``name`` after this transaction commits, once however often it is asked.

    A Redis that is down costs only delay.
    """
    payload = {key: str(value) for key, value in ids.items()}
    after_commit(lambda: send(name, payload), once=(name, *sorted(payload.items())))


def send(name: str, payload: dict[str, str]) -> None:
    """Enqueue now. Only identifiers travel; a Redis that does not answer is logged, never fatal."""
    queue_name, _ = _registry[name]
    try:
        queue(queue_name).enqueue_call(
            func=name,
            kwargs=payload,
            retry=Retry(max=5, interval=[5, 15, 60, 180, 600]),
            timeout=600,
            result_ttl=60,
            failure_ttl=86_400,
        )
    except redis.RedisError as error:
        log.warning("job_wakeup_failed", job=name, error=type(error).__name__)


def connection() -> redis.Redis:
    """The Redis or Valkey of this application."""
    return cast(redis.Redis, current_app.extensions["mspaudit"].redis)


def queue(name: str) -> Queue:
    """The RQ queue ``name``, JSON only."""
    return Queue(name, connection=connection(), serializer=JSONSerializer, job_class=RegisteredJob)


class OneQueueWorker(Worker):
    """A worker of exactly one queue: with several, RQ pops with BLPOP and a crash there loses the job."""

    job_class = RegisteredJob

    def handle_exception(self, job: Job, *exc_info: Any) -> None:
        """Log a failed job without the error's message, which may quote a client's data."""
        error = exc_info[1]
        log.error(
            "job_failed", job=job.func_name, job_id=job.id, error=type(error).__name__, places=report(error)
        )


def worker(name: str) -> Worker:
    """A worker whose abandoned jobs resume within about a minute and a half."""
    return OneQueueWorker(
        [queue(name)],
        connection=connection(),
        serializer=JSONSerializer,
        job_class=RegisteredJob,
        worker_ttl=45,
        maintenance_interval=30,
    )


def work(name: str) -> None:
    """Serve queue ``name`` until told to stop."""
    worker(name).work(with_scheduler=True, logging_level="WARNING")


def registered() -> dict[str, Any]:
    """The registered jobs: name → queue."""
    return {name: queue_name for name, (queue_name, _) in _registry.items()}
