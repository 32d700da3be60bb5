"""Jobs: only what was registered runs, and only after the commit."""

from uuid import UUID, uuid4

import pytest
from flask import Flask
from rq.worker import SimpleWorker

from mspaudit.tenancy import jobs
from mspaudit.tenancy.context import NOBODY, current
from mspaudit.tenancy.lifecycle import unit_of_work

seen: list[tuple[UUID | None, str]] = []


@jobs.tenant_job("tests.remember", queue="default")
def remember(word: str) -> None:
    """A job that notes for which tenant it ran."""
    seen.append((current().tenant_id, word))


class Burst(SimpleWorker):
    """RQ's in-process worker, with our job class, so that a test sees what the job did."""

    job_class = jobs.RegisteredJob


def work(app: Flask) -> None:
    """Run everything that waits in the default queue."""
    with app.app_context():
        worker = Burst(
            [jobs.queue("default")],
            connection=jobs.connection(),
            serializer="json",
            job_class=jobs.RegisteredJob,
        )
        worker.work(burst=True, logging_level="ERROR")


@pytest.fixture(autouse=True)
def _empty(app: Flask) -> None:
    seen.clear()
    with app.app_context():
        jobs.queue("default").empty()


def test_it_runs_in_the_context_of_the_tenant_it_was_sent_for(app: Flask) -> None:
    tenant = uuid4()
    with app.app_context(), unit_of_work(NOBODY):
        jobs.enqueue("tests.remember", tenant_id=tenant, word="bonjour")
    work(app)
    assert seen == [(tenant, "bonjour")]


def test_it_is_sent_only_once_the_transaction_has_committed(app: Flask) -> None:
    with app.app_context():
        with pytest.raises(ZeroDivisionError):
            _enqueue_then_fail()
        assert jobs.queue("default").count == 0


def _enqueue_then_fail() -> None:
    with unit_of_work(NOBODY):
        jobs.enqueue("tests.remember", tenant_id=uuid4(), word="jamais")
        raise ZeroDivisionError


def test_a_message_cannot_name_a_function_that_was_not_registered(app: Flask) -> None:
    with app.app_context():
        forged = jobs.queue("default").enqueue_call(func="os.system", args=("true",))
    work(app)
    with app.app_context():
        assert forged.get_status(refresh=True) == "failed"
        assert str(forged.latest_result().exc_string).endswith("in func\nLookupError")


def test_only_identifiers_travel_and_never_a_pickle(app: Flask) -> None:
    with app.app_context(), unit_of_work(NOBODY):
        jobs.enqueue("tests.remember", tenant_id=uuid4(), word="bonjour")
    with app.app_context():
        (job,) = jobs.queue("default").jobs
        stored = jobs.connection().hget(job.key, "data")
    assert b"tests.remember" in __import__("zlib").decompress(stored)


def test_a_job_asked_for_twice_in_one_transaction_is_sent_once(app: Flask) -> None:
    tenant = uuid4()
    with app.app_context(), unit_of_work(NOBODY):
        for word in ("bonjour", "bonjour", "bonsoir"):
            jobs.enqueue("tests.remember", tenant_id=tenant, word=word)
    work(app)
    assert seen == [(tenant, "bonjour"), (tenant, "bonsoir")]
