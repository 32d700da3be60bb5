"""Choosing a first second factor, on the way in. Refused to anyone who has one already."""

from flask import g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from mspaudit.identity import entry, passkeys, sessions, totp
from mspaudit.identity.rules import Standing, pin_refusal
from mspaudit.identity.views import browser, second_factor
from mspaudit.identity.views.second_factor import elsewhere, note, standing, suite
from mspaudit.kernel.clock import now
from mspaudit.tenancy.blueprints import account_blueprint

blueprint = account_blueprint("enrolment", "mspaudit.identity", prefix="/connexion/choisir", half_way=True)

WRONG_CODE = (
    "Ce code ne correspond pas. Vérifiez l’heure du téléphone, puis tapez le code affiché maintenant."
)


@blueprint.before_request
def _only_who_has_none() -> Response | None:
    """A password alone must never add a factor beside the one that it is meant to need."""
    if g.visitor.signed_in:
        return redirect(url_for("account.index"), 303)
    return elsewhere("enrol")


@blueprint.get("")
def choose() -> str:
    """The choice: a passkey or an application for staff; a personal code or a passkey for others."""
    return render_template(
        "identity/choose.html", here=standing(), passkeys_possible=passkeys.possible(), suite=suite()
    )


@blueprint.get("/application")
def application() -> str | Response:
    """The QR code and the key, for an authenticator application."""
    if "totp" not in standing().choices:
        return redirect(url_for("enrolment.choose", suite=suite() or None), 303)
    sealed = sessions.carried(g.visitor.session_id).get("totp")
    # The same key through every reload: it may already be in the person's telephone.
    secret = totp.opened(sealed.encode()) if sealed else totp.new_secret()
    if not sealed:
        sessions.carry(g.visitor.session_id, totp=totp.sealed(secret).decode())
    return _application(secret)


@blueprint.post("/application")
def confirm_application() -> str | Response:
    """Believe the application once it shows one right code."""
    here = standing()
    sealed = sessions.carried(g.visitor.session_id).get("totp")
    if sealed is None or "totp" not in here.choices:
        return redirect(url_for("enrolment.application", suite=suite() or None), 303)
    secret = totp.opened(sealed.encode())
    if not entry.set_totp(g.visitor.login_id, secret, request.form.get("code", "")[:16], now=now()):
        return make_response(_application(secret, error=WRONG_CODE), 422)
    note("totp_set")
    return enrolled(here)


@blueprint.get("/code")
def pin() -> str | Response:
    """A six-digit code, for a client's own people."""
    if "pin" not in standing().choices:
        return redirect(url_for("enrolment.choose", suite=suite() or None), 303)
    return _pin()


@blueprint.post("/code")
def set_pin() -> str | Response:
    """Keep the code, typed twice alike."""
    here = standing()
    if "pin" not in here.choices:
        return redirect(url_for("enrolment.choose", suite=suite() or None), 303)
    typed, again = request.form.get("pin", "").strip(), request.form.get("again", "").strip()
    error = pin_refusal(typed) or ("Les deux codes ne sont pas les mêmes." if typed != again else None)
    if error:
        return make_response(_pin(error), 422)
    entry.set_pin(g.visitor.login_id, typed)
    note("pin_set")
    return enrolled(here)


def enrolled(before: Standing) -> Response:
    """The factor just chosen is proved by being chosen; staff then read their recovery codes."""
    if before.staff and before.via == "link":
        return second_factor.proved(before)
    if before.strong_only:
        return second_factor.come_in(url_for("account.recovery_page", suite=suite() or None))
    return second_factor.come_in(browser.wanted())


def _application(secret: str, error: str = "") -> str:
    return render_template(
        "identity/application.html",
        qr=totp.qr_code(totp.address(secret, g.visitor.email)),
        key=totp.readable(secret),
        error=error,
        suite=suite(),
        action=url_for("enrolment.confirm_application"),
        back=url_for("enrolment.choose", suite=suite() or None),
    )


def _pin(error: str = "") -> str:
    return render_template("identity/pin.html", error=error, suite=suite())
