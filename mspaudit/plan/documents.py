"""The register as files: CSV that anyone can verify, and paper that anyone can read."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from mspaudit.adapters import pdf
from mspaudit.clients.models import Client
from mspaudit.kernel.clock import local
from mspaudit.kernel.french import day, euros_of_cents, hour, listing, plural, short_day, typo
from mspaudit.plan import rules
from mspaudit.plan.register_file import KINDS, Anchor, Line, first_broken

PAPERS = Path(__file__).parent / "papers"


def register_pdf(
    client: Client, lines: Sequence[Line], anchors: Sequence[Anchor], *, msp: str, now: datetime
) -> bytes:
    """The register as a tagged PDF: each recommendation with all that was done about it, then the seals."""
    tax = client.is_commune
    broken = first_broken([(line, {}) for line in lines])
    data = {
        "client": client.name,
        "msp": msp,
        "printed": typo(f"{day(local(now))} à {hour(now)}"),
        "advice": _by_number(lines, tax),
        "count": plural(len(lines), "ligne"),
        "seal": lines[-1].hash if lines else "",
        "whole": broken is None,
        "anchors": [
            {
                "day": short_day(date.fromisoformat(a.day), local(now).date()),
                "seq": str(a.seq),
                "hash": a.hash,
            }
            for a in anchors[-6:]
        ],
        "chain": [{"seq": str(line.seq), "kind": KINDS[line.kind], "hash": line.hash} for line in lines],
    }
    return pdf.render(PAPERS / "register.typ", data, at=now)


def _by_number(lines: Sequence[Line], tax: bool) -> list[dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    for line in lines:
        told = line.told
        number = int(told["number"])
        if line.kind == "sent":
            found[number] = _sent(told, tax)
        found.setdefault(number, {"number": str(number), "title": told["title"], "acts": []})
        found[number]["acts"].append({"line": str(line.seq), "words": _act(line, tax), "said": _reason(told)})
    return [found[number] for number in sorted(found)]


def _sent(told: dict[str, Any], tax: bool) -> dict[str, Any]:
    return {
        "number": str(told["number"]),
        "title": told["title"],
        "text": told.get("text", ""),
        "risk": told.get("risk_if_not", ""),
        "options": [
            {
                "title": option["title"],
                "price": _price(option, tax),
                "pros": option.get("pros", ""),
                "cons": option.get("cons", ""),
            }
            for option in told.get("options", [])
        ],
        "acts": [],
    }


def _act(line: Line, tax: bool) -> str:
    told = line.told
    at = local(datetime.fromisoformat(line.at))
    when = f"{at:%d/%m/%Y} à {hour(at)}"
    who = told.get("by", "") + (f", {told['by_title']}" if told.get("by_title") else "")
    words = f"{KINDS[line.kind]} le {when}, {who}"
    if line.kind == "sent":
        words += f", à {listing([to['name'] for to in told.get('to', [])])}" if told.get("to") else ""
    if line.kind == "accepted":
        words += f" : {told.get('option', '')}, {_price(told, tax)}"
    if told.get("until"):
        words += f", jusqu’au {date.fromisoformat(told['until']):%d/%m/%Y}"
    if told.get("channel") == "override":
        words += f". Notée par {told['recorded_by']} d’après : {told['how'].lower()}, "
        words += f"{date.fromisoformat(told['received_on']):%d/%m/%Y}"
    return typo(words)


def _reason(told: dict[str, Any]) -> str:
    return str(told.get("reason") or "")


def _price(told: dict[str, Any], tax: bool) -> str:
    label = "TTC" if tax else "HT"
    once, yearly = (
        rules.shown_cents(told.get(name, 0), with_tax=tax) for name in ("once_cents", "yearly_cents")
    )
    parts = [f"{euros_of_cents(once)} {label}"] if once or not yearly else []
    if yearly:
        parts.append(f"{euros_of_cents(yearly)} {label} par an")
    return typo(" + ".join(parts))
