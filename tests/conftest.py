"""Brings up PostgreSQL, Valkey and Solr for the tests that use CKAN, and takes them down at the end."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"
NEEDS_NOTHING = ("tests/unit", "tests/contract")

OUR_TABLES = (
    "culturape_dcat_fragment", "culturape_dcat_change", "culturape_dcat_validation", "culturape_harvest_dataset",
    "culturape_agenda_link", "culturape_agenda_status", "culturape_agenda_sender", "culturape_agenda_evaluation", "culturape_agenda_version",
    "culturape_harvest_fault", "culturape_harvest_page", "culturape_harvest_residue", "culturape_harvest_run",
)  # fmt: skip

#: Of other plugins; they follow from CKAN's own rows or are emptied with them.
OTHER_TABLES = ("activity", "harvest_object")

#: The same examples in every run, so that a change is judged by what it changes; `CULTURAPE_EXAMPLES=2000 make unit`
#: looks for new ones.
EXAMPLES = int(os.environ.get("CULTURAPE_EXAMPLES", "0"))
settings.register_profile(
    "culturape",
    max_examples=EXAMPLES or 100,
    derandomize=not EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
settings.load_profile("culturape")


def _uses_ckan(config: pytest.Config) -> bool:
    arguments = [str(argument) for argument in config.args]
    return config.pluginmanager.hasplugin("ckan") and not all(
        any(folder in argument for folder in NEEDS_NOTHING) for argument in arguments
    )


def pytest_configure(config: pytest.Config) -> None:
    """CKAN reads its settings when the session starts, so the services must run before."""
    if not _uses_ckan(config):
        for name in ("ckan", "ckan_fixtures"):
            if config.pluginmanager.hasplugin(name):
                config.pluginmanager.unregister(name=name)
        return
    from quick_start import quicken
    from rooms import make_room

    from culturape_portal.services import start_services

    quicken()
    folder = make_room()
    services = start_services(folder, schema=os.environ.get("CULTURAPE_TEST_SOLR", "portal"))
    os.environ.update(services.environment())
    os.environ["CKAN_STORAGE_PATH"] = str(folder / "storage")
    config.option.ckan_ini = str(ROOT / "test.ini")
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    config.add_cleanup(services.stop)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say so when the official shapes are not there."""
    skip = pytest.mark.skip(reason=f"the official shapes are not at {SHARED}")
    for item in items:
        if item.get_closest_marker("shared") and not SHARED.is_dir():
            item.add_marker(skip)


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of official shapes, vocabularies and catalogues by others."""
    return SHARED


@pytest.fixture
def vocabulary() -> Any:
    """All schemes with the pack of Peru."""
    from ckanext.culturape.vocab.pack import load_vocabulary

    return load_vocabulary()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test that asks for no plugins gets none."""
    if _uses_ckan(item.config) and "with_plugins" not in getattr(item, "fixturenames", ()):
        import kept_site

        kept_site.leave()


@pytest.fixture
def with_plugins(ckan_config: Any) -> None:
    """The plugins that the settings name, loaded; CKAN stays started for the next test that asks for the same."""
    import kept_site

    kept_site.enter()


@pytest.fixture
def make_app(ckan_config: Any) -> Callable[[], Any]:
    """Makes the application, or gives the one that stands with the same settings."""
    import kept_site
    from ckan.lib.app_globals import _CONFIG_CACHE

    _CONFIG_CACHE.clear()
    return kept_site.application


@pytest.fixture
def clean_db(reset_db: Callable[[], None], migrate_db_for: Callable[[str], None]) -> None:
    """An empty database, with the tables of plugins as they want them."""
    reset_db()
    import ckan.plugins as p
    from ckan import model
    from sqlalchemy import inspect, text

    # Migrations of five plugins take longer than most tests, and find nothing to do in all but the first.
    if not {*OUR_TABLES, *OTHER_TABLES} <= set(inspect(model.ensure_engine()).get_table_names()):
        for plugin in ("activity", "culturape_dcat", "harvest", "culturape_harvest", "culturape_agenda"):
            if p.plugin_loaded(plugin):
                migrate_db_for(plugin)
    # CKAN empties its own tables only.
    with model.ensure_engine().begin() as connection:
        for table in OUR_TABLES:
            connection.execute(text(f"DELETE FROM {table}"))


@pytest.fixture
def clean(with_plugins: None, clean_db: None, clean_index: None) -> None:
    """An empty portal with our plugins: database and index."""
