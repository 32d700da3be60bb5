"""The second factor: proved by those who have one, chosen by those who have none yet."""

from flask import g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from mspaudit.extensions import limiter
from mspaudit.identity import door, entry, lost, passwords, sessions
from mspaudit.identity.rules import Standing, next_step
from mspaudit.identity.views import browser
from mspaudit.kernel.clock import now
from mspaudit.tenancy.blueprints import account_blueprint
from mspaudit.tenancy.lifecycle import keep

blueprint = account_blueprint("second_factor", "mspaudit.identity", half_way=True)

WRONG = "Ce code n’est pas le bon, ou il a déjà servi."

PAGES = {
    "prove": "second_factor.ask",
    "enrol": "enrolment.choose",
    "password": "second_factor.new_password",
}


@blueprint.before_request
def _only_half_way() -> Response | None:
    """Someone fully signed in has nothing to prove here; their factors are changed in their account."""
    if g.visitor.signed_in:
        return redirect(browser.wanted(), 303)
    return None


@blueprint.get("/connexion/confirmation")
def ask() -> str | Response:
    """Whatever is still missing for this person."""
    return elsewhere("prove") or _page(standing())


@blueprint.post("/connexion/confirmation")
@limiter.limit("40 per 5 minutes")
def prove() -> str | Response:
    """Check a typed code: of the application, personal, or of recovery."""
    moved = elsewhere("prove")
    if moved is not None:
        return moved
    here, factor = standing(), request.form.get("factor", "")
    typed = request.form.get("code", "")[:64]
    allowed = factor in here.factors and factor != "passkey"
    if not allowed or not entry.by_second_factor(
        g.visitor.login_id, factor, typed, browser=browser.here(), now=now()
    ):
        keep()
        return make_response(_page(here, wrong=factor), 422)
    return proved(here)


@blueprint.get("/connexion/nouveau-mot-de-passe")
def new_password() -> str | Response:
    """Staff who came by a link have lost their password, and may now choose another."""
    return elsewhere("password") or _new_password()


@blueprint.post("/connexion/nouveau-mot-de-passe")
def set_new_password() -> str | Response:
    """Keep the new password, end every other session, and come in."""
    moved = elsewhere("password")
    if moved is not None:
        return moved
    login = entry.own(g.visitor.login_id)
    typed = request.form.get("password", "")
    error = passwords.refusal(typed, entry.about(login))
    if error:
        return make_response(_new_password(error), 422)
    entry.set_password(login.id, typed)
    sessions.end_all(login.id, but=g.visitor.session_id)
    note("password_set")
    return come_in(browser.wanted())


def standing() -> Standing:
    """Where this visitor is on the way in."""
    return entry.standing(g.visitor.login_id, g.visitor.session_id)


def elsewhere(step: str) -> Response | None:
    """To the page of the step that is really due, when it is not ``step``; steps are never skipped."""
    due = next_step(standing())
    if due == step:
        return None
    if due == "done":
        return come_in(browser.wanted())
    return redirect(url_for(PAGES[due], suite=suite() or None), 303)


def proved(before: Standing) -> Response:
    """The second factor was given: go on to what is left, or come in."""
    if before.staff and before.via == "link":
        sessions.carry(g.visitor.session_id, proved=True)
        return redirect(url_for("second_factor.new_password", suite=suite() or None), 303)
    return come_in(browser.wanted())


def come_in(then: str) -> Response:
    """Open the full session under a new token: whoever knew the old one is left with nothing."""
    lost.came_in(g.visitor.login_id, browser=browser.here())
    note("signed_in")
    return browser.enter(g.visitor.login_id, strength="full", then=then)


def note(what: str) -> None:
    """Write to this person's own list of events."""
    here = browser.here()
    door.note(g.visitor.login_id, what, agent=here.agent, address=here.address)


def suite() -> str:
    """The wanted page as it travels from form to form; empty for none."""
    found = browser.wanted()
    return "" if found == url_for("places.index") else found


def _new_password(error: str = "") -> str:
    return render_template("identity/new_password.html", suite=suite(), rule=passwords.HELP, error=error)


def _page(here: Standing, wrong: str = "") -> str:
    return render_template(
        "identity/second_factor.html", here=here, suite=suite(), wrong=wrong, message=WRONG if wrong else ""
    )
