"""The sheets of the look: one table of tokens by day and by night, readable, and nobody else names a colour."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ckanext.culturape.colours import DARK_BACKS, ENOUGH, LIGHT_BACKS, contrast, palette, read_colour

ROOT = Path(__file__).parents[2] / "ckanext/culturape"
TOKENS = ROOT / "assets/css/tokens.css"
SHEETS = sorted(path for path in ROOT.rglob("assets/**/*.css") if path != TOKENS)


def declared() -> tuple[dict[str, str], dict[str, tuple[str, str]]]:
    """Tokens of the first table, and pairs of the second."""
    plain, both = TOKENS.read_text(encoding="utf-8").split("@supports")
    pairs = re.findall(r"--cu-([\w-]+): light-dark\((#\w+|rgba\([^)]*\)), (#\w+|rgba\([^)]*\))\);", both)
    return dict(re.findall(r"--cu-([\w-]+): ([^;]+);", plain)), {
        name: (day, night) for name, day, night in pairs
    }


def test_both_tables_say_the_same_by_day():
    plain, both = declared()
    colours = {name: value for name, value in plain.items() if value.startswith(("#", "rgba"))}
    assert len(both) > 30
    assert {name: day for name, (day, _) in both.items()} == colours


#: What is read, on what it may stand.
ON_PAGE = ("ink", "soft", "brand", "brand-deep", "accent", "warn", "error", "good")
READ = [
    *((text, back) for text in ON_PAGE for back in ("paper", "card", "warm", "sunk")),
    *((text, f"{kind}-back") for text in ("ink", "accent", "brand-deep") for kind in ("warn", "error", "good")),
    ("error", "error-back"), ("warn", "warn-back"), ("good", "good-back"),
    ("on-mast", "mast"), ("on-deep", "mast-deep"), ("on-mast", "mast-deep"), ("on-fill", "fill"), ("on-fill", "fill-hover"),
    *((f"cov-{step}-text", f"cov-{step}") for step in ("1", "2", "3", "4", "asked")),
    ("card", "soft"), ("card", "ink"),
]  # fmt: skip


@pytest.mark.parametrize("night", [0, 1], ids=["day", "night"])
@pytest.mark.parametrize(("text", "back"), READ)
def test_what_is_read_has_the_contrast_of_aa(text, back, night):
    both = declared()[1]
    assert contrast(read_colour(both[text][night]), read_colour(both[back][night])) >= ENOUGH


@pytest.mark.parametrize("night", [0, 1], ids=["day", "night"])
def test_the_borders_of_fields_are_seen(night):
    # WCAG 2.2, 1.4.11: 3 to 1 for what tells that there is a field.
    both = declared()[1]
    for back in ("paper", "card"):
        assert contrast(read_colour(both["edge"][night]), read_colour(both[back][night])) >= 3


def test_computed_colours_know_the_backgrounds_of_the_sheet():
    both = declared()[1]
    backs = [both[name] for name in ("paper", "card", "warm", "sunk")]
    assert tuple(zip(*backs, strict=True)) == (LIGHT_BACKS, DARK_BACKS)
    assert set(palette("#123", "#123")) <= set(both)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_no_other_sheet_names_a_colour_or_an_unknown_token(sheet):
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.S)
    # Ink on paper is black on white.
    named = re.findall(r"(?<!&)#(?:[0-9a-f]{6}|[0-9a-f]{3})\b|rgba?\([^)]*\)", text)
    assert set(named) <= ({"#000", "#fff"} if sheet.name == "print.css" else set())
    assert set(re.findall(r"var\(--cu-([\w-]+)", text)) <= set(declared()[0])


def test_the_sheets_ask_no_other_host():
    texts = [path.read_text(encoding="utf-8") for path in (TOKENS, *SHEETS)]
    assert not any(re.search(r"@import|https?:|url\(['\"]?//", text) for text in texts)
