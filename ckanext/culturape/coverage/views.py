"""The page of coverage, and the same as a table for spreadsheets."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.search.common import SearchError
from flask import Blueprint, Response

from ckanext.culturape.coverage import charting, counting, sheet, table
from ckanext.culturape.coverage.axes import AXES, Axis
from ckanext.culturape.coverage.links import Links
from ckanext.culturape.coverage.measure import Matrix
from ckanext.culturape.coverage.question import Pair, Question, read_question
from ckanext.culturape.helpers.concepts import culturape_language
from ckanext.culturape.logic.site import vocabulary
from ckanext.culturape.tables import write_csv

PAGE, CSV = "culturape_coverage.coverage", "culturape_coverage.coverage_csv"


def coverage() -> str:
    """What exists, what is only asked for and what is missing."""
    question = _question()
    matrix, links = _count(question), Links(question)
    variables = {
        "question": question,
        "matrix": matrix,
        "notices": [notice.text(tk._) for notice in question.notices],
        "sheet": sheet.lay_out(matrix, links),
        "chart": charting.draw(matrix, links),
        "axes": AXES.values(),
        "choices": {axis.name: _choices(axis, question) for axis in AXES.values()},
        "chips": [_chip(question, pair) for pair in question.filters],
        "address_of": lambda **changes: tk.url_for(PAGE, **_grouped(question.params(**changes))),
        "csv_address": tk.url_for(CSV, **_grouped(question.params())),
    }
    return tk.render("culturape/coverage/page.html", variables)


def coverage_csv() -> Response:
    """The whole matrix, also what the page leaves out of long axes."""
    question = _question()
    whole = Question(question.rows, question.columns, question.filters, is_whole=True)
    lines = table.lines(_count(whole), Links(whole, is_absolute=True), culturape_language())
    name = f"cobertura-{whole.rows.name}-{whole.columns.name}.csv".replace("_", "-")
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    answer = Response("".join(write_csv(table.HEAD, lines)), mimetype="text/csv", headers=headers)
    answer.add_etag()
    answer.make_conditional(tk.request.environ)
    return answer


def _question() -> Question:
    return read_question(tk.request.args.to_dict(flat=False), vocabulary())


def _count(question: Question) -> Matrix:
    try:
        return counting.count(question)
    except SearchError:
        return tk.abort(503, tk._("The search does not answer now. Try again in some minutes."))


def _choices(axis: Axis, question: Question) -> list[tuple[str, str, bool]]:
    """Key and name of each value of a filter, and whether it is chosen; a narrower concept that was chosen by its address is one of them."""
    chosen = [key for one, key in question.filters if one is axis]
    concepts = {concept.id: concept for concept in axis.concepts(vocabulary())}
    concepts |= {found.id: found for key in chosen if (found := axis.concept(key, vocabulary()))}
    named = [
        (key, concept.label(culturape_language()))
        for key, concept in concepts.items()
        if not concept.deprecated or key in chosen
    ]
    slots = [(slot.key, tk._(slot.words)) for slot in axis.slots]
    return [(key, name, key in chosen) for key, name in (*named, *slots)]


def _chip(question: Question, pair: Pair) -> dict[str, str]:
    """A filter in words, and the address of the page without it."""
    axis, key = pair
    slot, concept = axis.slot(key), axis.concept(key, vocabulary())
    name = tk._(slot.words) if slot else concept.label(culturape_language()) if concept else key
    rest = question.without(pair).params()
    return {"name": f"{tk._(axis.words)}: {name}", "without": tk.url_for(PAGE, **_grouped(rest))}


def _grouped(params: list[tuple[str, str]]) -> dict[str, Any]:
    found: dict[str, list[str]] = {}
    for name, value in params:
        found.setdefault(name, []).append(value)
    return dict(found)


def blueprint() -> Blueprint:
    """Their addresses."""
    found = Blueprint("culturape_coverage", __name__)
    found.add_url_rule("/cobertura", view_func=coverage, strict_slashes=False)
    found.add_url_rule("/cobertura.csv", view_func=coverage_csv)
    return found
