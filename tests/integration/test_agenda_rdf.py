"""Agendas, commitments and needs as RDF: every door gives what anybody may read, and nothing else."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import ckan.tests.factories as factories
import ckan.tests.helpers as helpers
import pytest
import rdflib
from agendas import Make, maker
from bs4 import BeautifulSoup
from ckan import model
from ckan.cli.cli import ckan as ckan_command
from pyoxigraph import NamedNode, RdfFormat, parse
from rdflib.compare import isomorphic
from rdflib.namespace import DCAT, DCTERMS, PROV, RDF
from sqlalchemy import text

from ckanext.culturape.agenda import dump
from ckanext.culturape.fields import RECORD_TYPES, load_schema
from ckanext.culturape.logic.rdf import make_context
from ckanext.culturape.rdf.formats import FORMATS
from ckanext.culturape.rdf.graph import Graph
from ckanext.culturape.rdf.records import record_from_rdf

pytestmark = pytest.mark.usefixtures("clean")

SITE = "http://test.ckan.net"
OWN = rdflib.Namespace("https://w3id.org/culturape/ns#")
PARSERS = {"ttl": "turtle", "xml": "xml", "jsonld": "json-ld", "nt": "nt", "rdf": "xml", "n3": "n3"}
TYPES = RECORD_TYPES[1:]
MILESTONES = [
    {
        "title": "Padrón revisado",
        "due_date": "2030-06",
        "done_date": "2026-01-02",
        "evidence_url": "https://x.pe/acta",
    }
]


@pytest.fixture
def make(organization: dict[str, Any], editor: dict[str, Any]) -> Make:
    return maker(organization["id"], editor["name"])


@pytest.fixture
def chain(make: Make, make_dataset: Make) -> dict[str, dict[str, Any]]:
    """A dataset with an address of its own, and an agenda with a commitment and a need that lead to it."""
    dataset = make_dataset(name="registro", uri="https://museo.pe/id/registro")
    agenda = make(
        "agenda", name="lenguas", validity=[{"start": "2026", "end": "2028-12"}], people=["ashaninka"], sector=["bibliotecas"],
        resources=[{"name": "Acta", "url": "https://x.pe/acta.pdf", "description": "De la mesa", "format": "PDF"}],
    )  # fmt: skip
    need = make(
        "necesidad",
        name="hablantes",
        agenda=agenda["id"],
        about_dataset=[dataset["id"]],
        requester_name="Colectivo",
    )
    promise = make(
        "compromiso", name="abrir", agenda=agenda["id"], answers_needs=[need["id"]], fulfilled_by=[dataset["id"]],
        milestones=MILESTONES, support_actors=["Universidad", "Archivo"],
    )  # fmt: skip
    return {"dataset": dataset, "agenda": agenda, "necesidad": need, "compromiso": promise}


def get(app: Any, path: str, user: dict[str, Any] | None = None, **more: Any) -> Any:
    headers = {**({"Authorization": user["token"]} if user else {}), **more.pop("headers", {})}
    return app.get(path, headers=headers, follow_redirects=False, **more)


def read(app: Any, path: str, user: dict[str, Any] | None = None) -> rdflib.Graph:
    response = get(app, path, user)
    assert response.status_code == 200, response.body
    return rdflib.Graph().parse(data=response.data, format=PARSERS[path.rpartition(".")[2]])


def iri(record: dict[str, Any]) -> rdflib.URIRef:
    return rdflib.URIRef(record.get("uri") or f"{SITE}/{record['type']}/{record['id']}")


def patch(record: dict[str, Any], **changes: Any) -> dict[str, Any]:
    user = {"user": factories.Sysadmin()["name"]}
    return helpers.call_action("package_patch", user, id=record["id"], **changes)


def test_the_chain_can_be_followed(app: Any, chain: Any) -> None:
    graph = read(app, "/agendas.ttl")
    agenda, promise, need, dataset = (
        iri(chain[kind]) for kind in ("agenda", "compromiso", "necesidad", "dataset")
    )
    assert {OWN.Agenda, PROV.Plan, rdflib.FOAF.Project, DCAT.Resource} == set(graph.objects(agenda, RDF.type))
    for triple in (
        (promise, DCTERMS.isPartOf, agenda), (need, DCTERMS.isPartOf, agenda), (promise, OWN.answersNeed, need),
        (promise, OWN.fulfilledBy, dataset), (promise, DCTERMS.references, dataset), (dataset, DCTERMS.isReferencedBy, promise),
        (need, OWN.aboutDataset, dataset), (dataset, DCTERMS.isReferencedBy, need),
    ):  # fmt: skip
        assert triple in graph
    state = graph.value(promise, OWN.commitmentStatus)
    assert str(state).endswith("/commitment-status/cumplido")
    assert graph.value(state, rdflib.SKOS.prefLabel) is not None
    step = graph.value(need, OWN.step)
    assert str(graph.value(step, rdflib.URIRef("http://www.w3.org/ns/adms#status"))).endswith(
        "/need-status/recibida"
    )
    assert str(graph.value(graph.value(promise, OWN.leadActor), rdflib.FOAF.name)) == "Ministerio de prueba"
    # Datasets are the catalogue's to describe.
    assert (dataset, RDF.type, DCAT.Dataset) not in graph


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_says_the_same(app: Any, chain: Any, suffix: str) -> None:
    for path in (
        "/agendas",
        "/agenda/lenguas",
        "/compromiso/abrir",
        f"/necesidad/{chain['necesidad']['id']}",
    ):
        response = get(app, f"{path}.{suffix}")
        assert response.headers["Content-Type"].startswith(FORMATS[suffix].media_type)
        graph = rdflib.Graph().parse(data=response.data, format=PARSERS[suffix])
        assert len(graph) > 20
        assert isomorphic(graph, read(app, f"{path}.nt"))


def test_single_records_together_say_what_the_dump_says(app: Any, chain: Any) -> None:
    def lines(*paths: str) -> set[bytes]:
        return {line for path in paths for line in get(app, path).data.splitlines()}

    whole = lines("/agendas.nt")
    assert lines("/compromiso/abrir.nt", "/necesidad/hablantes.nt", "/agenda/lenguas.nt") == whole
    # An agenda comes with what belongs to it.
    assert lines("/agenda/lenguas.nt") == whole
    assert lines("/compromiso/abrir.nt") < whole


@pytest.mark.parametrize("suffix", FORMATS)
def test_what_is_written_can_be_read_again(app: Any, chain: Any, suffix: str) -> None:
    form = FORMATS[suffix]
    graph = Graph(quad.triple for quad in parse(get(app, f"/agendas.{suffix}").data, format=form.rdf))
    ids = {"https://museo.pe/id/registro": chain["dataset"]["id"]}
    context = make_context()
    reader = type(context)(context.vocabulary, context.base, id_of=lambda address: ids.get(address, ""))
    for kind in TYPES:
        stored = helpers.call_action("package_show", id=chain[kind]["id"])
        again, faults = record_from_rdf(graph, NamedNode(str(iri(stored))), kind, reader)
        assert faults == []
        declared = {field.name for field in load_schema(kind).fields if field.rdf and stored.get(field.name)}
        assert {name: again[name] for name in declared} == {name: stored[name] for name in declared}
        assert set(again) - {"resources"} == declared
    (document,) = record_from_rdf(graph, NamedNode(str(iri(chain["agenda"]))), "agenda", reader)[0][
        "resources"
    ]
    assert document == {
        "name": "Acta",
        "url": "https://x.pe/acta.pdf",
        "description": "De la mesa",
        "format": "PDF",
    }


def test_nobody_learns_of_what_is_not_public(
    app: Any, make: Make, make_dataset: Make, chain: Any, editor: Any
) -> None:
    hidden = make_dataset(name="oculto", private=True)
    gone = make_dataset(name="borrado")
    secret = make("agenda", name="agenda-secreta", private=True)
    patch(
        chain["compromiso"],
        agenda=secret["id"],
        fulfilled_by=[chain["dataset"]["id"], hidden["id"], gone["id"]],
    )
    helpers.call_action("package_delete", {"user": editor["name"]}, id=gone["id"])
    for path in ("/agendas.nt", "/compromiso/abrir.nt", "/agenda/lenguas.nt"):
        for reader in (None, editor):
            body = get(app, path, reader).body
            assert not any(one["id"] in body for one in (hidden, gone, secret)), (path, reader)
    state = read(app, "/compromiso/abrir.nt").value(iri(chain["compromiso"]), OWN.commitmentStatus)
    assert str(state).endswith("/en-curso")


@pytest.mark.parametrize("kind", TYPES)
def test_a_private_record_is_for_those_who_may_read_it(app: Any, make: Make, editor: Any, kind: str) -> None:
    record = make(kind, name="reservado", private=True, title_translated={"es": "Reservado"})
    stranger = factories.UserWithToken()
    for reader in (None, stranger):
        answer = get(app, f"/{kind}/reservado.ttl", reader, status=404)
        assert "Reservado" not in answer.body
        assert answer.headers["Content-Type"].startswith("text/plain")
        assert record["id"] not in get(app, "/agendas.nt", reader).body
    answer = get(app, f"/{kind}/reservado.ttl", editor)
    assert "Reservado" in answer.body
    assert "no-store" in answer.headers["Cache-Control"]
    assert "public" not in answer.headers["Cache-Control"]
    get(app, f"/dataset/{record['id']}.ttl", status=404)
    # Asked for under another type, it is not there.
    other = next(one for one in TYPES if one != kind)
    get(app, f"/{other}/reservado.ttl", editor, status=404)
    get(app, f"/{kind}/no-existe.ttl", editor, status=404)


def test_what_becomes_private_or_is_deleted_leaves(app: Any, chain: Any, editor: Any) -> None:
    patch(chain["necesidad"], private=True)
    helpers.call_action("package_delete", {"user": editor["name"]}, id=chain["compromiso"]["id"])
    graph = read(app, "/agendas.nt")
    assert set(graph.subjects(RDF.type, DCAT.Resource)) == {iri(chain["agenda"])}
    get(app, "/compromiso/abrir.ttl", status=404)
    get(app, "/necesidad/hablantes.ttl", status=404)


def test_peoples_in_isolation_are_not_located(app: Any, chain: Any) -> None:
    for kind in ("agenda", "necesidad"):
        # Past the validators, which would refuse it.
        extras(chain[kind]["id"], people='["mashco-piro"]', territory='["1703"]', scope_level="provincial")
    for path in ("/agendas.nt", "/agenda/lenguas.nt", "/necesidad/hablantes.nt"):
        body = get(app, path).body
        assert "mashco-piro" in body
        assert "1703" not in body
        assert "scopeLevel" not in body


def extras(record_id: str, **values: str) -> None:
    package: Any = model.Package.get(record_id)
    for name, value in values.items():
        package.extras[name] = value
    if not hasattr(model, "PackageExtra"):
        model.Session.query(model.Package).filter_by(id=record_id).update(
            {"extras": {**package.extras, **values}}
        )
    model.Session.commit()


def test_addresses_of_pages_answer_programs(app: Any, chain: Any) -> None:
    for kind, name in (("agenda", "lenguas"), ("compromiso", "abrir"), ("necesidad", "hablantes")):
        answer = get(app, f"/{kind}/{name}", headers={"Accept": "text/turtle"})
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/{kind}/{name}.ttl")
        assert "Accept" in answer.headers["Vary"]
        # The address in RDF leads there as well.
        answer = get(
            app,
            f"/{kind}/{chain[kind]['id']}",
            headers={"Accept": "application/ld+json;q=0.9, text/html;q=0.1"},
        )
        assert answer.headers["Location"].endswith(".jsonld")
        page = get(app, f"/{kind}/{name}", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
        assert page.status_code == 200
        assert "Accept" in page.headers["Vary"]
        links = BeautifulSoup(page.body, "html.parser").select('link[rel="alternate"]')
        assert f"/{kind}/{name}.ttl" in {link["href"] for link in links if link["type"] == "text/turtle"}
        for link in links:
            assert get(app, link["href"].removeprefix(SITE)).status_code in {200, 303}
        # No dataset: ckanext-dcat offers this address for every type of record.
        answer = get(app, f"/dataset/{chain[kind]['id']}.ttl")
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/{kind}/{name}.ttl")
    for kind in TYPES:
        links = BeautifulSoup(get(app, f"/{kind}/").body, "html.parser").select('link[rel="alternate"]')
        assert "/agendas.ttl" in {link["href"] for link in links}


def test_answers_can_be_kept_until_something_changes(app: Any, chain: Any) -> None:
    for path in ("/agendas.ttl", "/compromiso/abrir.ttl", "/agendas.ttl.gz"):
        first = get(app, path)
        tag = first.headers["ETag"]
        assert get(app, path, headers={"If-None-Match": tag}).status_code == 304
    tags = {
        path: get(app, path).headers["ETag"]
        for path in ("/agendas.ttl", "/compromiso/abrir.ttl", "/agenda/lenguas.ttl")
    }
    # The dataset changes, the commitment does not; its state does.
    patch(chain["dataset"], private=True)
    for path, tag in tags.items():
        answer = get(app, path, headers={"If-None-Match": tag})
        assert answer.status_code == 200
        assert "https://museo.pe/id/registro" not in answer.body
    answer = get(app, "/agendas.ttl")
    assert get(app, "/agendas.ttl", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_the_dump_changes_with_steps_and_organisations(app: Any, chain: Any, organization: Any) -> None:
    def tag() -> str:
        return str(get(app, "/agendas.nt").headers["ETag"])

    tags = [tag()]
    user = {"user": factories.Sysadmin()["name"]}
    helpers.call_action(
        "culturape_need_status_set", user, id="hablantes", status="en-revision", comment="La estamos leyendo."
    )
    tags.append(tag())
    assert "La estamos leyendo." in get(app, "/agendas.nt").body
    helpers.call_action("organization_patch", user, id=organization["id"], title_translated={"es": "Otra"})
    tags.append(tag())
    assert '"Otra"' in get(app, "/agendas.nt").body
    assert len(set(tags)) == 3


def test_a_head_and_a_packed_file(app: Any, chain: Any) -> None:
    head = app.flask_app.test_client().head("/agendas.ttl")
    assert head.status_code == 200
    assert not head.data
    assert "Content-Length" not in head.headers
    assert head.headers["ETag"] == get(app, "/agendas.ttl").headers["ETag"]
    packed = get(app, "/agendas.nt.gz")
    assert packed.headers["Content-Type"] == "application/gzip"
    assert gzip.decompress(packed.data) == get(app, "/agendas.nt").data


def test_what_cannot_be_asked_is_told_in_a_sentence(app: Any) -> None:
    for path in ("/agendas.foo", "/agendas.ttl.zip", "/agendas.ttl.gz.gz"):
        answer = get(app, path, status=400)
        assert answer.headers["Content-Type"].startswith("text/plain")
    assert len(read(app, "/agendas.ttl")) == 0
    get(app, "/agenda/x.foo", status=404)


def test_hostile_texts_stay_texts(app: Any, make: Make) -> None:
    nasty = '"><script>alert(1)</script>\u202e\\ """ <http://x> . \n@prefix'
    make("agenda", name="raro", title_translated={"es": nasty}, evaluation_method="[1, 2]")
    agenda = make("agenda", name="lisa")
    record = make(
        "compromiso",
        agenda=agenda["id"],
        title_translated={"es": nasty},
        lead_actor='["no", "lista"]',
        name="raro-2",
    )
    for suffix in FORMATS:
        graph = read(app, f"/agendas.{suffix}")
        titles = {str(title) for title in graph.objects(iri(record), DCTERMS.title)}
        # What turns the direction of a text around is not kept.
        assert titles == {nasty.replace("\u202e", "").strip()}
        assert (
            str(graph.value(graph.value(iri(record), OWN.leadActor), rdflib.FOAF.name)) == '["no", "lista"]'
        )


