"""Pages of the vocabularies, so that every concept of a record can be looked up."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response

from ckanext.culturape.logic.facets import reader_language
from ckanext.culturape.logic.site import vocabulary
from ckanext.culturape.logic.uses import Uses, public_uses, uses_for_reader
from ckanext.culturape.search import use_field
from ckanext.culturape.values.texts import clean_text, shorten
from ckanext.culturape.views.news import write_feed
from ckanext.culturape.vocab.concept import Concept, Scheme
from ckanext.culturape.vocab.fold import fold
from ckanext.culturape.vocab.retired import successor
from ckanext.culturape.vocab.terms import load_terms

culturape = Blueprint("culturape", __name__, url_prefix="/vocabulario")

#: A scheme with more concepts than this can be searched on its page.
LONG = 26

#: A first level with more concepts than this is listed by name alone.
MOST_DESCRIBED = 40

#: Concepts that a search within a scheme shows, and characters that it reads.
MOST_FOUND = 100
LONGEST_QUESTION = 200

#: Entries of a feed.
NEWS = 20


def find_scheme(scheme_id: str) -> Scheme:
    """The scheme, or a page that says there is none."""
    scheme = vocabulary().schemes.get(scheme_id)
    return scheme or tk.abort(404, tk._("No vocabulary is called “%(name)s”.") % {"name": _quote(scheme_id)})


def find_concept(scheme_id: str, concept_id: str) -> tuple[Scheme, Concept]:
    """The concept with its scheme, or a page that says there is none."""
    home = find_scheme(scheme_id)
    found = home.get(concept_id)
    return home, found or tk.abort(
        404, tk._("“%(name)s” is not in the vocabulary.") % {"name": _quote(concept_id)}
    )


def _quote(text: str) -> str:
    return shorten(clean_text(text))


@culturape.route("/", strict_slashes=False)
def vocabularies() -> str:
    """All schemes."""
    return tk.render("culturape/vocabulary/index.html")


@culturape.route("/ns", strict_slashes=False)
def terms() -> str:
    """The classes and properties of our own namespace."""
    return tk.render("culturape/vocabulary/terms.html", {"terms": load_terms()})


@culturape.route("/<scheme>", strict_slashes=False)
def scheme(scheme: str) -> str:
    """A scheme with the first levels of its concepts, or those that a question finds."""
    home = find_scheme(scheme)
    question = clean_text(tk.request.args.get("q", ""), LONGEST_QUESTION * 100)[:LONGEST_QUESTION]
    variables = {
        "scheme": home,
        "concepts": (concepts := first_level(home)),
        "is_described": len(concepts) <= MOST_DESCRIBED and any(c.definitions for c in concepts),
        "is_long": len(home) > LONG,
        "question": question,
        "found": home.search(question, MOST_FOUND) if fold(question) else (),
        "most": MOST_FOUND,
    }
    return tk.render("culturape/vocabulary/scheme.html", variables)


def first_level(scheme: Scheme) -> list[Concept]:
    """The concepts without a broader one: the country of the portal first, retired ones last.

    A short list keeps the order of its source; a long one, such as that of countries, is read by the alphabet.
    """
    country, language = vocabulary().pack.country, reader_language()
    roots = sorted(scheme.roots(), key=lambda concept: (concept.deprecated, concept.id != country))
    if len(roots) <= MOST_DESCRIBED:
        return roots
    return sorted(roots, key=lambda c: (c.deprecated, c.id != country, fold(c.label(language))))


@culturape.route("/<scheme>/<concept>", strict_slashes=False)
def concept(scheme: str, concept: str) -> str:
    """A concept: both definitions, what lies above and below it, and its datasets."""
    home, found = find_concept(scheme, concept)
    field = use_field(home.id)
    variables = {
        "scheme": home,
        "concept": found,
        "successor": successor(found, home),
        "is_used": bool(field),
        "uses": uses_for_reader(home.id, found.id),
        "search_url": tk.url_for("dataset.search", **{field: found.id}) if field else "",
    }
    return tk.render("culturape/vocabulary/concept.html", variables)


@culturape.route("/<scheme>/<concept>/novedades.atom")
def news(scheme: str, concept: str) -> Response:
    """The newest public datasets of a concept, for feed readers."""
    home, found = find_concept(scheme, concept)
    uses = public_uses(home.id, found.id, NEWS)
    if uses is None and use_field(home.id):
        tk.abort(503, tk._("The search does not answer now. Try again in some minutes."))
    return write_feed(home, found, uses or Uses(0, []), reader_language())
