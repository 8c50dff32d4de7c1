"""A catalogue whose datasets use every field passes the official shapes of DCAT-AP 3.0.1, nothing waived but three known
defects of those shapes: the regular expression of checksums, and at most one dct:rights and spatial resolution.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pyshacl
import pytest
import rdflib
from pyoxigraph import NamedNode, RdfFormat, serialize
from rdflib.namespace import RDF, SH

from ckanext.culturape.dcat import catalogue
from ckanext.culturape.fields import load_schema
from ckanext.culturape.rdf.mapping import dataset_iri, dataset_to_rdf
from ckanext.culturape.rdf.terms import Context, is_a, link, triple
from ckanext.culturape.values import canonical_record
from ckanext.culturape.vocab.pack import load_vocabulary

VOCABULARY = load_vocabulary()
BASE = "https://datos.example.org"
ORGANIZATION = {
    "id": "org-1", "title_translated": {"es": "Museo", "qu": "Museo"}, "institution_type": "ministerio", "name": "museo",
    "contact_name": "Mesa de datos", "contact_email": "datos@example.org", "url": "https://museo.example.org/",
    "identifier": "https://example.org/id/museo",
}  # fmt: skip
SETTINGS = {
    "catalog_title": "Catálogo", "catalog_description": "Datos culturales", "catalog_publisher_name": "Ministerio",
    "catalog_publisher_uri": "https://example.org/id/ministerio", "catalog_publisher_type": "NationalAuthority",
    "catalog_homepage": "https://datos.example.org/", "catalog_languages": ["es", "qu", "cni"],
    "catalog_license": "CC-BY-4.0", "catalog_issued": "2026-01-01", "catalog_territory": ["PE"], "default_language": "es",
}  # fmt: skip
SHAPES = ("shapes.ttl", "range.ttl", "mdr-vocabularies.shape.ttl", "dcat-ap-SHACL.cleaned.ttl")

FULL: dict[str, Any] = {
    "title_translated": {"es": "Todo", "en": "All", "cni": "x"}, "notes_translated": {"es": "Todo lo declarado"},
    "identifier": "T-1", "version": "2", "version_notes": {"es": "n"}, "url": "https://x.pe/p", "alternate_identifier": ["a"],
    "tags_translated": {"es": ["música"], "qu": ["taki"]}, "sector": ["museos", "musica"], "program_area": ["patrimonio"],
    "cultural_domain": ["libros-prensa"], "heritage_type": ["inmaterial"], "ich_domain": ["ich-oral"],
    "heritage_status": ["declarado"], "historical_period": ["virreinal"], "cultural_right": ["identidad", "patrimonio"],
    "right_dimension": ["acceso"], "purpose": ["memoria"], "need_statement": "n", "policy_objective": ["op1"],
    "legal_basis": ["pe-ley-29735", "convenio-169"], "culture2030_indicator": ["2"], "sdg_target": ["11-4"],
    "people": ["ashaninka", "quechuas", "afroperuano"], "subject_language": ["cni", "quechua-chanka"],
    "language": ["es", "qu", "shp"], "population_group": ["mujeres"], "disaggregation": ["sexo"],
    "territory": ["0801", "16", "AR"], "scope_level": "regional", "spatial_resolution_in_meters": 30,
    "temporal_coverage": [{"start": "2017", "end": "2020-05"}, {"start": "2021-01-01"}], "temporal_resolution": "P1M",
    "sensitivity": ["ninguna"], "access_level": "abierto", "access_reason": "r", "community_authority": "c",
    "community_protocol_url": "https://x.pe/protocolo", "consent_reference": "Acta 1", "generalisation_note": "g",
    "notices": ["tk-notice", "attribution-incomplete"], "labels": ["tk-attribution"], "personal_data": "none",
    "publisher": [{"name": "A", "uri": "https://x.pe/a", "email": "a@x.pe", "url": "https://x.pe", "type": "Company"}],
    "creator": [{"name": "B"}, {"name": "C", "identifier": "1"}], "contact": [{"name": "M", "email": "m@x.pe", "url": "https://x.pe/c"}],
    "qualified_attribution": [{"agent": "Comunidad", "role": "cocreacion"}, {"agent": "Otra"}], "license_id": "CC-BY-4.0",
    "frequency": "ANNUAL", "issued": "2020", "modified": "2021-02", "provenance": {"es": "p", "en": "q"},
    "conforms_to": ["https://x.pe/norma"], "documentation": ["https://x.pe/doc.pdf"], "in_series": ["https://x.pe/serie"],
    "sample_record": True, "uri": "https://x.pe/id/1",
}  # fmt: skip
RESOURCE: dict[str, Any] = {
    "name_translated": {"es": "Tabla"}, "url": "https://x.pe/a b.csv", "description_translated": {"es": "d"}, "format": "CSV",
    "size": 12, "download_url": "https://x.pe/d.csv", "mimetype": "text/csv", "license": "CC0-1.0", "rights": "De todos",
    "language": ["es", "cni"], "issued": "2020-01-01", "modified": "2021-01-01T10:00:00", "status": "COMPLETED",
    "data_dictionary_url": "https://x.pe/dic", "availability": "STABLE", "compress_format": "application/gzip",
    "package_format": "application/zip", "hash": "00ff", "hash_algorithm": "sha256", "conforms_to": ["https://x.pe/n"],
    "temporal_resolution": "P1Y", "spatial_resolution_in_meters": 10.5,
    "access_services": [{"title": "API", "endpoint_url": "https://x.pe/api", "endpoint_description": "https://x.pe/api/doc"}],
}  # fmt: skip
LEAST = {"title_translated": {"es": "Poco"}, "notes_translated": {"es": "Poco"}, "license_id": "notspecified"}


def records() -> list[dict[str, Any]]:
    given = [
        {**FULL, "resources": [RESOURCE, {"url": "", "format": "Formato raro"}, {"url": "https://x.pe/u.csv", "url_type": "upload"}]},
        LEAST,
        {**LEAST, "access_level": "solo-metadatos", "sensitivity": ["piaci"], "people": ["mashco-piro"], "territory": ["PE"]},
        {**LEAST, "access_level": "con-protocolo", "sensitivity": ["lugar-sagrado"], "territory": ["2101"]},
        {**LEAST, "access_level": "no-revisado", "sensitivity": ["no-revisado"], "language": ["kawki"]},
        {**LEAST, "access_level": "abierto-generalizado", "license_id": "CC-BY-NC-SA-2.5-PE", "resources": [{"url": "https://x.pe"}]},
    ]  # fmt: skip
    schema = load_schema()
    found = []
    for number, raw in enumerate(given):
        record, faults = canonical_record(schema, raw, VOCABULARY)
        assert [str(fault) for fault in faults] == []
        record["resources"] = [
            {**given, **res, "id": f"r-{number}-{n}"}
            for n, (given, res) in enumerate(
                zip(raw.get("resources", []), record.get("resources", []), strict=True)
            )
        ]
        found.append(
            {
                **record,
                "id": f"d-{number}",
                "owner_org": "org-1",
                "metadata_created": "2026-01-01T00:00:00",
                "metadata_modified": "2026-02-01T00:00:00",
            }
        )
    return found


@pytest.fixture(scope="module")
def graph() -> rdflib.Graph:
    """The catalogue with all these datasets."""
    patch = pytest.MonkeyPatch()
    for name, value in SETTINGS.items():
        patch.setattr(catalogue.config, name, lambda value=value: value)
    subject = NamedNode(BASE)
    triples = list(catalogue.catalogue_to_rdf(subject, Context(VOCABULARY, BASE, "catalogue")))
    patch.undo()
    for record in records():
        context = Context(VOCABULARY, BASE, record["id"])
        triples += dataset_to_rdf(record, context, ORGANIZATION)
        triples.append(triple(subject, "dcat:dataset", dataset_iri(record, context)))
        triples += link(subject, "dcat:record", dataset_iri(record, context).value + "#record")
    triples += is_a(subject, "dcat:Catalog")
    return rdflib.Graph().parse(
        data=serialize(list(dict.fromkeys(triples)), format=RdfFormat.TURTLE), format="turtle"
    )


def violations(data: rdflib.Graph, shapes: Path) -> Counter[tuple[str, str]]:
    """Violations by path and message, without the known defects of the shapes."""
    _, report, _ = pyshacl.validate(data, shacl_graph=rdflib.Graph().parse(shapes), advanced=True)
    found: Counter[tuple[str, str]] = Counter()
    whole = report.value(None, RDF.type, SH.ValidationReport)
    for result in set(report.objects(whole, SH.result)):
        path, shape = (
            str(report.value(result, SH.resultPath)),
            str(report.value(result, SH.sourceShape)).lower(),
        )
        constraint = str(report.value(result, SH.sourceConstraintComponent))
        defect = "checksum" in shape or path.endswith("terms#algorithm")
        defect |= constraint.endswith("MaxCountConstraintComponent") and path.endswith(
            ("terms/rights", "spatialResolutionInMeters")
        )
        if report.value(result, SH.resultSeverity) == SH.Violation and not defect:
            found[
                path,
                f"{report.value(result, SH.focusNode)} {report.value(result, SH.value)} {report.value(result, SH.resultMessage)}",
            ] += 1
    return found


@pytest.mark.shared
@pytest.mark.parametrize("name", SHAPES)
def test_official_shapes(name, graph, shared):
    assert violations(graph, shared / "shapes/dcat-ap-3.0.1" / name) == Counter()


@pytest.mark.shared
def test_the_official_shapes_do_find_faults(graph, shared):
    broken = rdflib.Graph() + graph
    broken.remove((None, rdflib.DCTERMS.title, None))
    assert violations(broken, shared / "shapes/dcat-ap-3.0.1/shapes.ttl")


def test_every_field_is_used_here():
    schema = load_schema()
    assert {f.name for f in schema.fields if f.rdf} - set(FULL) == set()
    assert {f.name for f in schema.resource_fields if f.rdf} - set(RESOURCE) == {"uri"}


OWN = Path(__file__).parents[2] / "ckanext/culturape/dcat/shapes/culturape.ttl"


def test_our_own_shapes_speak_spanish_and_english():
    shapes = rdflib.Graph().parse(OWN)
    constraints = set(shapes.objects(None, SH.property))
    assert len(constraints) > 25
    for constraint in constraints:
        assert {message.language for message in shapes.objects(constraint, SH.message)} == {"es", "en"}


def test_the_catalogue_conforms_to_our_own_shapes(graph):
    assert violations(graph, OWN) == Counter()


#: What is taken away from the catalogue, and in which official file it is missed too.
TAKEN = {
    "title": (rdflib.DCTERMS.title, "dcat-ap-SHACL.cleaned.ttl"),
    "description": (rdflib.DCTERMS.description, "dcat-ap-SHACL.cleaned.ttl"),
    "access address": (rdflib.DCAT.accessURL, "dcat-ap-SHACL.cleaned.ttl"),
    "name": (rdflib.FOAF.name, "dcat-ap-SHACL.cleaned.ttl"),
}


@pytest.mark.parametrize("what", TAKEN)
def test_our_own_shapes_miss_what_is_taken_away(what, graph):
    broken = rdflib.Graph() + graph
    broken.remove((None, TAKEN[what][0], None))
    assert violations(broken, OWN)


@pytest.mark.shared
@pytest.mark.parametrize("what", TAKEN)
def test_the_official_shapes_agree(what, graph, shared):
    predicate, file = TAKEN[what]
    broken = rdflib.Graph() + graph
    broken.remove((None, predicate, None))
    assert violations(broken, shared / "shapes/dcat-ap-3.0.1" / file)
