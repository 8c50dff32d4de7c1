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
from sources import Answer, Catalogue, serve

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


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch, ckan_config: Any) -> Iterator[Catalogue]:
    """Twelve datasets on six pages."""
    with serve(Catalogue({n: f"Museo {n}" for n in range(1, 13)}, size=2)) as served:
        monkeypatch.setitem(ckan_config, "ckanext.culturape.allowed_sources", served.base)
        yield served


def titles(done: Any) -> list[str]:
    return [dataset["title"] for dataset in json.loads(done.output)["datasets"]]


def test_some_pages_of_an_address_are_read(cli: Any, pages: Catalogue) -> None:
    done = run(cli, pages.address, "--json")
    assert titles(done) == [f"Museo {n}" for n in range(1, 7)]
    assert len(titles(run(cli, pages.address, "--json", "--pages", "1"))) == 2
    pages.asked.clear()
    done = run(cli, pages.address, "--json", "--pages", "99")
    assert len(titles(done)) == 12
    assert len(pages.asked) == 6
    assert set(json.loads(done.output)) == {"datasets", "refused", "error"}


def test_more_pages_are_mentioned(cli: Any, pages: Catalogue, tmp_path: Path) -> None:
    def says_more(*arguments: object) -> bool:
        output = run(cli, *arguments).output
        return "tiene más" in output or "has more" in output

    assert says_more(pages.address)
    assert not says_more(pages.address, "--pages", "6")
    file = tmp_path / "pagina.ttl"
    file.write_text(pages.page(1), encoding="utf-8")
    asked = list(pages.asked)
    assert says_more(file)
    assert pages.asked == asked


def test_pages_in_a_circle_end(cli: Any, pages: Catalogue) -> None:
    back = pages.page(2).replace("?p=3>", "?p=1>")
    pages.answers["/catalogo.ttl?p=2"] = Answer(back.encode())
    pages.answers["/catalogo.ttl?p=1"] = Answer(pages.page(1).encode())
    done = run(cli, f"{pages.address}?p=1", "--json", "--pages", "50")
    assert titles(done) == ["Museo 1", "Museo 2", "Museo 3", "Museo 4"]
    assert pages.asked == ["/catalogo.ttl?p=1", "/catalogo.ttl?p=2"]


def test_a_page_that_cannot_be_read_is_named_and_the_others_stay(cli: Any, pages: Catalogue) -> None:
    pages.answers["/catalogo.ttl?p=2"] = Answer(b"<html><body>Entrar</body></html>", "text/html")
    done = run(cli, pages.address, "--json", "--pages", "6")
    found = json.loads(done.output)
    assert done.exit_code == 1
    assert titles(done) == ["Museo 1", "Museo 2"]
    assert [one["uri"] for one in found["refused"]] == [f"{pages.address}?p=2"]
    assert found["error"] is None


def test_a_next_page_that_is_a_file_or_in_the_house_is_not_read(cli: Any, pages: Catalogue) -> None:
    for inside in ("file:///etc/passwd", "http://127.0.0.1:9/", "http://169.254.169.254/"):
        body = pages.page(1).replace(f"{pages.address}?p=2", inside)
        pages.answers["/catalogo.ttl"] = Answer(body.encode())
        found = json.loads(run(cli, pages.address, "--json", "--pages", "6").output)
        assert len(found["datasets"]) == 2
        assert len(found["refused"]) == 1
        assert "root:" not in str(found)
