"""The platform's pages: the MSPs by name, and opening one. No content of any MSP is reachable here."""

from flask import flash, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from mspaudit.backoffice import actions
from mspaudit.errors import DomainError
from mspaudit.identity import door, lost
from mspaudit.identity.rules import plausible_email
from mspaudit.kernel.clock import now
from mspaudit.tenancy.blueprints import staff_blueprint

blueprint = staff_blueprint("platform", __name__)

LONGEST_NAME = 120


@blueprint.get("/")
def index() -> str:
    """Every MSP by name."""
    _note("platform_visited")
    return _page()


@blueprint.post("/prestataires")
def create() -> Response:
    """Open an MSP; its first administrator receives an invitation."""
    errors = _errors()
    if not errors:
        try:
            actions.open_msp(
                slug=_typed("slug"),
                name=_typed("name"),
                admin_name=_typed("admin_name"),
                admin_email=_typed("admin_email"),
                now=now(),
            )
        except DomainError as refused:
            errors["slug"] = str(refused)
    if errors:
        return make_response(_page(errors), 422)
    _note("platform_created_msp")
    flash(f"{_typed('name')} est ouvert. L’invitation part à {_typed('admin_email')}.", "done")
    return redirect(url_for("platform.index"), 303)


@blueprint.post("/second-controle")
def reset_factors() -> Response:
    """Forget the second factors of an administrator whom no colleague can help."""
    try:
        name = lost.platform_reset(
            agent=g.visitor.login_id,
            msp=_typed("reset_slug"),
            email=_typed("reset_email"),
            reason=_typed("reset_reason"),
            now=now(),
        )
    except DomainError as refused:
        return make_response(_page({"reset": str(refused)}), 422)
    _note("platform_reset_factors")
    flash(f"{name} choisira un autre second contrôle. Son équipe le lit au journal.", "done")
    return redirect(url_for("platform.index"), 303)


def _errors() -> dict[str, str]:
    errors = {}
    for name in ("name", "admin_name"):
        if not 0 < len(_typed(name)) <= LONGEST_NAME:
            errors[name] = f"Indiquez un nom, de {LONGEST_NAME} caractères au plus."
    if not plausible_email(_typed("admin_email")):
        errors["admin_email"] = "Cette adresse n’a pas la forme nom@domaine.fr."
    return errors


def _page(errors: dict[str, str] | None = None) -> str:
    return render_template(
        "backoffice/msps.html",
        msps=door.tenants(g.visitor.login_id),
        errors=errors or {},
        typed=request.form,
    )


def _typed(name: str) -> str:
    return request.form.get(name, "").strip()[:400]


def _note(what: str) -> None:
    door.note(g.visitor.login_id, what, agent=request.user_agent.string, address=request.remote_addr or "")
