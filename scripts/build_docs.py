"""Write the pages of the documentation that follow from the code; with --check only say whether they are up to date.

usage: python scripts/build_docs.py [--check]
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import yaml
from glossary import glossary

from ckanext.culturape.fields import RECORD_TYPES, Field, Schema, load_schema
from ckanext.culturape.rdf.records import CLASSES
from ckanext.culturape.vocab.pack import load_vocabulary
from ckanext.culturape.vocab.terms import load_terms

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
NOTE = "<!-- Written by scripts/build_docs.py; change the source, not this page. -->"


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """Lines of a Markdown table."""
    heads = list(heads)
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"


def field_row(field: Field) -> list[str]:
    """What a person who fills in forms or calls the API must know of a field."""
    notes = [
        word
        for word, holds in (
            ("needed to publish", field.needed), ("several", field.is_list), ("by language", field.is_translated),
            ("import only", field.import_only), ("facet", field.facet),
        )
        if holds
    ]  # fmt: skip
    of = field.vocabulary or ", ".join(field.record_types)
    kind = f"{field.kind} ({of})" if of else field.kind
    return [f"`{field.name}`", field.label, kind, ", ".join(notes), field.help]


def fields_page() -> Iterator[str]:
    """All declared fields, by section."""
    yield "# Fields"
    yield "Declared in `schemas/*.yaml`, one file for each type of record."
    heads = ("field", "label", "kind", "notes", "help")
    schema = load_schema()
    yield from _sections(schema, heads)
    yield "\n## Resources\n"
    yield from table(heads, map(field_row, schema.resource_fields))
    yield "\n## Organisations\n"
    yield from table(heads, map(field_row, load_schema("organization").fields))
    yield from _parts(schema, heads)
    for name in RECORD_TYPES[1:]:
        other = load_schema(name)
        yield f"\n## Type `{name}`\n"
        yield from table(heads, map(field_row, other.fields))
        yield from _parts(other, heads)


def _sections(schema: Schema, heads: tuple[str, ...]) -> Iterator[str]:
    for section in schema.sections:
        yield f"\n## {section.label}\n\n{section.help}\n"
        yield from table(heads, map(field_row, schema.in_section(section.id)))


def _parts(schema: Schema, heads: tuple[str, ...]) -> Iterator[str]:
    for field in schema.fields:
        if field.subfields:
            yield f"\n### Parts of `{field.name}`\n"
            yield from table(heads, map(field_row, field.subfields))


def mapping_page() -> Iterator[str]:
    """How each field becomes RDF, and the terms of our own."""
    yield "# Mapping to RDF\n"
    yield "From the `rdf:` keys of the schemas. Prefix `culturape:` is `https://w3id.org/culturape/ns#`.\n"
    schema = load_schema()
    yield from _mapping("Dataset (DCAT-AP 3)", schema.fields)
    yield from _mapping("Distribution", schema.resource_fields)
    for name in RECORD_TYPES[1:]:
        other = load_schema(name)
        yield from _mapping(f"Type `{name}`: {', '.join(f'`{one}`' for one in CLASSES[name])}", other.fields)
        if other.resource_fields:
            yield from _mapping(f"Documents of `{name}`: `foaf:Document`", other.resource_fields)
    yield from _own_terms()


def _mapping(title: str, fields: Iterable[Field]) -> Iterator[str]:
    yield f"\n## {title}\n"
    rows = (
        [f"`{f.name}`", f"`{f.rdf.predicate}`" if f.rdf.predicate else "", f.rdf.codec]
        for f in fields
        if f.rdf
    )
    yield from table(("field", "predicate", "codec"), rows)


def _own_terms() -> Iterator[str]:
    yield "\n## Terms of our own\n\nDeclared in `ckanext/culturape/vocab/terms.yaml`; every portal describes them at `/vocabulario/ns`.\n"
    rows = (
        [
            f"`{t.name}`",
            "class" if t.is_class else "property",
            t.comment("en"),
            ", ".join(f"`{w}`" for w in t.wider),
        ]
        for t in load_terms().terms
    )
    yield from table(("term", "kind", "meaning", "narrower than"), rows)


def options_page() -> Iterator[str]:
    """All options of the site."""
    declared = yaml.safe_load(
        (ROOT / "ckanext/culturape/config_declaration.yaml").read_text(encoding="utf-8")
    )
    yield "# Options\n"
    for group in declared["groups"]:
        yield f"\n## {group['annotation']}\n"
        rows = (
            [
                f"`{o['key']}`",
                str(o.get("default", "")),
                str(o["description"]).strip(),
                f"`{o['example']}`" if "example" in o else "",
            ]
            for o in group["options"]
        )
        yield from table(("option", "default", "what it does", "example"), rows)


def vocabularies_page() -> Iterator[str]:
    """All concept schemes with their sources."""
    yield "# Vocabularies\n"
    schemes = load_vocabulary().schemes.values()
    rows = ([f"`{s.id}`", s.title("es"), s.title("en"), str(len(s)), s.source, s.date] for s in schemes)
    yield from table(("scheme", "español", "English", "concepts", "source", "date"), rows)


def glossary_page() -> Iterator[str]:
    """One Spanish term for one thing."""
    terms, forms = glossary()
    yield "# Glosario\n"
    yield "Una palabra para cada cosa, en todas las páginas y mensajes, también en los de CKAN. Se declara en `i18n/glossary.yaml` y lo comprueba `make check`.\n"
    rows = ([term.en, f"**{term.es}**", term.avoid, term.note] for term in terms)
    yield from table(("inglés", "español", "no se escribe", "por qué"), rows)
    yield "\n## Trato\n\nEl portal trata de usted y nombra a las personas por lo que hacen, para que el nombre valga para todas y todos.\n"
    yield from (f"- {because}" for _, because in forms)


PAGES: dict[str, Callable[[], Iterator[str]]] = {
    "fields.md": fields_page,
    "mapping.md": mapping_page,
    "options.md": options_page,
    "vocabularies.md": vocabularies_page,
    "glosario.md": glossary_page,
}


def main() -> int:
    """Write or check every page; 1 when a page is out of date."""
    stale = []
    for name, page in PAGES.items():
        text = "\n".join([NOTE, *page()]) + "\n"
        path = DOCS / name
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
    print(
        "\n".join(f"docs/{name} is out of date: run make docs" for name in stale) or "documentation: no fault"
    )
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
