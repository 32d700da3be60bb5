"""What a client's own people see of their MSP."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from mspaudit.clients.models import Assignment
from mspaudit.extensions import db
from mspaudit.identity.models import StaffMember
from mspaudit.tenancy.context import tenant_id
from mspaudit.tenancy.models import Tenant


class Helper(NamedTuple):
    """Who helps: a technician when one looks after this client, else the MSP itself."""

    msp: str
    person: str
    phone: str
    email: str

    @property
    def short(self) -> str:
        """The name to use in a sentence: a first name, or the MSP's."""
        return self.person.split()[0] if self.person else self.msp

    @property
    def tel(self) -> str:
        """The address that a telephone dials; empty without a number."""
        digits = "".join(c for c in self.phone if c.isdigit() or c == "+")
        return f"tel:{digits}" if digits else ""


def helper(client_id: UUID) -> Helper:
    """Who to ask about this client's questions; two statements."""
    tenant = db.session.get_one(Tenant, tenant_id())
    technician = db.session.scalars(
        select(StaffMember)
        .join(Assignment, Assignment.member_id == StaffMember.id)
        .where(Assignment.client_id == client_id, StaffMember.disabled_at.is_(None))
        .order_by(StaffMember.created_at)
        .limit(1)
    ).one_or_none()
    brand = tenant.brand
    if technician is None:
        return Helper(tenant.name, "", str(brand.get("phone", "")), str(brand.get("email", "")))
    return Helper(
        tenant.name,
        technician.name,
        technician.phone or str(brand.get("phone", "")),
        technician.email,
    )
