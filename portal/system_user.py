"""The system user that runs PostgreSQL when we are root, for PostgreSQL refuses root."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import subprocess
from typing import TYPE_CHECKING, Any

from culturape_portal.errors import PortalError
from culturape_portal.files import open_log

if TYPE_CHECKING:
    from pathlib import Path

SYSTEM_USER = "embedded_postgres"


def system_user() -> str | None:
    """The system user, made if missing; None, that is ourselves, unless we are root."""
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        _add_user()
    return SYSTEM_USER


def as_user(user: str | None) -> dict[str, Any]:
    """What `subprocess` needs to run a program as this user, without our groups."""
    return {"user": user, "group": user, "extra_groups": []} if user else {}


def give(path: Path) -> None:
    """Make the system user the owner, when we are root."""
    user = system_user()
    if user:
        shutil.chown(path, user, user)


def open_the_way(target: Path, log: Path) -> None:
    """Let the system user pass through the folders that lead to `target` (pass through, not look in)."""
    if system_user() is None:
        return
    for parent in target.resolve().parents:
        mode = stat.S_IMODE(parent.stat().st_mode)
        if not mode & stat.S_IXOTH:
            parent.chmod(mode | stat.S_IXOTH)
            with open_log(log) as file:
                file.write(f"culturape-portal: others may now pass through {parent}\n".encode())


def _add_user() -> None:
    command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise PortalError(
            "PostgreSQL",
            f"it does not run as root, and a system user for it could not be made: {error}. Run "
            "the portal as an ordinary user.",
        ) from error
