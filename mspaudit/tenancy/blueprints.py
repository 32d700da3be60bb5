"""Blueprints that know their audience at birth: a route without one cannot be served.

A stranger and a missing page get the same 404. Someone not signed in is sent to sign in,
whether or not the page exists. A colleague whose role is too low gets a 403 that says so.
"""

from typing import Any
from urllib.parse import quote

from flask import Blueprint, Flask, Response, abort, g, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from mspaudit.tenancy import gate

SAFE = ("GET", "HEAD", "OPTIONS")


class UndeclaredAudience(RuntimeError):
    """A route was added without saying for whom. Create its blueprint with one of this module's makers."""


class Guarded(Blueprint):
    """A blueprint with an audience, for the tests that read every route's."""

    audience: str


def tenant_blueprint(name: str, module: str, *, audience: str, prefix: str = "") -> Guarded:
    """Pages of the MSP's own staff under ``/<msp>``.

    Args:
        audience: the lowest role that may read: ``reader``, ``technician`` or ``admin``.
            Writing always takes a technician at least.
    """
    needed = gate.ROLES[audience]
    blueprint = _guarded(name, module, f"tenant:{audience}", f"/<msp>{prefix}")

    @blueprint.before_request
    def _admit() -> BaseResponse | None:
        person = gate.visitor(msp=g.msp)
        if person is None or not person.signed_in:
            return sign_in_first(person)
        if person.tenant_id is None or person.role not in gate.ROLES:
            abort(404)
        gate.admit_staff(person)
        least = needed if request.method in SAFE else max(needed, gate.ROLES["technician"])
        if gate.ROLES[person.role] < least:
            abort(403)
        return None

    return blueprint


def portal_blueprint(name: str, module: str, *, audience: str, prefix: str = "") -> Guarded:
    """Pages of one client's own people under ``/<msp>/espace/<client>``.

    Args:
        audience: ``respondent`` (anyone of the client) or ``decider``.
    """
    needed = gate.PORTAL_ROLES[audience]
    blueprint = _guarded(name, module, f"portal:{audience}", f"/<msp>/espace/<client>{prefix}")

    @blueprint.before_request
    def _admit() -> BaseResponse | None:
        person = gate.visitor(msp=g.msp, client=g.client_slug)
        if person is None or not person.signed_in:
            return sign_in_first(person)
        if person.client_id is None or person.role not in gate.PORTAL_ROLES:
            abort(404)
        gate.admit_client(person)
        if gate.PORTAL_ROLES[person.role] < needed:
            abort(403)
        return None

    return blueprint


def account_blueprint(name: str, module: str, *, prefix: str = "", half_way: bool = False) -> Guarded:
    """Pages of one's own account, in no tenant.

    Args:
        half_way: also for someone who gave the first factor and not yet the second.
    """
    blueprint = _guarded(name, module, "account", prefix)

    @blueprint.before_request
    def _admit() -> BaseResponse | None:
        person = gate.visitor()
        if person is None or not (person.signed_in or half_way):
            return sign_in_first(person)
        gate.admit_login(person)
        return None

    return blueprint


def staff_blueprint(name: str, module: str, *, prefix: str = "") -> Guarded:
    """Pages of the platform's own staff; they see no tenant's content from here."""
    blueprint = _guarded(name, module, "platform", f"/plateforme{prefix}")

    @blueprint.before_request
    def _admit() -> BaseResponse | None:
        person = gate.visitor()
        if person is None or not person.signed_in:
            return sign_in_first(person)
        if not person.platform:
            abort(404)
        gate.admit_login(person)
        return None

    return blueprint


def public_blueprint(name: str, module: str, *, prefix: str = "") -> Guarded:
    """Pages for anyone: sign-in, health, links that carry their own secret."""
    return _guarded(name, module, "public", prefix)


def sign_in_first(person: gate.Visitor | None) -> BaseResponse:
    """To the sign-in page, or to the second factor when only that is missing, and back afterwards."""
    endpoint = "sign_in.start" if person is None else "second_factor.ask"
    wanted = request.full_path.rstrip("?") if request.method in SAFE else "/"
    target = f"{url_for(endpoint)}?suite={quote(wanted, safe='/')}"
    if request.headers.get("HX-Request"):
        answer: Response = make_response("", 204)
        answer.headers["HX-Redirect"] = target
        return answer
    return redirect(target, 303)


def check(app: Flask) -> None:
    """Refuse to start with a route that has no audience.

    Raises:
        UndeclaredAudience: naming the endpoint and the remedy.
    """
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        blueprint = app.blueprints.get(rule.endpoint.rpartition(".")[0])
        if not isinstance(blueprint, Guarded):
            raise UndeclaredAudience(
                f"{rule.endpoint} ({rule.rule}) has no audience: create its blueprint with "
                "tenant_blueprint, portal_blueprint, account_blueprint, staff_blueprint or public_blueprint."
            )


def _guarded(name: str, module: str, audience: str, prefix: str) -> Guarded:
    blueprint = Guarded(name, module, url_prefix=prefix or None, template_folder="templates")
    blueprint.audience = audience

    @blueprint.url_value_preprocessor
    def _take(_endpoint: str | None, values: dict[str, Any] | None) -> None:
        values = values if values is not None else {}
        g.msp = values.pop("msp", None)
        # In the portal the slug is part of the guard; elsewhere <client> is a view's own argument.
        g.client_slug = values.pop("client", None) if audience.startswith("portal") else None

    return blueprint


def fill_urls(app: Flask) -> None:
    """Links within a tenant (and within a portal) need not repeat where they are."""

    @app.url_defaults
    def _here(endpoint: str, values: dict[str, Any]) -> None:
        for name, value in (("msp", g.get("msp")), ("client", g.get("client_slug"))):
            if value and name not in values and app.url_map.is_endpoint_expecting(endpoint, name):
                values[name] = value
