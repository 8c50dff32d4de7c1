"""The whole catalogue in one answer: complete, of one moment, and nothing that anybody may not see."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ckan.tests.factories as factories
import ckan.tests.helpers as helpers
import pytest
import rdflib
from ckan import model
from ckan.cli.cli import ckan as ckan_command
from rdflib.compare import isomorphic
from rdflib.namespace import DCAT, RDF

from ckanext.culturape.dcat import dump
from ckanext.culturape.rdf.formats import FORMATS

Make = Callable[..., dict[str, Any]]
READERS = {"nt": "nt", "ttl": "turtle", "xml": "xml", "jsonld": "json-ld"}


def read(data: bytes | str, suffix: str = "nt") -> rdflib.Graph:
    return rdflib.Graph().parse(data=data, format=READERS[suffix])


def datasets(graph: rdflib.Graph) -> set[str]:
    return {str(node).rsplit("/", 1)[1] for node in graph.subjects(RDF.type, DCAT.Dataset)}


def act(action: str, **data: Any) -> Any:
    return helpers.call_action(action, {"user": factories.Sysadmin()["name"]}, **data)


@pytest.mark.parametrize("suffix", READERS)
def test_a_dump_holds_what_the_pages_hold(app: Any, make_dataset: Make, suffix: str) -> None:
    there = {make_dataset(name=f"numero-{n}")["id"] for n in range(3)}
    make_dataset(name="reservado", private=True)
    answer = app.get(f"/catalogo/dump.{suffix}")
    found = read(answer.body, suffix)
    assert datasets(found) == there
    page = read(app.get("/catalog.nt").body)
    for triple in list(page):
        if "hydra" in str(triple[1]) or "hydra" in str(triple[2]):
            page.remove(triple)
    assert isomorphic(found, page)


def test_a_packed_dump_is_the_same(app: Any, make_dataset: Make) -> None:
    make_dataset()
    packed = app.get("/catalogo/dump.ttl.gz")
    assert packed.headers["Content-Type"] == "application/gzip"
    assert gzip.decompress(packed.data).decode() == app.get("/catalogo/dump.ttl").body


def test_a_dump_is_of_one_moment(app: Any, make_dataset: Make) -> None:
    changed, gone = make_dataset(name="cambia"), make_dataset(name="se-va")
    found = dump.open_dump()
    act("package_patch", id=changed["id"], title_translated={"es": "Después"})
    act("package_delete", id=gone["id"])
    make_dataset(name="llega")
    try:
        graph = read(b"".join(found.write(FORMATS["nt"])))
    finally:
        found.close()
    assert datasets(graph) == {changed["id"], gone["id"]}
    assert "Después" not in graph.serialize(format="nt")
    assert "Después" in app.get("/catalogo/dump.nt").body


def test_what_changes_without_end_while_the_snapshot_is_taken_is_told_as_it_is_now(
    app: Any, make_dataset: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset, other = make_dataset(name="inquieto"), make_dataset(name="quieto")
    monkeypatch.setattr(dump.building, "refresh", lambda progress=None: 0)
    monkeypatch.setattr(dump.store, "keep", lambda *args: None)
    assert datasets(read(app.get("/catalogo/dump.nt").body)) == {dataset["id"], other["id"]}


def test_an_unchanged_dump_is_not_sent_again(app: Any, make_dataset: Make) -> None:
    dataset = make_dataset()
    head = app.flask_app.test_client().head("/catalogo/dump.nt")
    assert "Content-Length" not in head.headers
    etag = head.headers["ETag"]
    assert app.get("/catalogo/dump.nt", headers={"If-None-Match": etag}, status=304).body == ""
    act("package_patch", id=dataset["id"], version="2")
    assert "version" in app.get("/catalogo/dump.nt", headers={"If-None-Match": etag}).body


def test_a_client_that_goes_away_holds_nothing(app: Any, make_dataset: Make) -> None:
    make_dataset()
    model.Session.remove()
    before = model.ensure_engine().pool.checkedout()
    found = dump.open_dump()
    chunks = found.write(FORMATS["ttl"])
    next(chunks)
    chunks.close()
    found.close()
    model.Session.remove()
    assert model.ensure_engine().pool.checkedout() == before


@pytest.mark.parametrize("name", ["foo", "ttl.zip", "../../etc/passwd", "nt.gz.gz"])
def test_unknown_formats_are_refused_in_one_sentence(app: Any, clean: None, name: str) -> None:
    answer = app.get(f"/catalogo/dump.{name}", expect_errors=True)
    assert 400 <= answer.status_code < 500


def test_the_command_writes_a_whole_file_or_none(
    cli: Any, app: Any, make_dataset: Make, tmp_path: Path
) -> None:
    make_dataset()
    done = cli.invoke(ckan_command, ["culturape", "dcat", "dump", str(tmp_path / "todo.ttl.gz")])
    assert done.exit_code == 0, done.output
    assert (
        gzip.decompress((tmp_path / "todo.ttl.gz").read_bytes()).decode()
        == app.get("/catalogo/dump.ttl").body
    )
    refused = cli.invoke(ckan_command, ["culturape", "dcat", "dump", str(tmp_path / "todo.doc")])
    assert refused.exit_code == 1
    assert (
        cli.invoke(ckan_command, ["culturape", "dcat", "dump", str(tmp_path / "no" / "x.nt")]).exit_code == 1
    )
    assert [path.name for path in tmp_path.iterdir()] == ["todo.ttl.gz"]


def test_the_check_names_what_cannot_be_written(cli: Any, app: Any, make_dataset: Make) -> None:
    dataset = make_dataset(name="roto")
    app.get("/catalog.nt").close()
    package = model.Package.get(dataset["id"])
    package.extras["notes_translated"] = '["lista"]'
    model.Session.commit()
    done = cli.invoke(ckan_command, ["culturape", "dcat", "check"])
    assert done.exit_code == 1
    assert "roto\tnotes_translated" in done.output
    rebuilt = cli.invoke(ckan_command, ["culturape", "dcat", "rebuild"])
    assert rebuilt.exit_code == 0, rebuilt.output
