"""All concept schemes of a site: those of the core, and what the country pack adds."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import cast

from ckanext.culturape.vocab.concept import Concept, Scheme, best_text
from ckanext.culturape.vocab.fold import fold
from ckanext.culturape.vocab.load import Raw, VocabularyFault, concept_uri, merge, read_concept, read_yaml
from ckanext.culturape.vocab.places import read_places

DEFAULT_BASE = "https://w3id.org/culturape/def/"
TERRITORY = "territory"
PACK_FILE = "pack.yaml"
TERRITORY_TITLE = {"es": "Territorio", "en": "Territory"}
TERRITORY_DESCRIPTION = {
    "es": "Países, y lugares del país del portal.",
    "en": "Countries, and places of the country of the portal.",
}


@dataclass(frozen=True, slots=True)
class Group:
    """A name for several places, such as a macro-region."""

    id: str
    labels: Mapping[str, str]
    members: tuple[str, ...]

    def label(self, language: str) -> str:
        """The name for a reader of this language."""
        return best_text(self.labels, language) or self.id


@dataclass(frozen=True, slots=True)
class Pack:
    """What a country brings: its places, and schemes of its own."""

    id: str
    country: str
    titles: Mapping[str, str]
    groups: Mapping[str, Group]
    attribution: str
    territory_scheme: str = TERRITORY

    def title(self, language: str) -> str:
        """The name of the pack for a reader of this language."""
        return best_text(self.titles, language) or self.id


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All schemes that a site knows, by id, with the base of their addresses.

    ``version`` changes whenever a file that they were read from does.
    """

    schemes: Mapping[str, Scheme]
    base: str
    pack: Pack
    version: str = ""
    _by_uri: dict[str, Concept] = field(compare=False, repr=False, default_factory=dict[str, Concept])

    def scheme(self, scheme_id: str) -> Scheme:
        """The scheme of that id. Raises: KeyError naming those there are."""
        if scheme_id not in self.schemes:
            raise KeyError(f"no scheme is called {scheme_id!r}; there are {', '.join(sorted(self.schemes))}")
        return self.schemes[scheme_id]

    def concept(self, scheme_id: str, concept_id: str) -> Concept | None:
        """The concept of that id in that scheme."""
        return self.scheme(scheme_id).get(concept_id)

    def by_uri(self, uri: str) -> Concept | None:
        """The concept of that address, in any scheme."""
        if not self._by_uri:
            self._by_uri.update(
                {concept.uri: concept for scheme in self.schemes.values() for concept in scheme}
            )
        return self._by_uri.get(uri)

    def group(self, value: str) -> Group | None:
        """The group of places of that id or name."""
        wanted = fold(value)
        groups = self.pack.groups.values()
        return next((g for g in groups if wanted in {fold(g.id), *map(fold, g.labels.values())}), None)

    def expand(self, value: str) -> tuple[Concept, ...]:
        """The places that a name stands for: the members of a group, or the one place; nothing when unclear."""
        scheme = self.scheme(TERRITORY)
        group = None if value.strip() in scheme else self.group(value)
        if group:
            return tuple(scheme.concepts[code] for code in group.members if code in scheme)
        place = scheme.resolve(value)
        return (place,) if place else ()


def load_vocabulary(base: str = DEFAULT_BASE, pack: str = "pe") -> Vocabulary:
    """All schemes under this base with this pack, read once in the life of the process.

    ``pack`` is the name of a bundled pack, the path of a folder, or ``module:folder``.

    Raises: VocabularyFault naming the file that cannot be read.
    """
    return _load(base, pack)


@lru_cache(maxsize=8)
def _load(base: str, pack: str) -> Vocabulary:
    core = Path(str(files("ckanext.culturape.vocab"))) / "data"
    folder = pack_folder(pack, core)
    described = read_yaml(folder / PACK_FILE)
    raws = _raw_schemes(core, folder)
    schemes = {scheme_id: _read_scheme(raw, raws, base) for scheme_id, raw in raws.items()}
    schemes[TERRITORY] = _territory(schemes.get("country"), described, folder, base)
    ordered = MappingProxyType(dict(sorted(schemes.items())))
    return Vocabulary(ordered, base, _read_pack(described), _version(core, folder))


