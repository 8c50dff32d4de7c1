"""Pages of peoples and of languages: in one place everything that is catalogued about them, as anybody may see it."""

from __future__ import annotations

from functools import partial
from itertools import groupby
from typing import Any, NamedTuple

import ckan.plugins.toolkit as tk
from ckan.lib.helpers import Page
from flask import Blueprint

from ckanext.culturape.errors import N_
from ckanext.culturape.logic import communities as asked
from ckanext.culturape.logic.communities import About, Found
from ckanext.culturape.logic.facets import reader_language
from ckanext.culturape.logic.site import vocabulary
from ckanext.culturape.types import Record
from ckanext.culturape.values.texts import clean_text
from ckanext.culturape.views.vocabularies import LONGEST_QUESTION, MOST_FOUND, find_scheme
from ckanext.culturape.vocab import communities as known
from ckanext.culturape.vocab.concept import Concept, Scheme
from ckanext.culturape.vocab.fold import fold
from ckanext.culturape.vocab.retired import successor

communities = Blueprint("culturape_communities", __name__)

#: Longer names are no names.
LONGEST_NAME = 200

#: The greatest number of a page: the index cannot count beyond all bounds.
MOST_PAGES = 50_000

#: Datasets that the page shows of its second list.
SECOND_ROWS = 5


class Kind(NamedTuple):
    """What a page is about.

    Attributes:
        scheme: of its concepts.
        field: of the index, for records that are about them.
        second: what its second list of datasets is called in addresses.
        title, first_title, second_title: of all pages, and of both lists; msgids.
    """

    scheme: str
    field: str
    second: str
    title: str
    first_title: str
    second_title: str


PEOPLES = Kind(
    known.PEOPLE, "vocab_people", "lenguas", N_("Peoples"), N_("Datasets about this people"), N_("Datasets about its languages"),
)  # fmt: skip
LANGUAGES = Kind(
    known.LANGUAGE, "vocab_subject_language", "escritos", N_("Languages"), N_("Datasets about this language"),
    N_("Datasets in this language"),
)  # fmt: skip


@communities.route("/pueblos", strict_slashes=False)
def peoples() -> str:
    """All peoples, or those that some form of a name finds."""
    concepts, question = _listed(find_scheme(PEOPLES.scheme))
    parts = [[c for c in concepts if known.is_people(c)], [c for c in concepts if not known.is_people(c)]]
    return _list(PEOPLES, parts, question)


@communities.route("/lenguas", strict_slashes=False)
def languages() -> str:
    """All languages, those of the country first, or those that some form of a name finds."""
    concepts, question = _listed(find_scheme(LANGUAGES.scheme))
    if not question:
        concepts = [concept for concept in concepts if not concept.broader]
    parts = [[c for c in concepts if known.is_of_here(c)], [c for c in concepts if not known.is_of_here(c)]]
    return _list(LANGUAGES, parts, question)


@communities.route("/pueblo/<name>", strict_slashes=False)
def people(name: str) -> Any:
    """A people: its names, its languages, and all that is catalogued about it."""
    return _page(PEOPLES, name)


@communities.route("/lengua/<name>", strict_slashes=False)
def language(name: str) -> Any:
    """A language: its names, codes and peoples, and all that is catalogued about it or in it."""
    return _page(LANGUAGES, name)


def _listed(scheme: Scheme) -> tuple[list[Concept], str]:
    """The concepts to list, by name, and the question that was asked; what a question finds comes the best first."""
    question = clean_text(tk.request.args.get("q", "")[:LONGEST_QUESTION])
    if fold(question):
        return list(scheme.search(question, MOST_FOUND)), question
    language = reader_language()
    in_use = (concept for concept in scheme if not concept.deprecated)
    return sorted(in_use, key=lambda concept: fold(concept.label(language))), question


