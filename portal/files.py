"""Folders and files that only their owner may read, written whole or not at all."""

from __future__ import annotations

import fcntl
import os
import tempfile
from pathlib import Path
from typing import BinaryIO

from culturape_portal.errors import PortalError

LOG_LIMIT = 10 * 1024 * 1024


class FolderInUseError(PortalError):
    """Another run holds this folder."""


def private_folder(folder: Path) -> Path:
    """The folder, made if it was not there, and closed to others."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(13, "Permission denied")
    except OSError as error:
        raise PortalError("data folder", f"{folder} cannot be written: {error.strerror}") from error
    return folder


def write_private(path: Path, text: str) -> None:
    """Write a file with mode 0600 in one step: a crash leaves the old file or the new one."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    Path(name).replace(path)


def lock_folder(folder: Path) -> BinaryIO:
    """Take this folder for ourselves until the file is closed or the process ends."""
    lock = os.fdopen(os.open(folder / ".lock", os.O_WRONLY | os.O_CREAT, 0o600), "ab")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise FolderInUseError("data folder", f"{folder} is in use by another run") from error
    return lock


def open_log(log: Path) -> BinaryIO:
    """The log, opened to append; a big one is put aside first (one older copy is kept)."""
    private_folder(log.parent)
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_suffix(".old.log"))
    return os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")
