"""Words that are put into pages of CKAN bring their tags along unescaped."""

from __future__ import annotations

import re
from pathlib import Path

TEMPLATES = sorted((Path(__file__).parents[2] / "ckanext" / "culturape").rglob("templates/**/*.html"))
#: The filter of Jinja looks for other texts with other releases of MarkupSafe: helpers/mending.py.
FILTERED = re.compile(r"""super\(\)\s*\|\s*replace""")
#: A piece of markup joined to a translated word: the word is marked text, so what it is joined to is escaped.
ESCAPED = re.compile(r"""("[^"\n]*[<>'][^"\n]*"|'[^'\n]*[<>"][^'\n]*')\s*~\s*(_|ungettext)\(""")


def test_no_tag_is_joined_to_a_translated_word() -> None:
    assert len(TEMPLATES) > 100
    wrong = {path.name for path in TEMPLATES if ESCAPED.search(path.read_text(encoding="utf-8"))}
    assert wrong == set()
    assert ESCAPED.search("""{{ super() | replace('badge">New<', 'badge">' ~ _("New") ~ "<") }}""")


def test_words_are_replaced_on_any_version() -> None:
    assert [path.name for path in TEMPLATES if FILTERED.search(path.read_text(encoding="utf-8"))] == []
