"""Agendas, commitments and needs that use every field, alone and beside the catalogue, pass the official shapes of DCAT-AP 3.0.1."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import rdflib
from rdflib.namespace import DCTERMS, RDF
from test_official_shapes import BASE, FULL, ORGANIZATION, OWN, SHAPES, VOCABULARY, graph, violations

from ckanext.culturape.agenda.graph import Told, whole, write_records
from ckanext.culturape.fields import RECORD_TYPES, load_schema
from ckanext.culturape.rdf.terms import Context
from ckanext.culturape.values import canonical_record

__all__ = ["graph"]

TYPES = RECORD_TYPES[1:]
SHARED_FIELDS = (
    "title_translated",
    "notes_translated",
    "sample_record",
    "legal_basis",
    "people",
    "subject_language",
    "territory",
    "sector",
)
COMMON: dict[str, Any] = {name: FULL[name] for name in SHARED_FIELDS}
RECORDS: dict[str, dict[str, Any]] = {
    "agenda": {
        **COMMON, "agenda_status": "vigente", "agenda_stage": "diseno", "validity": [{"start": "2026", "end": "2028-06"}],
        "purpose": ["memoria"], "cultural_right": ["identidad"], "participation_level": "colaborar", "evaluation_method": "Cada año",
        "ogp_commitment_url": "https://x.pe/ogp", "scope_level": "regional",
        "actors": [
            {"name": "Ministerio", "actor_type": "gobierno-nacional", "role": "convocante", "url": "https://x.pe/"},
            {"name": "Colectivo", "actor_type": "organizacion-cultural"},
        ],
    },
    "compromiso": {
        "title_translated": {"es": "c"}, "notes_translated": {"es": "c"}, "agenda": "agenda", "answers_needs": ["necesidad"], "due_date": "2027",
        "lead_actor": "Ministerio", "support_actors": ["A", "B"], "fulfilled_by": ["d-0", "d-1"], "withdrawn_reason": "r", "sample_record": True,
        "milestones": [{"title": "m", "due_date": "2026-12", "done_date": "2026-01-02", "evidence_url": "https://x.pe/e"}],
    },
    "necesidad": {
        **{name: value for name, value in COMMON.items() if name != "legal_basis"}, "requester_type": "comunidad", "requester_name": "n",
        "agenda": "agenda", "about_dataset": ["d-1"], "purpose": ["memoria"], "cultural_right": ["identidad"], "need_status": "atendida",
        "response_due": "2026-12-31", "answered_by": ["compromiso", "d-0"],
    },
}  # fmt: skip
STEPS = [
    {"status": "recibida", "date": "2026-01-01T10:00:00+00:00", "comment": ""},
    {"status": "atendida", "date": "2026-02-01T10:00:00+00:00", "comment": "c"},
]
ADDRESSES = {
    **{kind: f"{BASE}/{kind}/{kind}" for kind in TYPES},
    "d-0": "https://x.pe/id/1",
    "d-1": f"{BASE}/dataset/d-1",
}


@pytest.fixture(scope="module")
def agendas() -> rdflib.Graph:
    """One record of each type, with every field."""
    given = []
    for kind, raw in RECORDS.items():
        schema = load_schema(kind)
        assert {field.name for field in schema.fields if field.rdf} == set(raw)
        record, faults = canonical_record(schema, raw, VOCABULARY)
        assert [str(fault) for fault in faults] == []
        resources = [
            {"id": "r", "url": "https://x.pe/a.pdf", "name": "Acta", "description": "d", "format": "PDF"}
        ]
        record |= {
            "id": kind,
            "type": kind,
            "metadata_modified": "2026-02-01T00:00:00",
            "resources": resources if kind == "agenda" else [],
        }
        given.append((record, Told(ORGANIZATION, STEPS if kind == "necesidad" else (), "2026-05-05")))
    context = Context(VOCABULARY, BASE)
    written = write_records(given, context, lambda record_id: ADDRESSES.get(record_id, ""))
    assert not written.problems
    return rdflib.Graph().parse(data=b"".join(whole(written, context)), format="nt")


def test_agendas_and_the_catalogue_meet(agendas: rdflib.Graph, graph: rdflib.Graph) -> None:
    promise, dataset = rdflib.URIRef(ADDRESSES["compromiso"]), rdflib.URIRef("https://x.pe/id/1")
    assert (promise, DCTERMS.references, dataset) in agendas
    assert (dataset, RDF.type, rdflib.DCAT.Dataset) in graph


@pytest.mark.shared
@pytest.mark.parametrize("name", SHAPES)
def test_official_shapes(name: str, agendas: rdflib.Graph, graph: rdflib.Graph, shared: Path) -> None:
    shapes = shared / "shapes/dcat-ap-3.0.1" / name
    assert violations(agendas, shapes) == Counter()
    assert violations(agendas + graph, shapes) == Counter()


def test_our_own_shapes(agendas: rdflib.Graph, graph: rdflib.Graph) -> None:
    assert violations(agendas + graph, OWN) == Counter()


@pytest.mark.shared
def test_the_official_shapes_do_look_at_agendas(agendas: rdflib.Graph, shared: Path) -> None:
    broken = rdflib.Graph() + agendas
    broken.remove((None, rdflib.FOAF.name, None))
    assert violations(broken, shared / "shapes/dcat-ap-3.0.1/dcat-ap-SHACL.cleaned.ttl")
