"""Does one graph say what another says of a dataset? In the same or in an equivalent form, by rules that know nothing of the code which keeps what is said.

It walks both graphs from the nodes that have addresses, and compares paths and values. Rules of equivalence: docs/decisions/0015-harvest-reading.md.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode

from ckanext.culturape.namespaces import node
from ckanext.culturape.rdf.codecs_concepts import official
from ckanext.culturape.rdf.graph import Graph
from ckanext.culturape.rdf.likeness import find
from ckanext.culturape.vocab.pack import load_vocabulary

#: Address of the portal that exports.
BASE = "https://datos.example.org"
VOCABULARY = load_vocabulary()
APART = [node(name) for name in ("dcat:Dataset", "dcat:DatasetSeries", "dcat:Catalog", "dcat:CatalogRecord")]
TYPE, DISTRIBUTION = node("rdf:type"), node("dcat:distribution")
NAMES = tuple(
    node(name)
    for name in ("foaf:name", "rdfs:label", "vcard:fn", "skos:notation", "dcat:startDate", "dcat:endDate")
)
#: Where we say what the standard property cannot hold.
OWN = {node("dct:format"): node("culturape:format"), node("dct:language"): node("culturape:language")}

Path_ = tuple[NamedNode, ...]
Said = tuple[str, Path_, Any]


class Walk:
    """What a graph says of one dataset: values by the nearest node with an address and the path from there."""

    def __init__(self, graph: Graph, dataset: Any, parts: dict[Any, str]) -> None:
        self.graph, self.dataset, self.parts = graph, dataset, parts
        self.said: list[Said] = []
        self._done: set[Any] = set()
        self._walk(dataset, "dataset", ())

    def _walk(self, subject: Any, name: str, path: Path_) -> None:
        if subject in self._done and isinstance(subject, NamedNode):
            return
        self._done.add(subject)
        for triple in self.graph.about(subject):
            value, steps = triple.object, (*path, triple.predicate)
            label = BlankNode("part" if value in self.parts else "any")
            self.said.append(
                (name, steps, label if value in self.parts or isinstance(value, BlankNode) else value)
            )
            if triple.predicate != TYPE and value != self.dataset:
                self._go_on(value, name, steps)

    def _go_on(self, value: Any, name: str, steps: Path_) -> None:
        if value in self.parts:
            self._walk(value, self.parts[value], ())
        elif isinstance(value, NamedNode) and not self._is_apart(value):
            self._walk(value, value.value, ())
        elif isinstance(value, BlankNode) and len(steps) < 12 and not self._is_apart(value):
            self._walk(value, name, steps)

    def walk_rest(self) -> None:
        """Go on from all other nodes with addresses."""
        for subject in self.graph.subjects():
            if isinstance(subject, NamedNode):
                self._walk(subject, subject.value, ())

    def _is_apart(self, subject: Any) -> bool:
        return any(kind in self.graph.objects(subject, "rdf:type") for kind in APART)


def walk(graph: Graph, dataset: Any, base: str = BASE) -> Walk:
    """The distributions are compared by the address of their data, since those without an address get one."""
    parts: dict[Any, str] = {}
    for part in graph.objects(dataset, "dcat:distribution"):
        named = isinstance(part, NamedNode) and not part.value.startswith(base)
        if not isinstance(part, Literal):
            parts[part] = part.value if named else "part"
    return Walk(graph, dataset, parts)


def plain(value: Any) -> str:
    text = value.value.strip().removeprefix("mailto:").replace(" ", "%20").rstrip("/")
    text = re.sub(r"^https?://(www\.)?", "", text)
    text = text.removeprefix("iana.org/assignments/media-types/")
    text = re.sub(r"^(\d{4}-\d\d-\d\dT.*)(?:Z|\+00:00)$", r"\1", text)
    return re.sub(r"^(\d{4}(?:-\d\d(?:-\d\d)?)?)(?:Z|[+-]\d\d:\d\d)$", r"\1", text)


def pieces(value: Literal) -> list[Literal]:
    """Beginning and end of a period in one text."""
    return [Literal(part) for part in value.value.split("/")]


@cache
def meanings(text: str) -> frozenset[str]:
    """Addresses of all concepts that a text may mean."""
    found = [find(scheme, text) for scheme in VOCABULARY.schemes.values()] + [
        VOCABULARY.scheme("language").get(text.split("-", 1)[0].lower())
    ]
    return frozenset(a for concept in found if concept for a in (concept.uri, official(concept)) if a)


class Export:
    """What an export says, for look-ups by place."""

    def __init__(self, walked: Walk) -> None:
        self.at: dict[tuple[str, Path_], list[Any]] = {}
        walked.walk_rest()
        for name, path, value in walked.said:
            self.at.setdefault((name, path), []).append(value)

    def judge(self, said: Said) -> str:
        name, path, value = said
        there = self.at.get((name, path), [])
        if value in there:
            return "same"
        if isinstance(value, BlankNode):
            return (
                "equivalent"
                if there or self.at.get((name, (*path[:-1], OWN.get(path[-1], path[-1]))))
                else "lost"
            )
        return "equivalent" if self._is_equivalent(name, path, value, there) else "lost"

    def _is_equivalent(self, name: str, path: Path_, value: Any, there: list[Any]) -> bool:
        texts = [plain(other) for other in there if not isinstance(other, BlankNode)]
        if isinstance(value, Literal) and value.language:
            same = [
                o
                for o in there
                if isinstance(o, Literal) and (o.language or "").lower() == value.language.lower()
            ]
            if any(plain(value) == plain(other) for other in same):
                return True
        elif plain(value) in texts or _number(value) in [_number(other) for other in there if _number(other)]:
            return True
        own = there + self.at.get((name, (*path[:-1], OWN.get(path[-1], path[-1]))), [])
        if meanings(value.value) & {getattr(other, "value", "") for other in own}:
            return True
        if isinstance(value, Literal) and any(
            plain(value) == plain(o) for o in own if isinstance(o, Literal)
        ):
            return not value.language
        below = [o for step in NAMES for o in self.at.get((name, (*path, step)), [])]
        if isinstance(value, Literal) and any(
            plain(o) in (*map(plain, pieces(value)), plain(value)) for o in below
        ):
            return True
        return self._is_name_of_concept(name, path, value)

    def _is_name_of_concept(self, name: str, path: Path_, value: Any) -> bool:
        """A node that was no more than a name became the concept of that name."""
        above = self.at.get((name, path[:-1]), []) if len(path) > 1 else []
        addresses = {o.value for o in above if isinstance(o, NamedNode)}
        return bool(addresses and (path[-1] == TYPE or meanings(value.value) & addresses))


def _number(value: Any) -> str:
    try:
        return "" if isinstance(value, BlankNode) else repr(float(value.value))
    except ValueError:
        return ""


def nodes_of(graph: Graph) -> list[Any]:
    """The nodes of the datasets of a catalogue, in the order in which they are read."""
    named = {o for s in graph.subjects() for o in graph.objects(s, "dcat:dataset")}
    kinds = (node("dcat:Dataset"), node("dcat:DatasetSeries"))
    return [
        s for s in graph.subjects() if s in named or any(k in graph.objects(s, "rdf:type") for k in kinds)
    ]
