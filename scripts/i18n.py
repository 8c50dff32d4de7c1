"""Are all messages in Spanish? Extracts, updates, compiles and checks the catalogues.

usage: python scripts/i18n.py update | check | report

Our messages come from Python, templates, JavaScript and the labels and help texts of ``schemas/*.yaml``; those of CKAN and its companions from
what is installed (``overlay.py``). Both are held to the words of ``i18n/glossary.yaml``.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import overlay
import polib
import yaml
from babel.messages.catalog import Catalog, Message
from babel.messages.checkers import checkers
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po
from glossary import faults_of_message

ROOT = Path(__file__).parent.parent
DOMAIN = "ckanext-culturape"
LANGUAGES = ("es",)
METHODS = [
    ("**.py", "python"),
    ("**/templates/**.html", "ckan"),
    ("**/templates/**.txt", "ckan"),
    ("**/assets/**.js", "javascript"),
]
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2), "ungettext": (1, 2), "_n": (1, 2)}
#: What a translator writes above a message to which a rule of the glossary does not apply.
EXEMPT = {"not by the glossary"}
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


def extract(kept: Catalog) -> Catalog:
    """All messages of today's code; none is kept beside them."""
    del kept
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


@dataclass(frozen=True)
class Book:
    """Catalogues of one domain: where they lie, and what must stand in them given what does."""

    domain: str
    folder: Path
    template: Callable[[Catalog], Catalog]

    def path(self, language: str) -> Path:
        """The catalogue of a language."""
        return self.folder / language / "LC_MESSAGES" / f"{self.domain}.po"

    def read(self, language: str) -> Catalog:
        """The catalogue of a language; an empty one when there is none."""
        if not self.path(language).exists():
            return Catalog(locale=language, project=self.domain, charset="utf-8", fuzzy=False)
        with self.path(language).open("rb") as file:
            return read_po(file, locale=language)

    def compiled(self, language: str) -> bytes:
        """The binary form that programs read; the same for the same messages at any time and anywhere."""
        return polib.pofile(str(self.path(language))).to_binary()

    def update(self) -> None:
        """Bring template and catalogues up to date and compile them."""
        for language in LANGUAGES:
            catalog = self.read(language)
            template = self.template(catalog)
            write_catalogue(self.folder / f"{self.domain}.pot", template)
            catalog.update(template, no_fuzzy_matching=True)
            catalog.obsolete.clear()
            write_catalogue(self.path(language), catalog)
            self.path(language).with_suffix(".mo").write_bytes(self.compiled(language))

    def faults(self, language: str) -> Iterator[str]:
        """What is wrong with a catalogue, a line for each message."""
        catalog = self.read(language)
        wanted = {message.id for message in self.template(catalog) if message.id}
        present = {message.id: message for message in catalog if message.id}
        for missing in sorted(wanted - set(present), key=str):
            yield f"not in the catalogue: {missing!r} (run make i18n)"
        for obsolete in sorted(set(present) - wanted, key=str):
            yield f"no longer used: {obsolete!r} (run make i18n)"
        for message in present.values():
            yield from (f"{reason}: {message.id!r}" for reason in message_faults(message, catalog))
        binary = self.path(language).with_suffix(".mo")
        if not binary.exists() or binary.read_bytes() != self.compiled(language):
            yield "the .mo file is not what the .po file says (run make i18n)"


BOOKS = (
    Book(DOMAIN, ROOT / "i18n", extract),
    Book(overlay.DOMAIN, overlay.FOLDER, overlay.template),
)


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
    """Bring all catalogues up to date."""
    for book in BOOKS:
        book.update()
    return report()


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
    if not EXEMPT & set(message.user_comments):
        yield from faults_of_message(tuple(ids), tuple(strings))
    for checker in checkers:
        try:
            checker(catalog, message)
        except Exception as error:
            yield str(error)


def check() -> int:
    """Print a line for each fault; 1 when there is one."""
    faults = [
        f"{book.domain} {language}: {fault}"
        for book in BOOKS
        for language in LANGUAGES
        for fault in book.faults(language)
    ]
    print("\n".join(faults) or "translations: no fault")
    return 1 if faults else 0


def report() -> int:
    """Print how many messages each catalogue has and how many are translated."""
    for book in BOOKS:
        for language in LANGUAGES:
            messages = [message for message in book.read(language) if message.id]
            done = [message for message in messages if message.string and all(message.string)]
            print(f"{book.domain} {language}: {len(done)} of {len(messages)} messages translated")
    print("\n".join(overlay.counts()))
    return 0


if __name__ == "__main__":
    sys.exit({"update": update, "check": check, "report": report}[sys.argv[1]]())
