"""Who works for the current MSP, and who may enter a client's space."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, or_, select

from mspaudit.extensions import Base, db
from mspaudit.identity.models import ClientMember, Invitation, StaffMember
from mspaudit.tenancy.context import tenant_id


def staff() -> Sequence[StaffMember]:
    """The MSP's active members, by name."""
    return db.session.scalars(
        select(StaffMember).where(StaffMember.disabled_at.is_(None)).order_by(StaffMember.name)
    ).all()


def team() -> Sequence[StaffMember]:
    """Every member, the disabled ones last."""
    return db.session.scalars(
        select(StaffMember).order_by(StaffMember.disabled_at.isnot(None), StaffMember.name)
    ).all()


def member(member_id: UUID) -> StaffMember | None:
    """One member of the MSP, active or not."""
    return db.session.scalar(select(StaffMember).where(StaffMember.id == member_id))


def technicians_of(client_id: UUID) -> Sequence[StaffMember]:
    """The active members who look after a client: assigned to it, or serving all clients."""
    # A table by name: its room stands above this one.
    table = Base.metadata.tables["assignment"]
    assigned = select(table.c.member_id).where(
        table.c.tenant_id == tenant_id(), table.c.client_id == client_id
    )
    return db.session.scalars(
        select(StaffMember)
        .where(StaffMember.disabled_at.is_(None), StaffMember.role != "reader")
        .where(or_(StaffMember.serves_all, StaffMember.id.in_(assigned)))
        .order_by(StaffMember.name)
    ).all()


def client_members(client_id: UUID) -> Sequence[ClientMember]:
    """Everyone who may enter a client's space, by name."""
    return db.session.scalars(
        select(ClientMember)
        .where(ClientMember.client_id == client_id, ClientMember.disabled_at.is_(None))
        .order_by(ClientMember.name)
    ).all()


def waiting_invitations() -> Sequence[Invitation]:
    """Invitations neither accepted nor revoked, expired ones included: they can be sent again."""
    return db.session.scalars(
        select(Invitation)
        .where(Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None))
        .order_by(Invitation.created_at.desc())
    ).all()


def invitation(invitation_id: UUID) -> Invitation | None:
    """One invitation, whatever became of it."""
    return db.session.scalar(select(Invitation).where(Invitation.id == invitation_id))


def active_administrators_locked() -> int:
    """How many administrators remain; their rows are held so that two changes cannot remove the last two."""
    rows = db.session.scalars(
        select(StaffMember.id)
        .where(StaffMember.role == "admin", StaffMember.disabled_at.is_(None))
        .order_by(StaffMember.id)
        .with_for_update()
    ).all()
    return len(rows)


def has_email(email: str) -> bool:
    """Whether a member, active or not, already has that address."""
    query = select(StaffMember.id).where(func.lower(StaffMember.email) == email.lower())
    return db.session.scalar(query) is not None