def test_a_record_written_past_the_validators_breaks_nothing(app: Any, chain: Any) -> None:
    extras(
        chain["compromiso"]["id"],
        milestones="[1, {",
        fulfilled_by='{"a": 1}',
        title_translated="suelto",
        due_date="nunca",
    )
    graph = read(app, "/agendas.xml")
    assert (iri(chain["agenda"]), RDF.type, OWN.Agenda) in graph
    assert (iri(chain["compromiso"]), RDF.type, OWN.Commitment) in graph


def test_an_upload_leads_to_its_file(app: Any, chain: Any) -> None:
    resource = chain["agenda"]["resources"][0]
    model.Session.execute(
        text("UPDATE resource SET url = 'acta.pdf', url_type = 'upload' WHERE id = :id"),
        {"id": resource["id"]},
    )
    model.Session.commit()
    node = rdflib.URIRef(f"{iri(chain['agenda'])}/resource/{resource['id']}")
    graph = read(app, "/agenda/lenguas.ttl")
    assert (iri(chain["agenda"]), rdflib.FOAF.page, node) in graph
    assert str(graph.value(node, OWN.documentAddress)) == f"{node}/download/acta.pdf"


def test_the_catalogue_for_harvesters_holds_datasets_alone(app: Any, chain: Any) -> None:
    for path in ("/catalog.nt", "/catalogo/dump.nt"):
        body = get(app, path).body
        assert "https://museo.pe/id/registro" in body
        assert not any(chain[kind]["id"] in body for kind in TYPES)
        assert "ns#Commitment" not in body
    # Nothing that a commitment says makes what is kept of a dataset old.
    before = get(app, "/catalog.ttl").headers["ETag"]
    patch(chain["compromiso"], withdrawn_reason="Ya no.")
    assert get(app, "/catalog.ttl").headers["ETag"] == before


