"""One line of an inventory or of a list of contracts as the columns of its row. Pure.

Only what the file has a column for is returned: what it does not speak of is left as it is.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from mspaudit.content.support import matched
from mspaudit.intake import cells
from mspaudit.inventory.rules import NOTICE_MONTHS_AT_MOST
from mspaudit.kernel.clock import local
from mspaudit.kernel.french import fold
from mspaudit.kernel.text import one_line

Cells = Mapping[str, str]
Columns = dict[str, Any]
LONGEST = 200


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(","))


# The first line of which a word is in the type, else in the model, else in the system, decides.
_ASSET_KINDS = (
    ("server", _words("serveur, server, nas, hyperviseur, poweredge, proliant")),
    ("laptop", _words("portable, laptop, notebook, ultrabook, macbook, probook, elitebook, latitude")),
    ("printer", _words("imprimante, copieur, multifonction, printer")),
    ("network", _words("reseau, network, switch, commutateur, routeur, router, pare feu, firewall, forti")),
    ("mobile", _words("telephone, smartphone, phone, iphone, android, tablette, tablet, ipad, mobile")),
    ("desktop", _words("fixe, desktop, poste, tour, tower, pc, ordinateur, computer, workstation, imac")),
    ("desktop", _words("windows, macos, mac os, optiplex, all in one")),
)
_STATUSES = (
    ("retired", _words("hors service, rebut, mis au rebut, reforme, retire, archiv, retired, disposed")),
    ("retired", _words("vol, perdu, lost, stolen")),
    ("repair", _words("repar, en repar, maintenance, en maintenance, broken, panne, en panne")),
    (
        "stock",
        _words("stock, en stock, reserve, ready to deploy, pret a, spare, en attente, pending"),
    ),
)
_PLATFORM = (("platform", _words("plateforme agreee, facturation electronique, plateforme de demat")),)
_TERM_KINDS = (
    *_PLATFORM,
    ("insurance", _words("assurance, insurance, responsabilite civile")),
    ("domain", _words("domaine, nom de domaine, domain, dns")),
    ("certificate", _words("certificat, certificate, ssl, tls, rgs")),
    ("licence", _words("licence, license, abonnement, subscription, antivirus, microsoft 365")),
    ("software", _words("logiciel, software, progiciel")),
)


class NotTaken(ValueError):
    """The line cannot be kept; the message says why, in French."""


def asset_key(name: str, serial: str = "", asset_tag: str = "") -> str:
    """What tells a machine from the client's others: its serial number, else its label, else its name."""
    for kind, text in (("serial", serial), ("tag", asset_tag)):
        if fold(text):
            return f"{kind}:{fold(text)}"
    return f"name:{fold(name) or name.casefold()}"


def agreement_key(label: str, supplier: str = "", reference: str = "") -> str:
    """What tells a contract from the client's others: its reference, else its label and supplier."""
    if fold(reference):
        return f"ref:{fold(reference)}"
    return f"label:{fold(label) or label.casefold()}:{fold(supplier)}"


def asset(row: Cells, units: Mapping[str, UUID]) -> Columns:
    """A machine's columns, ``key`` included; ``units``: a unit's folded name → its identifier."""
    text = {name: one_line(value, LONGEST) for name, value in row.items()}
    names = ("maker", "model", "serial", "asset_tag", "os", "os_version", "place")
    found: Columns = {name: text[name] for name in names if name in text}
    found["name"] = text.get("name") or text.get("asset_tag") or text.get("serial") or "Sans nom"
    found["key"] = asset_key(found["name"], text.get("serial", ""), text.get("asset_tag", ""))
    found["kind"] = asset_kind(text.get("type", ""), text.get("model", ""), text.get("os", ""))
    if "user" in text:
        found["user_name"] = text["user"]
    if "status" in text:
        found["status"] = _first(_STATUSES, text["status"]) or "in_use"
    if "os" in text:
        product = matched(text["os"], text.get("os_version", ""))
        found["product"] = product.key if product else None
    if unit := units.get(fold(text.get("entity", "").rpartition(">")[2])):
        found["org_unit_id"] = unit
    for name in ("bought_on", "warranty_until"):
        _put(found, name, row, name, cells.day)
    _put(found, "last_seen_on", row, "last_seen", _day_of_moment)
    return found


def agreement(row: Cells) -> Columns:
    """A contract's columns, ``key`` included. Raises NotTaken."""
    text = {name: one_line(value, LONGEST) for name, value in row.items()}
    found: Columns = {name: text[name] for name in ("supplier", "reference") if name in text}
    found["label"] = text.get("label") or text.get("reference") or "Sans libellé"
    found["key"] = agreement_key(found["label"], text.get("supplier", ""), text.get("reference", ""))
    found["kind"] = agreement_kind(text.get("type", ""), found["label"])
    if found["kind"] in ("software", "licence"):
        product = matched(found["label"])
        found["product"] = product.key if product else None
    for name in ("starts_on", "ends_on"):
        _put(found, name, row, name, cells.day)
    _put(found, "notice_months", row, "notice_months", cells.months)
    _put(found, "seats", row, "seats", cells.count)
    _put(found, "yearly_cents", row, "yearly_amount", cells.cents)
    _put(found, "tacit", row, "tacit", cells.flag)
    if "tacit" in found:
        found["tacit"] = bool(found["tacit"])
    return _checked(found)


def asset_kind(said: str, model: str, system: str) -> str:
    """The kind of a machine from what its tool calls it or, failing that, its model and system."""
    return next((k for k in (_first(_ASSET_KINDS, t) for t in (said, model, system)) if k), "other")


def agreement_kind(said: str, label: str) -> str:
    """The kind of a contract from its type or, failing that, from its label."""
    if fold(said):
        return _first(_PLATFORM, label) or _first(_TERM_KINDS, said) or "contract"
    return _first(_TERM_KINDS, label) or "contract"


def _first(words: tuple[tuple[str, tuple[str, ...]], ...], text: str) -> str | None:
    said = f" {fold(text)}"
    return next((kind for kind, some in words if any(f" {word}" in said for word in some)), None)


def _put(found: Columns, name: str, row: Cells, cell: str, read: Callable[[str], Any]) -> None:
    if cell in row:
        found[name] = read(row[cell])


def _day_of_moment(text: str) -> date | None:
    found = cells.moment(text)
    return local(found).date() if found else None


def _checked(found: Columns) -> Columns:
    if found.get("ends_on") and found.get("starts_on") and found["ends_on"] < found["starts_on"]:
        raise NotTaken("L’échéance précède le début.")
    if not 0 <= (found.get("yearly_cents") or 0) <= cells.MOST_CENTS:
        raise NotTaken("Ce montant annuel est négatif ou trop grand.")
    if (found.get("notice_months") or 0) > NOTICE_MONTHS_AT_MOST:
        raise NotTaken("Ce préavis dépasse dix ans.")
    return found
