"""What a client's own people see of their backups: calm, and nothing to do."""

from flask import g, render_template

from mspaudit.backups import queries, wording
from mspaudit.kernel import clock
from mspaudit.tenancy.blueprints import portal_blueprint

blueprint = portal_blueprint("portal_backups", __name__, audience="respondent", prefix="/sauvegardes")


@blueprint.get("")
def index() -> str:
    """Each job with where it stands, and the last restoration that was tried."""
    now, client_id = clock.now(), g.visitor.client_id
    done = [test for test in queries.tests(client_id) if test.done_on is not None]
    return render_template(
        "backups/portal.html",
        watched=queries.watched(client_id, now=now),
        last_test=done[0] if done else None,
        results=wording.RESULTS,
        told=wording.told,
        since=wording.since,
        strip=wording.strip,
        now=now,
        today=clock.today(now),
    )
