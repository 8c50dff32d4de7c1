"""Folders for services of tests."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def room() -> Iterator[Path]:
    """A folder that goes at the end, for services that live as long as others' tests begin.

    Not one of pytest's, which closes the folder above them to others each time that it starts: where PostgreSQL runs as another user, it
    stops at its next checkpoint, and pages fail until it is back.
    """
    with tempfile.TemporaryDirectory(prefix="culturape-tests-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)
