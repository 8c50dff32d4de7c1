"""Codecs of what agendas, commitments and needs are made of: actors, names of agents, milestones, links to other records."""

from __future__ import annotations

import re
from typing import Any

from pyoxigraph import NamedNode

from ckanext.culturape.fields import RECORD_TYPES, Field
from ckanext.culturape.rdf.codecs import predicate_of, without_zone
from ckanext.culturape.rdf.codecs_agents import agent
from ckanext.culturape.rdf.graph import Graph, Object, Subject, value_of
from ckanext.culturape.rdf.likeness import name_of, recognise
from ckanext.culturape.rdf.terms import (
    Context,
    Triples,
    concept_link,
    date_literal,
    is_a,
    link,
    literal,
    triple,
)
from ckanext.culturape.vocab.concept import Concept

Item = dict[str, Any]

MILESTONE = "culturape:Milestone"
DUE, DONE, EVIDENCE = "culturape:dueDate", "culturape:doneDate", "culturape:evidence"

#: Path of a record of ours below the address of a portal.
_OWN = re.compile(rf"/(?:{'|'.join(RECORD_TYPES)})/([^/?#]+)")


def actors_to_rdf(subject: Subject, field: Field, value: list[Item], context: Context) -> Triples:
    """An attribution for each actor, with the agent, its type, and its role."""
    for position, item in enumerate(value):
        path = (value_of(subject), field.name, position)
        node, who = context.blank(*path), context.blank(*path, "agent")
        yield triple(subject, predicate_of(field), node)
        yield from is_a(node, "prov:Attribution")
        yield triple(node, "prov:agent", who)
        yield from is_a(who, "foaf:Agent")
        yield triple(who, "foaf:name", literal(item["name"]))
        yield from link(who, "foaf:homepage", item.get("url") or "", "foaf:Document")
        yield from _concept(who, "dct:type", "actor-type", item.get("actor_type"), context)
        yield from _concept(node, "dcat:hadRole", "role", item.get("role"), context, "dcat:Role")


def _concept(
    subject: Subject, predicate: str, scheme: str, concept_id: Any, context: Context, *classes: str
) -> Triples:
    concept = context.vocabulary.concept(scheme, str(concept_id or ""))
    if concept:
        yield from concept_link(subject, predicate, concept, context, *classes)


def actors_from_rdf(graph: Graph, subject: Subject, field: Field, context: Context) -> list[Item] | None:
    """Agents with their types and roles, as far as we know those."""
    found = [_read_actor(graph, term, context) for term in graph.objects(subject, predicate_of(field))]
    return [item for item in found if item.get("name")] or None


def _read_actor(graph: Graph, term: Object, context: Context) -> Item:
    who = graph.object(term, "prov:agent")
    if who is None:
        return {}
    kind = _recognised(graph, who, "dct:type", "actor-type", context)
    role = _recognised(graph, term, "dcat:hadRole", "role", context)
    item = {
        "name": name_of(graph, who, context.default_language),
        "actor_type": kind.id if kind else "",
        "role": role.id if role else "",
        "url": graph.text(who, "foaf:homepage"),
    }
    return {key: text for key, text in item.items() if text}


def _recognised(graph: Graph, term: Object, predicate: str, scheme: str, context: Context) -> Concept | None:
    home = context.vocabulary.scheme(scheme)
    found = (recognise(graph, one, home, context.vocabulary) for one in graph.objects(term, predicate))
    return next(filter(None, found), None)


def agent_names_to_rdf(subject: Subject, field: Field, value: Any, context: Context) -> Triples:
    """An agent for each name."""
    names: list[str] = value if field.is_list else [value]
    for position, name in enumerate(names):
        yield from agent(
            subject, predicate_of(field), {"name": name}, context, value_of(subject), field.name, position
        )


def agent_names_from_rdf(graph: Graph, subject: Subject, field: Field, context: Context) -> Any:
    """The names of agents."""
    terms = graph.objects(subject, predicate_of(field))
    found = [name for term in terms if (name := name_of(graph, term, context.default_language))]
    return (found if field.is_list else found[0]) if found else None


def milestones_to_rdf(subject: Subject, field: Field, value: list[Item], context: Context) -> Triples:
    """A node for each milestone, named from the record."""
    for position, item in enumerate(value):
        node = context.blank(value_of(subject), field.name, position)
        yield triple(subject, predicate_of(field), node)
        yield from is_a(node, MILESTONE)
        yield triple(node, "dct:title", literal(item["title"]))
        for name, predicate in (("due_date", DUE), ("done_date", DONE)):
            if item.get(name):
                yield triple(node, predicate, date_literal(item[name]))
        yield from link(node, EVIDENCE, item.get("evidence_url") or "")


def milestones_from_rdf(graph: Graph, subject: Subject, field: Field, context: Context) -> list[Item] | None:
    """Milestones with a title."""
    del context
    found: list[Item] = []
    for term in graph.objects(subject, predicate_of(field)):
        item = {
            "title": graph.text(term, "dct:title"),
            "due_date": without_zone(graph.text(term, DUE)),
            "done_date": without_zone(graph.text(term, DONE)),
            "evidence_url": graph.text(term, EVIDENCE),
        }
        if item["title"]:
            found.append({key: text for key, text in item.items() if text})
    return found or None


def records_to_rdf(subject: Subject, field: Field, value: Any, context: Context) -> Triples:
    """A link to each record that anybody may read; of the others nothing is said, not even that there is one."""
    ids: list[str] = value if field.is_list else [value]
    for record_id in ids:
        yield from link(subject, predicate_of(field), context.address_of(record_id))


def records_from_rdf(graph: Graph, subject: Subject, field: Field, context: Context) -> Any:
    """Ids of the records at these addresses, as far as they are known or stand on this portal."""
    terms = [term for term in graph.objects(subject, predicate_of(field)) if isinstance(term, NamedNode)]
    found = [record_id for term in terms if (record_id := _id_of(term.value, context))]
    return (found if field.is_list else found[0]) if found else None


def _id_of(address: str, context: Context) -> str:
    known = context.id_of(address)
    own = _OWN.fullmatch(address.removeprefix(context.base)) if address.startswith(context.base) else None
    return known or (own[1] if own else "")
