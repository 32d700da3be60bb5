"""The policies and grants of the mapped tables as SQL, for a migration to keep as its own text."""

from collections.abc import Iterator

from sqlalchemy import MetaData, Table

from mspaudit.tenancy.rls import Policy, policies, visibility

APPEND_ONLY = {
    "journal",
    "answer_event",
    "login_event",
    "decision_event",
    "register_anchor",
    "incident_entry",
}
NO_DELETE = {
    "staff_member",
    "client_member",
    "client",
    "assessment",
    "recommendation",
    "decision",
    "incident",
}
# What an injected statement must not give itself: a platform role, an end of quarantine, a second factor.
RIGHTS = {
    "tenant": "SELECT, UPDATE (name, brand)",
    "login": "SELECT, UPDATE (password_hash, pin_hash, totp_secret, totp_confirmed_at, totp_last_step)",
    "web_session": "SELECT, UPDATE (ended_at, scratch)",
}
CONDITIONS = {
    "ALL": "\n    USING ({0})\n    WITH CHECK ({0})",
    "SELECT": "\n    USING ({0})",
    "INSERT": "\n    WITH CHECK ({0})",
    "UPDATE": "\n    USING ({0})\n    WITH CHECK ({0})",
    "DELETE": "\n    USING ({0})",
}


def statements(metadata: MetaData) -> Iterator[str]:
    """For each secured table: ENABLE and FORCE row-level security, its policies, the grants of ``app``."""
    visible = visibility()
    for table in metadata.sorted_tables:
        if table.name not in visible:
            yield f"GRANT SELECT, INSERT, UPDATE ON {table.name} TO mspaudit_app;"
            continue
        yield f"ALTER TABLE {table.name} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;"
        found = policies(table, visible[table.name])
        yield from (create(policy, table) for policy in found)
        if found and visible[table.name] != "ledger":
            yield f"GRANT {rights(table)} ON {table.name} TO mspaudit_app;"


def create(policy: Policy, table: Table) -> str:
    """The statement that creates ``policy``."""
    return (
        f"CREATE POLICY {policy.name} ON {table.name} AS {policy.sort} FOR {policy.command}"
        f" TO mspaudit_app, mspaudit_owner{CONDITIONS[policy.command].format(policy.condition)};"
    )


def rights(table: Table) -> str:
    """What ``mspaudit_app`` may do to a table it sees."""
    if table.name in RIGHTS:
        return RIGHTS[table.name]
    if table.name in APPEND_ONLY:
        return "SELECT, INSERT"
    return "SELECT, INSERT, UPDATE" + ("" if table.name in NO_DELETE else ", DELETE")
