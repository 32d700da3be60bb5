"""Writing and undoing an import in the background."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from mspaudit.adapters.storage import NotStoredError
from mspaudit.intake import queries, writing_actions
from mspaudit.intake.queries import Content
from mspaudit.kernel import clock
from mspaudit.tenancy.context import Context, job, tenant_id
from mspaudit.tenancy.jobs import tenant_job
from mspaudit.tenancy.lifecycle import unit_of_work


@tenant_job("intake.work", queue="default")
def work(import_id: str) -> None:
    """Write, or put back, what is left of an import. Each part is one transaction."""
    with _nothing_collected():
        _work(UUID(import_id))


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Tens of thousands of lines make no cycle, and Python's collector would walk through them for nothing.

    The worker's process serves one job at a time.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _work(identifier: UUID) -> None:
    found = queries.import_or_404(identifier)
    if found.state == "undoing":
        _undo(identifier, job(tenant_id(), actor=found.undone_by or found.created_by))
    elif found.state in queries.OPEN:
        try:
            content = queries.content(found)
        except NotStoredError:
            writing_actions.fail(identifier, now=clock.now())
            return
        _write(identifier, content, job(tenant_id(), actor=found.created_by))


def _write(import_id: UUID, content: Content, on_behalf: Context) -> None:
    with unit_of_work(on_behalf):
        clients = writing_actions.prepare(import_id, content, now=clock.now())
    for client in clients:
        left = True
        while left:
            with unit_of_work(on_behalf):
                left = writing_actions.write_next(import_id, client, content, now=clock.now())
    with unit_of_work(on_behalf):
        writing_actions.close(import_id, now=clock.now())


def _undo(import_id: UUID, on_behalf: Context) -> None:
    left = True
    while left:
        with unit_of_work(on_behalf):
            left = writing_actions.undo_next(import_id, now=clock.now())
