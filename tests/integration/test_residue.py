"""What the schema has no room for of a harvested dataset is said again in every output, until somebody edits or hides where it came from."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import ckan.tests.factories as factories
import ckan.tests.helpers as helpers
import pytest
import rdflib
from ckan import model
from ckan.cli.cli import ckan as ckan_command
from pyoxigraph import RdfFormat, parse
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF
from sqlalchemy import event, text

from ckanext.culturape.dcat import beside, records
from ckanext.culturape.dcat.shacl import editors
from ckanext.culturape.harvest import keeping
from ckanext.culturape.harvest.read import read_document
from ckanext.culturape.harvest.residue import Group, Residue, seal
from ckanext.culturape.logic.rdf import make_context
from ckanext.culturape.rdf.fragment import to_ntriples

Make = Callable[..., dict[str, Any]]
READERS = {"nt": "nt", "ttl": "turtle", "xml": "xml", "jsonld": "json-ld"}
HEAD = """
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix gsp: <http://www.opengis.net/ont/geosparql#> .
@prefix locn: <http://www.w3.org/ns/locn#> . @prefix sh: <http://www.w3.org/ns/shacl#> . @prefix x: <https://museo.example.org/> .
"""
#: A second title, a telephone of the publisher, a source without an address, a place, and what is said of a file.
SOURCE = """
[] a dcat:Dataset ; dct:title "Préstamos"@es, "Préstamos regionales"@es-PE ; dct:relation x:relacion ;
    dct:source [ dct:title "Fuente" ; dct:relation [ dct:title "De la fuente" ] ] ;
    dct:publisher [ foaf:name "Museo" ; foaf:phone <tel:+51-1> ] ;
    dct:spatial [ a dct:Location ; rdfs:label "Cerro" ; locn:geometry "POINT(-72 -13)"^^gsp:wktLiteral ] ;
    dcat:distribution [ dcat:accessURL x:archivo ; dct:relation x:del-archivo ; dcat:downloadURL x:archivo ] .
"""
RELATION = rdflib.URIRef("https://museo.example.org/relacion")
EVERYTHING = ("relacion", "Fuente", "De la fuente", "tel:+51-1", "Préstamos regionales", "Cerro", "POINT(-72 -13)", "del-archivo")  # fmt: skip
PLACES = ("Cerro", "POINT(-72 -13)")
MOVED = "https://otro.example.org/archivo"


def act(action: str, **data: Any) -> Any:
    return helpers.call_action(action, {"user": factories.Sysadmin()["name"]}, **data)


def sql(statement: str, **values: Any) -> list[Any]:
    with model.ensure_engine().begin() as connection:
        found = connection.execute(text(statement), values)
        return list(found) if found.returns_rows else []


def stored() -> dict[str, tuple[str, bytes]]:
    """Version and content of the rows that are kept."""
    return {row[0]: (row[1], bytes(row[2])) for row in sql(f"SELECT package_id, xmin::text, content FROM {keeping.TABLE}")}  # fmt: skip


def fragment(dataset: Mapping[str, Any]) -> Any:
    query = "SELECT version, digest, problem FROM culturape_dcat_fragment WHERE package_id = :id"
    return next(iter(sql(query, id=dataset["id"])), None)


def keep(dataset: Mapping[str, Any], residue: Residue) -> None:
    """As a harvester does: sealed with the record as it was stored, and saved with it."""
    keeping.keep(dataset["id"], seal(residue, act("package_show", id=dataset["id"])))
    model.Session.commit()


def simple(*lines: str) -> Residue:
    """A residue that came from no field."""
    return Residue((Group((), False, tuple(sorted(lines))),))


def relation(address: str) -> str:
    return f"<urn:culturape:residue:dataset> <http://purl.org/dc/terms/relation> <{address}> ."


@pytest.fixture
def log(clean: None, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What is logged; the migrations of other extensions silence all loggers that are there already."""
    for module in (beside, keeping):
        monkeypatch.setattr(module.log, "disabled", False)
    beside._told.clear()
    caplog.set_level(logging.WARNING)
    return caplog


@pytest.fixture
def harvest(make_dataset: Make) -> Make:
    """A dataset that was read from a source, reviewed, and stored with its residue."""

    def make(source: str = SOURCE, **changes: Any) -> dict[str, Any]:
        ntriples = to_ntriples(quad.triple for quad in parse(HEAD + source, format=RdfFormat.TURTLE))
        (reading,) = read_document(ntriples, make_context())
        reviewed = {"sensitivity": ["ninguna"], "access_level": "abierto", "territory": ["PE"]}
        dataset = make_dataset(**{**reading.record, **reviewed, **changes})
        keep(dataset, reading.residue)
        return dataset

    return make


