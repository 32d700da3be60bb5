"""How many reports of the field a server takes a second, phones speaking eight at a time."""

from datetime import timedelta
from statistics import median

from sqlalchemy import select

from mspaudit.clients.models import Client
from mspaudit.extensions import db
from mspaudit.fieldwork import actions, tokens
from mspaudit.identity.models import StaffMember
from mspaudit.kernel import clock
from mspaudit.tenancy.context import job
from mspaudit.tenancy.lifecycle import unit_of_work
from tests.bench.measures import Figure
from tests.bench.stand import Stand
from tests.fieldwork.phones import send_all

REPORTS, AT_ONCE, ROUNDS = 200, 8, 3


def tellings(stand: Stand) -> dict[str, Figure]:
    """Reports acknowledged a second, each over a new connection."""
    token = _open(stand)
    speeds = [REPORTS / send_all(stand.port, token, REPORTS, at_once=AT_ONCE) for _ in range(ROUNDS)]
    method = (
        f"median of {ROUNDS} rounds: {REPORTS} reports of the field, {AT_ONCE} at a time, a connection each, "
        "until the last is acknowledged"
    )
    return {"fieldwork_submissions_per_s": Figure(median(speeds), "reports/s", method)}


def _open(stand: Stand) -> str:
    """The link of a group whose campaign is open."""
    tenant, now = stand.tenants[min(stand.tenants)], clock.now()
    today = clock.today(now)
    with stand.app.app_context(), unit_of_work(job(tenant)):
        client = db.session.scalars(select(Client).limit(1)).one()
        campaign = actions.prepare(
            client, message="Dites-nous.", facilitator=db.session.scalars(select(StaffMember).limit(1)).one(),
            session_on=today, session_half="am", next_on=today + timedelta(days=300), today=today, now=now,
        )  # fmt: skip
        group = actions.add_group(campaign, name="Accueil", headcount=200, now=now)
        actions.promise(campaign, now=now)
        return tokens.token(group.id)
