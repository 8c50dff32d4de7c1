"""Roles and databases inside a PostgreSQL cluster, and whether it answers."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from culturape_portal.errors import PortalError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import psycopg2.extensions


@dataclass(frozen=True)
class Database:
    """A database with its owner."""

    name: str
    owner: str


def ensure_databases(url: str, passwords: Mapping[str, str], databases: Sequence[Database]) -> None:
    """Make the roles (name: password) and databases that are missing, and set the roles' passwords."""
    import psycopg2

    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            for role, password in passwords.items():
                _ensure_role(cursor, role, password)
            for database in databases:
                _ensure_database(cursor, database)
    finally:
        connection.close()


def answers(url: str) -> bool:
    """Whether the server takes connections; PortalError when it does not know our password."""
    import psycopg2

    try:
        psycopg2.connect(url, connect_timeout=2).close()
    except psycopg2.OperationalError as error:
        if "password authentication failed" in str(error):
            why = "it does not accept the password that this folder remembers"
            raise PortalError("PostgreSQL", why) from error
        return False
    return True


def new_password() -> str:
    """A random password that needs no quoting in an address."""
    return secrets.token_urlsafe(24)


def _ensure_role(cursor: psycopg2.extensions.cursor, role: str, password: str) -> None:
    from psycopg2 import sql

    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
    verb = "ALTER" if cursor.fetchone() else "CREATE"
    statement = sql.SQL(verb + " ROLE {} LOGIN PASSWORD {}")
    cursor.execute(statement.format(sql.Identifier(role), sql.Literal(password)))


def _ensure_database(cursor: psycopg2.extensions.cursor, database: Database) -> None:
    from psycopg2 import sql

    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database.name])
    if cursor.fetchone() is None:
        statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0")
        cursor.execute(statement.format(sql.Identifier(database.name), sql.Identifier(database.owner)))
