"""JSON-LD without surprises: contexts come from this list or from the document, never from the network."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, cast

from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.intake.limits import Limits

#: schema.org says of itself that a term is an address in its namespace; those whose values are addresses are named.
_SCHEMA_ORG: Mapping[str, Any] = {
    "@vocab": "http://schema.org/",
    **{
        name: {"@type": "@id"} for name in ("url", "license", "contentUrl", "sameAs", "includedInDataCatalog")
    },
}

#: Contexts that documents may name, by address without scheme and final slash.
CONTEXTS: Mapping[str, Mapping[str, Any]] = {
    "schema.org": _SCHEMA_ORG,
    "www.schema.org": _SCHEMA_ORG,
    "schema.org/docs/jsonldcontext.jsonld": _SCHEMA_ORG,
    "schema.org/docs/jsonldcontext.json": _SCHEMA_ORG,
}

#: A string, also one that never ends, or a bracket.
_BRACKETS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)
_OPENING, _CLOSING = frozenset("[{"), frozenset("]}")


def read_json(text: str, limits: Limits) -> str:
    """The document with every context written out. Raises: Fault."""
    if depth(text) > limits.depth:
        raise Fault(
            N_("The JSON is nested deeper than %(depth)s levels, the limit of this site."),
            {"depth": limits.depth},
        )
    try:
        document = json.loads(text)
    except ValueError as error:
        raise Fault(N_("The JSON cannot be read: %(reason)s"), {"reason": str(error)}) from error
    if "@context" not in text and "@id" not in text and "@type" not in text:
        raise Fault(N_("This JSON is not JSON-LD: it says with no @context what its names mean."))
    return json.dumps(_inlined(document))


def depth(text: str) -> int:
    """Levels of brackets, without those in strings; found without reading the JSON, which could be endless."""
    deepest = level = 0
    for match in _BRACKETS.finditer(text):
        bracket = match[0]
        if bracket in _OPENING:
            level += 1
            deepest = max(deepest, level)
        elif bracket in _CLOSING:
            level -= 1
    return deepest


def _inlined(value: Any) -> Any:
    if isinstance(value, list):
        return [_inlined(item) for item in cast("list[Any]", value)]
    if isinstance(value, dict):
        pairs = cast("dict[str, Any]", value).items()
        return {key: _context(item) if key == "@context" else _inlined(item) for key, item in pairs}
    return value


def _context(value: Any) -> Any:
    if isinstance(value, list):
        return [_context(item) for item in cast("list[Any]", value)]
    if isinstance(value, str):
        known = CONTEXTS.get(value.partition("://")[2].rstrip("/"))
        if known is None:
            raise Fault(
                N_(
                    "The context “%(address)s” is not one that this site knows, and it fetches none: write it into the document."
                ),
                {"address": value[:200]},
            )
        return known
    if isinstance(value, dict) and "@import" in value:
        return _context(cast("dict[str, Any]", value)["@import"])
    # Terms may have contexts of their own.
    return _inlined(value)
