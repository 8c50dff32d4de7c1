"""CKAN starts anew for each test; here it does so in half of the time, with the same result. Nothing of ours is touched."""

from __future__ import annotations

import functools
import importlib.metadata
import inspect
import sys
from typing import Any

import ckan.plugins.core
import yaml


def quicken() -> None:
    """Read YAML with the parser in C, look up callers without the modules of all frames, and look for entry points once."""
    yaml.safe_load = functools.partial(yaml.load, Loader=yaml.CSafeLoader)  # type: ignore[assignment]
    inspect.stack = _stack  # type: ignore[assignment]
    found = functools.lru_cache(maxsize=None)(importlib.metadata.entry_points)
    for module in (importlib.metadata, ckan.plugins.core):
        if hasattr(module, "entry_points"):
            module.entry_points = found  # type: ignore[assignment]


def _stack(context: int = 0) -> list[inspect.FrameInfo]:
    """The frames of the caller and its callers, as ``inspect.stack`` gives them, without their source."""
    del context
    found: list[inspect.FrameInfo] = []
    frame: Any = sys._getframe(1)
    while frame:
        code = frame.f_code
        found.append(inspect.FrameInfo(frame, code.co_filename, frame.f_lineno, code.co_name, None, None))
        frame = frame.f_back
    return found
