"""Runs the migrations of ``culturape_agenda``; CKAN calls it through ``ckan db upgrade -p culturape_agenda``."""

from __future__ import annotations

from pathlib import Path

from alembic import context
from sqlalchemy import engine_from_config, pool

#: CKAN gives the migrations of each plugin a table of their own.
VERSION_TABLE = f"{Path(__file__).parent.name}_alembic_version"


def run() -> None:
    """Bring the tables to the revision that was asked for."""
    settings = context.config.get_section(context.config.config_ini_section) or {}
    engine = engine_from_config(settings, prefix="sqlalchemy.", poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, version_table=VERSION_TABLE)
        with context.begin_transaction():
            context.run_migrations()


run()
