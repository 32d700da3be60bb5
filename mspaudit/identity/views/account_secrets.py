"""Changing one's password, personal code, application or passkeys.

The current password (or code) is asked again: a computer left open must not become a door.
"""

from flask import Response, flash, g, jsonify, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from mspaudit.errors import DomainError
from mspaudit.extensions import limiter
from mspaudit.identity import entry, passkeys, passwords, sessions, totp
from mspaudit.identity.models import Login
from mspaudit.identity.rules import pin_refusal
from mspaudit.identity.views import browser
from mspaudit.identity.views.account import TOO_OLD
from mspaudit.identity.views.passkey import NOT_NOW, refused, sent_credential, sent_label, taken_challenge
from mspaudit.identity.views.second_factor import note
from mspaudit.kernel.clock import now
from mspaudit.tenancy.blueprints import account_blueprint
from mspaudit.tenancy.lifecycle import keep

blueprint = account_blueprint("account_secrets", "mspaudit.identity", prefix="/mon-compte")

NOT_YOURS = "Ce n’est pas celui que vous utilisez aujourd’hui."
NOT_THE_SAME = "Les deux codes ne sont pas les mêmes."
WRONG_CODE = "Ce code ne correspond pas. Tapez celui que l’application affiche maintenant."


@blueprint.get("/mot-de-passe")
def password() -> str:
    """The form to change one's password."""
    return _form("password")


@blueprint.post("/mot-de-passe")
@limiter.limit("20 per 15 minutes")
def change_password() -> BaseResponse:
    """Keep the new password and close every other session."""
    login, typed = entry.own(g.visitor.login_id), request.form.get("password", "")
    if login.password_hash is None or not _knows_secret(login):
        return _refused("password", current=NOT_YOURS)
    refusal = passwords.refusal(typed, entry.about(login))
    if refusal:
        return _refused("password", password=refusal)
    entry.set_password(login.id, typed)
    return _changed("password_set", "Votre nouveau mot de passe est en place.")


@blueprint.get("/code")
def pin() -> str:
    """The form to change one's personal code."""
    return _form("pin")


@blueprint.post("/code")
@limiter.limit("20 per 15 minutes")
def change_pin() -> BaseResponse:
    """Keep the new code and close every other session."""
    login, typed = entry.own(g.visitor.login_id), request.form.get("pin", "").strip()
    if login.pin_hash is None or not _knows_secret(login):
        return _refused("pin", current=NOT_YOURS)
    refusal = pin_refusal(typed) or (NOT_THE_SAME if typed != request.form.get("again", "").strip() else None)
    if refusal:
        return _refused("pin", pin=refusal)
    entry.set_pin(login.id, typed)
    return _changed("pin_set", "Votre nouveau code est en place.")


@blueprint.get("/application")
def application() -> str:
    """A new key for an authenticator application; the former one serves until the new one is confirmed."""
    secret = totp.new_secret()
    sessions.carry(g.visitor.session_id, totp=totp.sealed(secret).decode())
    return _application(secret)


@blueprint.post("/application")
@limiter.limit("20 per 15 minutes")
def change_application() -> BaseResponse:
    """Use the new application once it shows a right code."""
    login = entry.own(g.visitor.login_id)
    sealed = sessions.carried(g.visitor.session_id).get("totp")
    if sealed is None:
        return redirect(url_for("account_secrets.application"), 303)
    secret = totp.opened(sealed.encode())
    if not _knows_secret(login):
        keep()
        return make_response(_application(secret, current=NOT_YOURS), 422)
    if not entry.set_totp(login.id, secret, request.form.get("code", "")[:16], now=now()):
        return make_response(_application(secret, code=WRONG_CODE), 422)
    sessions.take(g.visitor.session_id, "totp")
    return _changed("totp_set", "Votre application est réglée.")


@blueprint.post("/cles/demande")
def ask_passkey() -> Response:
    """A challenge to make one more passkey with, for a session that was opened just now."""
    if not sessions.is_fresh(g.visitor.session_id, now=now()):
        return refused(TOO_OLD)
    challenge, options = passkeys.registration(g.visitor.login_id, g.visitor.email)
    sessions.carry(g.visitor.session_id, challenge=challenge.hex())
    return jsonify(options)


@blueprint.post("/cles/reponse")
@limiter.limit("20 per 15 minutes")
def add_passkey() -> Response:
    """Keep one more passkey."""
    challenge = taken_challenge()
    if challenge is None:
        return refused(NOT_NOW)
    try:
        passkeys.register(g.visitor.login_id, sent_credential(), challenge=challenge, label=sent_label())
    except DomainError as error:
        return refused(str(error))
    note("passkey_added")
    flash("Cette clé permet maintenant de vous connecter.", "done")
    return jsonify(next=url_for("account.index"))


def _knows_secret(login: Login) -> bool:
    """Whether the current password was typed, or the personal code of someone who has no password."""
    typed = request.form.get("current", "")[:600]
    if login.locked_until is not None and login.locked_until > now():
        right = False
    elif login.password_hash is not None and request.endpoint != "account_secrets.change_pin":
        right = passwords.matches(login.password_hash, typed)
    else:
        right = passwords.pin_matches(login.pin_hash, typed.strip())
    if not right:
        entry.failed(login.id, "password_refused", browser.here())
    return right


def _form(which: str, **errors: str) -> str:
    return render_template(f"identity/change_{which}.html", errors=errors, rule=passwords.HELP)


def _refused(which: str, **errors: str) -> BaseResponse:
    keep()
    return make_response(_form(which, **errors), 422)


def _application(secret: str, **errors: str) -> str:
    login = entry.own(g.visitor.login_id)
    return render_template(
        "identity/change_application.html",
        qr=totp.qr_code(totp.address(secret, login.email)),
        key=totp.readable(secret),
        has_password=login.password_hash is not None,
        errors=errors,
    )


def _changed(what: str, message: str) -> BaseResponse:
    sessions.end_all(g.visitor.login_id, but=g.visitor.session_id)
    note(what)
    flash(f"{message} Vos autres sessions sont fermées.", "done")
    return redirect(url_for("account.index"), 303)