def ask(app: Any, address: str, **headers: str) -> Any:
    answer = app.get(address, headers=headers)
    # All of it is read, and then closed, as a server does when it has been sent: only then is kept what was made.
    assert answer.body is not None
    answer.close()
    return answer


def body(app: Any, address: str) -> str:
    return str(ask(app, address).body)


def said(app: Any, address: str = "/catalog.nt", words: Sequence[str] = EVERYTHING, **headers: str) -> list[str]:  # fmt: skip
    output = ask(app, address, **headers).body
    return [word for word in words if word in output]


OUTPUTS = [
    f"{start}.{suffix}"
    for start in ("/catalog", "/dataset/harvested", "/catalogo/dump", "/catalogo/cambios")
    for suffix in READERS
]


def test_it_stands_in_every_output(app: Any, harvest: Make, make_dataset: Make) -> None:
    dataset, other = harvest(name="harvested"), make_dataset(name="escrito")
    for address in OUTPUTS:
        form = READERS[address.rpartition(".")[2]]
        graph = rdflib.Dataset(default_union=True) if "cambios.jsonld" in address else rdflib.Graph()
        graph.parse(data=body(app, address), format=form)
        (subject,) = graph.subjects(DCTERMS.relation, RELATION)
        assert str(subject).endswith(dataset["id"])
        titles = {str(title) for title in graph.objects(subject, DCTERMS.title)}
        assert titles == {"Préstamos", "Préstamos regionales"}
        (publisher,) = graph.objects(subject, DCTERMS.publisher)
        assert [str(name) for name in graph.objects(publisher, FOAF.name)] == ["Museo"]
        assert [str(phone) for phone in graph.objects(publisher, FOAF.phone)] == ["tel:+51-1"]
        (source,) = graph.objects(subject, DCTERMS.source)
        (inner,) = graph.objects(source, DCTERMS.relation)
        assert [str(title) for title in graph.objects(inner, DCTERMS.title)] == ["De la fuente"]
        (part,) = graph.objects(subject, DCAT.distribution)
        assert str(graph.value(part, DCTERMS.relation)).endswith("del-archivo")
        written = rdflib.URIRef(f"http://test.ckan.net/dataset/{other['id']}")
        assert list(graph.objects(written, DCTERMS.relation)) == []


def test_it_stands_in_what_ckanext_dcat_writes(app: Any, harvest: Make) -> None:
    dataset = harvest(name="harvested")
    for profiles in ("culturape_dcat_ap_3", "culturape_dcat_ap_3,schemaorg"):
        written = [
            body(app, f"{start}.ttl?profiles={profiles}") for start in ("/catalog", "/dataset/harvested")
        ]
        written.append(act("dcat_dataset_show", id=dataset["id"], format="ttl", profiles=profiles.split(",")))
        for turtle in written:
            graph = rdflib.Graph().parse(data=turtle, format="turtle")
            (subject,) = set(graph.subjects(DCTERMS.relation, RELATION))
            assert str(subject).endswith(dataset["id"])
            assert graph.value(predicate=DCTERMS.title, object=rdflib.Literal("Fuente")) is not None


def test_datasets_with_the_same_residue_do_not_meet(app: Any, harvest: Make) -> None:
    datasets = [harvest(name=f"numero-{n}") for n in range(3)]
    graph = rdflib.Graph().parse(data=ask(app, "/catalog.nt").body, format="nt")
    sources = set(graph.objects(None, DCTERMS.source))
    assert len(sources) == len(datasets)
    for source in sources:
        assert len(list(graph.subjects(DCTERMS.source, source))) == 1
        assert [str(title) for title in graph.objects(source, DCTERMS.title)] == ["Fuente"]


EDITS = (
    ({"title_translated": {"es": "Otro"}}, ["Préstamos regionales"]), ({"publisher": [{"name": "Otra casa"}]}, ["tel:+51-1"]),
    ({"notes_translated": {"es": "Otras notas"}}, []), ({"territory": ["08"]}, list(PLACES)), ({"resources": []}, ["del-archivo"]),
    ({"resources": [{"name_translated": {"es": "Otro"}, "url": MOVED}]}, ["del-archivo"]),
)  # fmt: skip


