"""Run migrations as the migrator, under an advisory lock, and hand what they create to the owner."""

from alembic import context
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from mspaudit.extensions import Base
from mspaudit.features import load_models

LOCK = 0x6D737061

load_models()
config = context.config


def run() -> None:
    """Upgrade or downgrade in one transaction; a second deployment waits its turn."""
    engine = create_engine(config.attributes["url"], poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": LOCK})
        connection.execute(text("SET lock_timeout = '5s'"))
        connection.commit()
        context.configure(connection=connection, target_metadata=Base.metadata, compare_type=True)
        with context.begin_transaction():
            context.run_migrations()
            connection.execute(text("REASSIGN OWNED BY mspaudit_migrator TO mspaudit_owner"))
            connection.execute(text("ALTER TABLE alembic_version OWNER TO mspaudit_owner"))
            connection.execute(text("GRANT SELECT ON alembic_version TO mspaudit_app"))


run()
