"""The test's own servers: real, started for the run, addressed by role."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mspaudit.config import Settings
from mspaudit.embedded.postgres import EmbeddedPostgres
from mspaudit.embedded.valkey import EmbeddedValkey
from mspaudit.tenancy import migrations
from mspaudit.tenancy.database import Passwords, create_database, create_roles, install_key


@dataclass(frozen=True)
class Servers:
    """Real servers, started for this run."""

    postgres: EmbeddedPostgres
    valkey: EmbeddedValkey
    passwords: Passwords

    def url(self, role: str, database: str = "mspaudit") -> str:
        """The SQLAlchemy address of ``database`` as one of our roles."""
        address = self.postgres.url(database).partition("@")[2]
        return f"postgresql+psycopg://mspaudit_{role}:{getattr(self.passwords, role)}@{address}"

    def dsn(self, role: str, database: str = "mspaudit") -> str:
        """The same for psycopg."""
        return self.url(role, database).replace("+psycopg", "")


@contextmanager
def started(folder: Path, key: str) -> Iterator[Servers]:
    """PostgreSQL with the schema at head and the context key installed, and Valkey."""
    postgres, valkey = EmbeddedPostgres(folder / "pg", durable=False), EmbeddedValkey(folder / "valkey")
    postgres.start()
    valkey.start()
    passwords = Passwords(migrator="m" * 32, app="a" * 32, dispatcher="d" * 32, dump="u" * 32)
    superuser = postgres.url().replace("+psycopg", "")
    create_roles(superuser, passwords)
    create_database(superuser, "mspaudit")
    found = Servers(postgres=postgres, valkey=valkey, passwords=passwords)
    migrations.upgrade(found.url("migrator"))
    install_key(found.dsn("migrator"), key.encode())
    yield found
    valkey.stop()
    postgres.stop()


def settings_of(servers: Servers, data: Path, key: str) -> Settings:
    """The settings of a tested application: the restricted database role, mail in a folder."""
    return Settings(
        data=data,
        database_url=servers.url("app"),
        dispatcher_url=servers.url("dispatcher"),
        migrator_url=servers.url("migrator"),
        redis_url=servers.valkey.url,
        secret_key="s" * 48,
        context_key=key,
        public_url="http://localhost",
    )
