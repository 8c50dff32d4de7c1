"""What editors see of a validator, in the background and through the API."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import ckan.tests.factories as factories
import ckan.tests.helpers as helpers
import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.lib import jobs
from sqlalchemy import text

from ckanext.culturape.dcat.shacl import background, editors

Make = Callable[..., dict[str, Any]]
SHOW = "culturape_dcat_validation_show"
FILE = {"name_translated": {"es": "Tabla"}, "url": "https://x.pe/a.csv", "format": "CSV"}
HEAD = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .\n"
#: A national profile that asks for more than ours, of datasets, files and organisations.
STRICT = """
    <http://x.pe/A> a sh:NodeShape ; sh:targetClass dcat:Dataset ;
        sh:property [ sh:path dct:identifier ; sh:pattern "^PE-" ; sh:message "El identificador empieza con PE-."@es, "The identifier begins with PE-."@en ] ;
        sh:property [ sh:path dct:provenance ; sh:minCount 1 ; sh:severity sh:Warning ] .
    <http://x.pe/B> a sh:NodeShape ; sh:targetClass dcat:Distribution ; sh:property [ sh:path dct:description ; sh:minCount 1 ] .
    <http://x.pe/C> a sh:NodeShape ; sh:targetClass <http://xmlns.com/foaf/0.1/Agent> ;
        sh:property [ sh:path <http://xmlns.com/foaf/0.1/page> ; sh:minCount 1 ] .
"""  # fmt: skip


@pytest.fixture
def strict(tmp_path: Path, ckan_config: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Shapes of the operator."""
    path = tmp_path / "perfil.ttl"
    path.write_text(HEAD + STRICT, encoding="utf-8")
    monkeypatch.setitem(ckan_config, "ckanext.culturape.shapes", str(path))
    return path


@pytest.fixture
def worker(with_test_worker: None, clean_queues: None) -> Callable[[], int]:
    """Does what waits in the queue; says how many jobs there were."""

    def work() -> int:
        waiting = sum(queue.count for queue in jobs.get_all_queues())
        jobs.Worker().work(burst=True)
        model.Session.expire_all()
        return waiting

    return work


def token(user: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": str(user["token"])}


def save(app: Any, user: dict[str, Any], action: str, **data: Any) -> dict[str, Any]:
    answer = app.post(f"/api/action/{action}", json=data, headers=token(user))
    return answer.json["result"]


def page(app: Any, path: str, user: dict[str, Any] | None = None, status: int = 200) -> BeautifulSoup:
    return BeautifulSoup(
        app.get(path, headers=token(user) if user else {}, status=status).body, "html.parser"
    )


def panel(app: Any, dataset: dict[str, Any], user: dict[str, Any] | None, prefix: str = "") -> Any:
    return page(app, f"{prefix}/dataset/{dataset['name']}", user).select_one(".culturape-validation")


def shown(
    app: Any, dataset: dict[str, Any], user: dict[str, Any] | None, status: int = 200, prefix: str = "/api"
) -> Any:
    return app.get(
        f"{prefix}/action/{SHOW}?id={dataset['id']}", headers=token(user) if user else {}, status=status
    ).json


def outsider() -> dict[str, Any]:
    """An editor of another organisation."""
    user = factories.UserWithToken()
    other = factories.Organization(institution_type="museo", title_translated={"es": "Otro"})
    helpers.call_action("organization_member_create", id=other["id"], username=user["name"], role="editor")
    return user


def kept() -> list[Any]:
    with model.ensure_engine().begin() as connection:
        return list(connection.execute(text(f"SELECT package_id, version FROM {editors.TABLE}")))


def test_a_save_is_examined_by_the_worker(app: Any, make_dataset: Make, editor: Any, worker: Any) -> None:
    dataset = save(app, editor, "package_create", **{**make_dataset(name="uno"), "id": None, "name": "dos"})
    assert kept() == []
    assert worker() == 1
    assert [row.package_id for row in kept()] == [dataset["id"]]
    found = panel(app, dataset, editor)
    assert "Es conforme" in found.text
    assert "Examinada" in found.text
    assert worker() == 0


def test_the_worker_never_comes_before_the_commit(
    app: Any, make_dataset: Make, editor: Any, worker: Any, monkeypatch: Any
) -> None:
    """A worker that works at once, in a session of its own, sees the record as it was saved."""
    seen = []

    def at_once(dataset_id: str) -> None:
        with model.ensure_engine().connect() as connection:
            query = text("SELECT notes FROM package WHERE id = :id")
            seen.append(connection.execute(query, {"id": dataset_id}).scalar())

    monkeypatch.setattr(background, "examine_later", at_once)
    dataset = make_dataset()
    save(app, editor, "package_patch", id=dataset["id"], notes_translated={"es": "Nuevo"})
    assert seen == ["Nuevo"]


def test_bulk_work_waits_for_nobody(make_dataset: Make, worker: Any) -> None:
    make_dataset()
    assert worker() == 0


def test_a_change_makes_the_report_old_and_then_new(
    app: Any, make_dataset: Make, editor: Any, worker: Any, strict: Path
) -> None:
    dataset = make_dataset(identifier="X-1")
    assert "examinando" in panel(app, dataset, editor).text
    assert worker() == 1
    assert "El identificador empieza con PE-." in panel(app, dataset, editor).text
    save(app, editor, "package_patch", id=dataset["id"], identifier="PE-1", provenance={"es": "Registro"})
    assert "examinando" in panel(app, dataset, editor).text
    worker()
    assert "El identificador" not in panel(app, dataset, editor).text


def test_other_shapes_make_the_report_old(
    app: Any, make_dataset: Make, editor: Any, strict: Path, ckan_config: Any, monkeypatch: Any
) -> None:
    dataset = make_dataset(identifier="PE-1")
    before = shown(app, dataset, editor)["result"]
    other = strict.with_name("otro.ttl")
    other.write_text(HEAD + STRICT.replace('"^PE-"', '"^PER-"'))
    monkeypatch.setitem(ckan_config, "ckanext.culturape.shapes", str(other))
    after = shown(app, dataset, editor)["result"]
    assert after["counts"]["violation"] == before["counts"]["violation"] + 1


def test_errors_stand_apart_from_recommendations_in_both_languages(
    app: Any, make_dataset: Make, editor: Any, strict: Path
) -> None:
    dataset = make_dataset(identifier="X-1", resources=[FILE])
    shown(app, dataset, editor)
    spanish, english = panel(app, dataset, editor), panel(app, dataset, editor, "/en")
    assert [title.text.split(":")[0].split()[0] for title in spanish.select("h3")] == [
        "Errores",
        "Recomendaciones",
    ]
    assert [title.text.split(":")[0].split()[0] for title in english.select("h3")] == [
        "Errors",
        "Recommendations",
    ]
    assert "El identificador empieza con PE-." in spanish.text
    assert "The identifier begins with PE-." in english.text
    errors, advice = spanish.select("ul.culturape-findings")
    assert "identificador" in errors.text
    assert "Procedencia" in advice.text


def test_each_finding_leads_to_a_field_that_is_there(
    app: Any, make_dataset: Make, editor: Any, strict: Path
) -> None:
    dataset = make_dataset(identifier="X-1", resources=[FILE])
    found = shown(app, dataset, editor)["result"]["findings"]
    linked = [finding for finding in found if finding["url"]]
    assert {finding["field"] for finding in linked} == {"identifier", "provenance", "description_translated"}
    for finding in linked:
        path, _, anchor = finding["url"].partition("#")
        assert page(app, path, editor).find(id=anchor), finding
    (of_file,) = (finding for finding in linked if finding["resource_id"])
    assert of_file["resource_id"] == dataset["resources"][0]["id"]
    assert of_file["resource_id"] in of_file["url"]
    assert of_file["part"] == "Tabla"


def test_every_field_of_the_forms_can_be_linked_to(app: Any, make_dataset: Make, editor: Any) -> None:
    from ckanext.culturape.fields import load_schema

    dataset = make_dataset(resources=[FILE])
    record = page(app, f"/dataset/edit/{dataset['name']}", editor)
    resource = page(app, f"/dataset/{dataset['name']}/resource/{dataset['resources'][0]['id']}/edit", editor)
    schema = load_schema()
    for form, fields in ((record, schema.fields), (resource, schema.resource_fields)):
        absent = {
            field.name
            for field in fields
            if field.rdf
            and not field.import_only
            and not field.community_only
            and not form.find(id=f"campo-{field.name}")
        }
        assert absent <= {"uri", "sample_record"}


def test_faults_of_the_organisation_lead_its_admins_to_its_form(
    app: Any, make_dataset: Make, editor: Any, organization: Any, strict: Path
) -> None:
    dataset = make_dataset(identifier="PE-1", provenance={"es": "x"})
    (found,) = (f for f in shown(app, dataset, editor)["result"]["findings"] if "foaf" in f["path"])
    assert found["url"] is None
    admin = factories.UserWithToken()
    helpers.call_action(
        "organization_member_create", id=organization["id"], username=admin["name"], role="admin"
    )
    (found,) = (f for f in shown(app, dataset, admin)["result"]["findings"] if "foaf" in f["path"])
    assert found["url"] == f"/organization/edit/{organization['id']}"
    page(app, found["url"], admin)


@pytest.mark.parametrize("changes", [{}, {"private": True}])
def test_only_those_who_may_edit_see_it(
    app: Any, make_dataset: Make, editor: Any, organization: Any, changes: Any
) -> None:
    dataset = make_dataset(**changes)
    hidden = bool(changes)
    member = factories.UserWithToken()
    helpers.call_action(
        "organization_member_create", id=organization["id"], username=member["name"], role="member"
    )
    assert shown(app, dataset, editor)["success"] is True
    assert panel(app, dataset, editor) is not None
    assert shown(app, dataset, member, 403)["success"] is False
    assert panel(app, dataset, member) is None
    for user in (None, outsider()):
        assert shown(app, dataset, user, 403)["success"] is False
        if not hidden:
            assert panel(app, dataset, user) is None
        answer = app.get(
            f"/dataset/validar/{dataset['name']}", headers=token(user) if user else {}, status=403
        )
        assert "Préstamos" not in answer.body
    assert shown(app, {"id": "no-such"}, editor, 404)["success"] is False
    app.get("/dataset/validar/no-such", headers=token(editor), status=404)


def test_drafts_are_examined_too(app: Any, make_dataset: Make, editor: Any) -> None:
    draft = make_dataset(state="draft", sector=None)
    assert shown(app, draft, editor)["result"]["counts"]["warning"]
    shown(app, draft, outsider(), 403)


def test_what_is_private_is_told_to_nobody_through_its_neighbours(
    app: Any, make_dataset: Make, editor: Any
) -> None:
    hidden = make_dataset(name="oculto", private=True, title_translated={"es": "Secreto"})
    public = make_dataset(name="abierto", in_series=[f"http://test.ckan.net/dataset/{hidden['id']}"])
    assert "Secreto" not in str(shown(app, public, editor))


def test_nothing_stays_of_what_is_deleted(app: Any, make_dataset: Make, editor: Any) -> None:
    gone, there = make_dataset(name="uno"), make_dataset(name="dos")
    shown(app, gone, editor)
    helpers.call_action("package_delete", {"user": editor["name"]}, id=gone["id"])
    shown(app, there, editor)
    assert [row.package_id for row in kept()] == [there["id"]]


def test_the_page_examines_at_once_for_those_who_do_not_wait(
    app: Any, make_dataset: Make, editor: Any
) -> None:
    dataset = make_dataset()
    (link,) = panel(app, dataset, editor).select("a[href*=validar]")
    answer = app.get(link["href"], headers=token(editor), follow_redirects=False)
    assert answer.location.endswith(f"/dataset/{dataset['name']}#ficha-validacion")
    assert "Es conforme" in panel(app, dataset, editor).text


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0"])
def test_a_save_succeeds_without_the_queue(
    app: Any, make_dataset: Make, editor: Any, url: str, ckan_config: Any, monkeypatch: Any
) -> None:
    from ckan.lib import redis

    dataset = make_dataset()
    monkeypatch.setitem(ckan_config, "ckan.redis.url", url)
    monkeypatch.setattr(redis, "_connection_pool", None)
    saved = save(app, editor, "package_patch", id=dataset["id"], notes_translated={"es": "Sin cola"})
    assert saved["notes"] == "Sin cola"
    assert panel(app, dataset, editor) is not None
    assert shown(app, dataset, editor)["success"] is True


@pytest.mark.parametrize(
    "broken",
    [
        {"title_translated": ["a", "list"]},
        {"notes_translated": "text"},
        {"contact": {"name": ["x"]}},
        {"temporal_coverage": [1, None]},
        {"identifier": ["a", {"b": 1}]},
        {"territory": 7},
    ],
)  # fmt: skip
def test_a_record_that_was_broken_past_ckan_breaks_no_page(
    app: Any, make_dataset: Make, editor: Any, broken: dict[str, Any], worker: Any
) -> None:
    import json

    dataset = make_dataset(resources=[FILE])
    break_record(dataset["id"], {key: json.dumps(value) for key, value in broken.items()})
    # CKAN 2.11 itself cannot show a title or a description that is none.
    is_shown = tk.check_ckan_version(min_version="2.12") or not {
        "title_translated",
        "notes_translated",
    } & set(broken)
    for _ in range(2):
        assert not is_shown or panel(app, dataset, editor)
        worker()
        assert shown(app, dataset, editor)["success"] is True


def break_record(dataset_id: str, values: dict[str, str]) -> None:
    package = model.Package.get(dataset_id)
    for name, value in values.items():
        package.extras[name] = value
    model.Session.commit()


def test_shapes_that_cannot_be_read_break_no_page(
    app: Any, make_dataset: Make, editor: Any, ckan_config: Any, monkeypatch: Any
) -> None:
    dataset = make_dataset()
    monkeypatch.setitem(ckan_config, "ckanext.culturape.shapes", "/no/such/profile.ttl")
    assert panel(app, dataset, editor) is None
    answer = shown(app, dataset, editor, 409)
    assert "/no/such/profile.ttl" in answer["error"]["message"][0]
    assert save(app, editor, "package_patch", id=dataset["id"], version="2")["version"] == "2"
    back = app.get(f"/dataset/validar/{dataset['name']}", headers=token(editor))
    assert "/no/such/profile.ttl" in back.body


def test_a_table_that_is_missing_breaks_no_page(
    app: Any, make_dataset: Make, editor: Any, migrate_db_for: Any
) -> None:
    dataset = make_dataset()
    with model.ensure_engine().begin() as connection:
        connection.execute(text(f"ALTER TABLE {editors.TABLE} RENAME TO away"))
    try:
        assert panel(app, dataset, editor) is None
        assert "ckan db upgrade" in shown(app, dataset, editor, 409)["error"]["message"][0]
        save(app, editor, "package_patch", id=dataset["id"], version="2")
    finally:
        with model.ensure_engine().begin() as connection:
            connection.execute(text(f"ALTER TABLE away RENAME TO {editors.TABLE}"))


@pytest.mark.shared
def test_official_shapes_may_stand_for_ours(
    app: Any, make_dataset: Make, editor: Any, shared: Path, ckan_config: Any, monkeypatch: Any
) -> None:
    dataset = make_dataset(resources=[FILE])
    official = " ".join(
        str(shared / "shapes/dcat-ap-3.0.1" / name) for name in ("shapes.ttl", "shapes_recommended.ttl")
    )
    monkeypatch.setitem(ckan_config, "ckanext.culturape.shapes", official)
    found = shown(app, dataset, editor)["result"]
    assert found["conforms"] is True
    assert found["counts"]["warning"]
    assert all(finding["message"].strip() for finding in found["findings"])
    assert panel(app, dataset, editor).select("ul.culturape-findings li")
