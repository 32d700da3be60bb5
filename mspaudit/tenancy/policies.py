"""The policies and grants of the mapped tables as SQL, for a migration to keep as its own text."""

from collections.abc import Iterator

from sqlalchemy import MetaData, Table

from mspaudit.tenancy.rls import policies, visibility

APPEND_ONLY = {"journal", "answer_event", "login_event"}
NO_DELETE = {"login", "tenant", "staff_member", "client_member", "client", "assessment"}


def statements(metadata: MetaData) -> Iterator[str]:
    """For each secured table: ENABLE and FORCE row-level security, its policies, the grants of ``app``."""
    visible = visibility()
    for table in metadata.sorted_tables:
        if table.name not in visible:
            yield f"GRANT SELECT, INSERT, UPDATE ON {table.name} TO mspaudit_app;"
            continue
        yield f"ALTER TABLE {table.name} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;"
        found = policies(table, visible[table.name])
        for name, sort, condition in found:
            yield (
                f"CREATE POLICY {name} ON {table.name} AS {sort} TO mspaudit_app, mspaudit_owner\n"
                f"    USING ({condition})\n    WITH CHECK ({condition});"
            )
        if found and table.name != "journal_head":
            yield f"GRANT {_rights(table)} ON {table.name} TO mspaudit_app;"


def _rights(table: Table) -> str:
    if table.name == "tenant":
        return "SELECT, UPDATE"
    if table.name in APPEND_ONLY:
        return "SELECT, INSERT"
    return "SELECT, INSERT, UPDATE" + ("" if table.name in NO_DELETE else ", DELETE")
