"""The catalogue is fast because it keeps what it wrote, and right because it checks what it kept."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import Any

import ckan.tests.factories as factories
import ckan.tests.helpers as helpers
import pytest
import rdflib
from ckan import model
from rdflib.namespace import DCAT, RDF
from sqlalchemy import text

from ckanext.culturape.dcat import building, versions

HYDRA = rdflib.Namespace("http://www.w3.org/ns/hydra/core#")
Make = Callable[..., dict[str, Any]]


def catalogue(app: Any, query: str = "", status: int = 200, **headers: str) -> Any:
    answer = app.get(f"/catalog.nt{query}", headers=headers, status=status)
    # As a server does when all has been sent: only then is kept what was made.
    answer.close()
    return answer


def sql(statement: str, **values: Any) -> list[Any]:
    with model.ensure_engine().begin() as connection:
        found = connection.execute(text(statement), values)
        return list(found) if found.returns_rows else []


def kept(dataset: dict[str, Any]) -> Any:
    query = "SELECT content, problem FROM culturape_dcat_fragment WHERE package_id = :id"
    return next(iter(sql(query, id=dataset["id"])), None)


def patch(dataset: dict[str, Any], **changes: Any) -> dict[str, Any]:
    context = {"user": factories.Sysadmin()["name"]}
    return helpers.call_action("package_patch", context, id=dataset["id"], **changes)


def test_what_was_written_once_is_used_again(app: Any, make_dataset: Make) -> None:
    dataset = make_dataset()
    catalogue(app)
    mark = zlib.compress(b"<http://x.pe/kept> <http://x.pe/p> <http://x.pe/o> .\n")
    sql("UPDATE culturape_dcat_fragment SET content = :mark", mark=mark)
    assert "http://x.pe/kept" in catalogue(app).body
    assert "http://x.pe/kept" in app.get(f"/dataset/{dataset['name']}.nt").body


def test_every_change_is_seen_by_the_next_request(
    app: Any, make_dataset: Make, organization: dict[str, Any]
) -> None:
    dataset = make_dataset(resources=[{"name": "a", "url": "https://x.pe/a.csv"}])
    assert "Préstamos de la biblioteca" in catalogue(app).body
    patch(dataset, title_translated={"es": "Otro título"})
    assert "Otro título" in catalogue(app).body
    user = {"user": factories.Sysadmin()["name"]}
    helpers.call_action("resource_create", user, package_id=dataset["id"], url="https://x.pe/nuevo.csv")
    assert "https://x.pe/nuevo.csv" in catalogue(app).body
    helpers.call_action(
        "organization_patch", user, id=organization["id"], title_translated={"es": "Con otro nombre"}
    )
    assert "Con otro nombre" in catalogue(app).body
    sql("UPDATE resource SET url = 'https://x.pe/por-sql.csv' WHERE package_id = :id", id=dataset["id"])
    assert "https://x.pe/por-sql.csv" in catalogue(app).body
    patch(dataset, private=True)
    assert dataset["id"] not in catalogue(app).body
    patch(dataset, private=False)
    assert dataset["id"] in catalogue(app).body
    helpers.call_action("package_delete", user, id=dataset["id"])
    assert dataset["id"] not in catalogue(app).body


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("ckan.site_url", "https://otro.example.org"),
        ("ckanext.culturape.vocabulary_base", "https://vocabularios.example.org/"),
    ],
)
def test_a_change_of_the_site_is_seen_too(
    app: Any, make_dataset: Make, ckan_config: Any, monkeypatch: Any, option: str, value: str
) -> None:
    make_dataset()
    assert value not in catalogue(app).body
    monkeypatch.setitem(ckan_config, option, value)
    assert value in catalogue(app).body


def test_nothing_that_anybody_may_not_see_stays_in_the_table(app: Any, make_dataset: Make) -> None:
    dataset, other = make_dataset(name="uno"), make_dataset(name="dos")
    catalogue(app)
    assert kept(dataset).content
    patch(dataset, private=True)
    assert kept(dataset) is None
    # Past CKAN, the row goes at the next look at the whole.
    sql("UPDATE package SET private = true WHERE id = :id", id=other["id"])
    assert building.refresh() == 2
    assert kept(other) is None
    assert building.refresh() == 0


def test_a_change_that_was_not_told_does_not_come_from_the_index(app: Any, make_dataset: Make) -> None:
    dataset = make_dataset()
    catalogue(app)
    package = model.Package.get(dataset["id"])
    package.extras["identifier"] = "PAST-CKAN"
    model.Session.commit()
    sql(
        "UPDATE package SET metadata_modified = :then WHERE id = :id",
        then=dataset["metadata_modified"],
        id=dataset["id"],
    )
    assert "PAST-CKAN" in catalogue(app).body


def pages(app: Any, start: str, between: Callable[[int], None]) -> Iterator[set[str]]:
    address, number = start, 0
    while address:
        graph = rdflib.Graph().parse(data=app.get(address).body, format="nt")
        yield {str(node).rsplit("/", 1)[1] for node in graph.subjects(RDF.type, DCAT.Dataset)}
        following = {str(node) for node in graph.objects(None, HYDRA.next)}
        assert following == {str(node) for node in graph.objects(None, HYDRA.nextPage)}
        address = next((node.removeprefix("http://test.ckan.net") for node in following), "")
        between(number)
        number += 1


@pytest.mark.parametrize(
    "query", ["?per_page=2", "?per_page=2&q=préstamos", "?per_page=2&modified_since=2020-01-01T00:00:00Z"]
)
def test_a_crawl_neither_skips_nor_repeats_while_datasets_change(
    app: Any, make_dataset: Make, query: str
) -> None:
    there = [make_dataset(name=f"numero-{n}") for n in range(7)]

    def change(number: int) -> None:
        if number == 0:
            context = {"user": factories.Sysadmin()["name"]}
            helpers.call_action("package_delete", context, id=there[0]["id"])
            patch(there[1], version="2")
        if number == 1:
            make_dataset(name="llega-despues")
            patch(there[5], version="2")

    found = list(pages(app, f"/catalog.nt{query}", change))
    flat = [dataset for page in found for dataset in page]
    assert len(flat) == len(set(flat))
    assert {dataset["id"] for dataset in there} <= set(flat)


def test_a_page_beyond_the_end_is_empty(app: Any, make_dataset: Make) -> None:
    make_dataset()
    graph = rdflib.Graph().parse(data=catalogue(app, "?page=999").body, format="nt")
    assert not list(graph.subjects(RDF.type, DCAT.Dataset))
    assert [int(total) for total in graph.objects(None, HYDRA.totalItems)] == [1]


def test_what_a_client_has_is_not_sent_again(app: Any, make_dataset: Make) -> None:
    dataset = make_dataset()
    answer = catalogue(app)
    assert answer.headers["Vary"].count("Accept-Encoding") == 1
    assert 'rel="profile"' in answer.headers["Link"]
    assert answer.headers["Last-Modified"]
    etag = answer.headers["ETag"]
    again = catalogue(app, status=304, **{"If-None-Match": etag})
    assert again.body == ""
    assert app.get("/catalog.ttl", headers={"If-None-Match": etag}).status_code == 200
    patch(dataset, version="2")
    assert catalogue(app, **{"If-None-Match": etag}).headers["ETag"] != etag


@pytest.mark.parametrize(
    "address",
    [
        "/catalog.nt?page=0", "/catalog.nt?page=uno", "/catalog.nt?page=99999999999999999999", "/catalog.nt?per_page=100000",
        "/catalog.nt?modified_since=ayer", "/catalog.nt?after=x", "/catalog.nt?after=2020-01-01~", "/catalog.nt?fq=%3A%3A(",
        "/catalog.nt?q=title%3A%5B", "/catalog.nt?profiles=nadie", "/catalog.foo", "/catalog.ttl?profiles=,nadie", "/dataset/x.foo",
        "/catalog.nt?modified_since=99999-01-01", "/catalog.nt?fq=%7B!join%20from%3Da%20to%3Db%7Dx",
    ],
)  # fmt: skip
def test_what_cannot_be_answered_is_told_in_one_sentence(app: Any, make_dataset: Make, address: str) -> None:
    make_dataset()
    answer = app.get(address, expect_errors=True)
    assert 400 <= answer.status_code < 500
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.body.count("\n") == 1


def test_other_profiles_go_on(app: Any, make_dataset: Make) -> None:
    dataset = make_dataset()
    body = app.get("/catalog.ttl?profiles=euro_dcat_ap_3").body
    assert dataset["id"] in body
    assert "dct:title" in app.get(f"/dataset/{dataset['id']}.ttl?profiles=euro_dcat_ap_3").body


def test_a_private_dataset_is_written_for_its_readers_alone(
    app: Any, make_dataset: Make, editor: dict[str, Any]
) -> None:
    make_dataset(private=True, name="reservado")
    assert app.get("/dataset/reservado.nt", expect_errors=True).status_code == 404
    answer = app.get("/dataset/reservado.nt", headers={"Authorization": editor["token"]})
    assert "Préstamos" in answer.body
    assert "no-store" in answer.headers["Cache-Control"]
    assert sql("SELECT 1 FROM culturape_dcat_fragment WHERE content IS NOT NULL") == []


BROKEN = {"language": '{"es": [1, {"x": 2}]}', "notes_translated": '["lista"]', "people": '{"a": 1}'}


def test_what_is_broken_is_left_out_and_named(app: Any, make_dataset: Make) -> None:
    dataset, good = make_dataset(), make_dataset(notes_translated={"es": "x" * 900_000})
    catalogue(app)
    package = model.Package.get(dataset["id"])
    for name, value in BROKEN.items():
        package.extras[name] = value
    package.url, package.version = "http://exa mple.org/<x>", "a\x01b"
    model.Session.commit()
    body = catalogue(app).body
    assert "exa mple" not in body
    graph = rdflib.Graph().parse(data=body, format="nt")
    assert {str(node).rsplit("/", 1)[1] for node in graph.subjects(RDF.type, DCAT.Dataset)} == {
        dataset["id"],
        good["id"],
    }
    assert "notes_translated" in kept(dataset).problem


def test_what_ckan_itself_cannot_read_does_not_stop_the_others(app: Any, make_dataset: Make) -> None:
    dataset, good = make_dataset(), make_dataset()
    catalogue(app)
    package = model.Package.get(dataset["id"])
    package.extras["contact"] = '[["lista"]]'
    model.Session.commit()
    body = catalogue(app).body
    graph = rdflib.Graph().parse(data=body, format="nt")
    for found in (graph.subjects(RDF.type, DCAT.Dataset), graph.objects(None, DCAT.dataset)):
        assert {str(node).rsplit("/", 1)[1] for node in found} == {good["id"]}
    assert "DataError" in kept(dataset).problem


def test_a_missing_table_is_told_with_the_command_to_run(
    app: Any, make_dataset: Make, monkeypatch: Any
) -> None:
    make_dataset()
    monkeypatch.setattr(versions, "TABLE", "culturape_dcat_missing")
    answer = app.get("/catalog.nt", expect_errors=True)
    answer.close()
    assert answer.status_code == 503
    assert versions.MIGRATION in answer.body
