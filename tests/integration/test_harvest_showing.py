"""The record that a harvest gives to the index is the one that CKAN would give."""

from __future__ import annotations

import json
from typing import Any

import ckan.tests.factories as factories
import ckan.tests.helpers as helpers
import pytest
from agendas import Make
from ckan import logic

from ckanext.culturape.harvest import showing

pytestmark = [
    pytest.mark.usefixtures("clean"),
    pytest.mark.skipif(
        not hasattr(logic, "package_show_default_and_custom_schemas"),
        reason="CKAN 2.11 wants one record for the index",
    ),
]

FILES = [
    {"url": "https://x.pe/a.csv", "name": "Tabla", "format": "CSV", "otra_clave": "se queda"},
    {"url": "https://x.pe/b", "description_translated": {"es": "Página", "en": "Page"}},
]
RICH: dict[str, Any] = {
    "resources": FILES, "contact": [{"name": "Oficina", "email": "a@b.pe"}], "tags_translated": {"es": ["uno", "dos palabras", "año/ñ"]},
    "extras": [{"key": "de_otros", "value": "x"}, {"key": "spatial", "value": "{}"}], "version": "2", "url": "https://x.pe", "maintainer": "M",
    "temporal_coverage": [{"start": "2020"}],
}  # fmt: skip


def as_json(record: Any) -> Any:
    return json.loads(json.dumps(record, default=str))


def test_both_records_are_those_of_ckan(make_dataset: Make, editor: dict[str, Any]) -> None:
    sysadmin = {"user": factories.Sysadmin()["name"]}
    other = make_dataset(name="otro")
    group = helpers.call_action("group_create", dict(sysadmin), name="grupo", title="Grupo")
    records = [
        make_dataset(name="suelto", **RICH),
        make_dataset(name="rico", **RICH),
        make_dataset(name="privado", private=True),
        other,
    ]
    helpers.call_action("member_create", dict(sysadmin), id=group["id"], object=records[1]["id"], object_type="package", capacity="public")  # fmt: skip
    helpers.call_action("package_relationship_create", dict(sysadmin), subject="rico", object="otro", type="depends_on")  # fmt: skip
    helpers.call_action("package_delete", dict(sysadmin), id="privado")
    for record in records:
        context = {"ignore_auth": True, "use_cache": False}
        expected = logic.package_show_default_and_custom_schemas(context, record["id"])
        with showing.remembered(record["id"]):
            found = showing.show(record["id"])
        for one, other in zip(as_json(found), as_json(expected), strict=True):
            for key in {*one, *other}:
                assert one.get(key, "absent") == other.get(key, "absent"), (record["name"], key)
    assert as_json(found)[0]["relationships_as_object"]
