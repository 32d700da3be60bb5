"""A client's plan, to read."""

from collections.abc import Sequence
from uuid import UUID

from flask import request

from mspaudit.clients.forms import identifier
from mspaudit.clients.models import Client
from mspaudit.clients.queries import client_or_404
from mspaudit.plan import findings, pages, queries
from mspaudit.plan.models import ActionItem
from mspaudit.plan.pages import Planned
from mspaudit.plan.queries import Advice
from mspaudit.risk.queries import picture
from mspaudit.tenancy.blueprints import tenant_blueprint

blueprint = tenant_blueprint("plan", __name__, audience="reader", prefix="/clients/<client>/plan")
SHOWN = 6
"""Candidates shown at once; the others are one click away."""


@blueprint.get("")
def index(client: str) -> str:
    """Everything to do at a client, and what its rooms say that is in no plan yet."""
    return plan_page(client_or_404(client))


def plan_page(client: Client, refused: str = "") -> str:
    """The page of a plan. ``refused``: what an action objected."""
    today = pages.today()
    seen = picture(client.id, today=today)
    gains = queries.gains(seen)
    every = queries.actions(client.id)
    lines = _lines(every, _last_advice(client.id), gains)
    asked = {name: request.args.get(name, "") for name in ("chez", "chantier")}
    return pages.render(
        "index",
        client,
        groups=pages.grouped([line for line in lines if _kept(line.item, asked)]),
        every=every,
        asked=asked,
        candidates=findings.candidates(client.id, queries.controls(seen), gains, today=today),
        shown=SHOWN,
        delivery=queries.delivery(client.id, today=today),
        moved=_moved(every),
        refused=refused,
    )


def _lines(every: Sequence[ActionItem], advice: dict[UUID, Advice], gains: dict[str, float]) -> list[Planned]:
    by_id = {item.id: item for item in every}
    return [
        Planned(
            item,
            advice.get(item.id),
            gains.get(item.code) if item.code else None,
            by_id.get(item.depends_on) if item.depends_on else None,
        )
        for item in every
    ]


def _last_advice(client_id: UUID) -> dict[UUID, Advice]:
    found: dict[UUID, Advice] = {}
    for each in queries.advice(client_id):
        if each.recommendation.action_id is not None:
            found.setdefault(each.recommendation.action_id, each)
    return found


def _kept(item: ActionItem, asked: dict[str, str]) -> bool:
    return asked["chez"] in ("", item.owner_side) and asked["chantier"] in ("", item.stream or "own")


def _moved(every: Sequence[ActionItem]) -> ActionItem | None:
    """The action whose state was just changed, to offer it back."""
    wanted = identifier(request.args.get("modifiee", ""))
    return next((item for item in every if item.id == wanted and item.before is not None), None)
