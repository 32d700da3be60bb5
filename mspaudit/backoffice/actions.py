"""Opening an MSP."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from mspaudit.backoffice.rules import slug_refusal
from mspaudit.errors import DomainError
from mspaudit.extensions import db
from mspaudit.identity import actions, team
from mspaudit.tenancy.context import job
from mspaudit.tenancy.lifecycle import as_context


def open_msp(*, slug: str, name: str, admin_name: str, admin_email: str, now: datetime) -> UUID:
    """Create an MSP and invite its first administrator.

    Raises:
        DomainError: the address is taken, reserved or malformed.
    """
    refusal = slug_refusal(slug)
    if refusal:
        raise DomainError(refusal)
    try:
        with db.session.begin_nested():
            tenant_id = actions.create_tenant(slug=slug, name=name)
    except IntegrityError as taken:
        raise DomainError("Cette adresse est déjà prise par un autre prestataire.") from taken
    with as_context(job(tenant_id)):
        team.invite(
            email=admin_email, name=admin_name, role="admin", all_clients=True, msp_name=name, now=now
        )
        db.session.flush()
    return tenant_id
