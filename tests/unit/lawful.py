"""Raw values of any declared field, for the laws of the mappings to RDF."""

from __future__ import annotations

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from ckanext.culturape.care.facts import SUBJECTS
from ckanext.culturape.fields import Field
from ckanext.culturape.vocab.communities import isolation
from ckanext.culturape.vocab.pack import load_vocabulary

#: One field needs fewer examples than a whole record.
LAW_OF_A_FIELD = settings(max_examples=max(15, settings.default.max_examples // 7))

VOCABULARY = load_vocabulary()
BASE = "https://datos.example.org"
ORGANIZATION = {
    "id": "org-1", "name": "museo", "title_translated": {"es": "Museo"}, "institution_type": "ministerio",
    "contact_name": "Mesa de datos", "contact_email": "datos@example.org", "url": "https://museo.example.org/",
}  # fmt: skip

words = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=30
).filter(str.strip)
addresses = st.from_regex(r"https?://[a-z]{1,10}\.pe/[a-zA-Z0-9ñé/._-]{0,20}", fullmatch=True)
dates = st.one_of(
    st.integers(1000, 2999).map(str),
    st.dates().map(lambda d: d.isoformat()[:7]),
    st.dates().map(lambda d: d.isoformat()),
    st.datetimes().map(lambda d: d.isoformat()),
)
languages = st.sampled_from(["es", "en", "qu", "ay", "cni", "shp"])

LEAVES: dict[str, Any] = {
    "text": words, "date": dates, "url": addresses, "uri": addresses, "boolean": st.just(True),
    "email": st.just("datos@example.org"), "number": st.floats(0, 1e6).map(lambda n: round(n, 3)),
    "integer": st.integers(0, 10**12), "duration": st.sampled_from(["P1Y", "P1M", "P3D", "PT2H"]),
    "media_type": st.sampled_from(["text/csv", "application/geo+json", "image/svg+xml"]),
    "format": st.sampled_from(["CSV", "JSON", "Formato propio"]), "resource_url": addresses,
    "texts": st.lists(words, max_size=3), "urls": st.lists(addresses, max_size=3),
    "text_translated": st.dictionaries(languages, words, max_size=3),
    "tags_translated": st.dictionaries(languages, st.lists(words.filter(lambda w: "," not in w), max_size=3), max_size=2),
}  # fmt: skip


def values_of(field: Field) -> st.SearchStrategy[Any]:
    """Raw values of a field, by its kind."""
    if field.subfields:
        item = st.fixed_dictionaries({sub.name: values_of(sub) for sub in field.subfields})
        return st.lists(item, max_size=field.at_most or 3, unique_by=lambda i: i.get("uri") or str(i))
    if field.has_concepts:
        ids = sorted(VOCABULARY.scheme(field.vocabulary).concepts)
        one = st.sampled_from(ids)
        return one if field.kind == "concept" else st.lists(one, max_size=4)
    if field.kind == "choice":
        return st.sampled_from([value for value, _ in field.choices])
    return LEAVES[field.kind]


def at_ease(raw: dict[str, Any]) -> dict[str, Any]:
    """The same without peoples in isolation, and the languages that lead to them: the rules of care change what is said of those on purpose."""
    chosen = {
        name: [one for one in raw[name] if not _is_isolated(scheme, one)]
        for scheme, name in SUBJECTS.items()
        if name in raw
    }
    return {**raw, **chosen}


def _is_isolated(scheme: str, concept_id: str) -> bool:
    concept = VOCABULARY.concept(scheme, concept_id)
    return bool(concept and isolation(concept, VOCABULARY))