def test_more_than_one_batch(app: Any, make: Make, monkeypatch: Any) -> None:
    monkeypatch.setattr(dump, "BATCH", 2)
    agenda = make("agenda")
    records = [make("compromiso", name=f"c-{number}", agenda=agenda["id"]) for number in range(5)]
    for suffix in FORMATS:
        graph = read(app, f"/agendas.{suffix}")
        assert {iri(record) for record in records} == set(graph.subjects(RDF.type, OWN.Commitment))
    assert isomorphic(read(app, "/agendas.jsonld"), read(app, "/agendas.nt"))


def test_the_command_writes_the_same_file(app: Any, chain: Any, cli: Any, tmp_path: Path) -> None:
    for name in ("agendas.nt", "agendas.nt.gz"):
        path = tmp_path / name
        result = cli.invoke(ckan_command, ["culturape", "agenda", "dump", str(path)])
        assert result.exit_code == 0, result.output
        content = gzip.decompress(path.read_bytes()) if name.endswith(".gz") else path.read_bytes()
        assert content == get(app, "/agendas.nt").data
    assert cli.invoke(ckan_command, ["culturape", "agenda", "dump", str(tmp_path / "x.csv")]).exit_code != 0
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".")] == []


def test_lost_tables_are_told(app: Any, chain: Any) -> None:
    model.Session.execute(text("ALTER TABLE culturape_agenda_link RENAME TO lost_link"))
    model.Session.commit()
    try:
        answer = get(app, "/agendas.ttl", status=503)
        assert "ckan db upgrade -p culturape_agenda" in answer.body
        get(app, "/agenda/lenguas.ttl", status=503)
    finally:
        model.Session.execute(text("ALTER TABLE lost_link RENAME TO culturape_agenda_link"))
        model.Session.commit()


