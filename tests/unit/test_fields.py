"""The declared fields: complete, consistent, and refused when they are declared wrongly."""

from __future__ import annotations

import pytest

from ckanext.culturape import fields

SCHEMAS = (*fields.RECORD_TYPES, "organization")


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_field_has_label_help_and_a_known_kind(name):
    schema = fields.load_schema(name)
    for field in (*schema.fields, *schema.resource_fields):
        for declared in (field, *field.subfields):
            assert declared.label, declared.name
            assert declared.help.endswith((".", "?")), declared.name
            assert declared.kind in fields.KINDS


@pytest.mark.parametrize("name", SCHEMAS)
def test_names_are_unique(name):
    schema = fields.load_schema(name)
    for group in (schema.fields, schema.resource_fields):
        names = [field.name for field in group]
        assert len(names) == len(set(names))


@pytest.mark.parametrize("name", fields.RECORD_TYPES)
def test_every_field_of_a_record_stands_in_a_declared_section(name):
    schema = fields.load_schema(name)
    assert {field.section for field in schema.fields} == {section.id for section in schema.sections}


def test_a_section_keeps_the_order_of_its_fields():
    assert [f.name for f in fields.load_schema().in_section("diversidad")][0] == "people"


@pytest.mark.parametrize("name", fields.RECORD_TYPES)
def test_links_say_what_they_may_lead_to(name):
    for field in fields.load_schema(name).fields:
        assert bool(field.record_types) == field.is_link, field.name
        assert set(field.record_types) <= set(fields.RECORD_TYPES), field.name


def test_other_types_are_read_like_datasets():
    assert fields.schema_of("agenda").type == "agenda"
    assert {fields.schema_of(kind).type for kind in ("harvest", None, 7, "dataset")} == {"dataset"}


def test_concepts_name_their_vocabulary(vocabulary):
    for name in SCHEMAS:
        schema = fields.load_schema(name)
        for field in (*schema.fields, *schema.resource_fields):
            for declared in (field, *field.subfields):
                assert declared.has_concepts <= bool(declared.vocabulary), declared.name
                if declared.vocabulary:
                    assert len(vocabulary.scheme(declared.vocabulary)), declared.name


@pytest.mark.parametrize("name", SCHEMAS)
def test_composites_have_subfields(name):
    schema = fields.load_schema(name)
    for field in (*schema.fields, *schema.resource_fields):
        assert bool(field.subfields) == (field.kind in fields.COMPOSITE_KINDS)


def test_all_that_is_exported_has_a_mapping():
    schema = fields.load_schema()
    without = {f.name for f in schema.fields if f.rdf is None}
    assert without == {"name", "owner_org"}
    assert all(field.rdf for field in schema.resource_fields)


def test_relevance_points_to_declared_fields_and_concepts(vocabulary):
    schema = fields.load_schema()
    for field in schema.fields:
        if field.relevant_when:
            other, values = field.relevant_when
            scheme = vocabulary.scheme(schema.field(other).vocabulary)
            assert set(values) <= set(scheme.concepts)


def test_unknown_field_names_itself():
    with pytest.raises(KeyError, match="pueblo"):
        fields.load_schema().field("pueblo")
    with pytest.raises(KeyError, match="x"):
        fields.load_schema().resource_field("x")


def test_wrong_kind_names_field_and_kind():
    with pytest.raises(ValueError, match="color.*colour"):
        fields.parse_field(
            {"field_name": "color", "preset": "culturape_colour", "label": "x", "help_text": "x"}
        )


def test_a_field_is_read_whole():
    field = fields.parse_field(
        {
            "field_name": "f", "preset": "culturape_concepts", "label": "L", "help_text": "H.", "section": "s",
            "visible": True, "needed": True, "vocabulary": "v", "index": {"facet": True, "text": True}, "at_most": 2,
            "rdf": {"predicate": "dct:subject"}, "relevant_when": {"field": "g", "has": "x"},
        }
    )  # fmt: skip
    assert field.rdf == fields.Rdf("dct:subject", "concepts")
    assert (field.visible, field.needed, field.facet, field.searchable, field.at_most) == (
        True,
        True,
        True,
        True,
        2,
    )
    assert field.relevant_when == ("g", ("x",))
    assert field.is_list and field.has_concepts and not field.is_translated
