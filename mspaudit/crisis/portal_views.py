"""The crisis plan for the client's own people: they know the numbers and the gestures best."""

from uuid import UUID

from flask import Response
from flask.typing import ResponseReturnValue

from mspaudit.crisis import exercise_pages, pages
from mspaudit.tenancy.blueprints import portal_blueprint

blueprint = portal_blueprint("crisis_space", __name__, audience="respondent", prefix="/crise")


@blueprint.get("")
def index() -> str:
    """The plan, and whom to call with one touch."""
    return pages.index(pages.space())


@blueprint.post("")
def start() -> ResponseReturnValue:
    """Start the plan."""
    return pages.start(pages.space())


@blueprint.get("/livret.pdf")
def booklet() -> Response:
    """The booklet to print."""
    return pages.booklet(pages.space())


@blueprint.get("/carte.pdf")
def card() -> Response:
    """The card to carry."""
    return pages.card(pages.space())


@blueprint.get("/fiches/<service>.pdf")
def sheet_paper(service: str) -> Response:
    """One fallback sheet."""
    return pages.sheet_paper(pages.space(), service)


@blueprint.route("/couverture", methods=["GET", "POST"])
def cover() -> ResponseReturnValue:
    """When to activate it, where the copies are."""
    return pages.cover(pages.space())


@blueprint.route("/cellule", methods=["GET", "POST"])
def cell() -> ResponseReturnValue:
    """The crisis team."""
    return pages.cell(pages.space())


@blueprint.route("/annuaire", methods=["GET", "POST"])
def directory() -> ResponseReturnValue:
    """The directory."""
    return pages.directory(pages.space())


@blueprint.route("/fiches/<service>", methods=["GET", "POST"])
def sheet(service: str) -> ResponseReturnValue:
    """A fallback sheet."""
    return pages.sheet(pages.space(), service)


@blueprint.post("/exercices")
def plan_exercise() -> ResponseReturnValue:
    """Plan an exercise."""
    return exercise_pages.plan(pages.space())


@blueprint.route("/exercices/<uuid:exercise>", methods=["GET", "POST"])
def exercise(exercise: UUID) -> ResponseReturnValue:
    """An exercise: its turns to play, then how it went."""
    return exercise_pages.show(pages.space(), exercise)


@blueprint.post("/relecture")
def review() -> ResponseReturnValue:
    """The whole plan was read again."""
    return pages.done(pages.space(), pages.reviewed)


@blueprint.post("/impression")
def note_print() -> ResponseReturnValue:
    """The copies were printed and put in their places."""
    return pages.done(pages.space(), pages.printed)
