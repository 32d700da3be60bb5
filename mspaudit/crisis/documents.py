"""What the papers of this room say: the booklet, the card to carry, a fallback sheet.

They print whatever is missing as a line to fill in by hand.
"""

import io
from datetime import datetime
from pathlib import Path
from typing import Any

import segno

from mspaudit.adapters import pdf
from mspaudit.content import crisis as content
from mspaudit.content.crisis import UsualSheet
from mspaudit.crisis.models import FallbackSheet
from mspaudit.crisis.queries import PlanView
from mspaudit.crisis.rules import COPIES
from mspaudit.kernel.clock import local
from mspaudit.kernel.french import day, plural

PAPERS = Path(__file__).parent / "papers"
CARD_LINES = ("provider", "insurer", "bank", "treasury", "police", "17cyber", "cnil")


def booklet_pdf(view: PlanView, *, msp: str, address: str, at: datetime) -> bytes:
    """The whole plan to print and bind, as a tagged PDF. ``address``: the same plan on a telephone."""
    plan = view.plan
    places = list(plan.places) if plan else []
    data = _common(view, msp, address, at) | {
        "version": str(plan.version) if plan else "",
        "reviewed": day(plan.reviewed_on) if plan and plan.reviewed_on else "",
        "reviewed_by": plan.reviewed_by if plan else "",
        "places": (places + [""] * COPIES)[:COPIES],
        "activation": _lines(plan.activation) if plan else list(content.lines("activation")),
        "stand_down": content.stand_down(),
        "decisions": [{"ask": d.ask, "yes": d.yes, "no": d.no} for d in content.decisions()],
        "sheets": [_sheet(usual, sheet) for usual, sheet in view.sheets],
        "messages": [{"title": m.title, "text": m.text} for m in content.messages(view.client.kind)],
        "rebuild": list(content.lines("rebuild")),
        "kit": list(content.lines("kit")),
    }
    return pdf.render(PAPERS / "booklet.typ", data, at=at)


def card_pdf(view: PlanView, *, msp: str, address: str, at: datetime) -> bytes:
    """The card to fold into a wallet: the first hour on one side, whom to call on the other."""
    return pdf.render(PAPERS / "card.typ", _common(view, msp, address, at), at=at)


def sheet_pdf(view: PlanView, usual: UsualSheet, *, msp: str, at: datetime) -> bytes:
    """One fallback sheet alone, to pin where the service works."""
    data = _common(view, msp, "", at) | {"sheet": _sheet(usual, view.written.get(usual.code))}
    return pdf.render(PAPERS / "sheet.typ", data, at=at)


def _common(view: PlanView, msp: str, address: str, at: datetime) -> dict[str, Any]:
    directory = [
        {"code": x.usual.code, "title": x.usual.title, "name": x.name, "phone": x.phone, "note": x.note}
        for x in view.directory
        if x.name or x.phone or not x.usual.code.startswith("other")
    ]
    return {
        "client": view.client.name,
        "msp": msp,
        "printed": day(local(at)),
        "address": address,
        "qr": _qr(address) if address else "",
        "first_hour": list(content.lines("first_hour")),
        "clock": list(content.lines("clock")),
        "cell": [
            {
                "title": seat.role.title, "who": seat.role.who, "name": seat.name, "phone": seat.phone,
                "deputy": seat.deputy, "deputy_phone": seat.deputy_phone,
            }
            for seat in view.seats
        ],
        "directory": directory,
        "urgent": [line for line in directory if line["code"] in CARD_LINES],
    }  # fmt: skip


def _sheet(usual: UsualSheet, sheet: FallbackSheet | None) -> dict[str, Any]:
    """The sheet as written; before that, what we propose, and said to be only that."""
    return {
        "title": usual.title,
        "hours": plural(sheet.hours if sheet else usual.hours, "heure"),
        "steps": _lines(sheet.steps) if sheet else list(usual.steps),
        "stock": sheet.stock if sheet else usual.stock,
        "data": sheet.data_source if sheet else usual.data,
        "written": f"{day(sheet.written_on)}, {sheet.written_by}" if sheet else "",
    }


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _qr(address: str) -> str:
    buffer = io.BytesIO()
    segno.make(address, error="m").save(buffer, kind="svg", border=0, nl=False)
    return buffer.getvalue().decode()
