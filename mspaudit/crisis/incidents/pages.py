"""What every page of this room shows around its own matter, for the MSP as for the client's own people."""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from flask import Response, g, send_file

from mspaudit.adapters.sheets import to_csv
from mspaudit.clients import links
from mspaudit.clients.models import Client
from mspaudit.crisis.incidents import duties, papers, queries, rules, texts
from mspaudit.crisis.incidents.forms import IncidentForm
from mspaudit.crisis.incidents.models import Incident, IncidentClock
from mspaudit.journal.actions import record
from mspaudit.kernel import clock
from mspaudit.kernel.clock import local
from mspaudit.kernel.french import NB

WORDS = {
    "na": "Sans objet",
    "met": "Fait",
    "met_late": "Fait après l’heure",
    "untold": "Délai à saisir",
    "at_once": "Sans délai",
    "late": "En retard",
    "running": "En cours",
}


@dataclass(frozen=True)
class Shown:
    """One clock as a page shows it. ``left``: « reste 14 h 20 »; empty when no hour runs."""

    clock: IncidentClock
    duty: duties.Duty
    state: str
    words: str
    left: str


def shown(incident: Incident, *, now: datetime) -> list[Shown]:
    """The clocks of an incident: what runs by the hour it ends, what is done, what is without object."""
    found = []
    for each in queries.clocks(incident.id):
        state = rules.state(applies=each.holds, hours=each.hours, due=each.due_at, done=each.done_at, now=now)
        ticking = state in ("late", "running") and each.due_at is not None
        left = rules.time_left(each.due_at, now) if ticking and each.due_at else ""
        found.append(Shown(each, duties.DUTIES[each.duty], state, WORDS[state], left))
    order = {"at_once": 0, "late": 1, "running": 1, "untold": 2, "met": 3, "met_late": 3, "na": 4}
    return sorted(found, key=lambda s: (order[s.state], s.clock.due_at or incident.awareness_at))


def words(client: Client) -> dict[str, Any]:
    """What every page about one client needs."""
    now = clock.now()
    return {
        "client": client,
        "now": now,
        "today": clock.today(now),
        "field_now": local(now).strftime("%Y-%m-%dT%H:%M"),
        "duties": duties,
        "rules": rules,
        "can_edit": g.visitor.role != "reader",
        "overview": links.overview,
        "portfolio_url": links.portfolio,
    }


def about(client: Client, incident: Incident, form: IncidentForm | None = None) -> dict[str, Any]:
    """What the page of one incident needs."""
    base = words(client)
    return base | {
        "incident": incident,
        "clocks": shown(incident, now=base["now"]),
        "log": queries.entries(incident.id),
        "lessons": queries.lessons(incident.id),
        "rights": queries.rights(client.id),
        "form": form or IncidentForm(),
    }


def copied(client: Client, incident: Incident) -> list[texts.Text]:
    """The texts to copy."""
    log, rights = queries.entries(incident.id), queries.rights(client.id)
    return texts.prepared(client, incident, log, rights, msp=g.visitor.tenant_name)


def log_file(client: Client, incident: Incident, kind: str) -> Response:
    """The log of an incident, ``csv`` or ``pdf``."""
    log, now = queries.entries(incident.id), clock.now()
    _exported(client, f"main courante, incident n° {incident.number}")
    name = f"main-courante-{client.slug}-{incident.number}"
    if kind == "csv":
        return download(to_csv(papers.LOG, papers.log_rows(log)), "text/csv", f"{name}.csv")
    made = papers.log_pdf(client, incident, log, msp=g.visitor.tenant_name, now=now)
    return download(made, "application/pdf", f"{name}.pdf")


def register_file(client: Client, kind: str) -> Response:
    """A client's register of breaches, ``csv`` or ``pdf``."""
    rows, cnil = queries.breaches(client.id), queries.told_cnil(client.id)
    _exported(client, "registre des violations")
    name = f"registre-violations-{client.slug}"
    if kind == "csv":
        return download(to_csv(papers.BREACHES, papers.breach_rows(rows, cnil)), "text/csv", f"{name}.csv")
    made = papers.breaches_pdf(client, rows, cnil, msp=g.visitor.tenant_name, now=clock.now())
    return download(made, "application/pdf", f"{name}.pdf")


def download(data: bytes, mime: str, name: str) -> Response:
    """A file to keep."""
    return send_file(BytesIO(data), mimetype=mime, as_attachment=True, download_name=name)


def _exported(client: Client, what: str) -> None:
    record("incident.exported", f"{client.name}{NB}: {what}", client_id=client.id)
