"""Pages of the vocabularies, so that every concept of a record can be looked up."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint

from ckanext.culturape.logic.site import vocabulary
from ckanext.culturape.vocab.concept import Concept, Scheme

culturape = Blueprint("culturape", __name__, url_prefix="/vocabulario")

#: Facet under which the datasets of a scheme are found, where it is not a field of the same name.
FACETS = {
    "cultural-right": "cultural_right", "cultural-domain": "cultural_domain", "access-level": "access_level",
    "scope-level": "scope_level", "institution-type": "institution_type", "sector": "sector", "people": "people",
    "language": "language", "territory": "territory", "purpose": "purpose", "sensitivity": "sensitivity",
}  # fmt: skip


def find(scheme_id: str) -> Scheme:
    """The scheme, or a page that says there is none."""
    scheme = vocabulary().schemes.get(scheme_id)
    return scheme or tk.abort(404, tk._("No vocabulary is called “%(name)s”.") % {"name": scheme_id})


@culturape.route("/")
def vocabularies() -> str:
    """All schemes."""
    return tk.render("culturape/vocabulary/index.html")


@culturape.route("/<scheme>")
def scheme(scheme: str) -> str:
    """A scheme with its first level of concepts."""
    found = find(scheme)
    return tk.render("culturape/vocabulary/scheme.html", {"scheme": found, "concepts": found.roots()})


@culturape.route("/<scheme>/<concept>")
def concept(scheme: str, concept: str) -> str:
    """A concept: both definitions, what lies above and below it, and its datasets."""
    home = find(scheme)
    found = home.get(concept) or tk.abort(
        404, tk._("“%(name)s” is not in the vocabulary.") % {"name": concept}
    )
    variables = {"scheme": home, "concept": found, "search_url": search_url(found)}
    return tk.render("culturape/vocabulary/concept.html", variables)


def search_url(found: Concept) -> str:
    """The search for the datasets of a concept."""
    facet = FACETS.get(found.scheme)
    arguments = {f"vocab_{facet}": found.id} if facet else {"q": f'"{found.label("es")}"'}
    return tk.url_for("dataset.search", **arguments)
