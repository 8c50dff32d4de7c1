"""The rules of care hold through every door, and nothing is half saved."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import ckan.tests.factories as factories
import ckan.tests.helpers as helpers
import pytest

SENSITIVE = {
    "sensitivity": ["lugar-sagrado"], "access_level": "con-protocolo", "access_reason": "Decisión de la comunidad",
    "community_authority": "Comunidad", "territory": ["0801"],
}  # fmt: skip
UPLOAD = {"name": "x", "url": "https://x.pe/a.csv", "download_url": "https://x.pe/a.csv?d", "format": "CSV"}


def act(action: str, user: dict[str, Any], **data: Any) -> Any:
    return helpers.call_action(action, {"user": user["name"], "ignore_auth": False}, **data)


Door = Callable[[dict[str, Any], dict[str, Any], dict[str, Any]], Any]


def by_update(user: dict[str, Any], dataset: dict[str, Any], changes: dict[str, Any]) -> Any:
    return act("package_update", user, **{**dataset, **changes})


def by_patch(user: dict[str, Any], dataset: dict[str, Any], changes: dict[str, Any]) -> Any:
    return act("package_patch", user, id=dataset["id"], **changes)


def by_revise(user: dict[str, Any], dataset: dict[str, Any], changes: dict[str, Any]) -> Any:
    return act("package_revise", user, match={"id": dataset["id"]}, update=changes)


DOORS: dict[str, Door] = {"update": by_update, "patch": by_patch, "revise": by_revise}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"territory": ["080101"]}, "territory"),
        ({"sensitivity": ["ritual-restringido"], "territory": ["0801"]}, "access_level"),
        ({"people": ["mashco-piro"]}, "sensitivity"),
        ({"community_authority": ""}, "community_authority"),
        ({"access_reason": ""}, "access_reason"),
        (
            {"extras": [{"key": "spatial", "value": '{"type": "Point", "coordinates": [-72, -13]}'}]},
            "territory",
        ),
    ],
)
def test_dataset_doors(door, changes, field, make_dataset, editor):
    dataset = make_dataset(**SENSITIVE)
    with pytest.raises(tk.ValidationError) as refused:
        DOORS[door](editor, dataset, changes)
    assert field in refused.value.error_dict
    assert (
        helpers.call_action("package_show", id=dataset["id"])["metadata_modified"]
        == dataset["metadata_modified"]
    )


def test_create(make_dataset):
    with pytest.raises(tk.ValidationError) as refused:
        make_dataset(**{**SENSITIVE, "territory": ["080101"]}, resources=[UPLOAD])
    assert {"territory", "resources"} <= set(refused.value.error_dict)


def test_resource_doors(make_dataset, editor):
    dataset = make_dataset(**SENSITIVE, resources=[{"name": "página", "url": "https://x.pe/p"}])
    resource = dataset["resources"][0]
    for action, data in (
        ("resource_create", {"package_id": dataset["id"], **UPLOAD}),
        ("resource_update", {**resource, "download_url": "https://x.pe/d"}),
        ("resource_patch", {"id": resource["id"], "download_url": "https://x.pe/d"}),
    ):
        with pytest.raises(tk.ValidationError):
            act(action, editor, **data)
    assert helpers.call_action("package_show", id=dataset["id"])["resources"] == dataset["resources"]


def test_making_it_sensitive_needs_the_files_to_go(make_dataset, editor):
    dataset = make_dataset(resources=[UPLOAD])
    with pytest.raises(tk.ValidationError) as refused:
        by_patch(editor, dataset, {"access_level": "solo-metadatos", "access_reason": "x"})
    assert {"access_level", "resources"} & set(refused.value.error_dict)
    by_patch(
        editor,
        dataset,
        {
            "access_level": "solo-metadatos",
            "access_reason": "x",
            "resources": [{"name": "p", "url": "https://x.pe/p"}],
        },
    )


def test_bulk_publication_checks_each_record(make_dataset, editor, organization):
    dataset = make_dataset(private=True, sector=None)
    with pytest.raises(tk.ValidationError):
        act("bulk_update_public", factories.Sysadmin(), datasets=[dataset["id"]], org_id=organization["id"])
    assert helpers.call_action("package_show", id=dataset["id"])["private"]


def test_reviving_checks_the_record(make_dataset, editor):
    dataset = make_dataset(private=True, sector=None)
    act("package_delete", editor, id=dataset["id"])
    with pytest.raises(tk.ValidationError):
        helpers.call_action(
            "package_patch",
            {"user": factories.Sysadmin()["name"]},
            id=dataset["id"],
            state="active",
            private=False,
        )


def test_data_tables_and_views_are_refused(make_dataset, editor):
    dataset = make_dataset(**SENSITIVE, resources=[{"name": "p", "url": "https://x.pe/p"}])
    resource = dataset["resources"][0]["id"]
    with pytest.raises(tk.ValidationError):
        act("datastore_create", editor, resource_id=resource, force=True, fields=[{"id": "a"}])
    with pytest.raises(tk.ValidationError):
        act("resource_view_create", editor, resource_id=resource, view_type="text_view", title="x")


def test_older_versions_in_the_activity_show_no_more_than_today(make_dataset, editor):
    dataset = make_dataset(territory=["080101"], access_level="abierto")
    by_patch(editor, dataset, {**SENSITIVE})
    rows = act("package_activity_list", factories.Sysadmin(), id=dataset["id"], include_hidden_activity=True)
    assert rows
    assert "080101" not in json.dumps(
        [helpers.call_action("activity_show", id=row["id"], include_data=True) for row in rows]
    )


def test_what_was_written_past_the_rules_is_reduced_in_index_and_rdf(app, make_dataset):
    dataset = make_dataset(**SENSITIVE)
    package = model.Package.get(dataset["id"])
    package.extras["territory"] = '["080101"]'
    model.repo.commit()
    import ckan.lib.search as search

    search.rebuild(dataset["id"])
    found = helpers.call_action("package_search", q="*:*")["results"][0]
    assert found["territory"] == ["0801"]
    assert "ubigeo-inei/080101" not in app.get(f"/dataset/{dataset['id']}.ttl").body


def test_labels_only_through_the_community(make_dataset, editor):
    dataset = make_dataset()
    assert "labels" not in by_patch(editor, dataset, {"labels": ["tk-attribution"]})
    with pytest.raises(tk.NotAuthorized):
        act("culturape_label_set", editor, id=dataset["id"], labels=["tk-attribution"])
    community = helpers.call_action(
        "organization_create",
        {"user": factories.Sysadmin()["name"]},
        name="comunidad",
        title_translated={"es": "Comunidad"},
        institution_type="comunidad",
    )
    person = factories.User()
    helpers.call_action(
        "organization_member_create", id=community["id"], username=person["name"], role="editor"
    )
    assert act("culturape_label_set", person, id=dataset["id"], labels=["tk-attribution"])["labels"] == [
        "tk-attribution"
    ]
    assert by_patch(editor, dataset, {"identifier": "1", "labels": []})["labels"] == ["tk-attribution"]
    with pytest.raises(tk.ValidationError):
        act("culturape_label_set", person, id=dataset["id"], labels=["inventada"])


def test_types_of_communities_are_granted_by_sysadmins(organization):
    admin = factories.User()
    helpers.call_action(
        "organization_member_create", id=organization["id"], username=admin["name"], role="admin"
    )
    with pytest.raises(tk.ValidationError) as refused:
        act("organization_patch", admin, id=organization["id"], institution_type="comunidad")
    assert "institution_type" in refused.value.error_dict
    act("organization_patch", factories.Sysadmin(), id=organization["id"], institution_type="comunidad")
    assert helpers.call_action("organization_show", id=organization["id"])["institution_type"] == "comunidad"


def test_two_people_at_once(make_dataset, editor):
    dataset = make_dataset()
    read = dataset["metadata_modified"]
    by_patch(editor, dataset, {"identifier": "1", "culturape_read_modified": read})
    with pytest.raises(tk.ValidationError):
        by_patch(editor, dataset, {"identifier": "2", "culturape_read_modified": read})
    assert helpers.call_action("package_show", id=dataset["id"])["identifier"] == "1"


@pytest.mark.ckan_config("ckanext.culturape.review", "true")
def test_review(make_dataset, editor, organization):
    with pytest.raises(tk.NotAuthorized):
        make_dataset()
    dataset = make_dataset(private=True)
    with pytest.raises(tk.NotAuthorized):
        by_patch(editor, dataset, {"private": False})
    admin = factories.User()
    helpers.call_action(
        "organization_member_create", id=organization["id"], username=admin["name"], role="admin"
    )
    assert by_patch(admin, dataset, {"private": False})["private"] is False


def test_a_resource_is_added_to_a_restricted_dataset_without_views(make_dataset: Any, editor: Any) -> None:
    dataset = make_dataset(**SENSITIVE)
    resource = act(
        "resource_create",
        editor,
        package_id=dataset["id"],
        name="Solicitud",
        url="https://x.pe/a.csv",
        format="CSV",
    )
    assert act("resource_view_list", editor, id=resource["id"]) == []
