"""The law for agendas, commitments and needs: ``from_rdf(to_rdf(d)) == d`` for every declared field and every canonical record."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lawful import BASE, LAW_OF_A_FIELD, ORGANIZATION, VOCABULARY, at_ease, values_of
from pyoxigraph import NamedNode, RdfFormat, parse, serialize

from ckanext.culturape.agenda import graph as writing
from ckanext.culturape.agenda.graph import Told, triples_of, whole, write_records
from ckanext.culturape.fields import RECORD_TYPES, Field, load_schema
from ckanext.culturape.rdf.formats import FORMATS, write
from ckanext.culturape.rdf.graph import Graph
from ckanext.culturape.rdf.records import record_from_rdf, record_iri
from ckanext.culturape.rdf.terms import Context
from ckanext.culturape.values import canonical_record

TYPES = RECORD_TYPES[1:]
OF_THIS_PORTAL = "never read back: they say where and by whom the record is kept on this portal"
NOT_WRITTEN = {"name": OF_THIS_PORTAL, "owner_org": OF_THIS_PORTAL}

#: What stands at the other ends of links: datasets with addresses of their own and with those of the portal, agendas, needs, commitments.
ADDRESSES = {
    "d-1": "https://museo.pe/id/datos", "d-2": f"{BASE}/dataset/d-2", "d-3": "urn:uuid:d-3",
    "a-1": f"{BASE}/agenda/a-1", "a-2": f"{BASE}/agenda/a-2", "n-1": f"{BASE}/necesidad/n-1", "c-1": f"{BASE}/compromiso/c-1",
}  # fmt: skip
IDS = {address: record_id for record_id, address in ADDRESSES.items()}
SECRET = "00000000-secreto"
PREFIX = {"dataset": "d-", "agenda": "a-", "necesidad": "n-", "compromiso": "c-"}


def resolve(record_id: str) -> str:
    return ADDRESSES.get(record_id, "")


def identify(address: str) -> str:
    return IDS.get(address, "")


def values(field: Field) -> st.SearchStrategy[Any]:
    if not field.is_link:
        return values_of(field)
    ids = [one for one in ADDRESSES if one.startswith(tuple(PREFIX[kind] for kind in field.record_types))]
    return st.lists(st.sampled_from(ids), max_size=3) if field.is_list else st.sampled_from(ids)


def record_of(fields: tuple[Field, ...]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional={field.name: values(field) for field in fields if field.rdf})


def canonical(kind: str, raw: dict[str, Any], resources: list[dict[str, Any]]) -> dict[str, Any]:
    raw = at_ease(raw)
    given = [{"url": f"https://x.pe/{n}", **resource} for n, resource in enumerate(resources)]
    schema = load_schema(kind)
    if schema.resource_fields:
        raw["resources"] = given
    record, faults = canonical_record(schema, raw, VOCABULARY)
    return {key: value for key, value in record.items() if key not in {fault.field for fault in faults}}


def stored(kind: str, record: dict[str, Any]) -> dict[str, Any]:
    resources = [{**one, "id": f"r-{n}"} for n, one in enumerate(record.get("resources", []))]
    return {
        **record,
        "id": "record-1",
        "type": kind,
        "metadata_modified": "2026-01-02T03:04:05",
        "resources": resources,
    }


def round_trip(kind: str, record: dict[str, Any]) -> dict[str, Any]:
    context = Context(VOCABULARY, BASE)
    told = Told(
        ORGANIZATION,
        [{"status": "recibida", "date": "2026-01-01T00:00:00+00:00", "comment": "x"}],
        "2026-05-05",
    )
    given = stored(kind, record)
    written = serialize(list(triples_of(given, context, resolve, told)), format=RdfFormat.N_TRIPLES)
    graph = Graph(quad.triple for quad in parse(written, format=RdfFormat.N_TRIPLES))
    reader = Context(VOCABULARY, BASE, id_of=identify)
    read, faults = record_from_rdf(graph, record_iri(given, context), kind, reader)
    assert [str(fault) for fault in faults] == []
    return sorted_resources(read)


def sorted_resources(record: dict[str, Any]) -> dict[str, Any]:
    return {**record, "resources": sorted(record["resources"], key=str)} if "resources" in record else record


@pytest.mark.parametrize("kind", TYPES)
@settings(max_examples=max(20, settings.default.max_examples // 4))
@given(data=st.data())
def test_law(kind: str, data: st.DataObject) -> None:
    schema = load_schema(kind)
    raw = data.draw(record_of(schema.fields))
    record = canonical(kind, raw, data.draw(st.lists(record_of(schema.resource_fields), max_size=2)))
    assert round_trip(kind, record) == sorted_resources(record)


DECLARED = [(kind, field) for kind in TYPES for field in load_schema(kind).fields if field.rdf]


@pytest.mark.parametrize(
    ("kind", "field"), DECLARED, ids=[f"{kind}-{field.name}" for kind, field in DECLARED]
)
@LAW_OF_A_FIELD
@given(data=st.data())
def test_law_of_each_field(kind: str, field: Field, data: st.DataObject) -> None:
    record = canonical(kind, {field.name: data.draw(values(field))}, [])
    assert round_trip(kind, record) == record


@pytest.mark.parametrize("field", load_schema("agenda").resource_fields, ids=lambda field: field.name)
@LAW_OF_A_FIELD
@given(data=st.data())
def test_law_of_each_field_of_a_document(field: Field, data: st.DataObject) -> None:
    record = canonical("agenda", {}, [{field.name: data.draw(values(field))}])
    assert round_trip("agenda", record) == record


@pytest.mark.parametrize("kind", TYPES)
def test_only_what_belongs_to_the_portal_is_not_declared(kind: str) -> None:
    schema = load_schema(kind)
    assert {field.name for field in schema.fields if not field.rdf} == set(NOT_WRITTEN)
    assert all(field.rdf for field in schema.resource_fields)


def lines(record: dict[str, Any], told: Told = writing.NOTHING) -> str:
    return b"".join(
        whole(write_records([(record, told)], Context(VOCABULARY, BASE), resolve), Context(VOCABULARY, BASE))
    ).decode()


def test_what_not_everybody_may_read_is_not_mentioned() -> None:
    promise = {
        "id": "c-1",
        "type": "compromiso",
        "agenda": SECRET,
        "answers_needs": ["n-1", SECRET],
        "fulfilled_by": ["d-1", SECRET],
    }
    need = {
        "id": "n-1",
        "type": "necesidad",
        "agenda": SECRET,
        "about_dataset": [SECRET],
        "answered_by": [SECRET, "c-1"],
    }
    for record in (promise, need):
        written = lines(record, Told(today="2026-01-01"))
        assert SECRET not in written
        assert "http" in written
    # A dataset that is not public fulfils nothing.
    assert "commitment-status/en-curso" in lines(promise, Told(today="2026-01-01"))
    assert "commitment-status/cumplido" in lines(
        {**promise, "fulfilled_by": ["d-1"]}, Told(today="2026-01-01")
    )
    assert "commitmentStatus" not in lines(promise)


def test_peoples_in_isolation_are_not_located() -> None:
    isolated = next(
        concept.id
        for concept in VOCABULARY.scheme("people")
        if concept.attributes.get("isolation") == "piaci"
    )
    for kind in ("agenda", "necesidad"):
        written = lines(
            {
                "id": "x",
                "type": kind,
                "people": [isolated],
                "territory": ["2101", "16"],
                "scope_level": "provincial",
            }
        )
        assert "ubigeo-inei" not in written
        assert "scopeLevel" not in written
        assert "PER" in written


def test_links_to_datasets_are_said_from_both_ends() -> None:
    written = lines({"id": "c-1", "type": "compromiso", "fulfilled_by": ["d-1"]})
    subject, dataset = f"<{BASE}/compromiso/c-1>", "<https://museo.pe/id/datos>"
    assert f"{subject} <https://w3id.org/culturape/ns#fulfilledBy> {dataset} ." in written
    assert f"{subject} <http://purl.org/dc/terms/references> {dataset} ." in written
    assert f"{dataset} <http://purl.org/dc/terms/isReferencedBy> {subject} ." in written


def test_nodes_of_records_do_not_meet() -> None:
    milestones = [{"title": "Uno", "due_date": "2027"}]
    one, other = (
        lines({"id": name, "type": "compromiso", "milestones": milestones, "lead_actor": "A"})
        for name in "xy"
    )
    blanks = lambda text: {word for word in text.split() if word.startswith("_:")}  # noqa: E731
    assert blanks(one) and not blanks(one) & blanks(other)
    assert one == lines({"id": "x", "type": "compromiso", "milestones": milestones, "lead_actor": "A"})


def test_who_took_a_step_is_not_said() -> None:
    steps = [{"status": "atendida", "date": "2026-01-01T10:00:00+00:00", "comment": "Hecho", "user": "u-1"}]
    written = lines({"id": "n-1", "type": "necesidad"}, Told(steps=steps))
    assert "need-status/atendida" in written
    assert "Hecho" in written
    assert "u-1" not in written


HOSTILE: dict[str, Any] = {
    "id": "h", "title_translated": {"es": 'a\x00b\x1f"<script>\n', "not a language!": "x"}, "notes_translated": "suelto",
    "actors": [{"name": "A\x00", "url": "http://exa mple.org/<x>", "actor_type": "no existe"}, {"url": "x"}], "territory": ["99999"],
    "milestones": [{"title": "x", "due_date": "mañana", "evidence_url": "javascript:{alert(1)}"}], "validity": "siempre",
    "lead_actor": ["no"], "fulfilled_by": "d-1", "agenda": ["a-1"], "need_status": {"a": 1}, "purpose": ["no existe"],
    "resources": [{"id": "r", "url": "http://x.pe/a b", "name": "\x0c"}],
}  # fmt: skip


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("kind", TYPES)
def test_what_is_not_well_formed_does_not_get_out(kind: str, suffix: str) -> None:
    written = write_records(
        [({**HOSTILE, "type": kind}, writing.NOTHING)], Context(VOCABULARY, BASE), resolve
    )
    form = FORMATS[suffix]
    statements = [
        quad.triple for quad in parse(write(whole(written, Context(VOCABULARY, BASE)), form), format=form.rdf)
    ]
    for statement in statements:
        assert not any(character in str(statement) for character in "\x00\x0c\x1f")
        assert not isinstance(statement.object, NamedNode) or " " not in statement.object.value
    assert NamedNode(f"{BASE}/{kind}/h") in {statement.subject for statement in statements}
    assert written.problems.keys() == {"h"}


def test_a_record_that_cannot_be_written_leaves_the_others() -> None:
    good = {"id": "g", "type": "necesidad", "title_translated": {"es": "Bien"}}
    broken = {"id": "b", "type": "otro"}
    written = write_records(
        [(broken, writing.NOTHING), (good, writing.NOTHING)], Context(VOCABULARY, BASE), resolve
    )
    assert set(written.problems) == {"b"}
    assert b"Bien" in written.ntriples


@pytest.mark.parametrize("suffix", FORMATS)
def test_no_format_loses_anything(suffix: str) -> None:
    record = {
        "title_translated": {"es": "x", "qu": "y"}, "lead_actor": "Museo", "support_actors": ["A", "B"], "due_date": "2027-05",
        "milestones": [{"done_date": "2026", "due_date": "2026-12-31", "evidence_url": "https://x.pe/e", "title": "Uno"}],
        "fulfilled_by": ["d-1", "d-3"], "agenda": "a-1",
    }  # fmt: skip
    context, form = Context(VOCABULARY, BASE), FORMATS[suffix]
    written = write(
        whole(write_records([(stored("compromiso", record), writing.NOTHING)], context, resolve), context),
        form,
    )
    graph = Graph(quad.triple for quad in parse(written, format=form.rdf))
    reader = Context(VOCABULARY, BASE, id_of=identify)
    read, faults = record_from_rdf(graph, NamedNode(f"{BASE}/compromiso/record-1"), "compromiso", reader)
    assert (read, faults) == (record, [])
