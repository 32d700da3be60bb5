"""When one is told, one's calendar address, the test alert; and how far ahead, for administrators."""

from datetime import time
from uuid import UUID

from flask import abort, flash, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from mspaudit.errors import DomainError
from mspaudit.identity import queries as staff
from mspaudit.identity.models import StaffMember
from mspaudit.kernel import clock
from mspaudit.kernel.french import DAYS
from mspaudit.notices import preferences, settings_actions, telling
from mspaudit.notices.forms import NUMBERS
from mspaudit.notices.kinds import KINDS
from mspaudit.notices.rules import half_hours, thresholds
from mspaudit.notices.settings_actions import close_feed, open_feed
from mspaudit.notices.shell_views import pulse, shell
from mspaudit.outbox.letters import address
from mspaudit.tenancy.blueprints import tenant_blueprint

blueprint = tenant_blueprint("alerts", __name__, audience="reader", prefix="/alertes")
blueprint.app_context_processor(shell)
rules = tenant_blueprint("alert_rules", __name__, audience="admin", prefix="/alertes/seuils")

# A worker answers within a second; this long says that none does.
PATIENCE_SECONDS = 20


@blueprint.get("/")
def index() -> str:
    """Everything about how one is told."""
    return _page()


@blueprint.post("/resume")
def choose_hours() -> Response:
    """Choose when one's summary leaves."""
    sent = request.form
    days = [int(text) for text in sent.getlist("jour") if text in "1234567" and len(text) == 1]
    try:
        at = time.fromisoformat(sent.get("heure", ""))
    except ValueError:
        at = time(0)
    try:
        settings_actions.choose_hours(_me(), at=at, days=days, alsace="alsace" in sent, now=clock.now())
    except DomainError as refused:
        return make_response(_page(error=str(refused)), 422)
    flash("Vos heures sont enregistrées.", "done")
    return redirect(url_for("alerts.index", _anchor="t-resume"), 303)


@blueprint.post("/calendrier")
def open_calendar() -> str:
    """A new calendar address, shown this once."""
    token = open_feed(_me(), now=clock.now())
    return _page(feed_url=address("calendar.feed", msp=g.visitor.tenant_slug, token=token))


@blueprint.post("/calendrier/fermeture")
def close_calendar() -> Response:
    """Make one's calendar address useless."""
    if preferences.feed(_me().id) is None:
        return make_response(_page(error="Vous n’avez pas d’adresse de calendrier."), 422)
    close_feed(_me(), now=clock.now())
    flash("Cette adresse de calendrier ne mène plus à rien.", "done")
    return redirect(url_for("alerts.index", _anchor="t-calendrier"), 303)


@blueprint.post("/essais")
def ask_trial() -> Response:
    """Send oneself a test alert."""
    found = settings_actions.ask_trial(_me(), now=clock.now())
    return redirect(url_for("alerts.trial", trial=found.id), 303)


@blueprint.get("/essais/<uuid:trial>")
def trial(trial: UUID) -> str:
    """How far a test alert went; only the steps when htmx asks."""
    found = preferences.trial(trial)
    if found is None:
        abort(404)
    now = clock.now()
    progress = preferences.progress(found)
    late = (now - progress.asked_at).total_seconds() > PATIENCE_SECONDS and not progress.over
    page = "notices/_trial.html" if request.headers.get("HX-Request") else "notices/trial.html"
    return render_template(page, trial=found, progress=progress, late=late, now=now)


@rules.get("/")
def show() -> str:
    """How long before their last useful day deadlines are told, by kind."""
    return _rules({}, {})


@rules.post("/")
def choose() -> Response:
    """Change the thresholds of the kinds; an empty field gives ours back."""
    typed = {code: request.form.get(f"seuil-{code}", "") for code in KINDS if f"seuil-{code}" in request.form}
    read = {code: thresholds(text) for code, text in typed.items() if text.strip()}
    errors = {code: NUMBERS for code, days in read.items() if days is None}
    if errors or not typed:
        return make_response(_rules(typed, errors), 422)
    for code in typed:
        settings_actions.choose_thresholds(code, read.get(code), now=clock.now())
    flash("Les rappels sont enregistrés.", "done")
    return redirect(url_for("alert_rules.show"), 303)


def _page(*, error: str = "", feed_url: str = "") -> str:
    me = _me()
    return render_template(
        "notices/alerts.html",
        me=me,
        hours=preferences.of(me.id),
        choices=[(at.isoformat("minutes"), _spoken(at)) for at in half_hours()],
        days=list(enumerate(DAYS, 1)),
        feed=preferences.feed(me.id),
        feed_url=feed_url,
        error=error,
        state=pulse(clock.now()),
        told=me.role != "reader",
        administrator=me.role == "admin",
    )


def _rules(typed: dict[str, str], errors: dict[str, str]) -> str:
    now = {code: ", ".join(map(str, days)) for code, days in telling.rules().items()}
    kinds = sorted(KINDS.items(), key=lambda pair: pair[1].label)
    return render_template("notices/rules.html", kinds=kinds, typed={**now, **typed}, errors=errors)


def _spoken(at: time) -> str:
    return f"{at.hour} h" + (f" {at.minute:02d}" if at.minute else "")


def _me() -> StaffMember:
    found = staff.member(g.visitor.member_id)
    if found is None:
        abort(404)
    return found
