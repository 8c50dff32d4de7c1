"""The manual shows pictures that the browser tests take, and calls things as the portal calls them."""

from __future__ import annotations

import ast
import gettext
import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from ckanext.culturape.vocab.pack import load_vocabulary

ROOT = Path(__file__).parents[2]
MANUAL = ROOT / "docs/manual"
PAGES = sorted(MANUAL.glob("*.md"))
IMAGE = re.compile(r"!\[([^\]]*)\]\(images/([\w-]+)\.png\)")
BOLD = re.compile(r"\*\*([^*]+)\*\*")
LARGEST = 100_000
#: Bold for stress, not names of anything.
STRESSED = {"en negrita"}


def shown() -> list[str]:
    return [name for page in PAGES for _, name in IMAGE.findall(page.read_text(encoding="utf-8"))]


def taken() -> list[str]:
    """The pictures that browser tests take."""
    return [
        call.args[0].value
        for path in (ROOT / "tests/browser").glob("test_*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "picture"
    ]


def test_every_picture_is_taken_by_a_test_and_shown_once() -> None:
    assert sorted(shown()) == sorted(taken())
    assert sorted(shown()) == sorted(path.stem for path in (MANUAL / "images").iterdir())


@pytest.mark.parametrize("name", shown())
def test_pictures_are_light(name: str) -> None:
    content = (MANUAL / f"images/{name}.png").read_bytes()
    assert content.startswith(b"\x89PNG")
    assert 1000 < len(content) <= LARGEST


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_pictures_are_told_to_those_who_do_not_see_them(page: Path) -> None:
    assert all(len(words) > 20 for words, _ in IMAGE.findall(page.read_text(encoding="utf-8")))


def said() -> set[str]:
    """All that the portal says in Spanish: its messages, those of CKAN unless the overlay has other words, and its concepts."""
    ckan = find_spec("ckan")
    assert ckan and ckan.submodule_search_locations
    words: dict[str, str] = {}
    for folder, domain in (
        (Path(ckan.submodule_search_locations[0]) / "i18n", "ckan"),
        (ROOT / "i18n/overlay", "culturape-overlay"),
        (ROOT / "i18n", "ckanext-culturape"),
    ):
        catalogue = gettext.translation(domain, folder, ["es"])
        messages = {k: v for k, v in catalogue._catalog.items() if v}  # type: ignore[attr-defined]
        words |= {str(k): v for k, v in messages.items()}
    concepts = {c.label("es") for scheme in load_vocabulary().schemes.values() for c in scheme}
    return {" ".join(text.split()).rstrip(":. ") for text in {*words.values(), *concepts}}


def test_things_are_called_as_on_the_pages() -> None:
    spoken = said()
    wrong = {
        f"{page.name}: {name}"
        for page in PAGES
        for name in BOLD.findall(page.read_text(encoding="utf-8"))
        if name not in STRESSED and name.rstrip(":. ") not in spoken and not page_step(name, page)
    }
    assert wrong == set()


def page_step(name: str, page: Path) -> bool:
    """Whether it is the name of a step at the beginning of a line of a list."""
    return bool(
        re.search(rf"^\d+\. \*\*{re.escape(name)}\*\*", page.read_text(encoding="utf-8"), re.MULTILINE)
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_manual_speaks_in_the_words_of_the_glossary(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    from glossary import faults_of_message

    # What the portal says has been looked at; of the labels of communities it may speak as a message about labels does.
    text = BOLD.sub("", page.read_text(encoding="utf-8"))
    assert set(faults_of_message(("labels",), (text,))) == set()
