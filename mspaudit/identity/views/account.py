"""One's own account: sessions, second factors, password, and what happened lately."""

from uuid import UUID

from flask import abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from mspaudit.identity import entry, passkeys, recovery, sessions
from mspaudit.identity.rules import device, may_remove_factor
from mspaudit.identity.views import browser
from mspaudit.identity.views.second_factor import note
from mspaudit.identity.words import EVENTS
from mspaudit.kernel.clock import now
from mspaudit.tenancy.blueprints import account_blueprint

blueprint = account_blueprint("account", "mspaudit.identity", prefix="/mon-compte")

TOO_OLD = "Votre connexion date de plus de dix minutes. Reconnectez-vous, puis recommencez."


@blueprint.get("")
def index() -> str:
    """Everything about one's account on one page."""
    login = entry.own(g.visitor.login_id)
    return render_template(
        "identity/account.html",
        login=login,
        staff=entry.is_staff(login),
        sessions=sessions.living(login.id, now=now()),
        device=device,
        passkeys=passkeys.of(login.id),
        passkeys_possible=passkeys.possible(),
        codes_left=recovery.left(login.id),
        events=sessions.recent_events(login.id),
        words=EVENTS,
    )


@blueprint.post("/sessions/<uuid:session_id>/fermer")
def end_session(session_id: UUID) -> Response:
    """Close one of one's own sessions; another's is not there."""
    if not sessions.end(g.visitor.login_id, session_id):
        abort(404)
    note("session_ended")
    flash("Cette session est fermée.", "done")
    return _back()


@blueprint.post("/sessions/fermer")
def end_everywhere() -> Response:
    """Sign out of every device, this one included."""
    sessions.end_all(g.visitor.login_id)
    note("signed_out_everywhere")
    response = redirect(url_for("sign_in.start"), 303)
    browser.forget_session(response)
    flash("Vous êtes déconnecté de tous vos appareils.", "done")
    return response


@blueprint.post("/cles/<uuid:passkey_id>/retirer")
def remove_passkey(passkey_id: UUID) -> Response:
    """Remove a passkey, never the last way to sign in."""
    login, mine = entry.own(g.visitor.login_id), passkeys.of(g.visitor.login_id)
    if passkey_id not in {passkey.id for passkey in mine}:
        abort(404)
    if not may_remove_factor(
        passkeys=len(mine),
        totp=login.totp_confirmed_at is not None,
        pin=login.pin_hash is not None,
        staff=entry.is_staff(login),
    ):
        flash("Cette clé est votre seul moyen de vous connecter : ajoutez-en un autre d’abord.", "error")
        return _back()
    passkeys.remove(login.id, passkey_id)
    note("passkey_removed")
    flash("Cette clé ne permet plus de se connecter.", "done")
    return _back()


@blueprint.get("/codes-de-secours")
def recovery_page() -> str:
    """What recovery codes are for, before showing new ones."""
    return _recovery([])


@blueprint.post("/codes-de-secours")
def new_recovery() -> str | Response:
    """Ten new codes, shown this once; the former ones are dead."""
    if not sessions.is_fresh(g.visitor.session_id, now=now()):
        flash(TOO_OLD, "warning")
        return redirect(url_for("account.recovery_page"), 303)
    codes = recovery.renew(g.visitor.login_id)
    note("recovery_renewed")
    return _recovery(codes)


def _recovery(codes: list[str]) -> str:
    return render_template(
        "identity/recovery.html",
        codes=codes,
        left=recovery.left(g.visitor.login_id),
        then=browser.wanted(),
        suite=request.values.get("suite", ""),
    )


def _back() -> Response:
    return redirect(url_for("account.index"), 303)
