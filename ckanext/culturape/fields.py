"""Which fields does a record have? The declarations of ``schemas/*.yaml`` as frozen objects.

Everything that depends on a field reads it here: validation, form, RDF, index, documentation. A new field is an entry
in the YAML; only a new *kind* of value needs code (``values.py`` and a codec pair in ``rdf/codecs.py``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, cast

import yaml

PRESET_PREFIX = "culturape_"

#: Kinds whose value is a list of dictionaries of subfields.
COMPOSITE_KINDS = frozenset(
    {"intervals", "agents", "contacts", "attributions", "services", "actors", "milestones"}
)

#: Kinds whose value is one or several identifiers of concepts.
CONCEPT_KINDS = frozenset({"concept", "concepts", "territory"})

#: Kinds whose value is the id of another record of the catalogue, or a list of them.
LINK_KINDS = frozenset({"record", "records"})

#: Kinds whose value is a list.
LIST_KINDS = frozenset({"concepts", "territory", "texts", "urls", "records"}) | COMPOSITE_KINDS

#: Kinds whose value is a dictionary by language tag.
TRANSLATED_KINDS = frozenset({"text_translated", "tags_translated"})

KINDS = (
    LIST_KINDS
    | TRANSLATED_KINDS
    | frozenset(
        {
            "boolean", "choice", "concept", "date", "duration", "email", "format", "image", "integer", "media_type",
            "name", "number", "organization", "record", "resource_url", "tax_id", "text", "uri", "url",
        }
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rdf:
    """How a field becomes triples: ``predicate`` as a prefixed name, ``codec`` as a name of ``rdf/codecs.py``."""

    predicate: str
    codec: str


@dataclass(frozen=True, slots=True)
class Field:
    """One declared field of a dataset, a resource, an organisation, or a subfield of one.

    Attributes:
        name: key in the package dictionary.
        kind: kind of value; one of ``KINDS``.
        label: English msgid of the label.
        help: English msgid of the help text.
        section: id of the section; empty for resources and subfields.
        visible: always shown in the form.
        needed: must be filled before the record becomes public.
        import_only: shown in the form only when it has a value.
        vocabulary: id of the concept scheme; empty when the values are free.
        rdf: mapping to RDF, ``None`` when the field is not exported by itself.
        facet: offered as a facet of the search.
        searchable: its words find the record.
        at_most: greatest number of values, 0 without limit.
        longest: greatest number of characters of a text, 0 for the general limit.
        choices: pairs of value and English label for a closed list that is no vocabulary.
        relevant_when: the form shows it only when ``field`` has one of these values.
        markdown: long text with Markdown.
        community_only: changed only by a community, through an action of its own.
        record_types: types of the records that a link may lead to.
        subfields: fields of each item of a composite.
    """

    name: str
    kind: str
    label: str
    help: str
    section: str = ""
    visible: bool = False
    needed: bool = False
    import_only: bool = False
    vocabulary: str = ""
    rdf: Rdf | None = None
    facet: bool = False
    searchable: bool = False
    at_most: int = 0
    longest: int = 0
    choices: tuple[tuple[str, str], ...] = ()
    relevant_when: tuple[str, tuple[str, ...]] | None = None
    markdown: bool = False
    community_only: bool = False
    record_types: tuple[str, ...] = ()
    subfields: tuple[Field, ...] = ()

    @property
    def is_list(self) -> bool:
        """Whether the canonical value is a list."""
        return self.kind in LIST_KINDS

    @property
    def is_translated(self) -> bool:
        """Whether the canonical value is a dictionary by language tag."""
        return self.kind in TRANSLATED_KINDS

    @property
    def is_link(self) -> bool:
        """Whether the canonical value consists of ids of other records."""
        return self.kind in LINK_KINDS

    @property
    def has_concepts(self) -> bool:
        """Whether the canonical value consists of identifiers of concepts."""
        return self.kind in CONCEPT_KINDS

    def subfield(self, name: str) -> Field:
        """The subfield of that name. Raises: KeyError."""
        return next((sub for sub in self.subfields if sub.name == name), None) or _unknown(name)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the form and of the page."""

    id: str
    label: str
    help: str