def _list(kind: Kind, parts: list[list[Concept]], question: str) -> str:
    variables = {
        "scheme": find_scheme(kind.scheme),
        "parts": parts,
        "question": question,
        "datasets": asked.counts("dataset", kind.field),
        "needs": asked.counts("necesidad", kind.field),
    }
    return tk.render("culturape/community/list.html", variables)


def _page(kind: Kind, name: str) -> Any:
    scheme = find_scheme(kind.scheme)
    concept = scheme.get(name)
    if concept is None:
        meant = scheme.resolve(name) if len(name) <= LONGEST_NAME else None
        if meant is None:
            tk.abort(404, tk._("Nothing stands under this name."))
        return tk.redirect_to(f"culturape_communities.{kind.scheme}", name=meant.id)
    variables = {
        "kind": kind,
        "scheme": scheme,
        "concept": concept,
        "successor": successor(concept, scheme),
        "isolation": known.isolation(concept, vocabulary()),
        "languages": known.languages_of(concept, vocabulary()) if kind is PEOPLES else (),
        "peoples": known.peoples_of(concept, vocabulary()) if kind is LANGUAGES else (),
        "regions": known.regions_of(concept, vocabulary()) if kind is PEOPLES else (),
    }
    return tk.render("culturape/community/page.html", {**variables, **_catalogued(kind, concept)})


def _catalogued(kind: Kind, concept: Concept) -> dict[str, Any]:
    """All that is catalogued, for the template. Five questions to the index, however much there is."""
    first, second = About(kind.field, (concept.id,)), _second(kind, concept)
    shown = _shown(kind, second)
    about = second if shown and second else first
    level, number = _level(), min(tk.h.get_page_number(tk.request.args), MOST_PAGES)
    found = asked.datasets(about, number, level)
    if found and number > 1 and not found.records:
        tk.abort(404, tk._("There are fewer pages."))
    return {
        "shown": shown,
        "level": level,
        "overview": asked.overview(about, with_places=not known.isolation(concept, vocabulary())),
        "found": found,
        "groups": _by_level(found),
        "pager": _pager(kind, concept, found, number),
        "number": number,
        "second": asked.newest("dataset", second, SECOND_ROWS) if second and not shown else None,
        "needs": asked.newest("necesidad", first, fields=["vocab_need_status"]),
        "agendas": asked.newest("agenda", first),
    }


def _second(kind: Kind, concept: Concept) -> About | None:
    """Of a people, datasets about its languages; of a language, datasets in it. None of a people in isolation: they might tell where it lives."""
    if kind is LANGUAGES:
        return About("vocab_language", (concept.id,))
    languages = known.languages_of(concept, vocabulary())
    if not languages or known.isolation(concept, vocabulary()):
        return None
    return About(LANGUAGES.field, tuple(language.id for language in languages))


def _shown(kind: Kind, second: About | None) -> str:
    """Which list the address asks for: the first, whose name is empty, or the second."""
    chosen = tk.request.args.get("ver", "")
    if chosen and (second is None or chosen != kind.second):
        tk.abort(404, tk._("No such list stands on this page."))
    return chosen


def _level() -> str:
    chosen = tk.request.args.get("acceso", "")
    if chosen and chosen not in vocabulary().scheme("access-level"):
        tk.abort(404, tk._("There is no such access level."))
    return chosen


def _by_level(found: Found | None) -> list[tuple[str, list[Record]]]:
    """The records of a page under their levels of access, in the order of the index."""
    records = found.records if found else []
    return [
        (level, list(some))
        for level, some in groupby(records, lambda one: str(one.get("access_level") or ""))
    ]


def _pager(kind: Kind, concept: Concept, found: Found | None, number: int) -> Page | None:
    if not found:
        return None
    kept = {name: value for name in ("ver", "acceso") if (value := tk.request.args.get(name))}
    return Page(
        collection=found.records,
        page=number,
        url=partial(tk.url_for, f"culturape_communities.{kind.scheme}", name=concept.id, **kept),
        item_count=found.total,
        items_per_page=asked.SIZE,
    )
