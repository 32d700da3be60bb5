"""What the pages of this room show around their own matter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from flask import Response, abort, g, render_template, send_file

from mspaudit.adapters.storage import NotStoredError
from mspaudit.adapters.uploads import sniff
from mspaudit.clients import links
from mspaudit.clients.models import Client
from mspaudit.kernel import clock
from mspaudit.plan import rules
from mspaudit.plan.models import ActionItem
from mspaudit.plan.queries import Advice
from mspaudit.runtime import runtime
from mspaudit.tenancy.context import tenant_id


@dataclass(frozen=True)
class Planned:
    """One line of a plan. ``advice``: the last sent about it; ``gain``: points of risk today, if any."""

    item: ActionItem
    advice: Advice | None
    gain: float | None
    waits_for: ActionItem | None

    @property
    def group(self) -> str:
        """Under which title it stands."""
        waiting = self.advice is not None and self.advice.recommendation.waiting
        if self.item.status == "proposed":
            return "waiting" if waiting else "proposed"
        return "running" if self.item.status in rules.RUNNING else self.item.status


GROUPS = (
    ("running", "Décidées et en cours"),
    ("proposed", "À proposer au client"),
    ("waiting", "Chez le client, qui décide"),
    ("postponed", "Reportées"),
    ("refused", "Refusées : risque accepté"),
    ("done", "Faites"),
    ("cancelled", "Abandonnées"),
)


def grouped(lines: Sequence[Planned]) -> list[tuple[str, str, list[Planned]]]:
    """The lines of a plan under their titles, those that hold nothing left out."""
    found = [(key, title, [line for line in lines if line.group == key]) for key, title in GROUPS]
    return [group for group in found if group[2]]


def words(client: Client) -> dict[str, Any]:
    """What every page about one client needs."""
    now = clock.now()
    return {
        "client": client,
        "now": now,
        "today": clock.today(now),
        "can_edit": g.visitor.role in ("technician", "admin"),
        "overview": links.overview,
        "portfolio_url": links.portfolio(),
        "rules": rules,
        "tax": "TTC" if client.is_commune else "HT",
        "cents": lambda amount: rules.shown_cents(amount, with_tax=client.is_commune),
        "rate": rules.rate_cents(g.visitor.brand),
        "choices": lambda items: [(str(item.id), item.title) for item in items],
    }


def render(template: str, client: Client, **more: Any) -> str:
    """A page of this room about one client."""
    return render_template(f"plan/{template}.html", **words(client), **more)


def today() -> date:
    """The business day in Paris."""
    return clock.today(clock.now())


def download(data: bytes, mime: str, name: str) -> Response:
    """A file made just now."""
    return send_file(BytesIO(data), mimetype=mime, as_attachment=True, download_name=name)


def stored(key: str | None, name: str) -> Response:
    """A file kept in storage; 404 when there is none."""
    try:
        data = runtime().storage.get(key or "", tenant_id=tenant_id())
    except NotStoredError:
        abort(404)
    return download(data, sniff(data, "").mime, name)
