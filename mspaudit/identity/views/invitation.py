"""Accepting an invitation: reading the link changes nothing, the form uses it once."""

from flask import abort, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from mspaudit.errors import DomainError
from mspaudit.extensions import db, limiter
from mspaudit.identity import door, passwords, queries, team
from mspaudit.identity.models import Invitation
from mspaudit.identity.views import browser
from mspaudit.identity.words import ROLES
from mspaudit.kernel.clock import now
from mspaudit.tenancy.blueprints import public_blueprint
from mspaudit.tenancy.context import Context, tenant_id
from mspaudit.tenancy.gate import hashed
from mspaudit.tenancy.lifecycle import enter, keep
from mspaudit.tenancy.models import Tenant

blueprint = public_blueprint("invitation", "mspaudit.identity", prefix="/invitation")


@blueprint.get("/<token>")
def show(token: str) -> str | Response:
    """What is offered, and the form to accept."""
    found = _open(token)
    return _gone() if found is None else _page(found)


@blueprint.post("/<token>")
@limiter.limit("20 per 15 minutes")
def accept(token: str) -> str | Response:
    """Join the team, then on to the second factor."""
    found = _open(token)
    if found is None:
        return _gone()
    name = request.form.get("name", "").strip()[:120]
    try:
        if not name:
            raise DomainError("Indiquez votre nom.")
        login_id = team.accept(
            found,
            name=name,
            password=request.form.get("password", ""),
            pin=request.form.get("pin", ""),
            browser=browser.here(),
            now=now(),
        )
    except DomainError as refused:
        keep()
        return make_response(_page(found, error=str(refused)), 422)
    then = url_for("second_factor.ask")
    return browser.enter(login_id, strength="first", then=then, carried={"via": "password"})


def _open(token: str) -> Invitation | None:
    """The invitation of a valid link, its MSP's context being entered for the person invited."""
    where = door.invitation(hashed(token)) if len(token) <= 100 else None
    if where is None:
        return None
    enter(Context("msp", tenant_id=where[0], actor="invitation"))
    found = queries.invitation(where[1])
    if found is None:
        abort(404)
    enter(Context("msp", tenant_id=where[0], actor=found.name, role=found.role))
    return found


def _page(found: Invitation, error: str = "") -> str:
    return render_template(
        "identity/invitation.html",
        invitation=found,
        msp=db.session.get_one(Tenant, tenant_id()),
        role=ROLES[found.role],
        needed=team.proof_needed(found.email),
        name=request.form.get("name", found.name),
        error=error,
        rule=passwords.HELP,
    )


def _gone() -> Response:
    return make_response(render_template("identity/invitation_dead.html"), 410)
