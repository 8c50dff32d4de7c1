"""What do statements break of the rules? The engine is rudof's, which finds what pyshacl finds in a tenth of the time."""

from __future__ import annotations

import threading
from typing import Any

from pyrudof import RDFFormat, Rudof, RudofConfig, RudofError, ShaclFormat

from ckanext.culturape.dcat.shacl.findings import INFO, MOST_VALUE, VIOLATION, WARNING, Finding
from ckanext.culturape.dcat.shacl.shapes import Shapes
from ckanext.culturape.dcat.shacl.trace import Place, trace
from ckanext.culturape.errors import N_, Fault

_SEVERITIES = {"Violation": VIOLATION, "Warning": WARNING, "Info": INFO}
_COMPONENT = "ConstraintComponent"

#: An engine keeps the rules that it has read; one for each thread, since it holds the data as well.
_engines = threading.local()

#: Rules that a thread keeps ready.
MOST_ENGINES = 4


def check(ntriples: bytes, shapes: Shapes) -> list[Finding]:
    """What a graph, given as N-Triples that are known to be well written, breaks of the rules.

    Raises: Fault when the engine does not understand the rules.
    """
    if not ntriples.strip():
        return []
    engine = _engine(shapes)
    try:
        engine.read_data(ntriples.decode(), RDFFormat.NTriples)
        results = list(engine.validate_shacl())
    except RudofError as error:
        raise Fault(N_("The engine of SHACL gave up: %(reason)s"), {"reason": str(error)[:300]}) from error
    finally:
        engine.reset_data()
    places = trace(ntriples)
    return [_finding(result, shapes, places.get(str(result.focus_node))) for result in results]


def _engine(shapes: Shapes) -> Any:
    engines: dict[str, Any] = _engines.__dict__.setdefault("by_version", {})
    if shapes.version not in engines:
        made = Rudof(RudofConfig())
        try:
            made.read_shacl(shapes.ntriples.decode(), ShaclFormat.NTriples)
        except RudofError as error:
            raise Fault(N_("The shapes cannot be used: %(reason)s"), {"reason": str(error)[:300]}) from error
        while len(engines) >= MOST_ENGINES:
            engines.pop(next(iter(engines)))
        engines[shapes.version] = made
    return engines[shapes.version]


def _finding(result: Any, shapes: Shapes, place: Place | None) -> Finding:
    component = str(result.constraint_component or "").rpartition("#")[2].removesuffix(_COMPONENT)
    value = "" if result.value is None else str(result.value)
    return Finding(
        severity=_SEVERITIES.get(str(result.severity), VIOLATION),
        focus=str(result.focus_node),
        path=str(result.path or ""),
        value=value if len(value) <= MOST_VALUE else f"{value[:MOST_VALUE]}…",
        component=component,
        messages=shapes.messages.get(str(result.source_shape or ""), {}),
        owner=place.owner if place else "",
        steps=place.steps if place else (),
        part=place.part if place else "",
    )
