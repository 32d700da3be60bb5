"""Writing an import in the background, part by part."""

from uuid import UUID

from mspaudit.adapters.storage import NotStoredError
from mspaudit.adapters.tables import TableRefused
from mspaudit.clients.imports import actions, queries
from mspaudit.kernel import clock
from mspaudit.tenancy.context import job, tenant_id
from mspaudit.tenancy.jobs import tenant_job
from mspaudit.tenancy.lifecycle import unit_of_work


@tenant_job("clients.import", queue="default")
def write(run_id: str) -> None:
    """Write what is left of an import. Each part is one transaction: a killed worker loses one at most."""
    found, tenant = UUID(run_id), tenant_id()
    run = queries.run_or_404(found)
    try:
        lines = queries.lines(run, queries.table(run))
    except (NotStoredError, TableRefused):
        actions.fail(found, now=clock.now())
        return
    left, on_behalf = True, job(tenant, actor=run.created_by)
    while left:
        with unit_of_work(on_behalf):
            left = actions.write_next(found, lines, now=clock.now())
