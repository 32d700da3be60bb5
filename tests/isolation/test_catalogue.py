"""PostgreSQL's catalogue: what the schema may not contain, whoever adds to it.

Citus's documented limits on a distributed table are checked here too, so that the day one machine
is too small, ``tenant_id`` distributes every tenant table as it stands: the distribution column is
in the primary key and in every unique constraint; it is in every foreign key between distributed
tables, at the same place on both sides; a foreign key to any other table points at a small one
(``tenant``, ``login``), which would be a reference table; no exclusion constraint without it; no
identity or serial column; no trigger but those of the two chains, which stay within a tenant; the
column's type is the same everywhere.
"""

from typing import Any

import psycopg
import pytest

from mspaudit.extensions import Base
from mspaudit.tenancy.rls import policies, visibility
from tests.isolation import catalogue
from tests.isolation.catalogue import rows
from tests.isolation.houses import tenant_tables
from tests.isolation.oracle import secured

Connection = psycopg.Connection[Any]
OWNER = "mspaudit_owner"
# Read by everyone, and never by tenant: they would be reference tables.
REFERENCE = {"tenant", "login"}


def test_the_tested_role_is_subject_to_everything(as_app: Connection) -> None:
    """First of all: as a superuser, as an owner or with BYPASSRLS, every other test here would lie."""
    role = rows(as_app, "SELECT current_user, session_user, current_setting('row_security')")
    assert role == [("mspaudit_app", "mspaudit_app", "on")]
    attributes = "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication FROM pg_roles"
    assert rows(as_app, f"{attributes} WHERE rolname = current_user") == [(False,) * 5]
    member = "SELECT rolname FROM pg_roles WHERE rolname <> current_user AND pg_has_role(oid, 'MEMBER')"
    assert rows(as_app, member) == [], "mspaudit_app is a member of another role"
    owned = "SELECT classid::regclass, objid FROM pg_shdepend WHERE refobjid = current_user::regrole"
    assert rows(as_app, f"{owned} AND deptype = 'o'") == [], "mspaudit_app owns something"


def test_every_secured_table_enforces_its_policies_on_its_owner_too(as_app: Connection) -> None:
    query = (
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relrowsecurity AND relforcerowsecurity"
    )
    enforced = {name for (name,) in rows(as_app, query)}
    assert enforced == {t.name for t in secured()}


def test_every_table_that_names_a_tenant_is_secured(as_app: Connection) -> None:
    query = (
        "SELECT c.relname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
        " JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE a.attname IN ('tenant_id', 'login_id') AND c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_'"
    )
    assert {name for (name,) in rows(as_app, query)} <= set(visibility())


def test_every_table_is_one_of_the_models(as_app: Connection) -> None:
    query = "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    query += " WHERE c.relkind IN ('r', 'p', 'f') AND n.nspname IN ('public', 'tenancy', 'auth')"
    found = {name for (name,) in rows(as_app, query)}
    assert found - set(Base.metadata.tables) == {"alembic_version", "signing_key"}


def test_the_policies_are_exactly_those_declared(superuser: Connection) -> None:
    """Compared as PostgreSQL itself prints them: the declared ones are created anew beside the real ones."""
    query = (
        "SELECT policyname, permissive, cmd, qual, with_check FROM pg_policies"
        " WHERE tablename = %s AND 'mspaudit_app' = ANY (roles) ORDER BY policyname"
    )
    for table in secured():
        found = rows(superuser, query, table.name)
        catalogue.recreate_policies(superuser, table)
        assert found == rows(superuser, query, table.name), table.name
        assert [p[0] for p in found] == sorted(p.name for p in policies(table, visibility()[table.name]))
    superuser.rollback()


def test_no_other_role_of_ours_meets_a_policy_by_accident(as_app: Connection) -> None:
    query = "SELECT tablename, policyname, roles::text[] FROM pg_policies WHERE schemaname = 'public'"
    for table, policy, roles in rows(as_app, query):
        if set(roles) != {"mspaudit_app", OWNER}:
            who = policy.partition("_")[0]
            assert who in ("auth", "dispatcher", "scribe"), f"{policy} on {table}"
            assert roles == [f"mspaudit_{who}"], f"{policy} on {table} is for {roles}"


def test_every_primary_key_and_unique_index_starts_with_the_tenant(as_app: Connection) -> None:
    query = (
        "SELECT c.relname, i.indexrelid::regclass::text, a.attname FROM pg_index i"
        " JOIN pg_class c ON c.oid = i.indrelid"
        " LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]"
        " WHERE i.indisunique AND c.relnamespace = 'public'::regnamespace"
    )
    names = {t.name for t in tenant_tables()}
    wrong = [(t, i) for t, i, first in rows(as_app, query) if t in names and first != "tenant_id"]
    assert wrong == [], "a unique index without tenant_id first tells whether another tenant has the value"


def test_every_foreign_key_between_tenant_tables_carries_the_tenant(as_app: Connection) -> None:
    query = (
        "SELECT k.conname, c.relname, f.relname, k.convalidated,"
        " (SELECT attname FROM pg_attribute WHERE attrelid = k.conrelid AND attnum = k.conkey[1]),"
        " (SELECT attname FROM pg_attribute WHERE attrelid = k.confrelid AND attnum = k.confkey[1])"
        " FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class f ON f.oid = k.confrelid"
        " WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace"
    )
    tenants = {t.name for t in tenant_tables()}
    for name, table, parent, validated, near, far in rows(as_app, query):
        assert validated, f"{name} was never checked on the rows already there"
        if table in tenants and parent in tenants:
            assert (near, far) == ("tenant_id", "tenant_id"), f"{name} accepts another tenant's parent"
        elif table in tenants:
            assert parent in REFERENCE, f"{name} points outside the tenant"
        else:
            assert parent not in tenants, f"{name} points into a tenant from outside"