def _version(*folders: Path) -> str:
    """A digest of all files of these folders."""
    digest = hashlib.sha256()
    for file in sorted(path for folder in folders for path in folder.glob("*") if path.is_file()):
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()


def pack_folder(pack: str, core: Path) -> Path:
    """The folder of a pack. Raises: VocabularyFault when there is none."""
    if ":" in pack and not Path(pack).is_dir():
        module, name = pack.split(":", 1)
        folder = Path(str(import_module(module).__file__)).parent / name
    else:
        folder = Path(pack) if "/" in pack else core / "packs" / pack
    if not (folder / PACK_FILE).is_file():
        raise VocabularyFault(f"the country pack {pack!r} has no {PACK_FILE} in {folder}")
    return folder


def _raw_schemes(core: Path, folder: Path) -> dict[str, Raw]:
    raws: dict[str, Raw] = {}
    for path in [*sorted(core.glob("*.yaml")), *sorted(folder.glob("*.yaml"))]:
        if path.name != PACK_FILE:
            raw = read_yaml(path)
            raws[path.stem] = merge(raws.get(path.stem), {**raw, "id": raw.get("id", path.stem)})
    return raws


def _read_scheme(raw: Raw, raws: Mapping[str, Raw], base: str) -> Scheme:
    scheme_id = str(raw["id"])

    def address(reference: str) -> str:
        if "://" in reference:
            return reference
        other, _, concept_id = reference.partition(":")
        return concept_uri(_raw_concept(raws.get(other), concept_id), raws.get(other, {"id": other}), base)

    concepts = (read_concept(concept, raw, address, base, scheme_id) for concept in raw.get("concepts") or ())
    return Scheme(
        id=scheme_id,
        uri=str(raw.get("uri") or f"{base}{scheme_id}"),
        titles=MappingProxyType(dict(raw.get("title") or {})),
        descriptions=MappingProxyType(dict(raw.get("description") or {})),
        source=str(raw.get("source") or ""),
        date=str(raw.get("date") or ""),
        external=bool(raw.get("uri")),
        concepts=MappingProxyType({concept.id: concept for concept in concepts}),
    )


def _raw_concept(raw: Raw | None, concept_id: str) -> Raw:
    listed = cast("list[Raw]", (raw or {}).get("concepts") or [])
    return next((concept for concept in listed if str(concept.get("id")) == concept_id), {"id": concept_id})


def _read_pack(raw: Raw) -> Pack:
    groups = {
        g["id"]: Group(g["id"], g["label"], tuple(map(str, g["members"]))) for g in raw.get("groups") or ()
    }
    return Pack(
        id=str(raw["id"]),
        country=str(raw["country"]),
        titles=MappingProxyType(dict(raw["title"])),
        groups=MappingProxyType(groups),
        attribution=str(raw.get("attribution") or ""),
        territory_scheme=str(raw.get("territory_scheme") or TERRITORY),
    )


def _territory(countries: Scheme | None, pack: Raw, folder: Path, base: str) -> Scheme:
    """Countries of the world, and the places of the pack below its country."""
    concepts = {concept.id: concept for concept in countries or ()}
    for place in read_places(folder / str(pack.get("territory") or "territory.csv"), pack, base):
        concepts[place.id] = place
    return Scheme(
        id=TERRITORY,
        uri=f"{base}{pack.get('territory_scheme') or TERRITORY}",
        titles=MappingProxyType(TERRITORY_TITLE),
        descriptions=MappingProxyType(TERRITORY_DESCRIPTION),
        source=str(pack.get("attribution") or ""),
        date=str(pack.get("date") or ""),
        external=False,
        concepts=MappingProxyType(concepts),
    )
