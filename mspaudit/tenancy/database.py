"""Roles, the database and its signing key: what exists before the first migration runs.

Seven roles, so that no single stolen password is worth the whole: ``owner`` (cannot sign in),
``migrator`` (deployments only), ``app`` (owns nothing), ``dispatcher`` (sees which tenant has
work due, never what), ``auth`` (owns the functions of sign-in),
``scribe`` (chains the journal), ``dump`` (reads for backups).
"""

from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from mspaudit.tenancy.context import pads

PACKAGE = Path(__file__).resolve().parent.parent
# In a checkout the migrations stand beside the package; in a wheel they are shipped inside it.
MIGRATIONS = next(
    p for p in (PACKAGE.parent / "migrations", PACKAGE / "_migrations") if (p / "env.py").exists()
)
LOGIN_ROLES = ("migrator", "app", "dispatcher", "dump")
NOLOGIN_ROLES = ("owner", "auth", "scribe")
BYPASS = ("migrator", "dump")


@dataclass(frozen=True)
class Passwords:
    """The passwords of the four roles that sign in."""

    migrator: str
    app: str
    dispatcher: str
    dump: str


def role(name: str) -> str:
    """The cluster-wide name of one of our roles."""
    return f"mspaudit_{name}"


def create_roles(superuser_dsn: str, passwords: Passwords) -> None:
    """Create the seven roles, or give them these passwords again. Needs a superuser's address."""
    with psycopg.connect(superuser_dsn, autocommit=True) as connection:
        present = {r[0] for r in connection.execute("SELECT rolname FROM pg_roles")}
        for name in NOLOGIN_ROLES:
            if role(name) not in present:
                connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(role(name))))
        for name in LOGIN_ROLES:
            verb = "ALTER" if role(name) in present else "CREATE"
            connection.execute(
                sql.SQL(verb + " ROLE {} LOGIN {} PASSWORD {}").format(
                    sql.Identifier(role(name)),
                    sql.SQL("BYPASSRLS" if name in BYPASS else "NOBYPASSRLS"),
                    sql.Literal(getattr(passwords, name)),
                )
            )
        for name in NOLOGIN_ROLES:
            connection.execute(
                sql.SQL("GRANT {} TO {}").format(sql.Identifier(role(name)), sql.Identifier(role("migrator")))
            )


def create_database(superuser_dsn: str, name: str) -> bool:
    """Create database ``name`` for the migrator to fill; False when it exists already."""
    with psycopg.connect(superuser_dsn, autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if found:
            return False
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(role("owner")))
        )
    with psycopg.connect(superuser_dsn, dbname=name, autocommit=True) as connection:
        connection.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(sql.Identifier(role("owner"))))
        connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
        for each in LOGIN_ROLES:
            connection.execute(
                sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(
                    sql.Identifier(name), sql.Identifier(role(each))
                )
            )
            connection.execute(
                sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(sql.Identifier(role(each)))
            )
        for each in ("auth", "scribe"):
            connection.execute(
                sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(sql.Identifier(role(each)))
            )
    return True


def install_key(migrator_dsn: str, key: bytes) -> None:
    """Let PostgreSQL verify contexts signed with ``key``, the previous one's included for a rotation."""
    inner, outer = pads(key)
    with psycopg.connect(migrator_dsn) as connection:
        known = connection.execute(
            "SELECT 1 FROM tenancy.signing_key WHERE inner_pad = %s", [inner]
        ).fetchone()
        if known:
            return
        connection.execute(
            "INSERT INTO tenancy.signing_key (id, inner_pad, outer_pad)"
            " SELECT coalesce(max(id), 0) + 1, %s, %s FROM tenancy.signing_key",
            [inner, outer],
        )
        connection.execute(
            "DELETE FROM tenancy.signing_key WHERE id < (SELECT max(id) - 1 FROM tenancy.signing_key)"
        )
