"""What the papers of this room say: the record of a departure, the certificate of destruction."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from mspaudit.adapters import pdf
from mspaudit.clients.models import Client, Person
from mspaudit.content import departures as content
from mspaudit.departures import rules
from mspaudit.departures.models import Departure, DepartureItem, Mission, MissionAccess
from mspaudit.kernel.clock import local
from mspaudit.kernel.french import day, hour, typo

PAPERS = Path(__file__).parent / "papers"


def departure_record(
    client: Client, departure: Departure, person: Person, items: Sequence[DepartureItem]
) -> dict[str, Any]:
    """Who did what and when, in French, ready to print. Only plain JSON values."""
    return {
        "client": client.name,
        "person": person.name,
        "title": person.title or "",
        "kind": rules.KINDS[departure.kind],
        "leaves_on": day(departure.leaves_on),
        "announced": _moment(departure.announced_at, departure.announced_by),
        "verified": _moment(departure.verified_at, departure.verified_by),
        "closed": _moment(departure.closed_at, departure.closed_by),
        "note": departure.note,
        "groups": _groups(items),
    }


def fingerprint(record: Mapping[str, Any]) -> str:
    """The SHA-256, in hexadecimal, of a record written as sorted JSON without spaces in UTF-8."""
    text = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def departure_pdf(record: Mapping[str, Any], seal: str | None, *, msp: str, at: datetime) -> bytes:
    """The record as a tagged PDF. ``seal``: its hash once closed; None prints it as provisional."""
    data = {**record, "seal": seal or "", "msp": msp, "printed": day(local(at))}
    return pdf.render(PAPERS / "departure.typ", data, at=at)


def destruction_pdf(
    client: Client, mission: Mission, accesses: Sequence[MissionAccess], *, msp: str, at: datetime
) -> bytes:
    """The certificate of destruction, ready for the person to sign."""
    exposed = content.exposed()
    data = {
        "client": client.name,
        "msp": msp,
        "name": mission.name,
        "company": mission.company,
        "purpose": mission.purpose,
        "starts_on": day(mission.starts_on),
        "ends_on": day(mission.ends_on),
        "due_on": day(rules.destruction_by(mission.ends_on)),
        "exposed": [exposed[code] for code in mission.exposed if code in exposed],
        "accesses": [
            {"account": each.account, "revoked": day(each.revoked_on) if each.revoked_on else ""}
            for each in accesses
        ],
        "printed": day(local(at)),
    }
    return pdf.render(PAPERS / "destruction.typ", data, at=at)


def _groups(items: Sequence[DepartureItem]) -> list[dict[str, Any]]:
    found: dict[str, list[dict[str, str]]] = {}
    for item in items:
        found.setdefault(content.task(item.task).group, []).append(_line(item))
    return [{"title": content.GROUPS[name], "lines": lines} for name, lines in found.items()]


def _line(item: DepartureItem) -> dict[str, str]:
    states = {"done": "Fait", "na": "Sans objet", "todo": "À faire"}
    return {
        "title": item.title,
        "state": states[item.state],
        "reason": item.reason or "",
        "due": day(item.due_on),
        "settled": _moment(item.settled_at, item.settled_by),
        "checked": _moment(item.checked_at, item.checked_by),
    }


def _moment(at: datetime | None, by: str | None) -> str:
    if at is None:
        return ""
    on = local(at)
    return typo(f"{on:%d/%m/%Y} à {hour(at)}, {by or 'automatiquement'}")
