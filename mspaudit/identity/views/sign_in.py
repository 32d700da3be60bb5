"""The first factor: a link sent by mail, or a password. Every answer is the same for known and unknown."""

from flask import flash, make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from mspaudit.extensions import limiter
from mspaudit.identity import door, entry, keys, links
from mspaudit.identity.rules import LONGEST_PATH, local_path, plausible_email
from mspaudit.identity.views import browser
from mspaudit.kernel.clock import now
from mspaudit.tenancy import gate
from mspaudit.tenancy.blueprints import public_blueprint
from mspaudit.tenancy.lifecycle import keep

blueprint = public_blueprint("sign_in", "mspaudit.identity")

WRONG = "Adresse ou mot de passe incorrect."
NOT_AN_ADDRESS = "Cette adresse n’a pas la forme nom@domaine.fr."


def typed_account() -> str:
    """The account as typed, for counting tries alike whether or not it exists."""
    return "account:" + keys.fingerprint(_typed("email").lower(), "limits")


@blueprint.get("/connexion")
def start() -> str | Response:
    """One page for everyone; someone already signed in goes on."""
    person = gate.visitor()
    if person is not None and person.signed_in:
        return redirect(browser.wanted(), 303)
    return _page()


@blueprint.post("/connexion")
def submit() -> str | Response:
    """A password when one was typed, else a link by mail."""
    email = _typed("email")
    if not plausible_email(email):
        return _refused(email=NOT_AN_ADDRESS)
    if request.form.get("moyen") != "lien" and request.form.get("password"):
        return _with_password(email, request.form["password"])
    return _with_link(email)


@limiter.limit("30 per 5 minutes", scope="password")
@limiter.limit("15 per 15 minutes", key_func=typed_account, scope="password")
def _with_password(email: str, password: str) -> str | Response:
    login_id = entry.by_password(email, password, browser=browser.here(), now=now())
    if login_id is None:
        keep()
        return _refused(password=WRONG)
    return browser.enter(login_id, strength="first", then=_second(), carried={"via": "password"})


@limiter.limit("40 per 15 minutes", scope="link")
@limiter.limit("5 per 15 minutes", key_func=typed_account, scope="link")
def _with_link(email: str) -> Response:
    token = browser.link_token() or links.new_browser_token()
    links.ask(email, browser_token=token, suite=_suite())
    session["link_sent_to"] = email
    response = redirect(url_for("sign_in.sent"), 303)
    browser.keep_link_token(response, token)
    return response


@blueprint.get("/connexion/lien-envoye")
def sent() -> str:
    """What to do while the mail travels."""
    return render_template("identity/link_sent.html", email=session.get("link_sent_to", ""))


@blueprint.get("/lien/<token>")
def arrive(token: str) -> str:
    """Change nothing: mail filters open links too. One button uses it."""
    return render_template("identity/link.html", token=token, same_browser=bool(browser.link_token()))


@blueprint.post("/lien/<token>")
@limiter.limit("30 per 5 minutes")
def use(token: str) -> str | Response:
    """Use the link, once, in the browser that asked for it."""
    found = links.use(token, browser.link_token()) if len(token) <= 100 else None
    if found is None:
        return make_response(render_template("identity/link_dead.html"), 410)
    login_id, suite = found
    then = url_for("second_factor.ask", suite=local_path(suite))
    return browser.enter(login_id, strength="first", then=then, carried={"via": "link"})


@blueprint.post("/deconnexion")
def leave() -> Response:
    """Sign out of this browser, half-way or whole."""
    login_id = browser.leave_quietly()
    if login_id is not None:
        here = browser.here()
        door.note(login_id, "signed_out", agent=here.agent, address=here.address)
        flash("Vous êtes déconnecté de cet appareil.", "done")
    response = redirect(url_for("sign_in.start"), 303)
    browser.forget_session(response)
    return response


def _page(**errors: str) -> str:
    return render_template("identity/sign_in.html", email=_typed("email"), suite=_suite(), errors=errors)


def _refused(**errors: str) -> Response:
    return make_response(_page(**errors), 422)


def _typed(name: str) -> str:
    return request.form.get(name, "").strip()[:320]


def _suite() -> str:
    return local_path(request.values.get("suite", "")[: LONGEST_PATH + 1]) or ""


def _second() -> str:
    return url_for("second_factor.ask", suite=_suite() or None)
