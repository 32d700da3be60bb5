"""What the product is made of: rooms register here, by name, and nowhere else.

To add a measurement: write ``<room>/facts.py`` and add its module to ``FACTS``. To add a page:
add its blueprint to ``BLUEPRINTS``. Names are strings so that this file imports no room.
"""

from importlib import import_module
from types import ModuleType
from typing import Any

ROOMS_WITH_TABLES = (
    "tenancy",
    "journal",
    "outbox",
    "identity",
    "clients",
    "intake",
    "accounts",
    "backups",
    "inventory",
    "checklists",
    "fieldwork",
    "crisis",
    "crisis.incidents",
    "departures",
    "risk",
    "plan",
    "notices",
)

BLUEPRINTS: tuple[str, ...] = (
    "mspaudit.portfolio.client_views:blueprint",
    "mspaudit.clients.views:blueprint",
    "mspaudit.clients.views:finder",
    "mspaudit.clients.creation_views:blueprint",
    "mspaudit.clients.edit_views:blueprint",
    "mspaudit.clients.people_views:blueprint",
    "mspaudit.clients.imports.views:blueprint",
    "mspaudit.accounts.views:blueprint",
    "mspaudit.accounts.views:every",
    "mspaudit.intake.views:blueprint",
    "mspaudit.health:blueprint",
    "mspaudit.backups.ping_views:blueprint",
    "mspaudit.backups.views:blueprint",
    "mspaudit.backups.edit_views:blueprint",
    "mspaudit.backups.restore_views:blueprint",
    "mspaudit.backups.mail_views:blueprint",
    "mspaudit.backups.portal_views:blueprint",
    "mspaudit.crisis.views:portfolio",
    "mspaudit.crisis.views:blueprint",
    "mspaudit.crisis.views:edit",
    "mspaudit.crisis.portal_views:blueprint",
    "mspaudit.departures.views:blueprint",
    "mspaudit.departures.work_views:blueprint",
    "mspaudit.departures.mission_views:blueprint",
    "mspaudit.departures.register_views:holders",
    "mspaudit.departures.register_views:holder_forms",
    "mspaudit.departures.register_views:secrets",
    "mspaudit.departures.portal_views:blueprint",
    "mspaudit.fieldwork.public_views:blueprint",
    "mspaudit.fieldwork.views:blueprint",
    "mspaudit.fieldwork.edit_views:blueprint",
    "mspaudit.fieldwork.report_views:blueprint",
    "mspaudit.fieldwork.session_views:blueprint",
    "mspaudit.fieldwork.portal_views:blueprint",
    "mspaudit.inventory.views:blueprint",
    "mspaudit.inventory.edit_views:blueprint",
    "mspaudit.inventory.term_views:blueprint",
    "mspaudit.inventory.estate_views:blueprint",
    "mspaudit.outbox.views:blueprint",
    "mspaudit.checklists.clarify_views:blueprint",
    "mspaudit.checklists.campaign_views:blueprint",
    "mspaudit.checklists.proof_views:blueprint",
    "mspaudit.checklists.guest_views:blueprint",
    "mspaudit.portal.views:blueprint",
    "mspaudit.portal.proof_views:blueprint",
    "mspaudit.portal.request_views:blueprint",
    "mspaudit.portal.contract_views:blueprint",
    "mspaudit.identity.views.places:home",
    "mspaudit.identity.views.sign_in:blueprint",
    "mspaudit.identity.views.second_factor:blueprint",
    "mspaudit.identity.views.enrolment:blueprint",
    "mspaudit.identity.views.lost_pin:blueprint",
    "mspaudit.identity.views.lost_pin:cancelling",
    "mspaudit.identity.views.passkey:blueprint",
    "mspaudit.identity.views.places:blueprint",
    "mspaudit.identity.views.account:blueprint",
    "mspaudit.identity.views.account_secrets:blueprint",
    "mspaudit.identity.views.invitation:blueprint",
    "mspaudit.identity.views.demo:blueprint",
    "mspaudit.identity.views.team:blueprint",
    "mspaudit.crisis.incidents.views:blueprint",
    "mspaudit.crisis.incidents.work_views:blueprint",
    "mspaudit.crisis.incidents.signing_views:blueprint",
    "mspaudit.crisis.incidents.portal_views:blueprint",
    "mspaudit.crisis.incidents.portal_views:deciding",
    "mspaudit.plan.views:blueprint",
    "mspaudit.plan.edit_views:blueprint",
    "mspaudit.plan.register_views:blueprint",
    "mspaudit.plan.register_views:verbs",
    "mspaudit.plan.portal_views:blueprint",
    "mspaudit.plan.portal_views:verbs",
    "mspaudit.plan.portfolio_views:blueprint",
    "mspaudit.plan.portfolio_views:bulk",
    "mspaudit.notices.views:blueprint",
    "mspaudit.notices.settings_views:blueprint",
    "mspaudit.notices.settings_views:rules",
    "mspaudit.notices.feed_views:blueprint",
    "mspaudit.journal.views:blueprint",
    "mspaudit.backoffice.views:blueprint",
)

