"""Damage done on purpose to each lock, one at a time: the layer's own tests must notice every one."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Table

from mspaudit.tenancy.policies import CONDITIONS
from mspaudit.tenancy.rls import Policy, policies, visibility
from tests.isolation.oracle import secured


@dataclass(frozen=True)
class Mutant:
    """One statement that opens a hole."""

    name: str
    statement: str


def of_policies(table: Table) -> Iterator[Mutant]:
    """Each policy dropped, and each of its conditions made always true; the table's security lifted."""
    yield Mutant("no row security", f"ALTER TABLE {table.name} DISABLE ROW LEVEL SECURITY")
    for policy in policies(table, visibility()[table.name]):
        yield Mutant(f"{policy.name}: dropped", f"DROP POLICY {policy.name} ON {table.name}")
        yield from _opened(table.name, policy)


def _opened(table: str, policy: Policy) -> Iterator[Mutant]:
    for clause in ("USING", "WITH CHECK"):
        if clause in CONDITIONS[policy.command]:
            yield Mutant(
                f"{policy.name}: {clause} true", f"ALTER POLICY {policy.name} ON {table} {clause} (true)"
            )


def of_rights() -> Iterator[Mutant]:
    """Each right that the application lacks, granted."""
    for table in secured():
        for right in ("INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"):
            yield Mutant(f"{table.name}: {right}", f"GRANT {right} ON {table.name} TO mspaudit_app")


# Each turns one step of the verification off, by editing the function's own text.
VERIFICATION = {
    "ignores the expiry": ("IF parts[7]::bigint < extract(epoch FROM now()) THEN", "IF false THEN"),
    "ignores the signature": ("= sha256(convert_to(parts[8], 'UTF8'))", "IS NOT NULL"),
    "signs only the tenant": (
        "message := convert_to(left(raw, length(raw) - 65), 'UTF8');",
        "message := convert_to(parts[1], 'UTF8');",
    ),
    "accepts any key": (
        "FROM tenancy.signing_key k",
        "FROM (SELECT ''::bytea AS outer_pad, ''::bytea AS inner_pad) k",
    ),
}
# Each confuses two people, by editing the function that tells them apart.
CONFINEMENT = {
    "a guest sees every client": (
        "tenancy.clients()",
        "WHEN 'msp', 'job' THEN",
        "WHEN 'msp', 'job', 'guest' THEN",
    ),
    "a client sees every client": (
        "tenancy.clients()",
        "WHEN 'msp', 'job' THEN",
        "WHEN 'msp', 'job', 'client' THEN",
    ),
    "limited sees every client": (
        "tenancy.clients()",
        "WHEN 'msp', 'job' THEN",
        "WHEN 'msp', 'job', 'limited' THEN",
    ),
    "another's assignments count": ("tenancy.clients()", "AND a.member_id = nullif(v[5], '-')::uuid", ""),
    "a login has all clients": ("tenancy.clients()", "RETURN '{}';", "RETURN NULL;"),
    "a client works for the MSP": (
        "tenancy.msp_tenant()",
        "('msp', 'limited', 'job')",
        "('msp', 'limited', 'job', 'client')",
    ),
    "limited is whole": ("tenancy.whole_tenant()", "('msp', 'job')", "('msp', 'job', 'limited')"),
    "no one has a unit": ("tenancy.unit()", "'-')::uuid", "'-')::uuid WHERE false"),
}
