"""Other plugins say statements about datasets beside our schema; whatever goes wrong in them stays theirs."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import ckan.plugins as p
import ckan.tests.helpers as helpers
import pytest
import rdflib
from ckan import model
from ckan.cli.cli import ckan as ckan_command
from ckan.plugins import core as ckan_core
from pyoxigraph import Literal, NamedNode, Triple
from rdflib.namespace import DCAT, DCTERMS, RDF, SKOS
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ckanext.culturape.dcat import beside
from ckanext.culturape.interfaces import IStatements
from ckanext.culturape.logic.site import vocabulary
from ckanext.culturape.rdf.mapping import dataset_iri
from ckanext.culturape.rdf.terms import concept_link

Make = Callable[..., dict[str, Any]]
ADDRESSES = ("/catalog.nt", "/catalog.ttl", "/dataset/roto.xml", "/catalogo/dump.nt", "/catalogo/cambios.nq")
SAID = "https://x.pe/de-otro"
RELATION = NamedNode(str(DCTERMS.relation))


class Other(p.Plugin):
    """A plugin of somebody else."""

    p.implements(IStatements, inherit=True)

    version = ""
    says: Any = staticmethod(lambda records: {})

    def statements_version(self) -> str:
        return self.version

    def statements_beside(self, records: Sequence[dict[str, Any]]) -> Mapping[str, Any]:
        return self.says(records)


@pytest.fixture
def other(clean: None, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> Any:
    plugin = Other(name="otro")
    monkeypatch.setitem(ckan_core._PLUGINS_SERVICE, "otro", plugin)
    # The migrations of other extensions silence all loggers that are there already.
    monkeypatch.setattr(beside.log, "disabled", False)
    beside._told.clear()
    caplog.set_level(logging.WARNING)
    return plugin


def fragment(dataset: Mapping[str, Any]) -> Any:
    query = "SELECT version, digest, problem FROM culturape_dcat_fragment WHERE package_id = :id"
    with model.ensure_engine().begin() as connection:
        return connection.execute(text(query), {"id": dataset["id"]}).one()


def ask(app: Any, address: str) -> str:
    answer = app.get(address)
    body = str(answer.body)
    # Only when all has been sent is kept what was made.
    answer.close()
    return body


def check(cli: Any) -> list[str]:
    """What the check of the catalogue says of the plugin."""
    done = cli.invoke(ckan_command, ["culturape", "dcat", "check"])
    lines = [line for line in done.output.splitlines() if "otro" in line]
    assert done.exit_code == 1 or not lines
    return lines


def about(address: str) -> Callable[..., Any]:
    """Says of each dataset that it is related to an address."""

    def says(records: Sequence[dict[str, Any]]) -> dict[str, Any]:
        def say_of(record: dict[str, Any]) -> Callable[..., Any]:
            return lambda context: [Triple(dataset_iri(record, context), RELATION, NamedNode(address))]

        return {record["id"]: say_of(record) for record in records}

    return says


def each(say: Callable[..., Any], only: str = "") -> Callable[..., Any]:
    """Says the same of each dataset, or of the one of a name."""
    return lambda records: {r["id"]: say for r in records if not only or r["name"] == only}


def test_what_they_say_is_said_and_is_new_when_their_version_is(
    app: Any, make_dataset: Make, other: Any
) -> None:
    dataset = make_dataset(name="roto")
    silent = fragment(dataset).version if ask(app, "/catalog.nt") else ""
    other.says = about("https://x.pe/uno")
    # An expression of any type; NULL where nothing is said, as before.
    other.version = "CASE WHEN p.version = '2' THEN 7 END"
    assert "https://x.pe/uno" not in ask(app, "/catalog.nt")
    assert fragment(dataset).version == silent
    for value, version in (("uno", "'uno'"), ("dos", "'dos' || p.id"), ("tres", r"'a\:b'"), ("cuatro", "3.5")):  # fmt: skip
        other.says, other.version = about(f"https://x.pe/{value}"), version
        for address in ADDRESSES:
            assert f"https://x.pe/{value}" in ask(app, address)
    # Only the version is asked: what they say without changing it is not noticed, as with any row.
    other.says = about("https://x.pe/nadie")
    assert "https://x.pe/nadie" not in ask(app, "/catalog.nt")


def test_two_plugins_stand_beside_each_other(app: Any, make_dataset: Make, other: Any, monkeypatch: Any) -> None:  # fmt: skip
    class Third(Other):
        """Another one."""

        p.implements(IStatements, inherit=True)

    third = Third(name="ter'cero:x")
    monkeypatch.setitem(ckan_core._PLUGINS_SERVICE, third.name, third)
    other.says, third.says = about("https://x.pe/uno"), about("https://x.pe/dos")
    other.version, third.version = "'v'", "NULL"
    make_dataset(name="roto")
    body = ask(app, "/dataset/roto.nt")
    assert "https://x.pe/uno" in body
    assert "https://x.pe/dos" in body
    # The same text is another version when another plugin says it.
    other.version, third.version, third.says = "NULL", "'v'", about("https://x.pe/tres")
    assert "https://x.pe/tres" in ask(app, "/dataset/roto.nt")


def test_they_are_asked_of_public_records_as_far_as_care_shows_them(
    app: Any, make_dataset: Make, other: Any
) -> None:
    dataset = make_dataset(territory=["080901"])
    make_dataset(private=True)
    ask(app, "/catalog.nt")
    package = model.Package.get(dataset["id"])
    package.extras["sensitivity"] = json.dumps(["lugar-sagrado"])
    model.Session.commit()
    seen: list[Any] = []
    other.says = lambda records: seen.extend(records) or {}
    ask(app, "/catalog.nt")
    assert [(record["id"], record["territory"]) for record in seen] == [(dataset["id"], ["0809"])]


def test_what_they_say_of_datasets_that_nobody_asked_for_is_not_said(
    app: Any, make_dataset: Make, other: Any
) -> None:
    hidden, shown = make_dataset(private=True), make_dataset()
    other.says = lambda records: {
        name["id"]: lambda context: [Triple(NamedNode(SAID), RELATION, Literal(context.dataset))]
        for name in (hidden, shown)
    }
    body = ask(app, "/catalog.nt")
    assert f'"{shown["id"]}"' in body
    assert hidden["id"] not in body


def test_the_concepts_that_they_name_are_described(app: Any, make_dataset: Make, other: Any) -> None:
    datasets = [make_dataset(name=f"numero-{n}") for n in range(2)]
    concept = vocabulary().concept("theme", "TRAN")
    assert concept
    other.says = each(lambda context: concept_link(NamedNode(SAID + context.dataset), "dcat:theme", concept, context))  # fmt: skip
    graph = rdflib.Graph().parse(data=ask(app, "/catalog.nt"), format="nt")
    address = rdflib.URIRef(concept.uri)
    assert len(list(graph.subjects(DCAT.theme, address))) == len(datasets)
    assert (address, RDF.type, SKOS.Concept) in graph
    written = helpers.call_action(
        "dcat_dataset_show", id=datasets[0]["id"], format="nt", profiles=["culturape_dcat_ap_3"]
    )
    assert (address, RDF.type, SKOS.Concept) in rdflib.Graph().parse(data=written, format="nt")


def test_blank_nodes_are_of_one_dataset(app: Any, make_dataset: Make, other: Any) -> None:
    for number in range(2):
        make_dataset(name=f"numero-{number}")
    other.says = each(lambda context: [Triple(context.blank("otro", 1), RELATION, Literal("Mío"))])
    graph = rdflib.Graph().parse(data=ask(app, "/catalog.nt"), format="nt")
    assert len(set(graph.subjects(DCTERMS.relation, rdflib.Literal("Mío")))) == 2


def _never(records: Any) -> Any:
    raise LookupError("nothing is there")


def _spoilt(records: Any) -> Any:
    model.Session.execute(text("SELECT * FROM no_such_table"))


def _half(context: Any) -> Iterator[Triple]:
    yield Triple(NamedNode(SAID), RELATION, Literal("a medias"))
    raise SyntaxError("no line")


BOTH, ONE = {"roto", "sano"}, {"roto"}
FAILING = [
    (_never, "LookupError: nothing is there", BOTH), (_spoilt, "no_such_table", BOTH), (lambda records: 5, "TypeError", BOTH),
    (each(_half, "roto"), "SyntaxError: no line", ONE), (each(5, "roto"), "not callable", ONE),  # type: ignore[arg-type]
    (each(lambda context: [("a", "b", "c")]), "AttributeError", BOTH), (each(lambda context: None, "roto"), "TypeError", ONE),
]  # fmt: skip


def test_a_plugin_that_fails_breaks_no_page_and_is_named(
    app: Any, cli: Any, make_dataset: Make, other: Any
) -> None:
    datasets = {name: make_dataset(name=name) for name in ("roto", "sano")}
    for number, (says, problem, names) in enumerate(FAILING):
        other.says, other.version = says, f"'{number}'"
        for address in ADDRESSES:
            body = ask(app, address)
            assert datasets["roto"]["id"] in body
            assert "a medias" not in body
        for name, dataset in datasets.items():
            found = fragment(dataset).problem
            assert (found.startswith("otro: ") and problem in found) if name in names else found == ""
        written = helpers.call_action(
            "dcat_dataset_show", id="roto", format="nt", profiles=["culturape_dcat_ap_3"]
        )
        assert datasets["roto"]["id"] in written
        assert "a medias" not in written
        assert {line.partition("\t")[0] for line in check(cli)} == names
    # Once it is mended, the check finds so, and its statements are said without anything else having changed.
    other.says = about(SAID)
    assert check(cli) == []
    assert {fragment(dataset).problem for dataset in datasets.values()} == {""}
    assert SAID in ask(app, "/dataset/roto.nt")


def test_a_query_that_fails_in_a_plugin_spoils_nothing_that_was_to_be_saved(
    make_dataset: Make, other: Any
) -> None:
    dataset = make_dataset()
    package = model.Package.get(dataset["id"])
    package.url = "https://x.pe/por-guardar"
    other.says = _never
    assert beside.said([dataset])
    model.Session.commit()
    assert model.Package.get(dataset["id"]).url == "https://x.pe/por-guardar"


BROKEN = ("no_such_column", "(SELECT", "1; DROP TABLE package", ":x", "(SELECT t.a FROM no_such_table t)")


def test_a_version_that_is_none_breaks_no_page_and_is_named_once(
    app: Any, cli: Any, make_dataset: Make, other: Any, caplog: pytest.LogCaptureFixture
) -> None:
    dataset = make_dataset(name="roto")
    other.says = about(SAID)
    for other.version in BROKEN:
        caplog.clear()
        for address in ADDRESSES:
            body = ask(app, address)
            assert dataset["id"] in body
            assert SAID not in body
        assert caplog.text.count("plugin otro cannot say anything") == 1
    (fault,) = check(cli)
    assert fault.startswith("otro\t")
    other.version = "'v'"
    assert SAID in ask(app, "/catalog.nt")
    assert check(cli) == []


def test_a_version_that_fails_one_day_is_left_out_from_then_on(
    app: Any, cli: Any, make_dataset: Make, other: Any
) -> None:
    make_dataset(name="roto")
    other.version, other.says = "'v' || 1 / (length(coalesce(p.version, '')) - 4)", about(SAID)
    assert SAID in ask(app, "/catalog.nt")
    dataset = make_dataset(name="malo", version="malo")
    with pytest.raises(DBAPIError, match="division by zero"):
        app.get("/catalog.nt")
    body = ask(app, "/catalog.nt")
    assert dataset["id"] in body
    (fault,) = check(cli)
    assert "division by zero" in fault


def test_a_record_that_nobody_can_read_is_not_asked_about(app: Any, make_dataset: Make, other: Any) -> None:
    broken, good = make_dataset(), make_dataset()
    ask(app, "/catalog.nt")
    package = model.Package.get(broken["id"])
    package.extras["people"] = "5"
    model.Session.commit()
    other.says, other.version = about(SAID), "'v'"
    graph = rdflib.Graph().parse(data=ask(app, "/catalog.nt"), format="nt")
    related = {str(node) for node in graph.subjects(DCTERMS.relation, rdflib.URIRef(SAID))}
    assert f"http://test.ckan.net/dataset/{good['id']}" in related


@pytest.fixture
def citations(clean: None) -> Iterator[Callable[..., None]]:
    """A table of another extension, and a function that writes a row of it."""

    def cite(dataset: Mapping[str, Any], doi: str) -> None:
        with model.ensure_engine().begin() as connection:
            values = {"id": dataset["id"], "doi": doi}
            connection.execute(text("INSERT INTO citation (package_id, doi) VALUES (:id, :doi)"), values)

    with model.ensure_engine().begin() as connection:
        connection.execute(text("CREATE TABLE citation (id serial PRIMARY KEY, package_id text, doi text)"))
    yield cite
    model.Session.remove()
    with model.ensure_engine().begin() as connection:
        connection.execute(text("DROP TABLE citation"))


def test_the_example_of_the_documentation_works(
    app: Any, cli: Any, make_dataset: Make, citations: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (Path(__file__).parents[2] / "docs" / "extend.md").read_text(encoding="utf-8")
    (example,) = (block for block in re.findall(r"```python\n(.*?)```", page, re.DOTALL) if "IStatements" in block)  # fmt: skip
    names: dict[str, Any] = {"__name__": "citations"}
    exec(example, names)
    plugin = names["CitationsPlugin"](name="citations")
    monkeypatch.setitem(ckan_core._PLUGINS_SERVICE, "citations", plugin)
    cited, other = make_dataset(name="roto"), make_dataset()
    for count, doi in enumerate(("10.1234/a", "10.1234/b"), 1):
        citations(cited, doi)
        for address in ADDRESSES:
            assert f"https://doi.org/{doi}" in ask(app, address)
        assert ask(app, "/catalog.nt").count("terms/isReferencedBy") == count
    assert fragment(other).problem == ""
