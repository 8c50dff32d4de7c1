"""Folders for services of tests."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def make_room() -> Path:
    """A folder for services that live as long as others' tests begin; whoever asks for it removes it.

    Not one of pytest's, which closes the folder above them to others each time that it starts: where PostgreSQL runs as another user, it
    stops at its next checkpoint, and pages fail until it is back.
    """
    folder = Path(tempfile.mkdtemp(prefix="culturape-tests-"))
    folder.chmod(0o755)
    return folder


@contextmanager
def room() -> Iterator[Path]:
    """Such a folder, which goes at the end."""
    folder = make_room()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