JOBS: tuple[str, ...] = (
    "mspaudit.backups.jobs",
    "mspaudit.checklists.jobs",
    "mspaudit.crisis.incidents.jobs",
    "mspaudit.departures.jobs",
    "mspaudit.clients.imports.jobs",
    "mspaudit.intake.jobs",
    "mspaudit.inventory.jobs",
    "mspaudit.outbox.jobs",
    "mspaudit.identity.jobs",
    "mspaudit.risk.jobs",
    "mspaudit.plan.jobs",
    "mspaudit.notices.jobs",
)

# Each module exposes FACTS: one SELECT of (client_id, control_code, value 0..1, observed_at, detail); and BY:
# what measures, in French, as it reads after « par ».
FACTS: tuple[str, ...] = (
    "mspaudit.clients.facts",
    "mspaudit.accounts.facts",
    "mspaudit.backups.facts",
    "mspaudit.inventory.facts",
    "mspaudit.crisis.facts",
    "mspaudit.crisis.incidents.facts",
    "mspaudit.departures.facts",
    "mspaudit.fieldwork.facts",
)

# Each module exposes DEADLINES: one SELECT of
# (client_id, kind, subject_id, subject, due_on, act_by, amount, detail).
DEADLINES: tuple[str, ...] = (
    "mspaudit.clients.deadlines",
    "mspaudit.checklists.deadlines",
    "mspaudit.backups.deadlines",
    "mspaudit.inventory.deadlines",
    "mspaudit.crisis.deadlines",
    "mspaudit.crisis.incidents.deadlines",
    "mspaudit.departures.deadlines",
    "mspaudit.fieldwork.deadlines",
    "mspaudit.plan.deadlines",
    "mspaudit.notices.deadlines",
)

# Each module exposes FINDINGS: one SELECT of (tenant_id, client_id, kind, source_id, code, title, detail,
# observed_at): what a room says needs an action. `code`: the control that the action would close, or null;
# `source_id`: the same as long as it is the same finding. mspaudit.plan offers them as candidates.
FINDINGS: tuple[str, ...] = (
    "mspaudit.checklists.findings",
    "mspaudit.inventory.findings",
    "mspaudit.crisis.findings",
    "mspaudit.accounts.findings",
    "mspaudit.fieldwork.findings",
    "mspaudit.crisis.incidents.findings",
)

# Each module exposes SETTLED: one SELECT of (client_id, deadline_id, until): what asks nothing of anybody
# before that day, or any more when it is null.
SETTLED: tuple[str, ...] = ("mspaudit.notices.settled",)

# Each module exposes CONTACTS: one SELECT of (tenant_id, client_id, code, name, phone, note): what it knows
# of a line of the crisis directory (``content.crisis``).
CONTACTS: tuple[str, ...] = ("mspaudit.inventory.contacts",)

# Each module exposes FEEDS: kind of file → mspaudit.intake.feeds.Feed, which plans, writes and undoes it.
FEEDS: tuple[str, ...] = ("mspaudit.accounts.feeds", "mspaudit.inventory.feeds")


# Each module exposes find(text, limit) → clients.queries.Found, for the search of every page.
FINDERS: tuple[str, ...] = ("mspaudit.accounts.finding",)


def load_models() -> None:
    """Map every table; the factory and the migrations call it."""
    for room in ROOMS_WITH_TABLES:
        import_module(f"mspaudit.{room}.models")


def modules(names: tuple[str, ...]) -> list[ModuleType]:
    """Import the modules of one of the lists above."""
    return [import_module(name) for name in names]


def measured_by(module: ModuleType) -> str:
    """What measures the facts of a module, in French, as it reads after « par »."""
    by: str = module.BY
    return by


def blueprints() -> list[Any]:
    """Every blueprint, in order; ``module:attribute``."""
    pairs = (name.split(":") for name in BLUEPRINTS)
    return [getattr(import_module(module), attribute) for module, attribute in pairs]
