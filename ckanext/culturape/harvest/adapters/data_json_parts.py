"""What ``data.json`` says in a way of its own: levels of access, frequencies, themes, codes of places, columns."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ckanext.culturape.errors import N_
from ckanext.culturape.harvest.adapters.coverage import location, places
from ckanext.culturape.harvest.adapters.lenient import listed, literals, mapping, text_of
from ckanext.culturape.harvest.adapters.parts import (
    Triples,
    authority,
    concept,
    dates,
    described,
    rows,
    state,
    texts,
)  # fmt: skip
from ckanext.culturape.harvest.adapters.report import Place
from ckanext.culturape.rdf.graph import Subject
from ckanext.culturape.rdf.terms import literal, triple, typed

#: https://resources.data.gov/resources/dcat-us/#accessLevel
ACCESS = {"public": "PUBLIC", "restricted public": "RESTRICTED", "non-public": "NON_PUBLIC"}

#: The global themes of Argentina bear the codes of the EU table of themes.
SUPER_THEMES = frozenset(
    ["AGRI", "ECON", "EDUC", "ENER", "ENVI", "GOVE", "HEAL", "INTR", "JUST", "REGI", "SOCI", "TECH", "TRAN"]
)

#: Intervals that no other name of a frequency stands for in the vocabularies.
FREQUENCIES = {"R/P0.33W": "WEEKLY_3", "R/P0.33M": "MONTHLY_3"}

#: https://www.w3.org/TR/tabular-metadata/
CSVW = "http://www.w3.org/ns/csvw#"
COLUMN = rows(
    ("title name", f"{CSVW}name", texts), ("type", f"{CSVW}datatype", texts), ("description", "dct:description", texts),
    ("id", "dct:identifier", texts), ("specialType", "dct:type", texts), ("specialTypeDetail", "rdfs:comment", texts),
    ("units", "rdfs:comment", texts),
)  # fmt: skip

_INTERVAL = re.compile(r"R\d*/P")


def access(subject: Subject, predicate: str, value: Any, place: Place) -> Triples:
    """The level of access, in the words of the EU table."""
    code = ACCESS.get(text_of(value).lower())
    if code:
        yield from authority(subject, predicate, "access-right", code)
    else:
        place.unfit(value, N_("public, restricted public or non-public"))


def frequency(subject: Subject, predicate: str, value: Any, place: Place) -> Triples:
    """A frequency as it is told: vocabularies know intervals such as ``R/P1Y`` as other names of it."""
    for found in literals(value, place):
        code = FREQUENCIES.get(found.value)
        if code:
            yield from authority(subject, predicate, "frequency", code)
        else:
            yield triple(subject, predicate, found)


def modified(subject: Subject, predicate: str, value: Any, place: Place) -> Triples:
    """When it changed last, or how often it does: DCAT-US lets an interval stand here."""
    if _INTERVAL.match(text_of(value)):
        yield from frequency(subject, "dct:accrualPeriodicity", value, place)
    else:
        yield from dates(subject, predicate, value, place)


def super_themes(subject: Subject, predicate: str, value: Any, place: Place) -> Triples:
    """Themes of the table of the EU; other codes become concepts of their own."""
    for found in literals(value, place):
        code = found.value.strip().upper()
        if code in SUPER_THEMES:
            yield from authority(subject, predicate, "data-theme", code)
        else:
            yield from concept(subject, predicate, found, place)


def themes(subject: Subject, value: Any, taxonomy: Mapping[str, Mapping[str, Any]], place: Place) -> Triples:
    """Themes with the names that the catalogue gives their codes; those that it does not list by their own words."""
    for found in literals(value, place):
        known = taxonomy.get(found.value, {})
        label = text_of(known.get("label"))
        words = text_of(known.get("description"))
        notation = found.value if label and label != found.value else ""
        name = literal(label) if label else found
        yield from concept(subject, "dcat:theme", name, place, notation, words)


def codes_of_argentina(subject: Subject, predicate: str, value: Any, place: Place) -> Triples:
    """Places, of which codes of digits are those of Argentina's register: they are kept, but must not be taken for UBIGEO."""
    for position, item in enumerate(listed(value)):
        text = text_of(item)
        if text.isdecimal():
            node = place.at(position).blank()
            yield from location(subject, predicate, node)
            yield triple(node, "dct:identifier", literal(text))
        else:
            yield from places(subject, predicate, item, place.at(position))


def columns(subject: Subject, predicate: str, value: Any, place: Place) -> Triples:
    """The columns of a table as CSVW names them."""
    schema = place.blank()
    given = listed(value)
    found = [(number, mapping(item)) for number, item in enumerate(given, 1) if mapping(item)]
    if len(found) < len(given):
        place.unfit(value, N_("columns with names and values"))
    if found:
        yield state(subject, predicate, schema)
    for number, facts in found:
        node = place.at(number).blank()
        yield state(schema, f"{CSVW}column", node)
        yield state(node, f"{CSVW}number", typed(number, "xsd:nonNegativeInteger"))
        yield from described(node, COLUMN, facts, place.at(number))
