"""Telling people, in the background."""

from datetime import date
from uuid import UUID

from mspaudit.clients import dirty
from mspaudit.kernel import clock
from mspaudit.notices import digest, settings_actions, summaries
from mspaudit.tenancy.jobs import tenant_job
from mspaudit.tenancy.schedule import finish


@tenant_job("notices.digest", queue="mail")
def daily(period: str) -> None:
    """Write the day's summaries, each to leave at its reader's hour. `period`: the day's ISO date."""
    now = clock.now()
    digest.tell_all(now=now)
    finish("notices.digest", date.fromisoformat(period), now=now)


@tenant_job("notices.urgent", queue="mail")
def urgent() -> None:
    """Tell at once what has a day or less left."""
    digest.tell_urgent(now=clock.now())


@tenant_job("notices.watch", queue="risk")
def watch() -> None:
    """Notice the backups that silence alone turned red since the clients were last computed."""
    for client_id in summaries.clients_to_look_at(now=clock.now()):
        dirty.mark(client_id)


@tenant_job("notices.trial", queue="mail")
def trial(trial_id: str) -> None:
    """Carry one test alert on."""
    settings_actions.take_trial(UUID(trial_id), now=clock.now())