@dataclass(frozen=True, slots=True)
class Schema:
    """All declared fields of one type of record."""

    type: str
    version: int
    sections: tuple[Section, ...]
    fields: tuple[Field, ...]
    resource_fields: tuple[Field, ...]

    def field(self, name: str) -> Field:
        """The field of the record itself of that name. Raises: KeyError."""
        return next((f for f in self.fields if f.name == name), None) or _unknown(name)

    def resource_field(self, name: str) -> Field:
        """The field of a resource of that name. Raises: KeyError."""
        return next((f for f in self.resource_fields if f.name == name), None) or _unknown(name)

    def in_section(self, section: str) -> Iterator[Field]:
        """The fields of a section, in the order of the declaration."""
        return (f for f in self.fields if f.section == section)


def _unknown(name: str) -> Field:
    raise KeyError(f"no field is declared with the name {name!r}")


#: Types of records of the catalogue that have a schema of ours, beside organisations.
RECORD_TYPES = ("dataset", "agenda", "compromiso", "necesidad")


def schema_of(record_type: Any) -> Schema:
    """The schema of a type of record; that of datasets for types that have none of ours, whose records are read like datasets."""
    return load_schema(str(record_type) if record_type in RECORD_TYPES else "dataset")


@cache
def load_schema(name: str = "dataset") -> Schema:
    """The schema of ``schemas/<name>.yaml``."""
    text = (resources.files("ckanext.culturape.schemas") / f"{name}.yaml").read_text(encoding="utf-8")
    return parse_schema(cast("dict[str, Any]", yaml.load(text, Loader=_loader())))  # noqa: S506 (safe loaders)


def parse_schema(raw: Mapping[str, Any]) -> Schema:
    """A schema from its YAML. Raises: KeyError, ValueError naming the field that is declared wrongly."""
    fields = raw.get("dataset_fields", raw.get("fields", ()))
    return Schema(
        type=str(raw.get("dataset_type") or raw["organization_type"]),
        version=int(raw["schema_version"]),
        sections=tuple(Section(s["id"], s["label"], s["help"]) for s in raw.get("sections", ())),
        fields=tuple(parse_field(f) for f in fields),
        resource_fields=tuple(parse_field(f) for f in raw.get("resource_fields", ())),
    )


def parse_field(raw: Mapping[str, Any]) -> Field:
    """One field from its YAML entry."""
    kind = str(raw.get("preset", "")).removeprefix(PRESET_PREFIX)
    if kind not in KINDS:
        raise ValueError(f"{raw['field_name']}: no kind of value is called {kind!r}")
    index: Mapping[str, Any] = raw.get("index", {})
    flags = ("visible", "needed", "import_only", "markdown", "community_only")
    return Field(
        name=raw["field_name"],
        kind=kind,
        label=raw["label"],
        help=raw["help_text"],
        section=raw.get("section", ""),
        vocabulary=raw.get("vocabulary", ""),
        rdf=_parse_rdf(kind, raw.get("rdf")),
        facet=bool(index.get("facet")),
        searchable=bool(index.get("text")),
        at_most=int(raw.get("at_most", 0)),
        longest=int(raw.get("longest", 0)),
        choices=tuple((c["value"], c["label"]) for c in raw.get("choices", ())),
        relevant_when=_parse_relevance(raw.get("relevant_when")),
        record_types=tuple(raw.get("record_types", ())),
        subfields=tuple(parse_field(sub) for sub in raw.get("repeating_subfields", ())),
        **{flag: bool(raw.get(flag)) for flag in flags},
    )


def _parse_rdf(kind: str, raw: Mapping[str, str] | None) -> Rdf | None:
    return Rdf(raw.get("predicate", ""), raw.get("codec", kind)) if raw else None


def _parse_relevance(raw: Mapping[str, Any] | None) -> tuple[str, tuple[str, ...]] | None:
    if not raw:
        return None
    values = raw["any_of"] if "any_of" in raw else [raw["has"]]
    return str(raw["field"]), tuple(str(value) for value in values)


def _loader() -> Any:
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)
