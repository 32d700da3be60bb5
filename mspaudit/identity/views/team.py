"""The team of an MSP, for its administrators."""

from uuid import UUID

from flask import abort, flash, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from mspaudit.errors import DomainError
from mspaudit.identity import lost, queries
from mspaudit.identity import team as actions
from mspaudit.identity.models import Invitation, StaffMember
from mspaudit.identity.rules import plausible_email
from mspaudit.identity.words import ROLES
from mspaudit.kernel.clock import now
from mspaudit.tenancy.blueprints import tenant_blueprint
from mspaudit.tenancy.gate import ROLES as STAFF_ROLES

blueprint = tenant_blueprint("team", "mspaudit.identity", audience="admin", prefix="/equipe")

LONGEST_NAME = 120


@blueprint.get("/")
def index() -> str:
    """Members and waiting invitations."""
    return _page()


@blueprint.post("/invitations")
def invite() -> Response:
    """Invite a colleague by mail."""
    errors = _errors()
    if not errors:
        try:
            actions.invite(
                email=_typed("email"),
                name=_typed("name"),
                role=_typed("role"),
                all_clients=_typed("reach") != "assigned",
                msp_name=g.visitor.tenant_name,
                now=now(),
            )
        except DomainError as refused:
            errors["email"] = str(refused)
    if errors:
        return make_response(_page(errors, request.form), 422)
    flash(f"Invitation envoyée à {_typed('email')}. Elle vaut sept jours.", "done")
    return _back()


@blueprint.post("/invitations/<uuid:invitation_id>/renvoyer")
def invite_again(invitation_id: UUID) -> Response:
    """Send the invitation again under a new link."""
    found = _invitation(invitation_id)
    actions.invite_again(found, msp_name=g.visitor.tenant_name, now=now())
    flash(f"Nouvelle invitation envoyée à {found.email}. L’ancien lien ne fonctionne plus.", "done")
    return _back()


@blueprint.post("/invitations/<uuid:invitation_id>/annuler")
def revoke(invitation_id: UUID) -> Response:
    """Make the invitation's link useless."""
    found = _invitation(invitation_id)
    actions.revoke(found, now=now())
    flash(f"L’invitation de {found.name} est annulée.", "done")
    return _back()


@blueprint.get("/<uuid:member_id>")
def member(member_id: UUID) -> str:
    """One member: their role and reach."""
    return render_template("identity/member.html", member=_member(member_id), roles=_roles(), error="")


@blueprint.post("/<uuid:member_id>")
def change(member_id: UUID) -> Response:
    """Change a member's role and reach."""
    found = _member(member_id)
    if _typed("role") not in STAFF_ROLES:
        abort(400)
    try:
        actions.change_role(found, role=_typed("role"), all_clients=_typed("reach") != "assigned")
    except DomainError as refused:
        return make_response(
            render_template("identity/member.html", member=found, roles=_roles(), error=str(refused)), 422
        )
    flash(f"Le rôle de {found.name} est enregistré.", "done")
    return _back()


@blueprint.post("/<uuid:member_id>/desactiver")
def disable(member_id: UUID) -> Response:
    """Keep a member out at once."""
    found = _member(member_id)
    try:
        actions.disable(found, now=now())
    except DomainError as refused:
        flash(str(refused), "error")
        return _back()
    flash(f"{found.name} n’a plus accès.", "done")
    return _back()


@blueprint.post("/<uuid:member_id>/reactiver")
def enable(member_id: UUID) -> Response:
    """Let a member in again."""
    found = _member(member_id)
    actions.enable(found)
    flash(f"{found.name} a de nouveau accès.", "done")
    return _back()


@blueprint.post("/<uuid:member_id>/second-controle")
def reset_factors(member_id: UUID) -> Response:
    """Forget a colleague's second factors, who lost them all."""
    found = _member(member_id)
    try:
        lost.reset_second_factor(found, admin=g.visitor.login_id, msp_name=g.visitor.tenant_name, now=now())
    except DomainError as refused:
        page = render_template("identity/member.html", member=found, roles=_roles(), lost=str(refused))
        return make_response(page, 422)
    flash(f"{found.name} choisira un autre second contrôle. Un courriel le lui dit.", "done")
    return _back()


def _errors() -> dict[str, str]:
    errors = {}
    if not _typed("name") or len(_typed("name")) > LONGEST_NAME:
        errors["name"] = f"Indiquez un nom, de {LONGEST_NAME} caractères au plus."
    if not plausible_email(_typed("email")):
        errors["email"] = "Cette adresse n’a pas la forme nom@domaine.fr."
    if _typed("role") not in STAFF_ROLES:
        errors["role"] = "Choisissez un rôle."
    return errors


def _page(errors: dict[str, str] | None = None, typed: dict[str, str] | None = None) -> str:
    return render_template(
        "identity/team.html",
        members=queries.team(),
        invitations=queries.waiting_invitations(),
        roles=_roles(),
        words=ROLES,
        errors=errors or {},
        typed=typed or {},
        now=now(),
    )


def _roles() -> list[tuple[str, str]]:
    return [(role, ROLES[role]) for role in sorted(STAFF_ROLES, key=STAFF_ROLES.__getitem__, reverse=True)]


def _member(member_id: UUID) -> StaffMember:
    found = queries.member(member_id)
    if found is None:
        abort(404)
    return found


def _invitation(invitation_id: UUID) -> Invitation:
    found = queries.invitation(invitation_id)
    if found is None:
        abort(404)
    return found


def _typed(name: str) -> str:
    return request.form.get(name, "").strip()[:400]


def _back() -> Response:
    return redirect(url_for("team.index"), 303)
