"""The watch of this process, and its voice on every page of the MSP."""

from datetime import datetime
from typing import Any

from flask import g, url_for

from mspaudit.kernel import clock
from mspaudit.kernel.french import hour
from mspaudit.notices.engine import Pulse, Watch
from mspaudit.tenancy.context import current

watch = Watch()


def pulse(now: datetime) -> Pulse:
    """What this process knows of the heartbeats; an outage is written to the MSP's administrators."""
    found = watch.pulse(now=now)
    tenant = current().tenant_id
    if not found.well and tenant is not None:
        watch.warn(found, tenant, now=now)
    return found


def shell() -> dict[str, Any]:
    """For the shell alone, which calls ``engine()`` when it is drawn: a fragment asks nothing."""
    return {"engine": _engine}


def _engine() -> dict[str, Any] | None:
    visitor = g.get("visitor")
    if visitor is None or visitor.tenant_id is None or visitor.client_id is not None:
        return None
    found = pulse(clock.now())
    url = url_for("alerts.index")
    if not found.well:
        return {"label": "Alertes arrêtées", "url": url, "silent": found.said, "since": found.silence[0][1]}
    return {"label": f"Alertes en service, {hour(found.beat_at)}", "url": url} if found.beat_at else None
