"""The calendar that Outlook and Google read: an address that is its own key, until it is revoked."""

from datetime import timedelta

from flask import abort, g, make_response, request, url_for
from werkzeug.wrappers import Response

from mspaudit.extensions import limiter
from mspaudit.kernel import clock
from mspaudit.notices import calendar, summaries
from mspaudit.tenancy.blueprints import public_blueprint
from mspaudit.tenancy.context import Context
from mspaudit.tenancy.gate import hashed, staff_kind
from mspaudit.tenancy.lifecycle import enter

blueprint = public_blueprint("calendar", __name__, prefix="/<msp>/calendrier")

AHEAD_DAYS = 400
LONGEST_TOKEN = 100


@blueprint.get("/<token>.ics")
@limiter.limit("120/minute")
def feed(token: str) -> Response:
    """The deadlines that this colleague may see, the same 404 for an unknown and for a revoked address."""
    found = calendar.holder(hashed(token), g.msp) if len(token) <= LONGEST_TOKEN else None
    if found is None:
        abort(404)
    enter(
        Context(
            staff_kind(found.role, found.all_clients),
            tenant_id=found.tenant_id,
            member_id=found.member_id,
            actor=found.member_name,
            role="reader",
        )
    )
    today = clock.today(clock.now())
    events = summaries.events(today=today, until=today + timedelta(days=AHEAD_DAYS))
    base = url_for("notices.index", _external=False)
    response = make_response(calendar.written(events, name=found.tenant_name, page=calendar.page(base)))
    response.mimetype = "text/calendar"
    response.headers["Content-Disposition"] = 'inline; filename="echeances.ics"'
    response.cache_control.private = True
    response.cache_control.max_age = 900
    response.add_etag()
    return response.make_conditional(request)
