"""Whatever a source answers, there is a report, and the catalogue is unharmed."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ending import ending
from sources import Answer, Catalogue, serve
from test_harvest import datasets, harvest, sql

SECRET = "root:x:0:0"

#: Files from which nothing at all can be read; from all others something is, or nothing is to be had.
UNREADABLE = {
    "14_truncated.rdf", "16_jsonld_remote_context_ssrf.jsonld", "22_billion_laughs_depth5.rdf", "22_billion_laughs_depth6.rdf",
    "24_deep_json_nesting.jsonld",
}  # fmt: skip


@pytest.fixture
def catalogue(monkeypatch: pytest.MonkeyPatch) -> Iterator[Catalogue]:
    """Three good datasets, and whatever a test adds."""
    with serve(Catalogue({n: f"Museo {n}" for n in range(1, 4)})) as served:
        monkeypatch.setitem(tk.config, "ckanext.culturape.allowed_sources", [f"{served.base}/"])
        yield served


def rows() -> list[Any]:
    """The good datasets, with the versions of their rows."""
    query = """
        SELECT p.id, p.xmin::text FROM package p JOIN culturape_harvest_dataset d ON d.package_id = p.id
        WHERE d.uri LIKE 'https://otro.example.org/%' ORDER BY 1"""
    return sql(query)


@pytest.mark.shared
def test_each_bad_catalogue_is_answered_and_harms_nothing(
    catalogue: Catalogue, make_source: Callable[..., str], shared: Path
) -> None:
    harvest(make_source(catalogue.address, "buena"))
    before = rows()
    files = sorted((shared / "catalogs/bad").iterdir())
    for number, file in enumerate(files):
        catalogue.answers[f"/{file.name}"] = Answer(file.read_bytes(), "application/octet-stream")
        with ending():
            run = harvest(make_source(f"{catalogue.base}/{file.name}", f"mala-{number}"))
        assert run.state in ("finished", "failed", "guarded"), file.name
        assert (file.name in UNREADABLE) == (bool(run.error) and not run.counts), (file.name, run.error)
        assert rows() == before, file.name
    assert len(files) > 20
    asked = [path for path in catalogue.asked if not path.startswith(("/robots", "/catalogo"))]
    assert len(asked) == len(set(asked)), "nothing is read twice"


def fails(catalogue: Catalogue, make_source: Callable[..., str], answer: Answer, **config: Any) -> str:
    """Harvest what the server answers; the reason of the failure."""
    from ckanext.culturape.errors import fault_from_json

    catalogue.answers["/mala"] = answer
    run = harvest(make_source(f"{catalogue.base}/mala", "mala", **config))
    assert (run.state, run.counts) == ("failed", {})
    return fault_from_json(run.error).text()


def test_a_bomb_is_not_unpacked(catalogue: Catalogue, make_source: Callable[..., str]) -> None:
    bomb = gzip.compress(b"<" * 300_000_000, 9)
    answer = Answer(bomb, headers={"Content-Encoding": "gzip"})
    assert "MB" in fails(catalogue, make_source, answer)


def test_the_limits_of_a_source_hold(catalogue: Catalogue, make_source: Callable[..., str]) -> None:
    assert "2 datasets" in fails(
        catalogue, make_source, Answer(catalogue.page(1).encode()), config='{"datasets": 2}'
    )
    many = Answer(catalogue.page(1).encode())
    catalogue.answers["/mala"] = many
    run = harvest(make_source(f"{catalogue.base}/mala", "otra", config='{"triples": 10}'))
    assert (run.state, run.counts) == ("failed", {})


def test_a_next_page_inside_the_house_is_not_followed(
    catalogue: Catalogue, make_source: Callable[..., str]
) -> None:
    for number, target in enumerate(
        ("file:///etc/passwd", "http://127.0.0.1:1/", "http://169.254.169.254/latest/meta-data")
    ):
        page = (
            catalogue.page(1)
            + f"\n<{catalogue.base}/mala{number}> a hydra:PagedCollection ; hydra:nextPage <{target}> ."
        )
        catalogue.answers[f"/mala{number}"] = Answer(page.encode())
        run = harvest(make_source(f"{catalogue.base}/mala{number}", f"mala{number}"))
        assert SECRET not in str(sql("SELECT fault::text FROM culturape_harvest_fault"))
        assert run.state in ("finished", "failed")


def test_an_address_inside_the_house_is_refused(
    catalogue: Catalogue, make_source: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    source = make_source(catalogue.address)
    monkeypatch.setitem(tk.config, "ckanext.culturape.allowed_sources", [])
    with pytest.raises(tk.ValidationError):
        make_source(f"{catalogue.base}/otra.ttl", "otra")
    run = harvest(source)
    assert (run.state, catalogue.asked) == ("failed", [])


def test_texts_that_no_database_can_keep(catalogue: Catalogue, make_source: Callable[..., str]) -> None:
    catalogue.datasets[2] = "nulo \\u0000 y más \\u0007 " + "x" * 5000
    catalogue.more[3] = (
        'dct:description "\\uFFFF\\U0001F3FA" ; dct:identifier "\\u0000" ; dct:issued "0000-00-00" ;'
    )
    run = harvest(make_source(catalogue.address))
    assert run.state == "finished"
    assert run.counts["added"] == 3
    assert len(datasets()) == 3


def test_errors_of_thousands_are_all_kept(catalogue: Catalogue, make_source: Callable[..., str]) -> None:
    catalogue.datasets = {n: "" for n in range(1, 301)}
    catalogue.size = 100
    run = harvest(make_source(catalogue.address))
    assert run.counts == {"refused": 300}
    assert sql("SELECT count(*) FROM culturape_harvest_fault WHERE kind = 'refused'") == [(300,)]
