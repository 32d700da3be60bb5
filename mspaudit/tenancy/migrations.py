"""Alembic, driven from code: upgrade, downgrade, and what is pending."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

PACKAGE = Path(__file__).resolve().parent.parent
# In a checkout the migrations stand beside the package; in a wheel they are shipped inside it.
FOLDER = next(p for p in (PACKAGE.parent / "migrations", PACKAGE / "_migrations") if (p / "env.py").exists())


def config(migrator_url: str) -> Config:
    """The Alembic configuration for the database at ``migrator_url``."""
    found = Config()
    found.set_main_option("script_location", str(FOLDER))
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
    script = ScriptDirectory(str(FOLDER))
    applied = {r.revision for head in heads for r in script.iterate_revisions(head, "base")}
    return [r.revision for r in reversed(list(script.walk_revisions())) if r.revision not in applied]
