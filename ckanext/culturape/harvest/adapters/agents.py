"""Publishers, creators and contacts, as a text, an object or a list of them, under any of the usual names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ckanext.culturape.errors import N_
from ckanext.culturape.harvest.adapters.lenient import (
    address_of,
    first,
    is_empty,
    listed,
    literals,
    mapping,
    name_of,
    text_of,
)  # fmt: skip
from ckanext.culturape.harvest.adapters.parts import Triples, state
from ckanext.culturape.harvest.adapters.report import Place
from ckanext.culturape.rdf.graph import Subject
from ckanext.culturape.rdf.terms import is_a, link, triple

#: Names under which others give the same; the first that says something counts.
LABELS = ("name", "fn", "title", "legalName", "alternateName")
MAILS = ("mbox", "hasEmail", "email")
PAGES = ("homepage", "url", "hasURL")
PHONES = ("hasTelephone", "telephone", "phone")
OWN = ("@id", "uri")

#: https://www.w3.org/TR/vocab-org/#property-suborganizationof
PART_OF = "http://www.w3.org/ns/org#subOrganizationOf"

_MAIL = re.compile(r"[^@\s<>,;:()\"]+@[^@\s<>,;:()\"]+\.[^@\s<>,;:()\".]+")
_PHONE = re.compile(r"\+?[\d ().-]{5,25}")


def agents(subject: Subject, predicate: str, value: Any, place: Place) -> Triples:
    """An agent for each item."""
    for position, item in enumerate(listed(value)):
        yield from _agent(subject, predicate, item, place.at(position))


def _facts(item: Any) -> Mapping[str, Any]:
    """What an item says of an agent or contact; a text is its name, or its mail."""
    inner = mapping(item)
    text = text_of(item) if not inner or "@value" in inner else ""
    if _MAIL.fullmatch(text.removeprefix("mailto:")):
        return {"mbox": text}
    return {"name": text} if text else inner


def _agent(subject: Subject, predicate: str, item: Any, place: Place) -> Triples:
    facts = _facts(item)
    own, names = name_of(facts, *OWN), first(facts, *LABELS)
    if own is None and is_empty(names) and is_empty(first(facts, *MAILS)):
        place.unfit(item, N_("an institution with a name"))
        return
    node = own or place.blank()
    yield state(subject, predicate, node)
    yield from is_a(node, "foaf:Agent")
    for name in literals(names, place.at("name")):
        yield triple(node, "foaf:name", name)
    yield from _reach(node, ("foaf:mbox", "foaf:homepage", "foaf:phone"), facts, place)
    for code in literals(facts.get("identifier"), place.at("identifier")):
        yield triple(node, "dct:identifier", code)
    for other in literals(facts.get("acronym"), place.at("acronym")):
        yield triple(node, "skos:altLabel", other)
    above = first(facts, "subOrganizationOf", "parentOrganization")
    if above:
        yield from agents(node, PART_OF, above, place.at("subOrganizationOf"))


def contacts(subject: Subject, predicate: str, value: Any, place: Place) -> Triples:
    """A contact for each item, of no narrower class than vcard:Kind: whether it is a person is not known."""
    for position, item in enumerate(listed(value)):
        here = place.at(position)
        facts = _facts(item)
        if not any(text_of(facts.get(name)) for name in (*LABELS, *MAILS, *PAGES, *PHONES)):
            here.unfit(item, N_("a contact with name or e-mail"))
            continue
        node = name_of(facts, *OWN) or here.blank()
        yield state(subject, predicate, node)
        yield from is_a(node, "vcard:Kind")
        for name in literals(first(facts, *LABELS), here.at("fn")):
            yield triple(node, "vcard:fn", name)
        yield from _reach(node, ("vcard:hasEmail", "vcard:hasURL", "vcard:hasTelephone"), facts, here)


def _reach(
    node: Subject, predicates: tuple[str, str, str], facts: Mapping[str, Any], place: Place
) -> Triples:
    """Mail, page and telephone of an agent or contact."""
    mail, page, phone = predicates
    for item in listed(first(facts, *MAILS)):
        yield from _mail(node, mail, item, place.at("mbox"))
    for item in listed(first(facts, *PAGES)):
        target = address_of(item, place.at("url"))
        if target:
            yield triple(node, page, target)
    for item in listed(first(facts, *PHONES)):
        number = text_of(item).removeprefix("tel:").strip()
        if _PHONE.fullmatch(number):
            yield from link(node, phone, f"tel:{re.sub('[ ().]', '', number)}")
        else:
            place.at("telephone").unfit(item, N_("a telephone number"))


def _mail(node: Subject, predicate: str, item: Any, place: Place) -> Triples:
    """Addresses of mail, several may stand in one text."""
    given = text_of(mapping(item).get("value") or item)
    found = [part for part in re.split(r"[,;\s]+", given.replace("mailto:", "")) if _MAIL.fullmatch(part)]
    if not found:
        place.unfit(item, N_("an e-mail address"))
    for part in found:
        yield from link(node, predicate, f"mailto:{part}")
