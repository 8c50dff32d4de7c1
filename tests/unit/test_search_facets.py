"""The facets that the schema declares."""

from __future__ import annotations

from pathlib import Path

import yaml

from ckanext.culturape.fields import load_schema
from ckanext.culturape.search import FACETS, facet_of

DECLARATION = Path(__file__).parents[2] / "ckanext/culturape/config_declaration.yaml"


def test_territory_stands_for_three_levels_of_which_each_waits_for_the_one_above() -> None:
    levels = [(facet.field, facet.above) for facet in FACETS if facet.name == "territory"]
    assert levels == [
        ("vocab_region", ""),
        ("vocab_province", "vocab_region"),
        ("vocab_district", "vocab_province"),
    ]


def test_every_declared_facet_is_offered_under_its_name() -> None:
    declared = {field.name for field in load_schema().fields if field.facet}
    assert declared <= {facet.name for facet in FACETS}


def test_every_facet_of_the_default_option_is_known() -> None:
    groups = yaml.safe_load(DECLARATION.read_text("utf-8"))["groups"]
    options = {option["key"]: option for group in groups for option in group["options"]}
    named = set(options["ckanext.culturape.facets"]["default"].split())
    assert named <= {facet.name for facet in FACETS}


def test_fields_of_ckan_keep_their_names() -> None:
    fields = {facet.field for facet in FACETS if not facet.field.startswith("vocab_")}
    assert fields == {"license_id", "res_format"}


def test_a_field_of_others_is_no_facet_of_ours() -> None:
    assert facet_of("tags") is None
    assert facet_of("vocab_people") in FACETS
