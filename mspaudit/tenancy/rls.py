"""Row-level security as data: which policies a table of each visibility carries.

Every function is called in a scalar subselect so that PostgreSQL runs it once a statement:
bare in the policy it costs twice the time of a large aggregate. No policy has an ``OR`` that
lets a tenant through, for that forces full scans.
"""

from sqlalchemy import Table

from mspaudit.extensions import Base
from mspaudit.tenancy.models import Visibility

TENANT = "tenant_id = (SELECT tenancy.tenant())"
MSP = "tenant_id = (SELECT tenancy.msp_tenant())"
LOGIN = "login_id = (SELECT tenancy.login())"
ONE_CLIENT = "((SELECT tenancy.clients()) IS NULL OR {column} = ANY ((SELECT tenancy.clients())::uuid[]))"
ONE_UNIT = "((SELECT tenancy.unit()) IS NULL OR org_unit_id = (SELECT tenancy.unit()))"

Policy = tuple[str, str, str]  # name, PERMISSIVE or RESTRICTIVE, condition


def policies(table: Table, visible: Visibility) -> list[Policy]:
    """The policies of role ``mspaudit_app`` on ``table``; empty for a table it may not read."""
    if visible == "hidden":
        return []
    if visible == "self":
        own = "login" if table.name == "login" else "tenant"
        return [(f"{table.name}_own", "PERMISSIVE", f"id = (SELECT tenancy.{own}())")]
    if visible == "login":
        return [(f"{table.name}_login", "PERMISSIVE", LOGIN)]
    found: list[Policy] = [(f"{table.name}_tenant", "PERMISSIVE", MSP if visible == "msp" else TENANT)]
    if visible in ("client", "unit"):
        column = "id" if table.name == "client" else "client_id"
        found.append((f"{table.name}_client", "RESTRICTIVE", ONE_CLIENT.format(column=column)))
    if visible == "unit":
        found.append((f"{table.name}_unit", "RESTRICTIVE", ONE_UNIT))
    return found


def visibility() -> dict[str, Visibility]:
    """Every secured table of the mapped models, with its visibility."""
    return {
        str(mapper.local_table): mapper.class_.__visible__
        for mapper in Base.registry.mappers
        if hasattr(mapper.class_, "__visible__")
    }
