"""Are all messages of culturape in Spanish? Extracts, updates, compiles and checks the catalogues.

usage: python scripts/i18n.py update | check | report

Messages come from Python, templates, JavaScript and the labels and help texts of ``schemas/*.yaml``.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
import yaml
from babel.messages.catalog import Catalog, Message
from babel.messages.checkers import checkers
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
DOMAIN = "ckanext-culturape"
TEMPLATE = ROOT / "i18n" / f"{DOMAIN}.pot"
LANGUAGES = ("es",)
METHODS = [
    ("**.py", "python"),
    ("**/templates/**.html", "ckan"),
    ("**/templates/**.txt", "ckan"),
    ("**/assets/**.js", "javascript"),
]
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2), "ungettext": (1, 2), "_n": (1, 2)}
PARAMETER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")


def schema_messages() -> Iterator[tuple[str, str]]:
    """Place and text of every label and help text of the schemas."""
    for path in sorted((ROOT / "schemas").glob("*.yaml")):
        for text in _texts(yaml.safe_load(path.read_text(encoding="utf-8"))):
            yield f"schemas/{path.name}", text


def _texts(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key in {"label", "help_text", "help"} and isinstance(value, str):
                yield value
            else:
                yield from _texts(value)
    elif isinstance(node, list):
        for item in node:
            yield from _texts(item)


def extract() -> Catalog:
    """All messages of today's code."""
    catalog = Catalog(project="ckanext-culturape", version="", charset="utf-8", fuzzy=False)
    folder = ROOT / "ckanext" / "culturape"
    for name, line, text, comments, context in extract_from_dir(
        folder, METHODS, keywords=KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True
    ):
        catalog.add(
            text, None, [(f"ckanext/culturape/{name}", line)], auto_comments=comments, context=context
        )
    for place, text in schema_messages():
        catalog.add(text, None, [(place, 1)])
    return catalog


def catalogue_path(language: str) -> Path:
    """The catalogue of a language."""
    return ROOT / "i18n" / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def read_catalogue(language: str) -> Catalog:
    """The catalogue of a language; an empty one when there is none."""
    path = catalogue_path(language)
    if not path.exists():
        return Catalog(locale=language, project="ckanext-culturape", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def compiled(language: str) -> bytes:
    """The binary form of a catalogue that programs read; the same for the same messages at any time and anywhere."""
    return polib.pofile(str(catalogue_path(language))).to_binary()


def write_catalogue(path: Path, catalog: Catalog) -> None:
    """Write a catalogue so that the same messages always give the same file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    write_po(
        buffer,
        catalog,
        width=110,
        sort_output=True,
        no_location=False,
        include_lineno=False,
        omit_header=False,
    )
    text = buffer.getvalue().decode()
    path.write_text(
        re.sub(r'^"(POT-Creation-Date|PO-Revision-Date|Generated-By): .*\\n"\n', "", text, flags=re.M)
    )


def update() -> int:
    """Bring template and catalogues up to date and compile them."""
    template = extract()
    write_catalogue(TEMPLATE, template)
    for language in LANGUAGES:
        catalog = read_catalogue(language)
        catalog.update(template, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        write_catalogue(catalogue_path(language), catalog)
        catalogue_path(language).with_suffix(".mo").write_bytes(compiled(language))
    return report()


def faults_of(language: str) -> Iterator[str]:
    """What is wrong with a catalogue, a line for each message."""
    catalog = read_catalogue(language)
    wanted = {message.id for message in extract() if message.id}
    present = {message.id: message for message in catalog if message.id}
    for missing in sorted(wanted - set(present), key=str):
        yield f"{language}: not in the catalogue: {missing!r} (run make i18n)"
    for obsolete in sorted(set(present) - wanted, key=str):
        yield f"{language}: no longer used: {obsolete!r} (run make i18n)"
    for message in present.values():
        yield from (f"{language}: {reason}: {message.id!r}" for reason in message_faults(message, catalog))
    binary = catalogue_path(language).with_suffix(".mo")
    if not binary.exists() or binary.read_bytes() != compiled(language):
        yield f"{language}: the .mo file is not what the .po file says (run make i18n)"


def message_faults(message: Message, catalog: Catalog) -> Iterator[str]:
    """What is wrong with one message."""
    strings = message.string if isinstance(message.string, (list, tuple)) else [message.string]
    ids = message.id if isinstance(message.id, (list, tuple)) else [message.id]
    if not all(strings):
        yield "untranslated"
        return
    if message.fuzzy:
        yield "fuzzy"
    if any(set(PARAMETER.findall(text)) - set(PARAMETER.findall("".join(ids))) for text in strings):
        yield "unknown parameter"
    if any(set(PARAMETER.findall(ids[-1])) - set(PARAMETER.findall(text)) for text in strings[-1:]):
        yield "parameter left out"
    for checker in checkers:
        try:
            checker(catalog, message)
        except Exception as error:
            yield str(error)


def check() -> int:
    """Print a line for each fault; 1 when there is one."""
    faults = [fault for language in LANGUAGES for fault in faults_of(language)]
    print("\n".join(faults) or "translations: no fault")
    return 1 if faults else 0


def report() -> int:
    """Print how many messages each catalogue has and how many are translated."""
    for language in LANGUAGES:
        messages = [message for message in read_catalogue(language) if message.id]
        done = [message for message in messages if message.string and all(message.string)]
        print(f"{language}: {len(done)} of {len(messages)} messages translated")
    return 0


if __name__ == "__main__":
    sys.exit({"update": update, "check": check, "report": report}[sys.argv[1]]())
