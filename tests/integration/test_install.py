"""Installed into an existing CKAN: nothing is lost, all stays editable, and one can leave again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import ckan.lib.search as search
import ckan.plugins as p
import ckan.plugins.toolkit as tk
import ckan.tests.factories as factories
import ckan.tests.helpers as helpers
import pytest

OURS = "culturape culturape_dcat scheming_datasets scheming_organizations dcat activity"
SCHEMING = ("scheming.dataset_schemas", "scheming.organization_schemas", "scheming.presets")
FULL = {
    "scheming.dataset_schemas": "ckanext.dcat.schemas:dcat_ap_full.yaml",
    "scheming.presets": "ckanext.scheming:presets.json ckanext.dcat.schemas:presets.yaml",
}

#: What CKAN itself writes anew.
VOLATILE = {"metadata_modified", "mimetype"}

#: Values that mean a concept of ours are written as that concept once the record is edited.
REWRITTEN = {"frequency"}

Install = Callable[..., None]


@pytest.fixture
def install(with_plugins: None, clean_db: None, clean_index: None) -> Iterator[Install]:
    """Runs CKAN with other plugins and settings, as an operator who edits ckan.ini, restarts and rebuilds the index."""
    before = {key: tk.config.get(key) for key in ("ckan.plugins", *SCHEMING)}

    def run(plugins: str, **settings: str) -> None:
        p.unload_all()
        for key in SCHEMING:
            tk.config.pop(key, None)
        tk.config.update({"ckan.plugins": plugins.split(), **settings})
        p.load_all()
        search.rebuild()

    yield run
    p.unload_all()
    tk.config.update(before)


@pytest.fixture
def admin(install: Install) -> dict[str, Any]:
    install("activity")
    return factories.Sysadmin()


def act(action: str, admin: dict[str, Any], **data: Any) -> Any:
    return helpers.call_action(action, {"user": admin["name"], "ignore_auth": False}, **data)


STOCK = {
    "name": "viejo", "title": "Un título de antes", "notes": "Notas de antes", "tags": [{"name": "tag uno"}], "license_id": "cc-by", "url": "página de antes",
    "extras": [{"key": "codigo", "value": "X-1"}, {"key": "frequency", "value": "cada luna llena"}],
    "resources": [{"name": "tabla", "url": "https://x.pe/a.csv", "format": "CSV", "campo_propio": "algo", "language": "klingon"}],
}  # fmt: skip
DCAT = {
    "name": "dcat", "title": "Con todo", "notes": "Notas", "identifier": "id-1", "language": ["http://publications.europa.eu/resource/authority/language/SPA", "xx-raro"],
    "theme": ["http://publications.europa.eu/resource/authority/data-theme/EDUC"], "issued": "2020-01-01", "frequency": "http://publications.europa.eu/resource/authority/frequency/ANNUAL",
    "contact": [{"name": "Mesa", "email": "mesa@x.pe", "uri": "https://x.pe/mesa", "identifier": "m-1"}],
    "spatial_coverage": [{"uri": "https://x.pe/lugar", "text": "Cusco"}], "temporal_coverage": [{"start": "2017-01-01", "end": "2018-01-01"}],
    "resources": [{"name": "tabla", "url": "https://x.pe/b.csv", "rights": "De todos", "access_services": [{"title": "API", "endpoint_url": ["https://x.pe/api"]}]}],
}  # fmt: skip


def flat(dataset: dict[str, Any]) -> dict[str, Any]:
    """All that a dataset says, wherever a schema puts it."""
    found = {
        key: value
        for key, value in dataset.items()
        if key not in {"extras", "metadata_modified", "organization"}
    }
    return {**found, **{extra["key"]: extra["value"] for extra in dataset.get("extras", [])}}


def lost(before: dict[str, Any], after: dict[str, Any], changed: set[str]) -> dict[str, Any]:
    after = flat(after)
    kept = {
        key: value
        for key, value in flat(before).items()
        if value not in (None, "", [], {}) and key not in changed
    }
    return {
        key: (value, after.get(key)) for key, value in kept.items() if not same(key, value, after.get(key))
    }


def plain(value: Any) -> Any:
    """A value without the difference between a list and the JSON text in which schemas store it."""
    if isinstance(value, str) and value[:1] in {"[", "{"}:
        return plain(json.loads(value))
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else str(value)


def same(key: str, old: Any, new: Any) -> bool:
    if key == "resources":
        return [
            (k, o[k])
            for o, n in zip(old, new, strict=True)
            for k in o
            if plain(o[k]) != plain(n.get(k)) and k not in VOLATILE
        ] == []
    return plain(old) == plain(new)


def test_existing_datasets_are_kept_through_install_edit_and_uninstall(install, admin, app):
    organization = act("organization_create", admin, name="casa", title="Casa")
    stock = act("package_create", admin, owner_org=organization["id"], **STOCK)
    install("dcat scheming_datasets activity", **FULL)
    full = act("package_create", admin, owner_org=organization["id"], **DCAT)

    install(OURS)
    for dataset in (stock, full):
        shown = act("package_show", admin, id=dataset["id"])
        assert lost(dataset, shown, set()) == {}
        patched = act("package_patch", admin, id=dataset["id"], version="2")
        assert (
            lost(dataset, patched, {"version", "tags", "title_translated", "notes_translated", *REWRITTEN})
            == {}
        )
        act("resource_patch", admin, id=dataset["resources"][0]["id"], description="Nueva")
        assert helpers.call_action("package_show", id=dataset["id"])["resources"][0]["description"] == "Nueva"
        with pytest.raises(tk.ValidationError):
            act("package_patch", admin, id=dataset["id"], title_translated={}, title="")
        act("package_patch", admin, id=dataset["id"], title="Otro título")
        assert (
            helpers.call_action("package_show", id=dataset["id"])["title_translated"]["es"] == "Otro título"
        )
    assert helpers.call_action("package_show", id="viejo")["frequency"] == "cada luna llena"
    assert helpers.call_action("package_show", id="dcat")["frequency"] == "ANNUAL"
    assert act("organization_patch", admin, id=organization["id"], description="Nueva")["title"] == "Casa"

    install("dcat scheming_datasets activity", **FULL)
    again = act("package_show", admin, id=full["id"])
    assert lost(full, again, {"title", "version", "resources", *REWRITTEN}) == {}
    install("activity")
    again = act("package_show", admin, id=stock["id"])
    assert lost(stock, again, {"title", "version", "resources"}) == {}
    assert act("package_patch", admin, id=stock["id"], title="Sin culturape")["title"] == "Sin culturape"


def test_the_check_lists_what_is_to_be_completed_and_changes_nothing(install, admin):
    act("package_create", admin, owner_org=act("organization_create", admin, name="casa")["id"], **STOCK)
    install(OURS)
    from ckanext.culturape.logic.upkeep import incomplete, migrate

    before = act("package_show", admin, id="viejo")
    rows = [(row.field, row.reason) for row in incomplete()]
    assert "cultural_right" in [field for field, _ in rows]
    assert any(field == "frequency" and "cada luna llena" in reason for field, reason in rows)
    assert act("package_show", admin, id="viejo") == before
    assert [row.dataset for row in migrate(write=False)] == ["viejo"]
    assert act("package_show", admin, id="viejo") == before
    list(migrate(write=True))
    assert act("package_show", admin, id="viejo")["title_translated"] == {"es": "Un título de antes"}
    assert list(migrate(write=True)) == []


def test_a_wrong_order_of_plugins_is_said(install, admin):
    from ckanext.culturape.errors import ConfigurationFault

    with pytest.raises(ConfigurationFault, match="after all culturape"):
        install("scheming_datasets scheming_organizations culturape")
    with pytest.raises(ConfigurationFault, match="scheming_organizations"):
        install("culturape scheming_datasets")
    install("activity")
