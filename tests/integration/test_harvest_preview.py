"""``ckan culturape harvest preview``: what a source would give, with nothing written."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import HTTPServer, SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from ckan import model
from ckan.cli.cli import ckan as ckan_command
from pyoxigraph import RdfFormat, parse

CATALOGUE = """
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> . @prefix x: <https://museo.example.org/> .
x:cat a dcat:Catalog ; dcat:dataset x:1, x:2 .
x:1 a dcat:Dataset ; dct:title "Museos del Cusco"@es ; dct:spatial "Cusco", x:cerro ; dct:publisher "Museo" ; dct:relation x:r .
"""
REFUSED = 'x:2 a dcat:Dataset ; dct:description "Sin título"@es .'


def run(cli: Any, *arguments: object) -> Any:
    return cli.invoke(ckan_command, ["culturape", "harvest", "preview", *map(str, arguments)])


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "catalogo.ttl"
    path.write_text(CATALOGUE, encoding="utf-8")
    return path


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """The folder of the test, served on this machine."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *args: Any) -> None:
            """Nothing."""

    http = HTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    threading.Thread(target=http.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{http.server_port}"
    http.shutdown()
    http.server_close()


def test_what_was_found_is_told_and_nothing_is_written(cli: Any, clean: None, source: Path) -> None:
    before = model.Session.query(model.Package).count()
    done = run(cli, source)
    assert done.exit_code == 0, done.output
    assert "Museos del Cusco  <https://museo.example.org/1>" in done.output
    assert model.Session.query(model.Package).count() == before


def test_json_has_its_shape(cli: Any, source: Path, tmp_path: Path) -> None:
    bad = tmp_path / "malo.ttl"
    bad.write_text(CATALOGUE + REFUSED, encoding="utf-8")
    done = run(cli, bad, "--json")
    assert done.exit_code == 1
    found = json.loads(done.output)
    assert set(found) == {"datasets", "refused", "error"}
    assert [set(dataset) for dataset in found["datasets"]] == [{"uri", "title", "fields", "residue"}]
    assert found["datasets"][0]["fields"]["territory"] == ["08"]
    assert [(r["uri"], r["field"]) for r in found["refused"]] == [
        ("https://museo.example.org/2", "title_translated")
    ]
    assert found["error"] is None


@pytest.mark.parametrize("suffix", [".nt", ".ttl", ".jsonld", ".xml"])
def test_the_export_holds_what_care_lets_out(cli: Any, source: Path, tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"salida{suffix}"
    assert run(cli, source, "--export", target).exit_code == 0
    formats = {
        ".nt": RdfFormat.N_TRIPLES,
        ".ttl": RdfFormat.TURTLE,
        ".jsonld": RdfFormat.JSON_LD,
        ".xml": RdfFormat.RDF_XML,
    }
    text = str(list(parse(target.read_bytes(), format=formats[suffix])))
    assert "terms/relation" in text
    assert "ubigeo-inei/08" in text
    assert "museo.example.org/cerro" not in text


def test_sources_inside_the_house_are_fetched_only_when_the_operator_allows_them(
    cli: Any, source: Path, server: str, monkeypatch: pytest.MonkeyPatch, ckan_config: Any
) -> None:
    refused = run(cli, f"{server}/catalogo.ttl", "--json")
    assert refused.exit_code == 2
    assert "127.0.0.1" in json.loads(refused.output)["error"]
    monkeypatch.setitem(ckan_config, "ckanext.culturape.allowed_sources", server)
    allowed = run(cli, f"{server}/catalogo.ttl", source, "--json")
    assert allowed.exit_code == 0
    assert len(json.loads(allowed.output)["datasets"]) == 2
    absent = run(cli, f"{server}/nada.ttl", source, "--json")
    assert absent.exit_code == 2
    assert json.loads(absent.output)["error"].startswith(server)
    assert len(json.loads(absent.output)["datasets"]) == 1


@pytest.mark.parametrize("name", ["no-hay.ttl", ".", "file:///etc/passwd"])
def test_what_cannot_be_read_ends_with_2(cli: Any, tmp_path: Path, name: str) -> None:
    done = run(cli, name if "://" in name else tmp_path / name, "--json")
    assert done.exit_code == 2
    assert json.loads(done.output)["error"]


def test_a_bad_suffix_is_refused_before_anything_is_read(cli: Any, source: Path, tmp_path: Path) -> None:
    done = run(cli, source, "--export", tmp_path / "salida.doc")
    assert done.exit_code == 1
    assert not (tmp_path / "salida.doc").exists()
