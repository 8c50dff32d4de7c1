"""What CKAN and its companions do not say in Spanish, and what they say in words that the glossary does not use.

Their messages are read from what is installed: the environment that runs this, and the environments of other versions of CKAN beside it.
Each message that they do not translate, or translate against ``i18n/glossary.yaml``, stands in a catalogue of its own, ``i18n/overlay``.
"""

from __future__ import annotations

import re
import sysconfig
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import polib
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from glossary import faults_of_message

ROOT = Path(__file__).parent.parent
DOMAIN = "culturape-overlay"
FOLDER = ROOT / "i18n" / "overlay"
#: Packages whose pages and messages people of a portal meet, and the catalogues that they bring.
CORE = (
    "activity", "audioview", "datapusher", "datastore", "datatablesview", "expire_api_token", "imageview", "multilingual", "resourceproxy",
    "stats", "tabledesigner", "textview", "tracking", "videoview", "webpageview",
)  # fmt: skip
COMPANIONS = ("dcat", "harvest", "scheming")
PACKAGES = ("ckan", *(f"ckanext/{name}" for name in (*CORE, *COMPANIONS)))
METHODS = [
    ("**.py", "python"),
    ("**/templates/**.html", "ckan"),
    ("**/templates_*/**.html", "ckan"),
    ("**/templates/**.txt", "ckan"),
    ("**.js", "javascript"),
]
KEYWORDS = {
    "_": None, "N_": None, "gettext": None, "ngettext": (1, 2), "ungettext": (1, 2), "_n": (1, 2), "P_": (1, 2),
}  # fmt: skip
#: Messages that packages ask for by a variable, which no extractor sees, and where.
ASKED: Mapping[str, tuple[str, ...]] = {
    "ckan/templates/user/snippets/info.html": ("active", "deleted", "pending"),
    "ckanext/harvest/templates/snippets/job_details.html": (
        "added",
        "updated",
        "not modified",
        "New",
        "Running",
        "Finished",
        "Aborted",
    ),
    "ckanext/harvest/helpers.py": ("Manual", "Always", "Daily", "Weekly", "Biweekly", "Monthly"),
}
#: Folders without messages for people.
SKIPPED = ("tests", "vendor", "node_modules", "i18n", "migration", "build", "public-midnight-blue")
VERSION = re.compile(r"CKAN (\d+\.\d+)")


@dataclass
class Found:
    """A message of an installed package: its text, plural if any, where it stands, and how the package says it in Spanish."""

    ids: tuple[str, ...]
    places: set[str] = field(default_factory=set)
    versions: set[str] = field(default_factory=set)
    spanish: tuple[str, ...] = ()

    @property
    def needed(self) -> bool:
        """Whether the overlay must say it."""
        return not all(self.spanish or ("",)) or any(faults_of_message(self.ids, self.spanish))


def environments() -> dict[str, Path]:
    """Version of CKAN to the packages installed with it: of this environment, and of those beside it."""
    here = Path(sysconfig.get_paths()["purelib"])
    others = sorted(ROOT.glob(".venv*/lib/python*/site-packages"))
    return {version_of(folder): folder for folder in (*others, here) if (folder / "ckan").is_dir()}


def version_of(packages: Path) -> str:
    """Major and minor version of the CKAN that is installed there."""
    [meta] = packages.glob("ckan-[0-9]*.dist-info")
    return ".".join(meta.name.split("-")[1].split(".")[:2])


@lru_cache(maxsize=4)
def messages_of(packages: Path) -> dict[tuple[str, ...], Found]:
    """All messages of the packages installed there."""
    version = version_of(packages)
    spanish = _spanish(packages)
    found: dict[tuple[str, ...], Found] = {}
    for package in PACKAGES:
        for place, ids in _extracted(packages / package):
            said = found.setdefault(ids[:1], Found(ids, spanish=spanish.get(ids[0], ())))
            said.ids = max(said.ids, ids, key=len)
            said.places.add(f"{package}/{place}")
            said.versions.add(version)
    for place, asked in ASKED.items():
        for text in asked:
            said = found.setdefault((text,), Found((text,), spanish=spanish.get(text, ())))
            said.places.add(place)
            said.versions.add(version)
    return found


def _extracted(folder: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    def wanted(path: object) -> bool:
        return not set(Path(str(path)).parts[-1:]) & set(SKIPPED)

    for place, _, text, _, _ in extract_from_dir(folder, METHODS, keywords=KEYWORDS, directory_filter=wanted):
        ids = (text,) if isinstance(text, str) else tuple(text)
        if ids[0]:
            yield str(place), ids


def _spanish(packages: Path) -> dict[str, tuple[str, ...]]:
    """What the installed packages say in Spanish, by msgid."""
    paths = [packages / "ckan/i18n/es/LC_MESSAGES/ckan.po"]
    paths += [packages / f"ckanext/{name}/i18n/es/LC_MESSAGES/ckanext-{name}.po" for name in COMPANIONS]
    return {
        entry.msgid: tuple(entry.msgstr_plural.values()) if entry.msgid_plural else (entry.msgstr,)
        for path in paths
        if path.exists()
        for entry in polib.pofile(str(path))
        if entry.translated()
    }


def template(kept: Catalog) -> Catalog:
    """What the overlay must hold: what is needed with any version installed here, and what it holds for other versions or by choice."""
    here = environments()
    held = {_ids(message)[0]: message for message in kept if message.id}
    needed: dict[tuple[str, ...], Found] = {}
    for packages in here.values():
        for key, found in messages_of(packages).items():
            if found.needed or key[0] in held:
                merged = needed.setdefault(key, Found(found.ids))
                merged.ids = max(merged.ids, found.ids, key=len)
                merged.places |= found.places
                merged.versions |= found.versions
    catalog = Catalog(project=DOMAIN, version="", charset="utf-8", fuzzy=False)
    for found in needed.values():
        _add(catalog, found.ids, found.places, found.versions)
    for message in held.values():
        versions = set(versions_of(message.auto_comments))
        if versions - set(here):
            _add(catalog, _ids(message), {place for place, _ in message.locations}, versions)
    return catalog


def _ids(message: Message) -> tuple[str, ...]:
    """The text of a message, and its plural if it has one."""
    return tuple(message.id) if isinstance(message.id, (list, tuple)) else (message.id,)


def _add(catalog: Catalog, ids: tuple[str, ...], places: set[str], versions: set[str]) -> None:
    comments = [f"CKAN {version}" for version in sorted(versions)]
    catalog.add(
        ids if len(ids) > 1 else ids[0],
        None,
        [(place, 1) for place in sorted(places)],
        auto_comments=comments,
    )


def versions_of(comments: list[str]) -> list[str]:
    """Versions of CKAN that a message of the overlay is said to be in."""
    return VERSION.findall(" ".join(comments))


def counts() -> Iterator[str]:
    """For each version of CKAN that is installed here: how many messages each package has, how many it says itself, how many the overlay says."""
    for version, packages in sorted(environments().items()):
        totals: dict[str, list[int]] = {}
        for found in messages_of(packages).values():
            source = sorted(found.places)[0].split("/templates")[0].split("/")
            name = "/".join(source[:2]) if source[0] == "ckanext" else "ckan"
            said = totals.setdefault(name, [0, 0, 0])
            said[0] += 1
            said[1] += bool(found.spanish and all(found.spanish))
            said[2] += found.needed
        for name, (all_, own, ours) in sorted(totals.items()):
            yield f"CKAN {version} {name}: {all_} messages, {own} in Spanish of their own, {ours} said by the overlay"