def test_every_statement_is_well_formed(app: Any, chain: Any) -> None:
    assert len(list(parse(get(app, "/agendas.nt").data, format=RdfFormat.N_TRIPLES))) == len(
        read(app, "/agendas.nt")
    )


def test_our_own_terms_stand_on_a_page_and_for_programs(app: Any) -> None:
    page = BeautifulSoup(get(app, "/vocabulario/ns").body, "html.parser")
    graph = read(app, "/vocabulario/ns.ttl")
    terms = {str(term).partition("#")[2] for term in graph.subjects(rdflib.RDFS.isDefinedBy, None)}
    assert len(terms) > 40
    assert {item["id"] for item in page.select(".culturape-concepts > li")} == terms
    assert page.select_one('link[type="text/turtle"]')["href"] == "/vocabulario/ns.ttl"
    answer = get(app, "/vocabulario/ns", headers={"Accept": "text/turtle"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/vocabulario/ns.ttl")
    assert (OWN.Commitment, rdflib.RDFS.subClassOf, PROV.Plan) in read(app, "/vocabulario.nt")
    assert 'href="/vocabulario/ns"' in get(app, "/vocabulario/").body


@pytest.fixture
def without_catalogue(chain: Any) -> Iterator[Any]:
    """The same portal without the plugins of catalogues."""
    before = tk.config["ckan.plugins"]
    names = before if isinstance(before, list) else before.split()
    p.unload_all()
    tk.config["ckan.plugins"] = [
        name for name in names if "dcat" not in name and "harvest" not in name and name != "structured_data"
    ]
    p.load_all()
    yield helpers._get_test_app()
    p.unload_all()
    tk.config["ckan.plugins"] = before
    p.load_all()


def test_agendas_answer_without_the_catalogue(without_catalogue: Any, chain: Any) -> None:
    assert not p.plugin_loaded("culturape_dcat")
    graph = read(without_catalogue, "/agendas.ttl")
    assert (iri(chain["compromiso"]), OWN.fulfilledBy, iri(chain["dataset"])) in graph
    page = get(without_catalogue, "/compromiso/abrir").body
    assert 'href="/compromiso/abrir.ttl"' in page
    assert get(without_catalogue, "/compromiso/abrir", headers={"Accept": "text/turtle"}).status_code == 303
