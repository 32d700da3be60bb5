"""The addresses of the test's own servers."""

from dataclasses import dataclass

from mspaudit.embedded.postgres import EmbeddedPostgres
from mspaudit.embedded.valkey import EmbeddedValkey
from mspaudit.tenancy.database import Passwords


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
