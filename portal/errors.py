"""The one error that people see: which component failed, why, and where its log is."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class PortalError(Exception):
    """A step of the portal failed; the text is written for the person who typed the command."""

    def __init__(self, component: str, why: str, log: Path | None = None) -> None:
        self.component, self.why, self.log = component, why, log
        super().__init__(f"{component}: {why}" + (f"\nIts log: {log}" if log else ""))