def test_a_tenant_is_the_same_type_everywhere_and_always_there(as_app: Connection) -> None:
    query = (
        "SELECT DISTINCT atttypid::regtype::text, attnotnull FROM pg_attribute a"
        " JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r'"
        " WHERE attname = 'tenant_id' AND c.relnamespace = 'public'::regnamespace"
    )
    assert rows(as_app, query) == [("uuid", True)]


@pytest.mark.parametrize("what", catalogue.ABSENT)
def test_the_schema_has_none_of_what_forgets_the_tenant(as_app: Connection, what: str) -> None:
    assert rows(as_app, catalogue.ABSENT[what]) == [], what


def test_the_only_triggers_are_those_of_the_two_chains(as_app: Connection) -> None:
    query = "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1"
    assert rows(as_app, query) == [("decision_event", "decision_chain"), ("journal", "journal_chain")]


def test_every_definer_function_is_narrow(as_app: Connection) -> None:
    """Owned by a role that cannot sign in nor bypass, with its search path pinned, in our own schemas."""
    query = (
        "SELECT p.oid::regprocedure::text, n.nspname, r.rolname,"
        " r.rolsuper OR r.rolbypassrls OR r.rolcanlogin, p.proconfig"
        " FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        " JOIN pg_roles r ON r.oid = p.proowner WHERE p.prosecdef AND n.nspname !~ '^pg_|^information_schema'"
    )
    found = rows(as_app, query)
    assert found
    for function, schema, owner, strong, settings in found:
        assert not strong, f"{function} runs with the rights of {owner}"
        known = {("auth", "mspaudit_auth"), ("tenancy", OWNER), ("tenancy", "mspaudit_scribe")}
        assert (schema, owner) in known, function
        assert "search_path=pg_catalog" in settings, f"{function} can be given another search path"


def test_the_functions_of_sign_in_are_for_the_application_alone(superuser: Connection) -> None:
    query = (
        "SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.pronamespace = 'auth'::regnamespace"
        " AND p.prosecdef AND has_function_privilege(%s, p.oid, 'EXECUTE')"
    )
    assert rows(superuser, query, "mspaudit_app")
    for other in ("mspaudit_dispatcher", "mspaudit_dump"):
        assert rows(superuser, query, other) == [], other


def test_the_application_has_the_declared_rights_and_no_other(as_app: Connection) -> None:
    catalogue.rights_are_those_declared(as_app)


@pytest.mark.parametrize("table", ["tenancy.signing_key", "journal_head", "link_request", "pin_reset"])
@pytest.mark.parametrize("right", catalogue.RIGHTS)
def test_some_tables_are_out_of_the_applications_reach(as_app: Connection, table: str, right: str) -> None:
    assert not catalogue.may(as_app, table, right)


def test_the_application_creates_nothing(as_app: Connection) -> None:
    schemas = "SELECT nspname FROM pg_namespace WHERE has_schema_privilege(oid, 'CREATE')"
    assert rows(as_app, schemas) == []
    for right in ("CREATE", "TEMPORARY"):
        assert rows(as_app, "SELECT has_database_privilege(current_database(), %s)", right) == [(False,)]


def test_the_dispatcher_reads_only_what_tells_it_that_work_is_due(superuser: Connection) -> None:
    query = (
        "SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
        " WHERE c.relkind = 'r' AND c.relnamespace IN ('public'::regnamespace, 'tenancy'::regnamespace)"
        " AND a.attnum > 0 AND has_column_privilege('mspaudit_dispatcher', c.oid, a.attnum, 'SELECT')"
    )
    found: dict[str, set[str]] = {}
    for table, column in rows(superuser, query):
        found.setdefault(table, set()).add(column)
    own = {"period", "heartbeat"}
    assert {t: c for t, c in found.items() if t not in own} == catalogue.DISPATCHER
    for table in visibility():
        for right in ("INSERT", "UPDATE", "DELETE", "TRUNCATE"):
            granted = catalogue.may(superuser, table, right, "mspaudit_dispatcher")
            assert granted == (table == "period" and right in ("INSERT", "UPDATE")), f"{right} on {table}"


@pytest.mark.parametrize("role", ["migrator", "dump"])
def test_the_dump_only_reads(superuser: Connection, role: str) -> None:
    query = "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = %s"
    assert rows(superuser, query, f"mspaudit_{role}") == [(False, True)]
    if role == "dump":
        for table in visibility():
            for right in ("INSERT", "UPDATE", "DELETE", "TRUNCATE"):
                assert not catalogue.may(superuser, table, right, "mspaudit_dump")


@pytest.mark.parametrize("role", ["owner", "auth", "scribe"])
def test_the_roles_that_own_cannot_sign_in(superuser: Connection, role: str) -> None:
    query = "SELECT rolsuper, rolbypassrls, rolcanlogin FROM pg_roles WHERE rolname = %s"
    assert rows(superuser, query, f"mspaudit_{role}") == [(False, False, False)]


def test_a_forced_owner_sees_no_tenant_either(superuser: Connection) -> None:
    superuser.execute("SET LOCAL ROLE mspaudit_owner")
    for table in secured():
        assert rows(superuser, f"SELECT * FROM {table.name} LIMIT 1") == [], table.name
