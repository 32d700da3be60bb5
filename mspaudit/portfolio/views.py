"""The dashboard, its live refresh, its exports, and the pages its figures open to."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from flask import Response, abort, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mspaudit.adapters.sheets import to_csv, to_xlsx
from mspaudit.checklists import naming
from mspaudit.kernel import clock
from mspaudit.portfolio import board, export, queries, rows, rules
from mspaudit.portfolio import overview as overviews
from mspaudit.portfolio.rules import Wanted
from mspaudit.risk import gaps
from mspaudit.risk import queries as figures
from mspaudit.risk.rounding import level, shown
from mspaudit.tenancy.blueprints import tenant_blueprint
from mspaudit.tenancy.context import current

blueprint = tenant_blueprint("portfolio", __name__, audience="reader")

KINDS_OF_FILE = {
    "csv": ("text/csv; charset=utf-8", to_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", to_xlsx),
}


@blueprint.get("/")
def index() -> Response:
    """The dashboard; only its content when htmx asks, under an address without the filters left empty."""
    wanted = rules.wanted(request.args)
    if not request.headers.get("HX-Request"):
        return make_response(_board("portfolio/index.html", wanted))
    response = make_response(_board("portfolio/_board.html", wanted))
    response.headers["HX-Push-Url"] = url_for("portfolio.index", **wanted.asked(page=wanted.page))
    return response


@blueprint.get("/portefeuille/direct")
def live() -> ResponseReturnValue:
    """The dashboard again if a figure moved since the page was drawn (`vu`), else nothing (204)."""
    if overviews.marker() == request.args.get("vu", ""):
        return "", 204
    return _board("portfolio/_board.html", rules.wanted(request.args))


@blueprint.get("/heures")
def hours() -> str:
    """The best use of some hours; only the list when htmx asks."""
    today = _today()
    plan = board.best_plan(_past(today).moves, rules.hours(request.args))
    fragment = bool(request.headers.get("HX-Request"))
    page = "portfolio/_plan.html" if fragment else "portfolio/hours.html"
    return render_template(page, plan=plan, controls=naming.controls(), **words())


@blueprint.get("/portefeuille/export.<any(csv, xlsx):kind>")
def export_file(kind: str) -> Response:
    """The clients that the filters keep, in their order."""
    mime, write = KINDS_OF_FILE[kind]
    lines = export.rows(queries.every(rules.wanted(request.args)))
    response = make_response(write(export.HEADERS, lines))
    response.mimetype = mime
    name = f"portefeuille-{_today().isoformat()}.{kind}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@blueprint.get("/portefeuille/pourquoi/<any(risque, posture, certitude):figure>")
def why(figure: str) -> str:
    """What a mean is made of: every client's figure."""
    column, title, unit, _say = board.FIGURES[figure]
    overview = overviews.overview()
    order = "-certitude" if figure == "certitude" else rules.USUAL_ORDER
    found = [row for row in queries.every(Wanted(order=order)) if row[1] is not None]
    return render_template(
        "portfolio/why.html",
        figure=figure,
        column=column,
        title=title,
        unit=unit,
        overview=overview,
        rows=found,
        mean=overview.mean(column),
        **words(),
    )


@blueprint.get("/failles")
def shared_gaps() -> str:
    """Every gap shared by clients, and what closing it everywhere would gain."""
    found = _past(_today()).gaps
    return render_template("portfolio/gaps.html", gaps=found, controls=naming.controls(), **words())


@blueprint.get("/failles/<code>")
def shared_gap(code: str) -> str:
    """The clients that one gap concerns."""
    control = naming.controls().get(code)
    if control is None:
        abort(404)
    found = gaps.concerned(code, today=_today())
    return render_template("portfolio/gap.html", control=control, concerned=found, **words())


def _board(template: str, wanted: Wanted) -> str:
    found = board.gather(wanted, today=_today())
    return render_template(
        template,
        board=found,
        wanted=wanted,
        overview=found.overview,
        page=found.page,
        plan=found.plan(rules.hours(request.args)),
        controls=found.choices.controls,
        counted=board.counted(found.overview),
        options=_options(found.choices),
        draw=rows.draw,
        row_words=_row_words(found),
        sorted_url=lambda order: url_for("portfolio.index", **wanted.asked(order=order)),
        **words(),
    )


def _row_words(found: board.Board) -> rows.Words:
    """What every row of the table needs."""
    controls = found.choices.controls
    return rows.Words(
        today=found.today,
        scenarios=board.scenario_titles(),
        url=_addresses("portfolio.client"),
        start_url=_addresses("checklists.show"),
        peek_url=_addresses("portfolio.contradictions"),
        deadline=lambda subject: naming.named(subject, controls),
    )


def _addresses(endpoint: str) -> Callable[[str], str]:
    """The addresses of one page of many clients: slugs are plain, so they differ by them alone."""
    before, after = url_for(endpoint, client="-").split("/-/")
    return lambda slug: f"{before}/{slug}/{after}"


def _options(choices: queries.Choices) -> dict[str, Any]:
    """What the filters offer, as (value, text)."""
    return {
        "tags": [(tag, tag) for tag in choices.tags],
        "technicians": [(rules.MINE, "Moi"), *((str(key), name) for key, name in choices.technicians)],
        "sizes": [(size.key, size.label) for size in rules.SIZES],
        "per_page": rules.PAGE,
    }


def _past(today: date) -> figures.Past:
    if current().kind == "limited":
        return figures.portfolio_of(overviews.overview().clients, today=today)
    return figures.portfolio(today=today)


def words() -> dict[str, Any]:
    """What every template of this room needs."""
    now: datetime = clock.now()
    return {
        "today": clock.today(now),
        "now": now,
        "shown": shown,
        "level": level,
        "figures": board.FIGURES,
        "deadline": naming.named,
        "scenarios": board.scenario_titles(),
        "can_edit": current().role in ("technician", "admin"),
    }


def _today() -> date:
    return clock.today(clock.now())
