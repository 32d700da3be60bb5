"""Alembic, driven from code: upgrade, downgrade, and what is pending."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from mspaudit.tenancy.database import MIGRATIONS


def config(migrator_url: str) -> Config:
    """The Alembic configuration for the database at ``migrator_url``."""
    found = Config()
    found.set_main_option("script_location", str(MIGRATIONS))
    found.attributes["url"] = migrator_url
    return found


def upgrade(migrator_url: str, revision: str = "head") -> None:
    """Bring the schema to ``revision``."""
    command.upgrade(config(migrator_url), revision)


def downgrade(migrator_url: str, revision: str) -> None:
    """Bring the schema back to ``revision``."""
    command.downgrade(config(migrator_url), revision)


def pending(url: str) -> list[str]:
    """The revisions that the database at ``url`` has not seen yet, the oldest first."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        heads = MigrationContext.configure(connection).get_current_heads()
    script = ScriptDirectory(str(MIGRATIONS))
    applied = {r.revision for head in heads for r in script.iterate_revisions(head, "base")}
    return [r.revision for r in reversed(list(script.walk_revisions())) if r.revision not in applied]
