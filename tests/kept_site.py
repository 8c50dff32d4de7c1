"""One CKAN for all tests that ask for the same plugins and settings: it starts once, and anew only when a test asks for others.

CKAN's own fixtures load all plugins and build the application for each test, which takes longer than most tests. What a test may change is put
back all the same: settings before each test by pytest-ckan, database and index by ``clean``.
"""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass
from typing import Any

import ckan.plugins.core as core
from ckan.common import config
from ckan.tests.helpers import CKANTestApp, _get_test_app


@dataclass
class Site:
    """A started CKAN: the settings that it was asked for, those it made of them, its plugins, and the application once there is one."""

    asked: str
    settings: dict[str, Any]
    plugins: dict[str, Any]
    app: Any = None

    def holds(self) -> bool:
        """Whether these very plugins are still the ones that CKAN calls."""
        return list(self.plugins) == core._PLUGINS and all(
            core._PLUGINS_SERVICE.get(name) is plugin for name, plugin in self.plugins.items()
        )


_kept: Site | None = None


def enter() -> None:
    """Have the plugins loaded that the settings name, with what they make of the settings."""
    global _kept
    asked = _fingerprint()
    if _kept and _kept.asked == asked and _kept.holds():
        config.update(copy.deepcopy(_kept.settings))
        return
    core.load_all()
    _kept = Site(asked, copy.deepcopy(dict(config)), dict(core._PLUGINS_SERVICE))


def leave() -> None:
    """Unload all plugins, for a test that wants none."""
    global _kept
    if _kept:
        core.unload_all()
        _kept = None


def application() -> CKANTestApp:
    """The application of the kept site, with a client of its own; another one when the settings are no longer those of the site."""
    global _kept
    config["testing"] = True
    if not _kept or not _kept.holds() or _fingerprint() != _fingerprint(_kept.settings):
        _kept = None
        return _get_test_app()
    if not _kept.app:
        asked = _kept.asked
        made = _get_test_app().app
        _kept = Site(asked, copy.deepcopy(dict(config)), dict(core._PLUGINS_SERVICE), made)
    return CKANTestApp(_kept.app)


def _fingerprint(settings: dict[str, Any] | None = None) -> str:
    found = dict(config) if settings is None else settings
    told = {key: value for key, value in found.items() if key != "testing"}
    # What is no plain value is told by its kind: a copy of it has another address.
    return json.dumps(told, sort_keys=True, default=lambda value: type(value).__name__)
