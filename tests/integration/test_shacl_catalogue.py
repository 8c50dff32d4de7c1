"""The whole catalogue is held to shapes from the command line: the same findings as all at once, in pages, for people and for CI."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ckan.tests.factories as factories
import ckan.tests.helpers as helpers
import pytest
from ckan.cli.cli import ckan as ckan_command

from ckanext.culturape.dcat.shacl import whole
from ckanext.culturape.dcat.shacl.engine import check
from ckanext.culturape.dcat.shacl.findings import order
from ckanext.culturape.dcat.shacl.shapes import read_shapes

Make = Callable[..., dict[str, Any]]
FILE = {"name_translated": {"es": "Tabla"}, "url": "https://x.pe/a.csv", "format": "CSV"}
HEAD = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .\n"
#: Rules that ask of a dataset what its neighbours are, and of the catalogue and its publishers, which stand on every page.
SHAPES = """
    <http://x.pe/A> a sh:NodeShape ; sh:targetClass dcat:Dataset ;
        sh:property [ sh:path dct:identifier ; sh:pattern "^PE-" ; sh:message "El identificador empieza con PE-."@es ] ;
        sh:property [ sh:path dct:isPartOf ; sh:class dcat:Dataset ; sh:severity sh:Warning ] ;
        sh:property [ sh:path (dct:isPartOf dct:identifier) ; sh:minCount 1 ; sh:severity sh:Info ] .
    <http://x.pe/B> a sh:NodeShape ; sh:targetClass dcat:Catalog ; sh:property [ sh:path dct:rights ; sh:minCount 1 ] .
    <http://x.pe/C> a sh:NodeShape ; sh:targetClass <http://xmlns.com/foaf/0.1/Agent> ;
        sh:property [ sh:path <http://xmlns.com/foaf/0.1/page> ; sh:minCount 1 ] .
    <http://x.pe/D> a sh:NodeShape ; sh:targetClass dcat:Distribution ; sh:property [ sh:path dct:description ; sh:minCount 1 ] .
"""  # fmt: skip


@pytest.fixture
def shapes(tmp_path: Path) -> Path:
    path = tmp_path / "perfil.ttl"
    path.write_text(HEAD + SHAPES, encoding="utf-8")
    return path


@pytest.fixture
def chain(make_dataset: Make) -> list[dict[str, Any]]:
    """Datasets that point at one another, forwards and backwards."""
    made: list[dict[str, Any]] = []
    for number in range(7):
        series = (
            [f"http://test.ckan.net/dataset/{made[-1]['id']}"]
            if made
            else ["http://test.ckan.net/dataset/nowhere"]
        )
        identifier = f"PE-{number}" if number % 2 else f"X-{number}"
        made.append(
            make_dataset(name=f"d{number}", identifier=identifier, in_series=series, resources=[FILE])
        )
    user = {"user": factories.Sysadmin()["name"]}
    helpers.call_action(
        "package_patch", user, id=made[1]["id"], in_series=[f"http://test.ckan.net/dataset/{made[6]['id']}"]
    )
    return made


def validate(cli: Any, *arguments: object) -> Any:
    return cli.invoke(ckan_command, ["culturape", "dcat", "validate", *map(str, arguments)])


def test_pages_find_what_the_whole_graph_would(app: Any, chain: Any, shapes: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(whole, "BATCH", 2)
    rules, examined = read_shapes([shapes]), whole.Examined()
    seen: list[tuple[int, int]] = []
    found = list(whole.examine(rules, examined, progress=lambda made, total: seen.append((made, total))))
    expected = order(check(app.get("/catalog.nt").body.encode(), rules))
    assert Counter(f.key for f in found if not f.focus.startswith("_:")) == Counter(
        f.key for f in expected if not f.focus.startswith("_:")
    )
    assert {f.component for f in found} == {"Pattern", "Class", "MinCount"}
    # Only the first points at what is not there; neighbours of other pages are seen.
    assert len([f for f in found if f.component == "Class"]) == 1
    assert [f.focus for f in found if f.severity == "info"] == [
        f"http://test.ckan.net/dataset/{chain[0]['id']}"
    ]
    assert len([f for f in found if f.path.endswith("rights")]) == 1
    assert (examined.datasets, seen) == (7, [(2, 7), (2, 7), (2, 7), (1, 7)])


def test_a_catalogue_that_conforms_ends_with_0(cli: Any, make_dataset: Make) -> None:
    make_dataset()
    done = validate(cli)
    assert done.exit_code == 0, done.output
    assert "1 dataset(s): 0 violation(s), 1 warning(s), 0 info(s)" in done.output


def test_errors_end_with_1_and_are_printed_in_the_language_asked_for(
    cli: Any, chain: Any, shapes: Path
) -> None:
    done = validate(cli, "--shapes", shapes, "--lang", "es")
    assert done.exit_code == 1
    assert "El identificador empieza con PE-." in done.output
    assert chain[0]["id"] in done.output
    assert "7 dataset(s): " in done.output
    assert "is missing" in validate(cli, "--shapes", shapes, "--lang", "en").output


def test_what_cannot_be_examined_ends_with_2(cli: Any, make_dataset: Make, tmp_path: Path) -> None:
    make_dataset()
    broken = tmp_path / "roto.ttl"
    broken.write_text("no RDF")
    empty = tmp_path / "vacío"
    empty.mkdir()
    for arguments in (
        ["--shapes", tmp_path / "nada.ttl"],
        ["--shapes", broken],
        ["--shapes", empty],
        ["--org", "nadie"],
        ["--report", tmp_path / "informe.doc"],
        ["--report", tmp_path / "no" / "informe.csv"],
        ["--report", tmp_path],
    ):
        done = validate(cli, *arguments)
        assert done.exit_code == 2, arguments
        assert "Error: " in done.output
        assert "Traceback" not in done.output


def test_only_one_organisation(cli: Any, chain: Any, shapes: Path, organization: Any, tmp_path: Path) -> None:
    user = {"user": factories.Sysadmin()["name"]}
    other = helpers.call_action(
        "organization_create", user, name="museo", title_translated={"es": "Museo"}, institution_type="museo"
    )
    helpers.call_action("package_patch", user, id=chain[0]["id"], owner_org=other["id"])
    report = tmp_path / "informe.json"
    assert validate(cli, "--shapes", shapes, "--org", "museo", "--report", report).exit_code == 1
    found = json.loads(report.read_text(encoding="utf-8"))
    assert (found["datasets"], found["subject"]) == (1, "museo")
    assert {row["dataset"].rpartition("/")[2] for row in found["findings"] if row["dataset"]} == {
        chain[0]["id"]
    }
    assert validate(cli, "--shapes", shapes, "--org", organization["id"], "--report", report).exit_code == 1
    assert json.loads(report.read_text(encoding="utf-8"))["datasets"] == 6


def test_reports_say_the_same_in_every_form(cli: Any, chain: Any, shapes: Path, tmp_path: Path) -> None:
    paths = {form: tmp_path / f"informe.{form}" for form in ("csv", "json", "html")}
    for path in paths.values():
        assert validate(cli, "--shapes", shapes, "--report", path).exit_code == 1
    as_json = json.loads(paths["json"].read_text(encoding="utf-8"))
    _, *rows = csv.reader(paths["csv"].read_text(encoding="utf-8-sig").splitlines())
    assert [row[5] for row in rows] == [row["message"] for row in as_json["findings"]]
    assert sum(as_json["counts"].values()) == len(rows)
    assert as_json["conforms"] is False
    html = paths["html"].read_text(encoding="utf-8")
    assert html.count("<tr class=") == len(rows)
    assert "Préstamos de la biblioteca pública" in html
    assert not list(tmp_path.glob(".informe*"))


def test_what_is_private_is_neither_examined_nor_named(
    cli: Any, make_dataset: Make, shapes: Path, tmp_path: Path
) -> None:
    hidden = make_dataset(name="oculto", private=True, identifier="SECRETO")
    draft = make_dataset(name="borrador", state="draft", identifier="SECRETO")
    make_dataset(
        name="abierto", identifier="PE-1", in_series=[f"http://test.ckan.net/dataset/{hidden['id']}"]
    )
    report = tmp_path / "informe.json"
    done = validate(cli, "--shapes", shapes, "--report", report)
    said = done.output + report.read_text(encoding="utf-8")
    assert "1 dataset(s)" in done.output
    assert "SECRETO" not in said
    assert draft["id"] not in said
    # The public dataset says itself what it points at, and of its neighbour it says what anybody sees: nothing.
    found = json.loads(report.read_text(encoding="utf-8"))["findings"]
    assert sorted(row["constraint"] for row in found if "isPartOf" in row["path"]) == ["Class", "MinCount"]


def test_an_empty_catalogue_can_be_examined(cli: Any, organization: Any, tmp_path: Path) -> None:
    done = validate(cli, "--report", tmp_path / "informe.html")
    assert done.exit_code == 0, done.output
    assert "0 dataset(s)" in done.output


@pytest.mark.shared
def test_official_shapes_from_a_folder_with_tables_beside(cli: Any, make_dataset: Make, shared: Path) -> None:
    make_dataset(resources=[FILE])
    done = validate(
        cli,
        "--shapes",
        shared / "shapes/dcat-ap-3.0.1/shapes.ttl",
        "--shapes",
        shared / "shapes/dcat-ap-3.0.1/range.ttl",
    )
    assert done.exit_code == 0, done.output
    spanish = validate(cli, "--shapes", shared / "shapes/dcat-ap-es-1.0.0")
    assert spanish.exit_code == 1
    assert "not read, for nothing is fetched" in spanish.output


def test_what_strangers_wrote_does_not_steer_the_terminal(cli: Any, make_dataset: Make, shapes: Path) -> None:
    make_dataset(identifier="X\u202e\u009b31m")
    assert {"\u202e", "\u009b"}.isdisjoint(validate(cli, "--shapes", shapes).output)
