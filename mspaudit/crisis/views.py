"""The crisis plan for the MSP: every client's, one client's, its papers, each part to change."""

from uuid import UUID

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from mspaudit.crisis import exercise_pages, pages, queries
from mspaudit.crisis.rules import stale
from mspaudit.kernel import clock
from mspaudit.tenancy.blueprints import tenant_blueprint

portfolio = tenant_blueprint("crisis_portfolio", __name__, audience="reader", prefix="/crises")
blueprint = tenant_blueprint("crisis", __name__, audience="reader", prefix="/clients/<client>/crise")
edit = tenant_blueprint("crisis_edit", __name__, audience="technician", prefix="/clients/<client>/crise")


@portfolio.get("", endpoint="index")
def every() -> str:
    """Who has a plan, how old it is, how far it went."""
    today = clock.today(clock.now())
    return render_template("crisis/portfolio.html", rows=queries.portfolio(), today=today, stale=stale)


@blueprint.get("")
def index(client: str) -> str:
    """A client's plan."""
    return pages.index(pages.staff(client))


@blueprint.get("/livret.pdf")
def booklet(client: str) -> Response:
    """The booklet to print."""
    return pages.booklet(pages.staff(client))


@blueprint.get("/carte.pdf")
def card(client: str) -> Response:
    """The card to carry."""
    return pages.card(pages.staff(client))


@blueprint.get("/fiches/<service>.pdf")
def sheet_paper(client: str, service: str) -> Response:
    """One fallback sheet."""
    return pages.sheet_paper(pages.staff(client), service)


@edit.post("")
def start(client: str) -> ResponseReturnValue:
    """Start the plan."""
    return pages.start(pages.staff(client))


@edit.route("/couverture", methods=["GET", "POST"])
def cover(client: str) -> ResponseReturnValue:
    """When to activate it, where the copies are."""
    return pages.cover(pages.staff(client))


@edit.route("/cellule", methods=["GET", "POST"])
def cell(client: str) -> ResponseReturnValue:
    """The crisis team."""
    return pages.cell(pages.staff(client))


@edit.route("/annuaire", methods=["GET", "POST"])
def directory(client: str) -> ResponseReturnValue:
    """The directory."""
    return pages.directory(pages.staff(client))


@edit.route("/fiches/<service>", methods=["GET", "POST"])
def sheet(client: str, service: str) -> ResponseReturnValue:
    """A fallback sheet."""
    return pages.sheet(pages.staff(client), service)


@edit.post("/exercices")
def plan_exercise(client: str) -> ResponseReturnValue:
    """Plan an exercise."""
    return exercise_pages.plan(pages.staff(client))


@edit.route("/exercices/<uuid:exercise>", methods=["GET", "POST"])
def exercise(client: str, exercise: UUID) -> ResponseReturnValue:
    """An exercise: its turns to play, then how it went."""
    return exercise_pages.show(pages.staff(client), exercise)


@edit.post("/relecture")
def review(client: str) -> ResponseReturnValue:
    """The whole plan was read again."""
    return pages.done(pages.staff(client), pages.reviewed)


@edit.post("/impression")
def note_print(client: str) -> ResponseReturnValue:
    """The copies were printed and put in their places."""
    return pages.done(pages.staff(client), pages.printed)