def test_edits_win(app: Any, harvest: Make) -> None:
    addresses = ("/dataset/harvested.ttl", "/catalog.ttl", "/catalogo/dump.nt", "/catalogo/cambios.nq")
    for changes, gone in EDITS:
        dataset = harvest(name="harvested")
        for address in addresses:
            assert said(app, address) == list(EVERYTHING)
        act("package_patch", id=dataset["id"], **changes)
        for address in addresses:
            assert said(app, address) == [word for word in EVERYTHING if word not in gone]
        act("dataset_purge", id=dataset["id"])


def test_an_edit_that_is_taken_back_brings_it_back(app: Any, harvest: Make) -> None:
    dataset = harvest()
    act("package_patch", id=dataset["id"], title_translated={"es": "Otro"})
    assert "Préstamos regionales" not in said(app)
    act("package_patch", id=dataset["id"], title_translated={"es": "Préstamos"})
    assert said(app) == list(EVERYTHING)


CARE = [
    {"sensitivity": ["lugar-sagrado"], "community_authority": "Comunidad"},
    {"sensitivity": ["piaci"], "access_level": "solo-metadatos", "access_reason": "Protección"},
]


def test_care_holds_back_places_through_every_door(app: Any, harvest: Make) -> None:
    dataset = harvest(name="harvested")
    for care in CARE:
        assert all(PLACES[1] in body(app, address) for address in OUTPUTS)
        act("package_patch", id=dataset["id"], **care)
        shown = act("dcat_dataset_show", id=dataset["id"], format="nt", profiles=["culturape_dcat_ap_3"])
        for output in (*(body(app, address) for address in OUTPUTS), shown):
            assert "POINT" not in output
            assert "Cerro" not in output
            assert "relacion" in output
        assert ("downloadURL" in body(app, "/catalog.nt")) == ("access_level" not in care)
        act("package_patch", id=dataset["id"], sensitivity=["ninguna"], access_level="abierto")
    assert said(app) == list(EVERYTHING)


def test_a_record_that_became_sensitive_past_ckan_keeps_its_places_back(app: Any, harvest: Make) -> None:
    dataset = harvest()
    assert "POINT" in body(app, "/catalog.nt")
    package = model.Package.get(dataset["id"])
    package.extras["sensitivity"] = json.dumps(["lugar-sagrado"])
    model.Session.commit()
    assert "POINT" not in body(app, "/catalog.nt")
    assert "relacion" in body(app, "/catalog.nt")


