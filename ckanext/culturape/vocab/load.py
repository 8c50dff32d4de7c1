"""From the YAML of a scheme to concepts. Faults are said with file and concept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

import yaml

from ckanext.culturape.vocab.concept import EMPTY, RELATIONS, Concept

Raw = Mapping[str, Any]


class VocabularyFault(ValueError):
    """A file of a vocabulary that cannot be read; the message names file and place."""


def read_yaml(path: Path) -> dict[str, Any]:
    """The dictionary in a YAML file. Raises: VocabularyFault."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 (safe loaders)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise VocabularyFault(f"{path}: {error}") from error
    if not isinstance(content, dict):
        raise VocabularyFault(f"{path}: expected a dictionary")
    return cast("dict[str, Any]", content)


def merge(core: Raw | None, addition: Raw) -> Raw:
    """A scheme of the core with the concepts that a pack adds; a concept of the same id takes the place of the older.

    One without ``label`` changes the older one in the keys that it has: ``{id: danza, deprecated: true, replaced_by: artes}``.
    """
    if core is None:
        return addition
    concepts = {concept["id"]: concept for concept in core.get("concepts", ())}
    inherited = {key: addition[key] for key in ("definition", "source", "date") if addition.get(key)}
    for concept in addition.get("concepts", ()):
        changed = {} if "label" in concept else concepts.get(concept["id"])
        concepts[concept["id"]] = {**(changed or inherited), **concept}
    return {**addition, **core, "concepts": list(concepts.values())}


def read_concept(raw: Raw, scheme: Raw, address: Callable[[str], str], base: str, where: str) -> Concept:
    """One concept. Raises: VocabularyFault naming it."""
    try:
        concept_id = str(raw["id"])
        labels = _texts(raw["label"])
        matches = {name: tuple(map(address, _strings(raw[name]))) for name in RELATIONS if raw.get(name)}
        return Concept(
            scheme=str(scheme["id"]),
            id=concept_id,
            uri=concept_uri(raw, scheme, base),
            labels=labels,
            alt=_alternatives(raw.get("alt")),
            hidden=_strings(raw.get("hidden")),
            definitions=_definitions(raw.get("definition") or scheme.get("definition"), labels),
            broader=_strings(raw.get("broader")),
            notation=str(raw.get("notation") or ""),
            aliases=_strings(raw.get("aliases")),
            matches=MappingProxyType(matches) if matches else EMPTY,
            source=str(raw.get("source") or scheme.get("source") or ""),
            date=str(raw.get("date") or scheme.get("date") or ""),
            attributes=MappingProxyType(dict(raw["attributes"])) if raw.get("attributes") else EMPTY,
            deprecated=bool(raw.get("deprecated")),
            replaced_by=str(raw.get("replaced_by") or ""),
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        name = cast("Any", raw).get("id", "?") if isinstance(raw, Mapping) else raw
        raise VocabularyFault(f"{where}: concept {name}: {type(error).__name__} {error}") from error


def concept_uri(raw: Raw, scheme: Raw, base: str) -> str:
    """The address of a concept: its own, by the pattern of an external scheme, or under our base."""
    if raw.get("uri"):
        return str(raw["uri"])
    pattern = scheme.get("concept_uri")
    return str(pattern).replace("{id}", str(raw["id"])) if pattern else f"{base}{scheme['id']}/{raw['id']}"


def _texts(raw: Any) -> Mapping[str, str]:
    return MappingProxyType({str(tag): str(text) for tag, text in raw.items() if text})


def _alternatives(raw: Any) -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({str(tag): _strings(names) for tag, names in raw.items()}) if raw else EMPTY


def _strings(raw: Any) -> tuple[str, ...]:
    if raw is None:
        return ()
    return (
        (str(raw),)
        if isinstance(raw, (str, int))
        else tuple(str(item) for item in cast("Iterable[Any]", raw))
    )


def _definitions(raw: Any, labels: Mapping[str, str]) -> Mapping[str, Mapping[str, str]]:
    """Both definitions; ``{es}`` and ``{en}`` in a template stand for the labels."""
    if not raw:
        return EMPTY
    names = {"{es}": labels.get("es", ""), "{en}": labels.get("en") or labels.get("es", "")}
    found: dict[str, Mapping[str, str]] = {}
    for reader, texts in raw.items():
        filled = {str(tag): _fill(str(text), names) for tag, text in texts.items()}
        found[str(reader)] = MappingProxyType(filled)
    return MappingProxyType(found)


def _fill(text: str, names: Mapping[str, str]) -> str:
    for mark, name in names.items():
        text = text.replace(mark, name)
    return text
