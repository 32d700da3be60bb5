"""The letter that ends a contract, ready to sign."""

from datetime import date, datetime
from pathlib import Path

from mspaudit.adapters import pdf
from mspaudit.clients.models import Client
from mspaudit.inventory.models import Agreement
from mspaudit.inventory.rules import Period, working_day_before
from mspaudit.kernel.clock import today
from mspaudit.kernel.french import NB, day, listing, of, plural

TEMPLATE = Path(__file__).parent / "papers" / "notice.typ"


def notice_letter(client: Client, agreement: Agreement, period: Period, *, now: datetime) -> bytes:
    """A draft letter of non-renewal as a tagged PDF; what is not known is left blank to fill in."""
    data = {
        "client": f"Commune {of(client.name)}" if client.is_commune else client.name,
        "behalf": f"la commune {of(client.name)}" if client.is_commune else client.name,
        "supplier": agreement.supplier,
        "label": agreement.label,
        "reference": agreement.reference,
        "starts_on": written(agreement.starts_on),
        "ends_on": written(period.end),
        "act_by": written(period.act_by),
        "send_by": written(working_day_before(period.act_by)),
        "notice": notice_words(agreement),
        "tacit": agreement.tacit,
        "today": written(today(now)),
    }
    return pdf.render(TEMPLATE, data, at=now)


def notice_words(agreement: Agreement) -> str:
    """« 3 mois », « 2 mois et 15 jours »; empty when no notice is known."""
    parts = []
    if agreement.notice_months:
        parts.append(f"{agreement.notice_months}{NB}mois")
    if agreement.notice_days:
        parts.append(plural(agreement.notice_days, "jour"))
    return listing(parts) if parts else ""


def written(value: date | None) -> str:
    """« 31 décembre 2026 », without its day of the week; empty for None."""
    return day(value).split(" ", 1)[1] if value else ""