def test_only_who_may_read_a_dataset_reads_what_is_kept_beside_it(
    app: Any, harvest: Make, editor: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset, draft = harvest(name="harvested"), harvest(name="borrador", private=True)
    assert said(app) == list(EVERYTHING)
    act("package_patch", id=dataset["id"], private=True)
    asked: list[str] = []
    ours = keeping.read
    monkeypatch.setattr(keeping, "read", lambda ids: asked.extend(ids) or ours(ids))
    outsider = factories.UserWithToken()
    for headers in ({}, {"Authorization": outsider["token"]}):
        for address in ("/catalog.nt", "/catalogo/dump.nt", "/catalogo/cambios.nq"):
            assert said(app, address, **headers) == []
        for name in ("harvested", "borrador", dataset["id"], draft["id"]):
            for suffix in READERS:
                assert app.get(f"/dataset/{name}.{suffix}", headers=headers, expect_errors=True).status_code == 404  # fmt: skip
    assert asked == []
    assert said(app, "/dataset/harvested.nt", Authorization=editor["token"]) == list(EVERYTHING)
    assert said(app) == []
    act("package_delete", id=draft["id"])
    assert app.get("/dataset/borrador.nt", expect_errors=True).status_code == 404


def test_what_is_outputbeside_a_dataset_is_seen_by_the_next_request(app: Any, make_dataset: Make) -> None:
    dataset, other = make_dataset(name="uno"), make_dataset(name="dos")
    first, feed = ask(app, "/catalog.ttl"), ask(app, "/catalogo/cambios.nq")
    single, dump = ask(app, "/dataset/uno.nt"), ask(app, "/catalogo/dump.nt")
    kept = {name["id"]: fragment(name) for name in (dataset, other)}
    keep(dataset, simple(relation("https://x.pe/uno")))
    for before, address in ((first, "/catalog.ttl"), (single, "/dataset/uno.nt"), (dump, "/catalogo/dump.nt")):  # fmt: skip
        etag = before.headers["ETag"]
        after = ask(app, address, **{"If-None-Match": etag})
        assert after.status_code == 200
        assert after.headers["ETag"] != etag
        assert "https://x.pe/uno" in after.body
        assert app.get(address, headers={"If-None-Match": after.headers["ETag"]}).status_code == 304
    assert fragment(dataset).version != kept[dataset["id"]].version
    assert fragment(other) == kept[other["id"]]
    changed = ask(app, "/catalogo/cambios.nq", **{"If-None-Match": feed.headers["ETag"]})
    assert "https://x.pe/uno" in changed.body
    # Whoever writes it, as with all rows.
    sql(f"DELETE FROM {keeping.TABLE}")
    assert "https://x.pe/uno" not in ask(app, "/catalog.ttl").body
    assert fragment(dataset) == kept[dataset["id"]]


def test_a_residue_that_changed_alone_costs_no_look_into_the_record(
    app: Any, make_dataset: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = make_dataset()
    ask(app, "/catalog.nt")
    monkeypatch.setattr(records, "_stored", lambda dataset_id: pytest.fail("the copy in the index is as new"))
    keep(dataset, simple(relation("https://x.pe/uno")))
    assert "https://x.pe/uno" in ask(app, "/catalog.nt").body


def test_keeping_the_same_writes_nothing(harvest: Make) -> None:
    dataset = harvest()
    before = stored()
    (residue,) = keeping.read([dataset["id"]]).values()
    keep(dataset, residue)
    assert stored() == before
    keep(dataset, simple(relation("https://x.pe/otro")))
    assert stored() != before
    keep(dataset, Residue())
    assert stored() == {}
    assert keeping.read([dataset["id"], "no-such"]) == {}


def test_it_is_saved_with_the_record_or_not_at_all(harvest: Make) -> None:
    dataset = harvest()
    before = stored()
    keeping.keep(dataset["id"], simple(relation("https://x.pe/otro")))
    assert keeping.read([dataset["id"]])[dataset["id"]] == simple(relation("https://x.pe/otro"))
    model.Session.rollback()
    assert stored() == before


def test_it_outlives_deletion_and_goes_when_a_dataset_is_purged(app: Any, harvest: Make) -> None:
    dataset, other = harvest(name="uno"), harvest(name="dos")
    act("package_delete", id=dataset["id"])
    assert said(app, "/dataset/dos.nt") == list(EVERYTHING)
    assert set(stored()) == {dataset["id"], other["id"]}
    act("package_patch", id=dataset["id"], state="active")
    assert said(app, "/dataset/uno.nt") == list(EVERYTHING)
    act("package_delete", id=dataset["id"])
    act("dataset_purge", id=dataset["id"])
    assert set(stored()) == {other["id"]}


@pytest.fixture
def missing(monkeypatch: pytest.MonkeyPatch) -> str:
    """As it is when the plugin is loaded and its tables were not made."""
    monkeypatch.setattr(keeping, "TABLE", "culturape_harvest_nowhere")
    return keeping.TABLE


def test_without_the_table_all_pages_work_and_the_operator_is_told(
    app: Any, cli: Any, harvest: Make, missing: str, log: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(keeping, "TABLE", "culturape_harvest_residue")
    dataset, other = harvest(name="harvested"), harvest(name="otro")
    assert said(app) == list(EVERYTHING)
    monkeypatch.setattr(keeping, "TABLE", missing)
    for address in OUTPUTS:
        assert said(app, address) == []
        assert dataset["id"] in ask(app, address).body
    assert keeping.MIGRATION in log.text
    assert fragment(dataset).problem == ""
    app.get("/dataset/harvested", status=200)
    act("dataset_purge", id=other["id"])
    done = cli.invoke(ckan_command, ["culturape", "dcat", "check"])
    assert done.exit_code == 1
    assert keeping.MIGRATION in done.output
    monkeypatch.setattr(keeping, "TABLE", "culturape_harvest_residue")
    assert said(app) == list(EVERYTHING)


def test_a_row_that_nobody_can_read_is_left_out_and_named(app: Any, harvest: Make, log: Any) -> None:
    broken, good = harvest(name="roto"), harvest(name="sano")
    for content in (b"nothing", b"", b"x\x9c\x03\x00\x00\x00\x00\x01"):
        sql(f"UPDATE {keeping.TABLE} SET content = :c WHERE package_id = :id", c=content, id=broken["id"])
        log.clear()
        graph = rdflib.Graph().parse(data=ask(app, "/catalog.nt").body, format="nt")
        assert {str(s).rpartition("/")[2] for s in graph.subjects(RDF.type, DCAT.Dataset)} == {broken["id"], good["id"]}  # fmt: skip
        assert [str(s).rpartition("/")[2] for s in graph.subjects(DCTERMS.relation, RELATION)] == [good["id"]]
        assert broken["id"] in log.text


@contextmanager
def queries(table: str) -> Iterator[list[str]]:
    """The queries that name a table."""
    seen: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if f"FROM {table} " in statement:
            seen.append(statement)

    event.listen(model.ensure_engine(), "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(model.ensure_engine(), "before_cursor_execute", note)


def test_a_page_asks_once_for_all_its_datasets(app: Any, harvest: Make) -> None:
    for number in range(6):
        harvest(name=f"numero-{number}")
    with queries(keeping.TABLE) as seen:
        assert said(app) == list(EVERYTHING)
    assert len([query for query in seen if "content" in query]) == 1
    with queries(keeping.TABLE) as seen:
        assert said(app) == list(EVERYTHING)
    assert [query for query in seen if "content" in query] == []
    assert len(seen) == 1


def test_nothing_ill_formed_gets_out(app: Any, harvest: Make, make_dataset: Make) -> None:
    dataset = make_dataset(name="harvested")
    subject, property_ = "<urn:culturape:residue:dataset>", "<http://purl.org/dc/terms/relation>"
    bad = (
        f"{subject} {property_} <https://x.pe/con espacio> .", f'{subject} {property_} "a"@demasiadolargo .', f"{subject} {property_} <relativo> .",
        f"{subject} <https://x.pe/123> <https://x.pe/numero> .", f"{subject} {property_} <<( <a:a> <a:b> <a:c> )>> .",
        f'{subject} {property_} "campana\\u0007"@es .', f'{subject} {property_} "dir"@es--ltr .', f"{subject} {property_} <javascript:alert(1)> .",
    )  # fmt: skip
    keep(dataset, simple(*bad, relation("https://x.pe/bueno")))
    for suffix, form in READERS.items():
        for start in ("/catalog", "/dataset/harvested", "/catalogo/dump"):
            graph = rdflib.Graph().parse(data=ask(app, f"{start}.{suffix}").body, format=form)
            found = {str(value) for value in graph.objects(None, DCTERMS.relation)}
            assert found == {"https://x.pe/bueno", "campana", "dir"}
    assert fragment(dataset).problem == ""


MOST_ONE_SOURCE = "<http://x.pe/A> a sh:NodeShape ; sh:targetClass dcat:Dataset ; sh:property [ sh:path dct:relation ; sh:nodeKind sh:Literal ] ."
ONE_SOURCE = "<http://x.pe/A> a sh:NodeShape ; sh:targetClass dcat:Dataset ; sh:property [ sh:path dct:source ; sh:minCount 1 ] ."


@pytest.fixture
def shapes(tmp_path: Any, ckan_config: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Any]:
    def use(rules: str) -> Any:
        path = tmp_path / "perfil.ttl"
        path.write_text(HEAD + rules, encoding="utf-8")
        monkeypatch.setitem(ckan_config, "ckanext.culturape.shapes", str(path))
        return path

    return use


def test_editors_are_not_blamed_for_what_they_cannot_mend(
    app: Any, cli: Any, harvest: Make, shapes: Any
) -> None:
    dataset = harvest(name="harvested")
    shapes(MOST_ONE_SOURCE)
    assert editors.examine(dataset["id"]).findings == []
    # Others see it, so whoever examines the whole catalogue does as well.
    done = cli.invoke(ckan_command, ["culturape", "dcat", "validate"])
    assert done.exit_code == 1
    assert "relation" in done.output


def test_editors_are_not_asked_for_what_others_say_already(make_dataset: Make, harvest: Make, shapes: Any) -> None:  # fmt: skip
    shapes(ONE_SOURCE)
    dataset, bare = harvest(), make_dataset()
    assert editors.examine(dataset["id"]).findings == []
    assert [finding.component for finding in editors.examine(bare["id"]).findings] == ["MinCount"]
    keep(dataset, Residue())
    assert [finding.component for finding in editors.examine(dataset["id"]).findings] == ["MinCount"]
