"""What is typed of a machine, a contract or a policy, field by field."""

from typing import Any

from mspaudit.clients import rules as texts
from mspaudit.clients.forms import Form, identifier
from mspaudit.intake.forms import cents
from mspaudit.inventory import rules
from mspaudit.inventory.models import Agreement, Asset, InsurancePolicy

LABELS = {
    "name": "Nom",
    "serial": "Numéro de série",
    "bought_on": "Acheté le",
    "warranty_until": "Garantie jusqu’au",
    "extended_until": "Correctifs achetés jusqu’au",
    "label": "Libellé",
    "starts_on": "Début",
    "ends_on": "Échéance",
    "notice_months": "Préavis en mois",
    "notice_days": "Préavis en jours",
    "renewal_months": "Durée d’une reconduction",
    "yearly": "Montant annuel",
    "seats": "Postes ou licences",
    "noticed_on": "Reçu le",
    "notify_hours": "Délai de déclaration",
    "claim_phone": "Téléphone",
}
_ASSET_TEXTS = ("maker", "model", "serial", "asset_tag", "os", "os_version", "place", "user_name")


class Sheet(Form):
    """A form of this room, whose errors are named as its fields are."""

    @property
    def summary(self) -> list[tuple[str, str]]:
        """(id of the control, « field: what is wrong »)."""
        return [(f"f-{name}", f"{LABELS.get(name, name)} : {text}") for name, text in self.errors.items()]

    def one_of(self, name: str, choices: dict[str, str], default: str) -> str:
        """The choice made in a list; ``default`` for what is not in it."""
        value = self.values.get(name, default)
        return value if value in choices else default

    def number(self, name: str, most: int) -> int | None:
        """A whole number from 0 to ``most``; None when empty or refused."""
        return self.optional(name, lambda text: texts.whole(text, "Ce nombre", most))


def asset(form: Sheet, units: set[str]) -> dict[str, Any]:
    """The columns of a machine as typed; ``units``: identifiers of the client's own."""
    found: dict[str, Any] = {"name": form.text("name")}
    for name in _ASSET_TEXTS:
        found[name] = form.optional(name, texts.short) or ""
    for name in ("bought_on", "warranty_until", "extended_until"):
        found[name] = form.optional(name, texts.day)
    unit = form.values.get("unit_id", "")
    found["org_unit_id"] = identifier(unit) if unit in units else None
    found["kind"] = form.one_of("kind", rules.ASSET_KINDS, "desktop")
    found["status"] = form.one_of("status", rules.STATUSES, "in_use")
    return found


def agreement(form: Sheet) -> dict[str, Any]:
    """The columns of a contract as typed."""
    found: dict[str, Any] = {
        "label": form.text("label"),
        "kind": form.one_of("kind", rules.KINDS, "contract"),
        "supplier": form.optional("supplier", texts.short) or "",
        "reference": form.optional("reference", texts.short) or "",
        "starts_on": form.optional("starts_on", texts.day),
        "ends_on": form.optional("ends_on", texts.day),
        "notice_months": form.number("notice_months", rules.NOTICE_MONTHS_AT_MOST),
        "notice_days": form.number("notice_days", rules.NOTICE_DAYS_AT_MOST) or 0,
        "tacit": form.ticked("tacit"),
        "renewal_months": form.number("renewal_months", rules.RENEWAL_MONTHS_AT_MOST) or rules.RENEWAL_MONTHS,
        "yearly_cents": form.optional("yearly", cents),
        "seats": form.number("seats", 999_999),
        "budget": form.one_of("budget", rules.BUDGETS, "") or None,
        "notes": form.optional("notes", texts.notes) or "",
    }
    return found


def policy(form: Sheet, codes: list[tuple[str, str]]) -> dict[str, Any]:
    """The columns of a policy as typed. ``codes``: (control, what an insurer asks) offered as boxes."""
    ticked, met = set(form.sent.getlist("asked")), set(form.sent.getlist("met"))
    asked = [{"code": code, "text": text, "met": code in met} for code, text in codes if code in ticked]
    own = form.optional("own", texts.notes) or ""
    asked += [{"code": "", "text": line, "met": False} for line in own.split("\n") if line]
    return {
        "prerequisites": asked,
        "exclusions": form.optional("exclusions", texts.notes) or "",
        "notify_hours": form.number("notify_hours", rules.NOTIFY_HOURS_AT_MOST),
        "claim_phone": form.optional("claim_phone", texts.phone) or "",
        "claim_contact": form.optional("claim_contact", texts.short) or "",
    }


def asset_typed(row: Asset | None) -> dict[str, str]:
    """A machine as its form shows it."""
    if row is None:
        return {}
    names = ("name", *_ASSET_TEXTS, "kind", "status", "bought_on", "warranty_until", "extended_until")
    return {**_shown(row, names), "unit_id": str(row.org_unit_id or "")}


def agreement_typed(row: Agreement | None) -> dict[str, str]:
    """A contract as its form shows it."""
    if row is None:
        return {}
    names = ("label", "kind", "supplier", "reference", "starts_on", "ends_on", "notice_months", "budget")
    found = _shown(row, (*names, "renewal_months", "seats", "notes"))
    if row.notice_days:
        found["notice_days"] = str(row.notice_days)
    if row.yearly_cents is not None:
        found["yearly"] = f"{row.yearly_cents / 100:.2f}".replace(".", ",")
    return {**found, "tacit": "1"} if row.tacit else found


def policy_typed(row: InsurancePolicy | None) -> dict[str, str]:
    """A policy as its form shows it, its boxes aside."""
    if row is None:
        return {}
    own = "\n".join(one["text"] for one in row.prerequisites if not one["code"])
    return {**_shown(row, ("exclusions", "notify_hours", "claim_phone", "claim_contact")), "own": own}


def _shown(row: object, names: tuple[str, ...]) -> dict[str, str]:
    return {name: str(value) for name in names if (value := getattr(row, name)) is not None}
