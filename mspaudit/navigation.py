"""What the shell shows around every page: where one can go, and who is here."""

from typing import Any

from flask import Flask, current_app, g, request, url_for

from mspaudit.kernel.french import initials
from mspaudit.tenancy.blueprints import Guarded
from mspaudit.tenancy.gate import ROLES, hashed

# Group, then (label, endpoint, icon, other endpoints' prefixes that belong to the entry).
MSP_MENU: tuple[tuple[str, tuple[tuple[str, str, str, str], ...]], ...] = (
    (
        "Suivre",
        (
            ("Portefeuille", "portfolio.index", "list-details", "portfolio."),
            ("Échéances", "notices.index", "calendar-due", "notices."),
            ("Décisions", "plan_portfolio.index", "gavel", "plan_portfolio."),
            ("Départs", "departure_pages.portfolio", "user-minus", "departure_pages.portfolio"),
            ("Incidents", "incidents.portfolio", "urgent", "incidents.portfolio"),
            ("Contrats", "estate.contracts", "file-certificate", "estate.contracts"),
            ("Plans de crise", "crisis_portfolio.index", "lifebuoy", "crisis_portfolio."),
            ("À éclaircir", "checklists.clarify", "equal-not", "checklists.clarify"),
        ),
    ),
    (
        "Mesurer",
        (
            ("Importer", "intake.desk", "file-import", "intake."),
            ("Comptes", "accounts_portfolio.index", "users", "accounts"),
            ("Sauvegardes", "backups.index", "database", "backup"),
            ("Matériel", "estate.machines", "devices", "estate.machines"),
        ),
    ),
)
FOOT: tuple[tuple[str, str, str, str], ...] = (
    ("Alertes", "alerts.index", "bell", "alert"),
    ("Équipe", "team.index", "users-group", "team."),
    ("Journal", "journal.index", "history", "journal."),
)

# A client's pages, in order: label, endpoint (which takes the client's slug), other endpoints' prefixes.
CLIENT_TABS: tuple[tuple[str, str, str], ...] = (
    ("Aperçu", "portfolio.client", "portfolio.client"),
    ("Questionnaire", "checklists.show", "checklist"),
    ("Terrain", "fieldwork.index", "fieldwork field_"),
    ("Plan", "plan.index", "plan. plan_edit. register. register_verbs."),
    (
        "Départs",
        "departure_pages.index",
        "departure_pages. departures. missions. holders. holder_forms. shared_secrets.",
    ),
    ("Incidents", "incidents.index", "incidents. incident_work. signing."),
    ("Crise", "crisis.index", "crisis. crisis_edit."),
    ("Comptes", "accounts.index", "accounts."),
    ("Matériel", "inventory.machines", "inventory.machine inventory_edit.edit_machine"),
    ("Contrats", "inventory.contracts", "inventory.contract inventory_edit.edit_contract inventory_terms."),
    ("Sauvegardes", "backups.client", "backups. backup_edit. restore_tests."),
    ("Coûts", "inventory.costs", "inventory.costs"),
    ("Fiche", "clients.sheet", "clients.sheet"),
    ("Imports", "intake.for_client", "intake."),
)


def register(app: Flask) -> None:
    """Give every template the menu, the brand and the visitor."""
    app.jinja_env.globals["client_tabs"] = client_tabs

    @app.context_processor
    def _shell() -> dict[str, Any]:
        visitor = g.get("visitor")
        if visitor is None:
            return {
                "visitor": None,
                "nav": [],
                "nav_foot": [],
                "msp_name": "mspaudit",
                "user_initials": "",
                "user_name": "",
                "reader_key": "",
            }
        staff = visitor.tenant_id is not None and visitor.client_id is None
        name = visitor.member_name or visitor.email
        return {
            "visitor": visitor,
            "nav": _groups(app, visitor.role) if staff else [],
            "nav_foot": [_item(app, *i) for i in FOOT if staff and _open_to(app, i[1], visitor.role)],
            "msp_name": visitor.tenant_name or "mspaudit",
            "home_url": url_for("portfolio.index" if staff else "places.index"),
            "search_url": url_for("search.find") if staff else None,
            "user_initials": initials(name),
            "user_name": name,
            "user_links": [
                {"label": "Mes espaces", "url": url_for("places.index"), "icon": "map-pin"},
                {"label": "Mon compte", "url": url_for("account.index"), "icon": "user"},
            ],
            "sign_out_url": url_for("sign_in.leave"),
            # Opaque: answers kept on a shared device are only ever sent by whoever gave them.
            "reader_key": hashed(str(visitor.login_id)).hex()[:16],
        }


def client_tabs(slug: str) -> list[tuple[str, str, bool, None]]:
    """The pages of a client, for the macro ``units``: label, address, whether one is there, no figure."""
    here = request.endpoint or ""
    return [
        (label, url_for(endpoint, client=slug), here.startswith(tuple(prefixes.split())), None)
        for label, endpoint, prefixes in CLIENT_TABS
        if _open_to(current_app, endpoint, g.visitor.role)
    ]


def _groups(app: Flask, role: str) -> list[tuple[str, list[dict[str, Any]]]]:
    """The menu of that role, without a group of which it may read nothing."""
    groups = [
        (title, [_item(app, *item) for item in items if _open_to(app, item[1], role)])
        for title, items in MSP_MENU
    ]
    return [(title, items) for title, items in groups if items]


def _open_to(app: Flask, endpoint: str, role: str) -> bool:
    """Whether a colleague of that role may read the page: what is refused is not offered."""
    blueprint = app.blueprints[endpoint.partition(".")[0]]
    least = blueprint.audience.partition(":")[2] if isinstance(blueprint, Guarded) else ""
    return ROLES[role] >= ROLES.get(least, 0)


def _item(app: Flask, label: str, endpoint: str, icon: str, prefix: str) -> dict[str, Any]:
    here = request.endpoint or ""
    return {"label": label, "url": url_for(endpoint), "icon": icon, "current": here.startswith(prefix)}
