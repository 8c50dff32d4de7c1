"""Any colour that an operator chooses leaves all text readable."""

from __future__ import annotations

import random
import re

import pytest

from ckanext.culturape.colours import (
    BLACK,
    DARK_BACKS,
    ENOUGH,
    LIGHT_BACKS,
    WHITE,
    Colour,
    contrast,
    mixed,
    palette,
    read_colour,
    readable,
    sheet,
    text_on,
)


def sample_colours() -> list[str]:
    """The corners of the cube, all greys, and others that are the same in each run."""
    corners = [f"#{r}{g}{b}" for r in "0f" for g in "0f" for b in "0f"]
    greys = [f"#{level:02x}{level:02x}{level:02x}" for level in range(0, 256, 5)]
    dice = random.Random(5)
    return [*corners, *greys, *(f"#{dice.randrange(1 << 24):06x}" for _ in range(300))]


@pytest.mark.parametrize(
    ("given", "colour"),
    [
        ("#fff", WHITE),
        ("#000000", BLACK),
        (" #8A2b2B ", Colour(0x8A, 0x2B, 0x2B)),
        ("#1af", Colour(0x11, 0xAA, 0xFF)),
    ],
)
def test_a_colour_is_read(given, colour):
    assert read_colour(given) == colour
    assert read_colour(str(colour)) == colour


@pytest.mark.parametrize(
    "given",
    [
        "red", "#ff", "#ffff", "#fffff", "#ggg", "8a2b2b", "#8a2b2b8a", "rgb(1,2,3)", "#fff;}body{display:none", "#fff</style><script>",
        "url(//x)", "#fff\n#000", "#１１１", "var(--x)",
    ],
)  # fmt: skip
def test_what_is_no_colour_is_refused(given):
    with pytest.raises(ValueError, match=re.escape(given)):
        read_colour(given)


def test_contrast_is_that_of_the_standard():
    assert contrast(WHITE, BLACK) == pytest.approx(21)
    assert contrast(BLACK, WHITE) == pytest.approx(21)
    assert contrast(WHITE, WHITE) == pytest.approx(1)
    # Known from tools that measure contrast: the lightest grey that white paper bears.
    assert contrast(read_colour("#767676"), WHITE) == pytest.approx(4.54, abs=0.01)


def test_text_can_be_read_on_any_colour():
    for given in sample_colours():
        back = read_colour(given)
        assert contrast(text_on(back), back) >= ENOUGH, given
    assert text_on(read_colour("#6d1f22")) == WHITE
    assert text_on(read_colour("#ffd400")) != WHITE


def test_all_that_follows_from_the_chosen_colours_can_be_read():
    for given in sample_colours():
        found = palette(given, given)
        for night, backs in enumerate((LIGHT_BACKS, DARK_BACKS)):
            shown = {name: pair[night] for name, pair in found.items()}
            for text in ("brand", "brand-deep", "accent"):
                assert all(contrast(shown[text], read_colour(b)) >= ENOUGH for b in backs), (given, text)
            for text, back in (
                ("on-mast", "mast"), ("on-deep", "mast-deep"), ("on-fill", "fill"), ("on-fill", "fill-hover"),
            ):  # fmt: skip
                assert contrast(shown[text], shown[back]) >= ENOUGH, (given, text, back)


def test_a_colour_that_can_be_read_stays_as_it_was_chosen():
    chosen = read_colour("#004b6b")
    assert readable(chosen, LIGHT_BACKS, BLACK) == chosen
    assert readable(chosen, DARK_BACKS, WHITE) != chosen
    assert mixed(chosen, WHITE, 0) == chosen
    assert mixed(chosen, WHITE, 1) == WHITE


def test_nothing_chosen_is_nothing_written():
    assert palette("", "") == {}
    assert sheet({}) == ""
    assert set(palette("", "#123")) == {"accent", "fill", "fill-hover", "on-fill"}


def test_the_sheet_holds_nothing_but_tokens():
    written = sheet(palette("#004b6b", "#8a4b00"))
    assert "--cu-mast:#004b6b;" in written
    assert "--cu-mast:light-dark(#004b6b,#004b6b);" in written
    assert re.fullmatch(r"[-\w:;{}()#,@ ]+", written)
    assert written.count("{") == written.count("}")
