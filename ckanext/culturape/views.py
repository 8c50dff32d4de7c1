"""Our pages."""

from __future__ import annotations

from flask import Blueprint


def blueprints() -> list[Blueprint]:
    """By the order in which their addresses are tried."""
    return []
