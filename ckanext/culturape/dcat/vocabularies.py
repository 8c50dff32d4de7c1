"""The vocabularies for programs: by suffix, or by what the client says it reads, under the addresses of their pages."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response
from pyoxigraph import RdfFormat, serialize

from ckanext.culturape import config
from ckanext.culturape.dcat.views import headers
from ckanext.culturape.logic.site import vocabulary
from ckanext.culturape.rdf.formats import FORMATS, write
from ckanext.culturape.views import rdf
from ckanext.culturape.views.rdf import Link, answers_in_a_sentence, digest, is_known, offered, read_format
from ckanext.culturape.vocab.pack import Vocabulary, load_vocabulary
from ckanext.culturape.vocab.skos import concept_to_rdf, scheme_to_rdf
from ckanext.culturape.vocab.terms import load_terms, terms_to_rdf

PAGES = "/vocabulario"

#: Stands for our own namespace where the id of a scheme stands.
TERMS = "ns"

#: Pages of a scheme or a concept, which may be asked for as RDF.
NEGOTIATED = ("culturape.vocabularies", "culturape.terms", "culturape.scheme", "culturape.concept")


def culturape_rdf_links(scheme_id: str = "", concept_id: str = "") -> list[Link]:
    """Where all vocabularies, a vocabulary, or a concept is offered as RDF."""
    names = {"scheme": scheme_id, "concept": concept_id}
    given = {name: value for name, value in names.items() if value}
    endpoint = ("read_all", "read_scheme", "read_concept")[len(given)]
    return offered(f"culturape_vocabularies.{endpoint}", **given)


@lru_cache(maxsize=64)
def _scheme(base: str, pack: str, scheme_id: str) -> bytes:
    """A scheme as N-Triples, made once."""
    scheme = load_vocabulary(base, pack).schemes.get(scheme_id)
    return serialize(scheme_to_rdf(scheme), format=RdfFormat.N_TRIPLES) or b"" if scheme else b""


def scheme_ntriples(found: Vocabulary, scheme_id: str) -> bytes:
    """A scheme, or our own namespace, as N-Triples; empty when there is none."""
    if scheme_id == TERMS:
        return serialize(terms_to_rdf(load_terms()), format=RdfFormat.N_TRIPLES) or b""
    return _scheme(found.base, config.pack(), scheme_id)


def concept_ntriples(found: Vocabulary, scheme_id: str, concept_id: str) -> bytes:
    """A concept as N-Triples, empty when there is none."""
    scheme = found.schemes.get(scheme_id)
    concept = scheme.get(concept_id) if scheme else None
    if scheme is None or concept is None:
        return b""
    return serialize(concept_to_rdf(concept, scheme), format=RdfFormat.N_TRIPLES) or b""


def _answer(ntriples: bytes, suffix: str) -> Any:
    form = read_format(suffix)
    if not ntriples:
        return tk.abort(404, tk._("No vocabulary or concept stands at this address."))
    response = headers(
        form, digest(form.media_type, vocabulary().base, vocabulary().version, len(ntriples)), None
    )
    if not is_known(response):
        response.set_data(write([ntriples], form))
    return response


@answers_in_a_sentence
def read_all(_format: str) -> Any:
    """All vocabularies in one answer."""
    found = vocabulary()
    return _answer(
        b"".join(scheme_ntriples(found, scheme_id) for scheme_id in (*found.schemes, TERMS)), _format
    )


@answers_in_a_sentence
def read_scheme(scheme: str, _format: str) -> Any:
    """A vocabulary with all its concepts."""
    return _answer(scheme_ntriples(vocabulary(), scheme), _format)


@answers_in_a_sentence
def read_concept(scheme: str, concept: str, _format: str) -> Any:
    """A concept."""
    return _answer(concept_ntriples(vocabulary(), scheme, concept), _format)


def negotiate() -> Any:
    """Send a client that reads RDF rather than pages to the RDF of the same thing; ``None`` for all others."""
    if tk.request.endpoint not in NEGOTIATED:
        return None
    suffix = rdf.asked_for()
    return rdf.see_other(f"{tk.request.path.rstrip('/')}.{suffix}") if suffix else None


def vary(response: Response) -> Response:
    """Tell caches that what a page answers depends on what the client reads."""
    return rdf.varying(response, NEGOTIATED)


def blueprint() -> Blueprint:
    """Addresses of the vocabularies for programs."""
    found = Blueprint("culturape_vocabularies", __name__)
    # Only what is a format: identifiers of concepts may have dots, as "CC-BY-4.0" has.
    suffix = f"<any({', '.join(FORMATS)}):_format>"
    found.add_url_rule(f"{PAGES}.{suffix}", view_func=read_all)
    found.add_url_rule(f"{PAGES}/<scheme>.{suffix}", view_func=read_scheme)
    found.add_url_rule(f"{PAGES}/<scheme>/<concept>.{suffix}", view_func=read_concept)
    found.before_app_request(negotiate)
    found.after_app_request(vary)
    return found
