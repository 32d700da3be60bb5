"""A group's page: three minutes on a phone, no account, no cookie, nothing that says who or when.

The one form without a CSRF token: the address is itself the secret, and there is no session for anyone
to borrow. Calls are counted by link, never by address, and errors are told half a day later.
"""

from typing import Any

from flask import Response, abort, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException

from mspaudit.content import fieldwork as content
from mspaudit.errors import DomainError, tell
from mspaudit.extensions import csrf, limiter
from mspaudit.fieldwork import actions, door, queries, rules, tokens, told
from mspaudit.fieldwork.discretion import Later
from mspaudit.kernel import clock
from mspaudit.tenancy.blueprints import public_blueprint
from mspaudit.tenancy.context import Context
from mspaudit.tenancy.gate import hashed
from mspaudit.tenancy.lifecycle import enter

# Two hundred phones in a minute, each a page, a report and a few retries.
A_MINUTE = "2400/minute"
blueprint = public_blueprint("field", __name__, prefix="/t/<token>")
csrf.exempt(blueprint)
_later = Later()


def _link_key() -> str:
    """Who calls is the link; a quarter of its hash is enough to count."""
    return "field:" + hashed(g.link).hex()[:16]


@blueprint.url_value_preprocessor
def _take(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    g.link = (values or {}).pop("token", "")


@blueprint.before_request
@limiter.limit(A_MINUTE, key_func=_link_key)
def _admit() -> None:
    """Enter the one client of the link, or answer alike whatever is wrong with it."""
    _later.tell(rules.half_day(clock.now()))
    found = door.group(hashed(g.link)) if len(g.link) <= tokens.LONGEST else None
    if found is None:
        abort(404)
    enter(Context("guest", tenant_id=found.tenant_id, client_id=found.client_id, actor="terrain"))
    known = queries.group(found.client_id, found.group_id)
    if known is None:
        abort(404)
    g.opened, (g.group, g.campaign) = found, known


@blueprint.after_request
def _tell_nobody(response: Response) -> Response:
    """The address is a secret: no other site may learn it."""
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@blueprint.errorhandler(Exception)
def _failed(error: Exception) -> ResponseReturnValue:
    """A refusal as anywhere else; anything unforeseen waits: the phone keeps its report and tries again."""
    if isinstance(error, HTTPException) and error.code is not None:
        return tell(error.code)
    _later.keep(error, rules.half_day(clock.now()))
    return tell(503 if isinstance(error, DBAPIError) else 500)


@blueprint.get("")
def show() -> ResponseReturnValue:
    """The direction's message and the form."""
    return _page(told.blank())


@blueprint.post("")
def send() -> ResponseReturnValue:
    """Take one report, in JSON for the phone's script."""
    given, scripted = told.read(request.form), request.accept_mimetypes.best == "application/json"
    seen = given.named(queries.names(g.opened.client_id))
    if given.errors or seen:
        if scripted:
            return jsonify(errors=given.errors, named=seen), 422
        return _page(given, named=seen), 422
    try:
        actions.tell(g.campaign, g.group, given, rules.half_day(clock.now()))
    except DomainError as refused:
        return (jsonify(error=str(refused)), 410) if scripted else (_page(given, refused=str(refused)), 410)
    return jsonify(saved=True) if scripted else _page(told.blank(), thanks=True)


def _page(
    given: told.Told, *, named: list[str] | None = None, refused: str = "", thanks: bool = False
) -> str:
    answered = queries.answered(g.campaign.id, g.group.id)
    people = queries.names(g.opened.client_id) if answered else []
    return render_template(
        "fieldwork/tell.html",
        opened=g.opened,
        group=g.group,
        campaign=g.campaign,
        told=given,
        named=named or [],
        refused=refused,
        thanks=thanks,
        content=content,
        link=g.link,
        answered=answered,
        tools={each.id: queries.readable(each, people)["tool"] for each in answered},
        answers=rules.ANSWERS,
    )
