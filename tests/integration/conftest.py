"""What the integration tests share: an organisation, its people, and a dataset that is complete."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import ckan.plugins.toolkit as tk
import ckan.tests.factories as factories
import ckan.tests.helpers as helpers
import pytest
from acts import first_act, own_source, second_act, site
from sources import Catalogue, serve

__all__ = ["first_act", "own_source", "second_act", "site"]

COMPLETE: dict[str, Any] = {
    "title_translated": {"es": "Préstamos de la biblioteca pública", "en": "Loans of the public library"},
    "notes_translated": {"es": "Préstamos a domicilio por mes."},
    "sector": ["bibliotecas"],
    "cultural_right": ["informacion"],
    "language": ["es"],
    "territory": ["1501"],
    "sensitivity": ["ninguna"],
    "access_level": "abierto",
    "license_id": "CC-BY-4.0",
    "frequency": "ANNUAL",
}


@pytest.fixture
def organization(clean: None) -> dict[str, Any]:
    """An organisation of our type."""
    return helpers.call_action(
        "organization_create",
        {"ignore_auth": True, "user": factories.Sysadmin()["name"]},
        name="biblioteca",
        title_translated={"es": "Biblioteca de prueba"},
        institution_type="biblioteca",
    )


@pytest.fixture
def editor(organization: dict[str, Any]) -> dict[str, Any]:
    """An editor of that organisation."""
    user = factories.UserWithToken()
    helpers.call_action(
        "organization_member_create", id=organization["id"], username=user["name"], role="editor"
    )
    return user


@pytest.fixture
def make_dataset(organization: dict[str, Any], editor: dict[str, Any]) -> Callable[..., dict[str, Any]]:
    """Creates a complete dataset as the editor; what is given replaces or, as ``None``, removes fields."""

    def make(**changes: Any) -> dict[str, Any]:
        data = {**COMPLETE, "owner_org": organization["id"], **changes}
        data = {key: value for key, value in data.items() if value is not None}
        context = {"user": editor["name"], "ignore_auth": False}
        return helpers.call_action("package_create", context, **data)

    return make


@pytest.fixture
def catalogue(monkeypatch: pytest.MonkeyPatch) -> Iterator[Catalogue]:
    """Twelve datasets on three pages, which the operator allows to be fetched from inside the house."""
    with serve(Catalogue({n: f"Museo {n}" for n in range(1, 13)})) as served:
        monkeypatch.setitem(tk.config, "ckanext.culturape.allowed_sources", [f"{served.base}/"])
        yield served


@pytest.fixture
def make_source(organization: dict[str, Any]) -> Callable[..., str]:
    """Makes a source; its id."""

    def make(address: str, name: str = "fuente", config: str = "", **more: Any) -> str:
        data = {
            "title": name,
            "name": name,
            "url": address,
            "source_type": "culturape_dcat",
            "config": config,
        }
        context = {"user": factories.Sysadmin()["name"], "ignore_auth": True}
        return helpers.call_action(
            "harvest_source_create", context, **data, owner_org=organization["id"], **more
        )["id"]

    return make
