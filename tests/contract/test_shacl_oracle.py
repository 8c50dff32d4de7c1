"""The engine of SHACL that is used for its speed finds what pyshacl finds, on our catalogue and on those of others."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pyshacl
import pytest
import rdflib
import yaml
from rdflib.namespace import RDF, SH
from test_official_shapes import BASE, VOCABULARY, graph

from ckanext.culturape.dcat.shacl.engine import check
from ckanext.culturape.dcat.shacl.shapes import OWN, read_shapes
from ckanext.culturape.errors import Fault
from ckanext.culturape.fields import load_schema
from ckanext.culturape.intake.parse import parse_document
from ckanext.culturape.rdf.fragment import describe, make_fragment
from ckanext.culturape.rdf.terms import Context
from ckanext.culturape.values import canonical_record

__all__ = ["graph"]

SHARED = Path(__file__).parents[3] / "shared"
OFFICIAL = ("shapes.ttl", "dcat-ap-SHACL.cleaned.ttl", "range.ttl", "shapes_recommended.ttl")
REAL = sorted(path.name for path in (SHARED / "catalogs/real").glob("*"))
SAMPLES = Path(__file__).parents[2] / "portal" / "samples"

#: Files that hold no statement of RDF that can be read, by what our parser says of them.
UNREADABLE = {"fr_evian_arcgishub.json": "context"}

Results = Counter[tuple[str, str, str, str]]


def local(name: object) -> str:
    return str(name).rpartition("#")[2]


def by_rudof(ntriples: bytes, shapes: Path) -> Results:
    """Blank nodes and paths of several steps have names of each engine's own, and are left out of the key."""
    return Counter(
        (
            "" if found.focus.startswith("_:") else found.focus,
            found.path
            if "://" in found.path and not set("()/ |^*+?") & set(found.path[:1] + found.path[-1:])
            else "",
            found.component,
            found.severity,
        )
        for found in check(ntriples, read_shapes([shapes]))
    )


@cache
def rules(shapes: Path) -> rdflib.Graph:
    return rdflib.Graph().parse(shapes)


def by_pyshacl(ntriples: bytes, shapes: Path) -> Results:
    data = rdflib.Graph().parse(data=ntriples, format="nt")
    _, report, _ = pyshacl.validate(data, shacl_graph=rules(shapes), advanced=True)
    results = set(report.objects(report.value(None, RDF.type, SH.ValidationReport), SH.result))

    def address(result: Any, what: Any) -> str:
        value = report.value(result, what)
        return str(value) if isinstance(value, rdflib.URIRef) else ""

    return Counter(
        (
            address(result, SH.focusNode),
            address(result, SH.resultPath),
            local(report.value(result, SH.sourceConstraintComponent)).removesuffix("ConstraintComponent"),
            local(report.value(result, SH.resultSeverity)).lower(),
        )
        for result in results
    )


@cache
def samples() -> bytes:
    """All sample records as the catalogue writes them."""
    files = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(SAMPLES.glob("*.yaml"))]
    owners = {
        record["name"]: {**record, "id": record["name"]}
        for file in files
        for record in file.get("organizations", [])
    }
    context, parts, concepts = Context(VOCABULARY, BASE, "catalogue"), [], set()
    for raw in (record for file in files for record in file.get("datasets", [])):
        record, _ = canonical_record(load_schema(), raw, VOCABULARY)
        resources = [
            {**given, **known, "id": f"{raw['name']}-{number}"}
            for number, (given, known) in enumerate(zip(raw["resources"], record["resources"], strict=True))
        ]
        known = {
            "id": raw["name"],
            "name": raw["name"],
            "resources": resources,
            "owner_org": raw["owner_org"],
            "metadata_created": "2026-01-01T00:00:00",
            "metadata_modified": "2026-02-01T00:00:00",
        }
        made = make_fragment({**record, **known}, context, owners[raw["owner_org"]])
        assert not made.problem
        parts.append(made.ntriples)
        concepts |= made.concepts
    return b"".join([*parts, describe(concepts, context)])


def shapes_of(name: str) -> Path:
    return OWN if name == "ours" else SHARED / "shapes/dcat-ap-3.0.1" / name


@pytest.mark.shared
@pytest.mark.parametrize("name", ["ours", *OFFICIAL])
def test_on_our_catalogue(name: str, graph: rdflib.Graph) -> None:
    ntriples = graph.serialize(format="nt").encode()
    assert by_rudof(ntriples, shapes_of(name)) == by_pyshacl(ntriples, shapes_of(name))


@pytest.mark.shared
@pytest.mark.parametrize("name", ["ours", *OFFICIAL])
def test_on_the_whole_sample(name: str) -> None:
    assert samples().count(b"<http://www.w3.org/ns/dcat#Dataset> .") >= 44
    assert by_rudof(samples(), shapes_of(name)) == by_pyshacl(samples(), shapes_of(name))


def test_on_a_catalogue_that_was_spoilt() -> None:
    """What is wrong in every dataset is found in every dataset by both."""
    spoilt = b"\n".join(line for line in samples().splitlines() if b"dc/terms/title>" not in line) + b"\n"
    found = by_rudof(spoilt, OWN)
    assert sum(found.values()) > 44
    assert found == by_pyshacl(spoilt, OWN)


@pytest.mark.shared
@pytest.mark.parametrize("file", REAL)
def test_on_catalogues_by_others(file: str, shared: Path) -> None:
    content = (shared / "catalogs/real" / file).read_bytes()
    if file in UNREADABLE:
        with pytest.raises(Fault, match=UNREADABLE[file]):
            parse_document(content)
        return
    parsed = parse_document(content)
    for name in ("ours", *OFFICIAL):
        ours, theirs = (
            by_rudof(parsed.ntriples, shapes_of(name)),
            by_pyshacl(parsed.ntriples, shapes_of(name)),
        )
        assert (name, ours - theirs, theirs - ours) == (name, Counter(), Counter())


@pytest.mark.shared
def test_the_catalogues_by_others_do_break_rules(shared: Path) -> None:
    found = Results()
    for file in (file for file in REAL if file not in UNREADABLE):
        found += by_rudof(parse_document((shared / "catalogs/real" / file).read_bytes()).ntriples, OWN)
    assert {component for _, _, component, _ in found} >= {"MinCount", "MaxCount", "Class"}
    assert sum(found.values()) > 200
