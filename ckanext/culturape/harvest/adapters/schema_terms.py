"""JSON-LD of schema.org under its plain names: whatever prefixes, aliases and namespaces a document uses.

Not by way of a parser of JSON-LD: that drops a whole dataset, without a word, for a space in an ``@id``, and makes an address of
every licence that is told by its name. Nothing is fetched: names that no context here explains are those of schema.org when
the document names schema.org at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast
from urllib.parse import urljoin

from ckanext.culturape.harvest.adapters.lenient import listed, mapping, text_of

NAMESPACES = (
    "http://schema.org/", "https://schema.org/", "http://www.schema.org/", "https://www.schema.org/",
)  # fmt: skip

#: Texts that are in the default language of their context.
WORDS = frozenset({"name", "description", "alternateName", "keywords"})

#: Where datasets stand in what is no dataset itself.
CONTAINERS = ("@graph", "dataset", "mainEntity", "itemListElement", "item", "hasPart", "@included")

Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Terms:
    """How a part of a document names things.

    Attributes:
        is_default: whether names without prefix are those of schema.org.
        prefixes: of schema.org.
        aliases: other names, and what they stand for.
        language: of texts that do not say theirs.
        base: address of the document, against which relative ones are read.
    """

    is_default: bool = False
    prefixes: frozenset[str] = field(default_factory=frozenset[str])
    aliases: Mapping[str, str] = field(default_factory=dict[str, str])
    language: str = ""
    base: str = ""

    def with_context(self, context: Any) -> Terms:
        """These terms with those of a context."""
        terms = self
        for item in listed(context):
            facts = mapping(item)
            is_name = isinstance(item, str) and "schema.org" in item
            terms = (
                terms._with_names(facts) if facts else replace(terms, is_default=is_name or terms.is_default)
            )
        return terms

    def _with_names(self, facts: Mapping[str, Any]) -> Terms:
        vocabulary = text_of(facts.get("@vocab"))
        terms = replace(self, language=text_of(facts.get("@language")) or self.language)
        if vocabulary:
            terms = replace(terms, is_default=vocabulary.startswith(NAMESPACES))
        addresses = {name: text_of(item) for name, item in facts.items() if name[:1] != "@"}
        prefixes = {name for name, address in addresses.items() if address in NAMESPACES}
        terms = replace(terms, prefixes=terms.prefixes | prefixes)
        return replace(terms, aliases={**terms.aliases, **terms._aliases(addresses)})

    def _aliases(self, addresses: Mapping[str, str]) -> dict[str, str]:
        targets = {
            name: address if address[:1] == "@" else self._by_prefix(address)
            for name, address in addresses.items()
        }
        return {name: target for name, target in targets.items() if target and name not in self.prefixes}

    def _by_prefix(self, name: str) -> str:
        for namespace in NAMESPACES:
            if name.startswith(namespace):
                return name.removeprefix(namespace)
        prefix, colon, local = name.partition(":")
        return local if colon and prefix in self.prefixes else ""

    def name(self, name: str) -> str:
        """The plain name of schema.org, or the keyword of JSON-LD; empty for what is neither."""
        if name[:1] == "@":
            return name
        known = self.aliases.get(name) or self._by_prefix(name)
        return known or (name if self.is_default and ":" not in name else "")


def plain_names(value: Any, terms: Terms | None = None, key: str = "") -> Any:
    """A value with plain names in all objects; what is not of schema.org is left out."""
    here = terms or Terms()
    if isinstance(value, list):
        return [plain_names(item, here, key) for item in cast("list[Any]", value)]
    if isinstance(value, str) and here.language and key in WORDS:
        return {"@value": value, "@language": here.language}
    if not isinstance(value, dict):
        return value
    facts = mapping(cast("Any", value))
    here = here.with_context(facts.get("@context"))
    found: Node = {}
    for given, item in facts.items():
        name = here.name(given)
        if name == "@type":
            found[name] = [kind for kind in (here.name(text_of(one)) for one in listed(item)) if kind]
        elif name == "@id":
            found[name] = absolute(text_of(item), here.base)
        elif name and name != "@context":
            found[name] = (
                item if name[:1] == "@" and name not in CONTAINERS else plain_names(item, here, name)
            )
    return found


def absolute(address: str, base: str) -> str:
    """An address read against that of its document; the names of blank nodes stay."""
    try:
        return address if address[:2] == "_:" else urljoin(base, address)
    except ValueError:
        return address


def of_type(node: Any, *types: str) -> bool:
    """Whether a node is of one of these classes."""
    return any(kind in types for kind in listed(mapping(node).get("@type")))


def walked(value: Any) -> Iterator[Node]:
    """All nodes that stand where datasets may stand."""
    for item in listed(value):
        node = mapping(item)
        if node:
            yield cast("Node", node)
            for name in CONTAINERS:
                yield from walked(node.get(name))


def everywhere(value: Any) -> Iterator[Node]:
    """All nodes, however deep."""
    if isinstance(value, list):
        for item in cast("list[Any]", value):
            yield from everywhere(item)
    elif isinstance(value, dict):
        yield cast("Node", value)
        yield from everywhere(list(cast("Node", value).values()))


def by_id(nodes: Iterable[Node]) -> dict[str, Node]:
    """Nodes by their ``@id``; what several say of the same is put together."""
    said: dict[str, dict[str, dict[str, Any]]] = {}
    for node in nodes:
        own = text_of(node.get("@id"))
        if own and len(node) > 1:
            merged = said.setdefault(own, {})
            for name, value in node.items():
                # By their spelling, since not all values can be keys; each is spelled once.
                merged.setdefault(name, {}).update((repr(item), item) for item in listed(value))
    return {
        own: {name: _one(list(items.values())) for name, items in merged.items()}
        for own, merged in said.items()
    }


def _one(items: list[Any]) -> Any:
    return items[0] if len(items) == 1 else items
