"""The matrix of coverage: what is asked, what the index is asked, what its answer says; the map and its colours."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.culturape.coverage import asking, measure, steps
from ckanext.culturape.coverage.axes import AXES, MARK
from ckanext.culturape.coverage.measure import ASKED, EXISTS, MISSING, VOID, WITHHELD, Cell
from ckanext.culturape.coverage.question import Question, read_question
from ckanext.culturape.fields import load_schema
from ckanext.culturape.search.document import facet_fields, index_document
from ckanext.culturape.vocab.load import VocabularyFault
from ckanext.culturape.vocab.outlines import load_outlines, read_outlines
from ckanext.culturape.vocab.pack import load_vocabulary

VOCABULARY = load_vocabulary()
ROOT = Path(__file__).parents[2]
USUAL = read_question({}, VOCABULARY)


def bucket(key: str, count: int, **below: Any) -> dict[str, Any]:
    return {"val": key, "count": count, **below}


def columns(**numbers: int) -> dict[str, Any]:
    return {"column": {"buckets": [bucket(key.replace("_", "-"), number) for key, number in numbers.items()]}}


ANSWER = {
    "count": 9,
    "datasets": {
        "count": 5,
        "row": {"buckets": [bucket("08", 3, **columns(patrimonio=3, identidad=1)), bucket("retirada", 1)]},
        "row~todo-el-pais": {"count": 2, **columns(patrimonio=1), "column~sin-indicar": {"count": 1}},
        "row~sin-indicar": {"count": 0},
        "column": {"buckets": [bucket("patrimonio", 4), bucket("identidad", 1)]},
        "column~sin-indicar": {"count": 1},
    },
    "needs": {"count": 2, "row": {"buckets": [bucket("24", 2, **columns(creacion=2))]}, "column": {"buckets": [bucket("creacion", 2)]}},
}  # fmt: skip


def test_axes_are_fields_that_the_index_has_and_needs_have_what_they_say() -> None:
    needs, indexed = load_schema("necesidad"), facet_fields()
    for axis in AXES.values():
        assert axis.field in indexed and VOCABULARY.scheme(axis.vocabulary)
        assert axis.words and all(slot.words for slot in axis.slots)
    assert {axis.asks for axis in AXES.values()} - {""} <= {field.name for field in needs.fields}
    assert set(asking.SETTLED) <= set(VOCABULARY.scheme("need-status").concepts)
    assert {"answered_by", "need_status"} <= {field.name for field in needs.fields}


def test_a_dataset_is_on_every_axis_where_its_record_says() -> None:
    record = {"type": "dataset", "territory": ["080901"], "cultural_right": ["patrimonio"], "sector": ["museos"], "people": ["wampis"],
              "language": ["es"], "subject_language": ["quechua-chanka"], "access_level": "abierto"}  # fmt: skip
    document = index_document(record, VOCABULARY)
    found = {axis.name: set(document[axis.field]) for axis in AXES.values()}
    assert found["region"] == {"08"}
    assert found["language"] == {"es", "qu", "quechua-chanka"}
    assert found["cultural_right"] == {"patrimonio"}


def test_regions_are_those_of_the_country_and_other_axes_the_broadest() -> None:
    assert len(AXES["region"].concepts(VOCABULARY)) == 25
    assert "quechua-chanka" not in {concept.id for concept in AXES["language"].concepts(VOCABULARY)}


def test_the_answer_becomes_a_matrix() -> None:
    matrix = measure.read_answer(ANSWER, USUAL, VOCABULARY, "es")
    assert (matrix.datasets, matrix.needs, matrix.has_needs) == (5, 2, True)
    assert [line.key for line in matrix.rows[-2:]] == ["25", "~todo-el-pais"] and len(matrix.rows) == 26
    assert [line.key for line in matrix.columns][-1] == "~sin-indicar" and len(matrix.columns) == 8
    assert matrix.cells["08", "patrimonio"] == Cell(3, 0, EXISTS)
    assert matrix.cells["24", "creacion"] == Cell(0, 2, ASKED)
    assert matrix.cells["24", "patrimonio"] == Cell(0, 0, MISSING)
    assert matrix.cells["~todo-el-pais", "~sin-indicar"] == Cell(1, 0, EXISTS)
    assert matrix.cells["~todo-el-pais", "identidad"] == Cell(0, 0, MISSING)
    assert matrix.cells["08", "~sin-indicar"] == Cell(0, 0, VOID)
    totals = {line.key: (line.datasets, line.needs) for line in (*matrix.rows, *matrix.columns)}
    assert (totals["08"], totals["24"], totals["patrimonio"], totals["~sin-indicar"]) == ((3, 0), (0, 2), (4, 0), (1, 0))  # fmt: skip


def test_without_needs_nothing_is_said_of_them() -> None:
    matrix = measure.read_answer({"datasets": ANSWER["datasets"]}, USUAL, VOCABULARY, "es")
    assert not matrix.has_needs and matrix.cells["24", "creacion"].state == MISSING
    assert "needs" not in asking.facets(USUAL, "PE", None)
    assert measure.read_answer({}, USUAL, VOCABULARY, "es").datasets == 0


def test_a_long_axis_shows_what_has_something() -> None:
    question = read_question({"rows": ["people"]}, VOCABULARY)
    layer = {"count": 2, "row": {"buckets": [bucket("wampis", 2), bucket("aimara", 1)]}}
    matrix = measure.read_answer({"datasets": layer}, question, VOCABULARY, "es")
    assert [line.key for line in matrix.rows] == ["aimara", "wampis"] and matrix.hidden_rows == 58
    whole = read_question({"rows": ["people"], "all": ["1"]}, VOCABULARY)
    assert len(measure.read_answer({"datasets": layer}, whole, VOCABULARY, "es").rows) == 60


def test_a_people_in_isolation_is_not_located_whatever_the_index_says() -> None:
    layer = {"count": 1, "row": {"buckets": [bucket("mashco-piro", 1, column={"buckets": [bucket("17", 1)]})]}, "column": {"buckets": [bucket("17", 1)]}}  # fmt: skip
    question = read_question({"rows": ["people"], "columns": ["region"]}, VOCABULARY)
    matrix = measure.read_answer({"datasets": layer}, question, VOCABULARY, "es")
    assert {cell.state for (_, column), cell in matrix.cells.items() if not column.startswith(MARK)} == {
        WITHHELD
    }
    assert matrix.cells["mashco-piro", "17"].datasets == 0
    kept = read_question({"people": ["mashco-piro"]}, VOCABULARY)
    rows = {"count": 1, "row": {"buckets": [bucket("17", 1, **columns(identidad=1))]}}
    matrix = measure.read_answer({"datasets": rows}, kept, VOCABULARY, "es")
    assert not any(cell.datasets for cell in matrix.cells.values()) and not any(
        line.datasets for line in matrix.rows
    )
    located = read_question({"people": ["mashco-piro"], "region": ["17"]}, VOCABULARY)
    matrix = measure.read_answer({"datasets": {"count": 1, **rows}}, located, VOCABULARY, "es")
    assert matrix.datasets == 0


@pytest.mark.parametrize(
    ("asked", "rows", "columns_", "notices"),
    [
        ({}, "region", "cultural_right", 0),
        ({"rows": ["sector"]}, "sector", "region", 0),
        ({"columns": ["region"]}, "cultural_right", "region", 0),
        ({"rows": ["people"], "columns": ["people"]}, "people", "region", 1),
        ({"rows": ["nada"], "columns": ["region"]}, "cultural_right", "region", 1),
        ({"rows": [""], "columns": ["", "sector"]}, "region", "sector", 0),
        ({"sector": ["museos", "museos", "nada"]}, "region", "cultural_right", 1),
        ({"region": ["0801", "PE", "BO", "08"]}, "region", "cultural_right", 3),
        ({"region": [f"{n:02}" for n in range(1, 20)]}, "region", "cultural_right", 1),
    ],
)  # fmt: skip
def test_the_question_of_an_address(asked: dict[str, Any], rows: str, columns_: str, notices: int) -> None:
    found = read_question(asked, VOCABULARY)
    assert (found.rows.name, found.columns.name, len(found.notices)) == (rows, columns_, notices)
    again = {}
    for name, value in found.params():
        again.setdefault(name, []).append(value)
    repeated = read_question(again, VOCABULARY)
    assert (repeated.rows, repeated.columns, repeated.filters, repeated.notices) == (found.rows, found.columns, found.filters, ())  # fmt: skip


@given(st.dictionaries(st.sampled_from(["rows", "columns", "all", *AXES]), st.lists(st.text(max_size=30), max_size=3)))  # fmt: skip
def test_whatever_is_asked_there_is_a_question_and_two_axes(asked: dict[str, Any]) -> None:
    found = read_question(asked, VOCABULARY)
    assert found.rows is not found.columns
    assert all(notice.text() for notice in found.notices)
    json.dumps(asking.facets(found, "PE", ["x"]))


@given(st.text())
def test_a_value_stays_inside_its_quotes(text: str) -> None:
    quoted = asking.quoted(text)
    assert not re.sub(r"\\.", "", quoted[1:-1], flags=re.DOTALL).count('"')
    assert re.sub(r"\\(.)", r"\1", quoted[1:-1], flags=re.DOTALL) == text


def test_many_promises_are_asked_in_portions() -> None:
    clauses = asking.unanswered([f"id-{n}" for n in range(1_200)])
    assert [clause.count("id-") for clause in clauses[2:]] == [500, 500, 200]
    assert len(asking.unanswered([])) == 2


def test_needs_are_looked_at_only_by_what_they_have() -> None:
    assert USUAL.has_needs
    assert not read_question({"rows": ["access_level"]}, VOCABULARY).has_needs
    assert not read_question({"access_level": ["abierto"]}, VOCABULARY).has_needs


@pytest.mark.parametrize(
    ("numbers", "found"),
    [([], ()), ([0, 0], ()), ([3, 3, 0], (3,)), ([1, 2], (1, 2)), ([1, 2, 3, 4], (1, 2, 3, 4)), ([1, 2, 3, 4, 5, 50, 500, 5000], (1, 3, 5, 500))],
)  # fmt: skip
def test_steps_share_the_numbers_there_are(numbers: list[int], found: tuple[int, ...]) -> None:
    assert steps.bounds(numbers) == found
    assert steps.step_of(0, found) == 0
    if found:
        assert steps.step_of(max(numbers), found) == len(found)
        assert steps.ranges(found)[-1] == (len(found), found[-1], None)


@given(st.lists(st.integers(0, 10_000)))
def test_more_is_never_lighter(numbers: list[int]) -> None:
    found = steps.bounds(numbers)
    shades = [steps.step_of(number, found) for number in sorted(numbers)]
    assert shades == sorted(shades) and all(bool(shade) == bool(number) for shade, number in zip(shades, sorted(numbers), strict=True))  # fmt: skip
    assert all(least <= number and (most is None or number <= most) for number in numbers if number
               for step, least, most in steps.ranges(found) if step == steps.step_of(number, found))  # fmt: skip


def test_the_outlines_of_peru_are_its_regions_and_say_where_they_come_from() -> None:
    outlines = load_outlines("pe")
    assert outlines is not None
    assert set(outlines.places) == {concept.id for concept in AXES["region"].concepts(VOCABULARY)}
    assert [code for code, outline in outlines.places.items() if outline.at] == ["07"]
    assert (outlines.licence, "Natural Earth" in outlines.source) == ("MIT", True) and outlines.copyright
    assert (ROOT / "ckanext/culturape/vocab/data/packs/pe/outlines.json").stat().st_size < 60_000
    scheme = VOCABULARY.scheme("territory")
    for code, outline in outlines.places.items():
        west, south, east, north = map(float, scheme.concepts[code].attributes["bbox"].split())
        x, y = outline.at or outline.label
        # The drawing is an equirectangular one of the whole country: a place in it says which degrees it stands for.
        degrees = (-81.34 + x / outlines.width * 12.69, -0.03 - y / outlines.height * 18.32)
        assert west <= degrees[0] <= east and south <= degrees[1] <= north, code


def test_a_pack_without_outlines_has_none_and_a_broken_file_is_named(tmp_path: Path) -> None:
    assert load_outlines(str(ROOT / "tests/data/packs/isla")) is None
    good: dict[str, Any] = {
        "width": 1,
        "height": 1,
        "source": "s",
        "licence": "l",
        "copyright": "c",
        "address": "a",
        "places": {},
    }
    file = tmp_path / "outlines.json"
    for broken in (
        {**good, "places": {"01": {"path": '"><script>', "label": [1, 2]}}},
        {**good, "places": {"01": {"path": "M0 0z", "label": [1]}}},
        {**good, "places": {"01": {"path": "M0 0z", "label": "ab"}}},
        {"width": 1},
        [],
    ):
        file.write_text(json.dumps(broken))
        with pytest.raises(VocabularyFault, match="outlines.json"):
            read_outlines(file)


def luminance(colour: str) -> float:
    parts = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_numbers_can_be_read_on_every_step() -> None:
    """Their contrast is held with that of all tokens of the look; here, that each step is a shade of its own, by day and by night."""
    css = (ROOT / "ckanext/culturape/assets/css/tokens.css").read_text(encoding="utf-8")
    found = dict(re.findall(r"(--cu-cov-\d): light-dark\((#[0-9a-f]{6}, #[0-9a-f]{6})\)", css))
    assert len(found) == 4
    for theme in (0, 1):
        shades = [luminance(found[f"--cu-cov-{step}"].split(", ")[theme]) for step in range(1, 5)]
        assert shades == sorted(shades, reverse=theme == 0)
        for lighter, darker in itertools.pairwise(shades):
            assert max(lighter, darker) + 0.05 >= 1.2 * (min(lighter, darker) + 0.05)


def test_a_question_without_a_filter_keeps_the_others() -> None:
    question = read_question({"sector": ["museos", "archivos"], "rows": ["people"]}, VOCABULARY)
    left = question.without(question.filters[0])
    assert isinstance(left, Question) and left.filters == question.filters[1:] and left.rows.name == "people"
