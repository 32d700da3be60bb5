"""One-click sign-in links of the demonstration: this machine only, and only when a token was set."""

import json
from hmac import compare_digest

from flask import abort, request
from werkzeug.wrappers import Response

from mspaudit.identity import door
from mspaudit.identity.rules import local_path
from mspaudit.identity.views import browser
from mspaudit.kernel.addresses import is_loopback
from mspaudit.runtime import runtime
from mspaudit.tenancy.blueprints import public_blueprint

blueprint = public_blueprint("demo_door", "mspaudit.identity", prefix="/demo")


@blueprint.get("/<token>/<who>")
def enter(token: str, who: str) -> Response:
    """Sign in as one of the demonstration's people, with every factor."""
    settings = runtime().settings
    expected = settings.demo_token
    if expected is None or not is_loopback(request.remote_addr):
        abort(404)
    if not compare_digest(token.encode(), expected.get_secret_value().encode()):
        abort(404)
    people = settings.data / "demo.json"
    known = json.loads(people.read_text("utf-8")) if people.exists() else {}
    login = door.find_login(known[who]["email"]) if who in known else None
    if login is None:
        abort(404)
    here = browser.here()
    door.note(login.id, "demo_link", agent=here.agent, address=here.address)
    return browser.enter(login.id, strength="full", then=local_path(known[who].get("url")) or "/mes-espaces")
