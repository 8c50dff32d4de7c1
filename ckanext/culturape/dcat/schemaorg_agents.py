"""Who made, publishes and answers for a dataset, and who took part, as schema.org says it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ckanext.culturape.dcat.schemaorg_parts import Reader, filled, http, text
from ckanext.culturape.rdf.mapping import organization_iri
from ckanext.culturape.rdf.terms import Context
from ckanext.culturape.types import Record


def responsible(
    record: Mapping[str, Any], context: Context, organization: Mapping[str, Any], reader: Reader
) -> Record:
    """Creators, publisher, contact and contributors; the organisation where the record names no publisher or contact."""
    publisher, contact = agents(record.get("publisher")), agents(record.get("contact"))
    if organization.get("id"):
        publisher = publisher or [_publisher(organization, context, reader)]
        contact = contact or _office(organization, context)
    return {
        "creator": agents(record.get("creator")),
        "publisher": publisher,
        "maintainer": contact,
        "contributor": [_part_taken(item, reader) for item in record.get("qualified_attribution") or ()],
    }


def _publisher(organization: Mapping[str, Any], context: Context, reader: Reader) -> Record:
    names = organization.get("title_translated") or organization.get("title") or organization.get("name")
    node = agent({
        "name": reader.text(names), "uri": organization_iri(organization, context).value, "url": organization.get("url"),
    })  # fmt: skip
    return filled({**node, "sameAs": http(organization.get("identifier"))})


def _office(organization: Mapping[str, Any], context: Context) -> list[Record]:
    known = {key: organization.get(f"contact_{key}") for key in ("name", "email")}
    address = f"{organization_iri(organization, context).value}#contact"
    return agents([{"uri": address, **known}]) if any(known.values()) else []


def agent(item: Mapping[str, Any]) -> Record:
    """An institution or organisation, which is what the fields of agents and contacts ask for."""
    return filled({
        "@type": "Organization", "@id": http(item.get("uri")), "name": text(item.get("name")),
        "email": text(item.get("email")), "url": http(item.get("url")),
        "identifier": text(item.get("identifier")),
    })  # fmt: skip


def agents(items: Iterable[Mapping[str, Any]] | None) -> list[Record]:
    """Agents of which more is known than that they are some."""
    return [node for node in map(agent, items or ()) if len(node) > 1]


def _part_taken(item: Mapping[str, Any], reader: Reader) -> Record:
    """Who took part, in which role: the pattern of schema.org for a relation that has a name."""
    who = agent({"name": item.get("agent")})
    role = next(reader.concepts("role", item.get("role")), None)
    return {"@type": "Role", "roleName": role.label(reader.language), "contributor": who} if role else who
