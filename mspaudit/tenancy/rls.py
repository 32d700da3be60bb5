"""Row-level security as data: which policies a table of each visibility carries.

Every function is called in a scalar subselect so that PostgreSQL runs it once a statement:
bare in the policy it costs twice the time of a large aggregate. No policy has an ``OR`` that
lets a tenant through, for that forces full scans.
"""

from typing import NamedTuple

from sqlalchemy import Table

from mspaudit.extensions import Base
from mspaudit.tenancy.models import Visibility

TENANT = "tenant_id = (SELECT tenancy.tenant())"
MSP = "tenant_id = (SELECT tenancy.msp_tenant())"
WHOLE = "tenant_id = (SELECT tenancy.whole_tenant())"
LOGIN = "login_id = (SELECT tenancy.login())"
# CASE and not OR: the planner takes the OR for a handful of rows, and then probes whole tables row by row.
ONE_CLIENT = (
    "CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true"
    " ELSE {column} = ANY ((SELECT tenancy.clients())::uuid[]) END"
)
ONE_UNIT = "((SELECT tenancy.unit()) IS NULL OR org_unit_id = (SELECT tenancy.unit()))"

# Closed to a client's own people.
MSP_ONLY: tuple[Visibility, ...] = ("msp", "served")
# Read by everyone of the tenant, written by fewer.
SPLIT: dict[Visibility, tuple[str, str]] = {"tenant": (TENANT, MSP), "staff": (TENANT, WHOLE)}


class Policy(NamedTuple):
    """One policy. ``sort``: PERMISSIVE or RESTRICTIVE; ``command``: ALL, SELECT, INSERT, UPDATE or DELETE."""

    name: str
    sort: str
    command: str
    condition: str


def policies(table: Table, visible: Visibility) -> list[Policy]:
    """The policies of role ``mspaudit_app`` on ``table``; empty for a table it may not read."""
    name = table.name
    if visible in SPLIT:
        return _read_and_write(name, *SPLIT[visible])
    if visible == "self":
        return _of_itself(name)
    if visible in ("login", "hidden"):
        return [Policy(f"{name}_login", "PERMISSIVE", "ALL", LOGIN)] if visible == "login" else []
    found = [Policy(f"{name}_tenant", "PERMISSIVE", "ALL", MSP if visible in MSP_ONLY else TENANT)]
    if visible in ("client", "unit", "served"):
        column = "id" if name == "client" else "client_id"
        found.append(Policy(f"{name}_client", "RESTRICTIVE", "ALL", ONE_CLIENT.format(column=column)))
    if visible == "unit":
        found.append(Policy(f"{name}_unit", "RESTRICTIVE", "ALL", ONE_UNIT))
    return found


def _of_itself(name: str) -> list[Policy]:
    if name == "login":
        return [Policy(f"{name}_own", "PERMISSIVE", "ALL", "id = (SELECT tenancy.login())")]
    return _read_and_write(name, "id = (SELECT tenancy.tenant())", "id = (SELECT tenancy.whole_tenant())")


def _read_and_write(name: str, read: str, write: str) -> list[Policy]:
    """Fewer may write than read. One policy a command: two permissive ones on one would make an ``OR``."""
    commands = {"SELECT": read, "INSERT": write, "UPDATE": write, "DELETE": write}
    return [Policy(f"{name}_{c.lower()}", "PERMISSIVE", c, condition) for c, condition in commands.items()]


def visibility() -> dict[str, Visibility]:
    """Every secured table of the mapped models, with its visibility."""
    return {
        str(mapper.local_table): mapper.class_.__visible__
        for mapper in Base.registry.mappers
        if hasattr(mapper.class_, "__visible__")
    }
