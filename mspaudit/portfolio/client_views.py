"""The page of one client, and its figures opened to their reasons."""

from datetime import date
from typing import Any

from flask import abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mspaudit.checklists import queries as checklists
from mspaudit.checklists.wording import measured_on
from mspaudit.clients import queries as clients
from mspaudit.clients.models import Client
from mspaudit.clients.rules import ROLES
from mspaudit.identity import queries as staff
from mspaudit.kernel import clock
from mspaudit.plan import queries as plan
from mspaudit.portfolio import board, dossier, explained, queries, services
from mspaudit.portfolio.views import blueprint, words
from mspaudit.risk import queries as figures
from mspaudit.risk.rules import posture
from mspaudit.risk.scenarios import SCENARIOS
from mspaudit.web.charts import Axis

ASPECTS = ("risque", "posture", "certitude")
AXIS_DAYS = 120


@blueprint.get("/clients/<client>/")
def client(client: str) -> str:
    """Where a client stands, and what to do first."""
    found = clients.client_or_404(client)
    today = clock.today(clock.now())
    picture = figures.picture(found.id, today=today)
    return render_template(
        "portfolio/client.html",
        client=found,
        dossier=_dossier(found, picture, today) if picture else None,
        standing=figures.standing(found.id),
        years=_years(found, picture, today),
        units=clients.org_units(found.id),
        mandates=clients.referents(found.id, today=today),
        services=_services(found),
        assigned=clients.assigned(found.id),
        tags=clients.tags_of(found.id),
        progress=checklists.progress(found.id, today=today),
        controls={d.control.code: d.control for d in picture.details} if picture else {},
        deadlines=queries.deadlines(found.id, today=today),
        delivery=plan.delivery(found.id, today=today),
        awaited=plan.awaiting(found.id),
        axis=Axis(today, days=AXIS_DAYS),
        roles=ROLES,
        said=dossier.said,
        by=dossier.by,
        measured_on=measured_on,
        **words(),
    )


@blueprint.get("/clients/<client>/contredites")
def contradictions(client: str) -> ResponseReturnValue:
    """What measurements contradict, for the dashboard's dialog; in a page of its own, the client's."""
    found = clients.client_or_404(client)
    if not request.headers.get("HX-Request"):
        return redirect(url_for("portfolio.client", client=client, _anchor="eclaircir"), 303)
    picture = figures.picture(found.id, today=clock.today(clock.now()))
    return render_template(
        "portfolio/_peek.html",
        client=found,
        contradicted=_dossier(found, picture, picture.today).contradicted if picture else [],
        said=dossier.said,
        measured_on=measured_on,
        **words(),
    )


@blueprint.get("/clients/<client>/risque", endpoint="explained")
def explain(client: str) -> str:
    """A figure of a client decomposed: `quoi` names it, `scenario` narrows the risk to one exposure."""
    found = clients.client_or_404(client)
    today = clock.today(clock.now())
    picture = figures.picture(found.id, today=today)
    aspect = request.args.get("quoi", "risque")
    scenario = request.args.get("scenario") or None
    if aspect not in ASPECTS or (scenario is not None and scenario not in SCENARIOS):
        abort(404)
    return render_template(
        "portfolio/explained.html",
        client=found,
        picture=picture,
        aspect=aspect,
        scenario=scenario,
        **(_reasons(found, picture, aspect, scenario) if picture else {}),
        **words(),
    )


def _reasons(client: Client, picture: figures.Picture, aspect: str, scenario: str | None) -> dict[str, Any]:
    units = [unit.code for unit in clients.org_units(client.id)]
    impacts = dossier.impacts_explained(client, units, clients.tags_of(client.id))
    lines = picture.lines
    return {
        "table": explained.certainty(picture) if aspect == "certitude" else explained.risk(picture, scenario),
        "halves": explained.posture(picture) if aspect == "posture" else [],
        "posture": posture(lines),
        "impacts": impacts,
        "titles": dict(zip(SCENARIOS, board.scenario_titles(), strict=True)),
        "state": dossier.state,
        "said": dossier.said,
        "by": dossier.by,
        "summaries": {scenario.code: scenario.summary for scenario in picture.pack.scenarios},
    }


def _services(client: Client) -> list[services.Service]:
    campaign = checklists.current_assessment(client.id)
    return services.by_service(
        clients.org_units(client.id),
        clients.people(client.id),
        staff.client_members(client.id),
        checklists.delegations(campaign.assessment.id) if campaign else [],
    )


def _dossier(client: Client, picture: figures.Picture, today: date) -> dossier.Dossier:
    return dossier.Dossier(client, picture, today, dossier.hourly_rate(g.visitor.brand))


def _years(client: Client, picture: figures.Picture | None, today: date) -> dict[str, board.Year]:
    if picture is None:
        return {}
    past = figures.trend(client.id, today=today)
    months = [figures.Month(s.day, s.risk, s.posture, s.certainty, []) for s in past]
    now = figures.now_of(picture)
    return {name: board.year(months, name, value, today) for name, value in now.items()}
