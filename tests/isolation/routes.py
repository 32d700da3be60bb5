"""Every address of the product, and how to aim each at one's own rows, at another's, at nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from mspaudit.extensions import db
from mspaudit.identity.models import Passkey, WebSession
from mspaudit.tenancy.context import Context
from mspaudit.tenancy.lifecycle import unit_of_work
from tests.isolation.houses import Filled, World

# Each argument of an address: the table and column of the row that it names. The routes of a room
# you add are covered here as soon as their arguments are.
NAMED: dict[str, tuple[str, str]] = {
    "client": ("client", "slug"),
    "account": ("account", "id"),
    "exception": ("account_exception", "id"),
    "member": ("client_member", "id"),
    "member_id": ("staff_member", "id"),
    "invitation_id": ("invitation", "id"),
    "person": ("person", "id"),
    "referent": ("referent", "id"),
    "unit": ("org_unit", "id"),
    "proof": ("evidence", "id"),
    "sent": ("delegation", "id"),
    "run": ("import_run", "id"),
    "intake": ("intake", "id"),
    "deadline": ("deadline", "id"),
    "change": ("deadline_state", "change_id"),
    "trial": ("alert_trial", "id"),
    "departure": ("departure", "id"),
    "item": ("departure_item", "id"),
    "exercise": ("crisis_exercise", "id"),
    "mission": ("mission", "id"),
    "access": ("mission_access", "id"),
    "holder": ("portal_holder", "id"),
    "secret_id": ("shared_secret", "id"),
    "job": ("backup_job", "id"),
    "event": ("backup_event", "id"),
    "mail": ("backup_mail", "id"),
    "waiting": ("backup_mail", "id"),
    "test": ("restore_test", "id"),
    "asset": ("asset", "id"),
    "agreement": ("agreement", "id"),
    "action": ("action_item", "id"),
    "recommendation": ("recommendation", "id"),
    "decision": ("decision", "id"),
    "campaign": ("field_campaign", "id"),
    "incident": ("incident", "id"),
    "clock": ("incident_clock", "id"),
    "right": ("signing_right", "id"),
    "report": ("field_report", "id"),
    "group": ("field_group", "id"),
    "passkey_id": ("passkey", "id"),
    "session_id": ("web_session", "id"),
}
# Arguments that name no row: the same for everyone, so they cannot be somebody else's.
COMMON: dict[str, Any] = {"kind": "csv", "figure": "risque", "signal": "log", "service": "paie"}
# A control of the pack, the same in every house; here the one that the house's canary answers.
CONTROL = "code"
# Arguments that are a secret themselves: whoever holds it may open the page.
SECRETS = {"token", "who", "name", "filename"}
PERSONAL = {"passkey_id", "session_id"}


class UnknownArgument(LookupError):
    """An address takes an argument that this suite cannot aim."""


@dataclass(frozen=True)
class Route:
    """One address and verb, with the audience of its blueprint: ``tenant:reader``, ``portal:decider``…"""

    rule: str
    endpoint: str
    method: str
    audience: str
    arguments: frozenset[str]

    def __str__(self) -> str:
        return f"{self.method} {self.rule}"

    @property
    def aimed(self) -> frozenset[str]:
        """The arguments that name a row below the client (or below the MSP)."""
        return frozenset(a for a in self.arguments if a in NAMED and a != "client")


def routes(app: Flask, *kinds: str) -> list[Route]:
    """Every route, or those of these audiences (``tenant``, ``portal``, ``account``…), in a fixed order."""
    found = [r for rule in app.url_map.iter_rules() for r in _of(app, rule)]
    kept = [r for r in found if not kinds or r.audience.partition(":")[0] in kinds]
    return sorted(kept, key=lambda r: (r.rule, r.method))


def _of(app: Flask, rule: Rule) -> Iterator[Route]:
    blueprint = app.blueprints.get(rule.endpoint.rpartition(".")[0])
    audience = getattr(blueprint, "audience", "public")
    arguments = frozenset(rule.arguments) - {"msp"}
    for argument in arguments - NAMED.keys() - COMMON.keys() - SECRETS - {CONTROL}:
        raise UnknownArgument(
            f"{rule.rule} takes <{argument}>: say in NAMED (tests/isolation/routes.py) which table's row it "
            "names, or in COMMON a value that it takes if it names none."
        )
    for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}):
        yield Route(rule.rule, rule.endpoint, method, audience, arguments)


def address(app: Flask, route: Route, filled: Filled, about: str = "valbrune", **aimed: Any) -> str:
    """The address of ``route`` in that house, about that client, with some arguments aimed elsewhere."""
    values: dict[str, Any] = {name: own(filled, name, about) for name in route.arguments}
    if "<msp>" in route.rule:
        values["msp"] = filled.house.slug
    if route.rule.startswith("/invitation/"):
        values["token"] = filled.token("invitation")
    if "/calendrier/" in route.rule:
        values["token"] = filled.token("calendar")
    return str(app.url_map.bind("localhost").build(route.endpoint, values | aimed, route.method))


def own(filled: Filled, argument: str, client: str) -> Any:
    """What ``argument`` is when it names that house's row about that client."""
    if argument == "client":
        return client
    if argument in COMMON:
        return COMMON[argument]
    if argument == CONTROL:
        return filled.row("answer", client)["code"]
    if argument in SECRETS or argument in PERSONAL:
        return filled.token("question", client) if argument in SECRETS else uuid4()
    table, column = NAMED[argument]
    return filled.row(table, client)[column]


def personal(world: World, login: UUID | None) -> dict[str, UUID]:
    """What the personal arguments are for that login: a passkey and a session of its own."""
    if login is None:
        return {}
    with world.cast.app.app_context(), unit_of_work(Context("login", login_id=login)):
        key = Passkey(login_id=login, credential_id=uuid4().bytes, public_key=b"", sign_count=0, label="Clé")
        db.session.add(key)
        db.session.flush()
        session = db.session.scalars(select(WebSession.id).limit(1)).one()
        return {"passkey_id": key.id, "session_id": session}


def missing(argument: str) -> Any:
    """What ``argument`` is when it names nothing at all."""
    return "inconnu-ici" if argument == "client" else UUID(int=uuid4().int)


def stays_signed_in(browser: FlaskClient) -> Callable[[], FlaskClient]:
    """The same browser with the cookies it has now, whatever the addresses visited do to them."""
    kept = [browser.get_cookie(name) for name in ("mspaudit_session", "__Host-mspaudit")]

    def fresh() -> FlaskClient:
        browser._cookies.clear()  # type: ignore[union-attr]
        for cookie in kept:
            if cookie is not None:
                browser.set_cookie(cookie.key, cookie.value)
        return browser

    return fresh


def send(browser: FlaskClient, route: Route, url: str) -> TestResponse:
    """The answer to that request, a form with nothing in it when it is a POST."""
    return browser.open(url, method=route.method, data={} if route.method == "POST" else None)


@contextmanager
def nothing_commits(app: Flask) -> Iterator[None]:
    """Requests run to their end, deferred triggers included, and leave the database as it was.

    So that the control of one address (archive this client) does not spoil the next one's.
    """

    def check_only() -> None:
        db.session.flush()
        db.session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))

    real = db.session.commit
    db.session.commit = check_only  # type: ignore[method-assign]
    try:
        yield
    finally:
        db.session.commit = real  # type: ignore[method-assign]
