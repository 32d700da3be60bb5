"""« J’ai oublié mon code »: asked on the way in, chosen again a day later, cancelled from the mail."""

from flask import g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from mspaudit.extensions import limiter
from mspaudit.identity import lost, lost_door
from mspaudit.identity.rules import pin_refusal
from mspaudit.identity.views import browser
from mspaudit.identity.views.second_factor import come_in, elsewhere, standing, suite
from mspaudit.kernel.clock import now
from mspaudit.tenancy.blueprints import account_blueprint, public_blueprint

blueprint = account_blueprint(
    "lost_pin_asked", "mspaudit.identity", prefix="/connexion/code-oublie", half_way=True
)
cancelling = public_blueprint("lost_pin", "mspaudit.identity", prefix="/code-oublie")

NOT_THE_SAME = "Les deux codes ne sont pas les mêmes."


@blueprint.before_request
def _only_who_has_a_code() -> Response | None:
    """Someone on the way in by a link, whose code is what they lack."""
    if g.visitor.signed_in:
        return redirect(url_for("account.index"), 303)
    moved = elsewhere("prove")
    if moved is None and not standing().may_forget_pin:
        moved = _back()
    return moved


@blueprint.get("")
def show() -> str:
    """What will happen, where it stands, or the new code once its time has come."""
    return _page()


@blueprint.post("")
@limiter.limit("10 per hour")
def ask() -> Response:
    """Start the day to wait."""
    lost.ask_new_pin(g.visitor.login_id, browser=browser.here())
    return redirect(url_for("lost_pin_asked.show", suite=suite() or None), 303)


@blueprint.post("/nouveau")
@limiter.limit("20 per 15 minutes")
def choose() -> str | Response:
    """Keep the new code, typed twice alike, and come in."""
    typed, again = request.form.get("pin", "").strip(), request.form.get("again", "").strip()
    error = pin_refusal(typed) or (NOT_THE_SAME if typed != again else "")
    if error:
        return make_response(_page(error), 422)
    here = browser.here()
    if not lost.choose_pin(g.visitor.login_id, typed, session_id=g.visitor.session_id, browser=here):
        return redirect(url_for("lost_pin_asked.show", suite=suite() or None), 303)
    return come_in(browser.wanted())


@cancelling.get("/<token>")
def cancel_page(token: str) -> str:
    """Change nothing: mail filters open links too. One button cancels."""
    return render_template("identity/cancel_reset.html", token=token, done=None)


@cancelling.post("/<token>")
@limiter.limit("30 per 5 minutes")
def cancel(token: str) -> str:
    """Keep the code as it was."""
    done = lost.cancel(token, browser=browser.here())
    return render_template("identity/cancel_reset.html", token=token, done=done)


def _page(error: str = "") -> str:
    reset = lost_door.open_reset(g.visitor.login_id)
    return render_template(
        "identity/lost_pin.html",
        reset=reset,
        ready=reset is not None and reset.is_ready(now()),
        email=g.visitor.email,
        suite=suite(),
        error=error,
    )


def _back() -> Response:
    return redirect(url_for("second_factor.ask", suite=suite() or None), 303)
