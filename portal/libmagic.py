"""libmagic from the package ``pylibmagic``, for machines that have no such system library."""

from __future__ import annotations

from contextlib import suppress


def make_known() -> None:
    """Let ``import magic``, which CKAN does, find the library; to be called before CKAN is imported."""
    with suppress(ImportError):
        import pylibmagic  # noqa: F401
