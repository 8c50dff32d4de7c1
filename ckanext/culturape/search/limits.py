"""What would Solr refuse? Strings too long for one term, and texts under the names of its typed fields."""

from __future__ import annotations

from typing import Any, cast

#: Bytes of the longest term that Lucene takes.
MAX_TERM = 32_766

#: Characters of a title that are indexed: it is cut into all its parts of two to ten letters.
MAX_TITLE = 2_000

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
    """The document without what Solr would refuse: titles are cut, other strings too long are left out."""
    fitted: dict[str, Any] = {}
    for name, value in document.items():
        kept = _fit(name, value)
        if kept is not None or value is None:
            fitted[name] = kept
    return fitted


def _fit(name: str, value: Any) -> Any:
    if name in STORED_ONLY:
        return value
    if isinstance(value, dict) or (name in TYPED and isinstance(value, str)):
        return None
    if name in CUT and isinstance(value, str):
        return value[:MAX_TITLE]
    if isinstance(value, (list, tuple)):
        return [item for item in cast("list[Any]", value) if _fits(name, item)]
    return value if _fits(name, value) else None


def _fits(name: str, value: Any) -> bool:
    if not isinstance(value, str):
        return not isinstance(value, (dict, list, tuple))
    return name in ANALYSED or name.startswith(ANALYSED_PREFIXES) or _is_term(value)


def _is_term(text: str) -> bool:
    return len(text) * 4 <= MAX_TERM or len(text.encode("utf-8", "surrogatepass")) <= MAX_TERM
