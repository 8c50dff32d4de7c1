"""What would Solr refuse? Strings too long for one term, and texts under the names of its typed fields."""

from __future__ import annotations

from typing import Any, cast

#: Bytes of the longest term that Lucene takes.
MAX_TERM = 32_766

#: Characters of a title that are indexed: it is cut into all its parts of two to ten letters.
MAX_TITLE = 2_000

#: Characters of any other text that are indexed: the memory of Solr is finite.
MAX_TEXT = 300_000

#: Titles, one of them for sorting.
CUT = frozenset({"title", "title_string"})

#: Kept for output only, so of any length.
STORED_ONLY = frozenset({"data_dict", "validated_data_dict"})

#: Fields of a stock schema that are cut into words.
ANALYSED = frozenset(
    {
        "text", "title", "notes", "author", "author_email", "maintainer", "maintainer_email", "res_name",
        "res_description", "urls", "depends_on", "dependency_of", "derives_from", "has_derivation",
        "links_to", "linked_from", "child_of", "parent_of",
    }
)  # fmt: skip
ANALYSED_PREFIXES = ("extras_", "res_extras_")

#: Fields of a stock schema that are no text, or that Solr fills. An extra of this name would make it refuse.
TYPED = frozenset(
    {
        "_version_", "_root_", "_nest_path_", "title_ngram", "name_ngram", "views_total", "views_recent",
        "resources_accessed_total", "resources_accessed_recent",
    }
)  # fmt: skip


def fit_document(document: dict[str, Any]) -> dict[str, Any]:
    """The document without what Solr would refuse: texts are cut, other strings too long are left out."""
    fitted: dict[str, Any] = {}
    for name, value in document.items():
        kept = _fit(name, value)
        if kept is not None or value is None:
            fitted[name] = kept
    return fitted


def _fit(name: str, value: Any) -> Any:
    if name in STORED_ONLY:
        return value
    if isinstance(value, (list, tuple)):
        fitted = (
            _fit_one(name, item) for item in cast("list[Any]", value) if not isinstance(item, (list, tuple))
        )
        return [item for item in fitted if item is not None]
    return _fit_one(name, value)


def _fit_one(name: str, value: Any) -> Any:
    if isinstance(value, dict):
        return None
    if not isinstance(value, str):
        return value
    if name in CUT:
        return value[:MAX_TITLE]
    if name in ANALYSED or name.startswith(ANALYSED_PREFIXES):
        return value[:MAX_TEXT]
    return value if name not in TYPED and _is_term(value) else None


def _is_term(text: str) -> bool:
    return len(text) * 4 <= MAX_TERM or len(text.encode("utf-8", "surrogatepass")) <= MAX_TERM
