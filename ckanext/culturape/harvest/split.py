"""What does a page say of each of its datasets? Told apart and digested, without reading records: most of them have not changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple, cast

from pyoxigraph import BlankNode, RdfFormat, Triple, parse, serialize

from ckanext.culturape.errors import N_, Fault, fault_from_json, fault_to_json
from ckanext.culturape.harvest.adapters.family import to_dcat
from ckanext.culturape.harvest.adapters.report import Refused
from ckanext.culturape.harvest.scope import (
    Digests,
    Scope,
    find_datasets,
    key_of,
    scope_of,
    stable_names,
    things_apart,
)
from ckanext.culturape.harvest.spelling import respell
from ckanext.culturape.harvest.withheld import PLACES
from ckanext.culturape.intake import cell
from ckanext.culturape.intake.limits import Limits
from ckanext.culturape.namespaces import RDF_TYPE, node
from ckanext.culturape.rdf.graph import Graph, Object, Subject

#: Statements of one dataset that are read at most; the whole description of a large dataset has some hundreds.
MOST = 20_000
DATASET = node("dcat:Dataset")


class Portion(NamedTuple):
    """What a page says of one dataset.

    Attributes:
        uri: what identifies it in its source.
        title: as the source first gives it.
        digest: of its statements; knows neither order, serialisation nor names of blank nodes.
        ntriples: the statements, as a document of its own.
    """

    uri: str
    title: str
    digest: str
    ntriples: bytes


class Page(NamedTuple):
    """A page of a source.

    Attributes:
        portions: its datasets and series, in its order.
        next: addresses of the pages that follow.
        errors: what could not be used.
        family: of the document.
        is_whole: whether no dataset was lost.
        total: datasets that the source says it has on all pages, ``None`` when it says nothing.
    """

    portions: tuple[Portion, ...]
    next: tuple[str, ...]
    errors: tuple[Refused, ...]
    family: str
    is_whole: bool
    total: int | None


Splitter = Callable[[bytes, str, str, str, str], Page]


def split(
    content: bytes, content_type: str, address: str, limits: Limits, *, format: str = "", profile: str = ""
) -> Page:
    """The portions of a page.

    Args:
        content: its bytes.
        content_type: as its server declares it.
        address: where it was found.
        limits: bounds.
        format: serialisation that counts more than what the server declares.
        profile: the only family that it may be of.

    Raises: Fault.
    """
    adapted = to_dcat(content, format or content_type, address, limits)
    if profile and adapted.family != profile:
        message = N_("The document is of the family %(found)s, and the source is set to %(wanted)s.")
        raise Fault(message, {"found": adapted.family, "wanted": profile})
    graph = Graph(
        respell(quad.triple for quad in parse(adapted.ntriples, format=RdfFormat.N_TRIPLES, lenient=True))
    )
    errors = list(adapted.errors)
    portions = tuple(_portions(graph, errors))
    return Page(portions, adapted.next, tuple(errors), adapted.family, adapted.is_whole, _total(graph))


def _portions(graph: Graph, errors: list[Refused]) -> Iterator[Portion]:
    apart, digests = things_apart(graph), Digests(graph)
    seen: set[str] = set()
    for dataset in find_datasets(graph):
        uri = key_of(graph, dataset, digests)
        if uri in seen:
            uri = f"urn:sha256:{digests.of(dataset)}"
        if uri in seen:
            continue
        seen.add(uri)
        scope = scope_of(graph, dataset, apart, PLACES)
        if len(scope.statements) > MOST:
            fault = Fault(
                N_("It has more than %(number)s statements, and is not taken over."), {"number": MOST}
            )
            errors.append(Refused(uri, "", "", fault))
        else:
            yield _portion(graph, dataset, uri, scope)


def _portion(graph: Graph, dataset: Subject, uri: str, scope: Scope) -> Portion:
    # Only of its own statements: a record of the catalogue that hangs from it says every day that it was touched.
    names = _names(scope, Digests(Graph(triple for triple, _ in scope.statements)))
    said = [
        Triple(_named(t.subject, names), t.predicate, _named(t.object, names)) for t, _ in scope.statements
    ]
    typed = Triple(_named(dataset, names), RDF_TYPE, DATASET)
    lines = (serialize([typed, *said], format=RdfFormat.N_TRIPLES) or b"").splitlines(keepends=True)
    digest = hashlib.sha256(b"".join(sorted(set(lines)))).hexdigest()
    return Portion(
        uri, graph.text(dataset, "dct:title").strip()[:200], digest, b"".join(dict.fromkeys(lines))
    )


def _names(scope: Scope, digests: Digests) -> Mapping[BlankNode, BlankNode]:
    """Names of all blank nodes of a dataset that follow from what is said of them."""
    own = [scope.dataset, *sorted(set(scope.parts), key=lambda part: digests.of(cast("Object", part)))]
    first = {term: BlankNode(f"d{n}") for n, term in enumerate(own) if isinstance(term, BlankNode)}
    return {**stable_names(scope, digests), **first}


def _named(term: Any, names: Mapping[BlankNode, BlankNode]) -> Any:
    return names.get(term, term) if isinstance(term, BlankNode) else term


def _total(graph: Graph) -> int | None:
    """How many datasets a collection of hydra says it has."""
    kinds = (
        "hydra:PagedCollection",
        "hydra:Collection",
        "hydra:PartialCollectionView",
        "hydra:PartialCollection",
    )
    found = [
        graph.text(subject, "hydra:totalItems") for kind in kinds for subject in graph.subjects_of_type(kind)
    ]
    return next((int(text) for text in found if text.isdecimal() and len(text) < 12), None)


@contextmanager
def open_splitter(limits: Limits) -> Generator[Splitter, None, None]:
    """A splitter in a process of its own, kept for many pages."""
    with cell.open_cell(f"{__name__}:split_here", limits) as work:

        def splitter(content: bytes, content_type: str, address: str, format: str, profile: str) -> Page:
            given = {"content_type": content_type, "address": address, "format": format, "profile": profile}
            answer, raw = work(given, content)
            return _page_from(answer, raw)

        yield splitter


def split_here(arguments: Mapping[str, Any], content: bytes, limits: Limits) -> tuple[dict[str, Any], bytes]:
    """The same as JSON and bytes, for whoever called from another process. Raises: Fault."""
    page = split(
        content,
        arguments["content_type"],
        arguments["address"],
        limits,
        format=arguments["format"],
        profile=arguments["profile"],
    )
    portions = [(p.uri, p.title, p.digest, len(p.ntriples)) for p in page.portions]
    errors = [(e.uri, e.field, e.value, fault_to_json(e.fault)) for e in page.errors]
    told = {**page._asdict(), "portions": portions, "errors": errors}
    return told, b"".join(portion.ntriples for portion in page.portions)


def _page_from(told: Mapping[str, Any], raw: bytes) -> Page:
    portions: list[Portion] = []
    start = 0
    for uri, title, digest, size in told["portions"]:
        portions.append(Portion(uri, title, digest, raw[start : start + size]))
        start += size
    errors = (Refused(uri, field, value, fault_from_json(kept)) for uri, field, value, kept in told["errors"])
    return Page(
        tuple(portions), tuple(told["next"]), tuple(errors), told["family"], told["is_whole"], told["total"]
    )
