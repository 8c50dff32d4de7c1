"""Readers of values that come from a vocabulary."""

from __future__ import annotations

from typing import Any

from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.fields import Field
from ckanext.culturape.values.scope import Scope, Values
from ckanext.culturape.values.texts import as_list, clean_text, read_each, shorten
from ckanext.culturape.vocab.concept import Concept, Scheme


def resolve_concept(scheme: Scheme, text: str, language: str = "es") -> Concept:
    """The concept that somebody means by an identifier, an address or a name.

    Raises: Fault that names the value and the closest terms, or those that share the name.
    """
    concept = scheme.resolve(text)
    if concept:
        return concept
    same_name = scheme.candidates(text)
    # An address is like others by its beginning, which says nothing.
    options = same_name[:5] or (() if "://" in text else scheme.closest(text, 3))
    params = {"value": shorten(text), "options": tuple(f"{c.label(language)} ({c.id})" for c in options)}
    if same_name:
        raise Fault(N_("“%(value)s” can mean several things: %(options)s. Write the code."), params)
    if options:
        raise Fault(N_("“%(value)s” is not in the vocabulary. The closest terms are: %(options)s."), params)
    raise Fault(N_("“%(value)s” is not in the vocabulary."), params)


def read_concept(field: Field, raw: Any, scope: Scope) -> Values:
    """One concept."""
    items = [text for text in map(clean_text, as_list(raw)) if text]
    if len(items) > 1:
        raise Fault(N_("Only one value can be chosen here."))
    if not items:
        return "", []
    scheme = scope.vocabulary.scheme(field.vocabulary)
    return resolve_concept(scheme, items[0], scope.default_language).id, []


def read_concepts(field: Field, raw: Any, scope: Scope) -> Values:
    """Several concepts."""
    scheme = scope.vocabulary.scheme(field.vocabulary)
    return read_each(raw, lambda text: [resolve_concept(scheme, text, scope.default_language).id])


def read_territory(field: Field, raw: Any, scope: Scope) -> Values:
    """Places: names of groups give their members, and what lies above a chosen place is left out."""
    scheme = scope.vocabulary.scheme(field.vocabulary)

    def places(text: str) -> list[str]:
        members = [concept.id for concept in scope.vocabulary.expand(text)]
        return members or [resolve_concept(scheme, text, scope.default_language).id]

    codes, faults = read_each(raw, places)
    above = {ancestor.id for code in codes for ancestor in scheme.ancestors(code)}
    return [code for code in codes if code not in above], faults


def read_format(field: Field, raw: Any, scope: Scope) -> Values:
    """A known format by its code; an unknown one stays as it was written."""
    text = clean_text(raw)
    concept = scope.vocabulary.scheme(field.vocabulary).resolve(text) if text else None
    return (concept.id if concept else text), []
