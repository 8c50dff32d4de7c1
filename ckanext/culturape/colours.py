"""Which colours does the look need beside the two that the operator may choose?

An institution has a colour; a page needs a dozen: text on it, links, borders, buttons and what they become when touched, by day and by night. They
are computed here, so that any colour may be chosen and all that is read keeps the contrast of WCAG 2.2 AA (1.4.3: 4.5 to 1).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

#: Least contrast of what is read (WCAG 2.2, 1.4.3).
ENOUGH = 4.5

#: What text stands on, in the light look and in the dark one: paper, card, warm and sunk of assets/css/tokens.css.
LIGHT_BACKS = ("#fbfaf6", "#ffffff", "#f4ecdd", "#f1f2ee")
DARK_BACKS = ("#12171a", "#1a2024", "#2c2720", "#22292e")

_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})")


class Colour(NamedTuple):
    """Red, green and blue, 0 to 255."""

    red: int
    green: int
    blue: int

    def __str__(self) -> str:
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"


WHITE, BLACK = Colour(255, 255, 255), Colour(0, 0, 0)
#: Dark text on a light colour.
INK = Colour(0x14, 0x1B, 0x20)


def read_colour(text: str) -> Colour:
    """The colour that ``#rgb`` or ``#rrggbb`` names. Raises: ValueError for all else."""
    given = text.strip().lower()
    if not _HEX.fullmatch(given):
        raise ValueError(text)
    digits = given[1:] if len(given) == 7 else "".join(2 * digit for digit in given[1:])
    return Colour(*bytes.fromhex(digits))


def luminance(colour: Colour) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2)."""
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    """Contrast of two colours, 1 to 21 (WCAG 2.2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def text_on(back: Colour) -> Colour:
    """White where it can be read, dark where it cannot; one of them always can."""
    return next((text for text in (WHITE, INK) if contrast(text, back) >= ENOUGH), BLACK)


def mixed(colour: Colour, other: Colour, share: float) -> Colour:
    """A colour with a share (0 to 1) of another."""
    return Colour(
        *(round(mine + (theirs - mine) * share) for mine, theirs in zip(colour, other, strict=True))
    )


def readable(colour: Colour, backs: tuple[str, ...], toward: Colour) -> Colour:
    """The colour, moved toward black or white just as far as it takes to be read on all these backgrounds."""
    shades = (mixed(colour, toward, step / 50) for step in range(51))
    known = [read_colour(back) for back in backs]
    return next((shade for shade in shades if min(contrast(shade, back) for back in known) >= ENOUGH), toward)


def palette(primary: str, accent: str) -> Mapping[str, tuple[Colour, Colour]]:
    """Tokens of the look that follow from the chosen colours, each by day and by night; none for what is empty.

    Raises: ValueError when one is no colour.
    """
    return {
        **(_of_primary(read_colour(primary)) if primary else {}),
        **(_of_accent(read_colour(accent)) if accent else {}),
    }


def sheet(tokens: Mapping[str, tuple[Colour, Colour]]) -> str:
    """The tokens as CSS, in the two tables of assets/css/tokens.css; empty without tokens."""
    if not tokens:
        return ""
    plain = "".join(f"--cu-{name}:{light};" for name, (light, _) in tokens.items())
    both = "".join(f"--cu-{name}:light-dark({light},{dark});" for name, (light, dark) in tokens.items())
    return f":root{{{plain}}}@supports (color:light-dark(#000,#fff)){{:root{{{both}}}}}"


def _of_primary(primary: Colour) -> dict[str, tuple[Colour, Colour]]:
    deep = mixed(primary, BLACK, 0.65)
    light, dark = readable(primary, LIGHT_BACKS, BLACK), readable(primary, DARK_BACKS, WHITE)
    return {
        "mast": (primary, primary),
        "on-mast": (text_on(primary), text_on(primary)),
        "mast-deep": (deep, deep),
        "on-deep": (text_on(deep), text_on(deep)),
        "brand": (light, dark),
        "brand-deep": (mixed(light, BLACK, 0.2), mixed(dark, WHITE, 0.3)),
    }


def _of_accent(accent: Colour) -> dict[str, tuple[Colour, Colour]]:
    on = text_on(accent)
    hover = mixed(accent, BLACK if on == WHITE else WHITE, 0.2)
    return {
        "accent": (readable(accent, LIGHT_BACKS, BLACK), readable(accent, DARK_BACKS, WHITE)),
        "fill": (accent, accent),
        "fill-hover": (hover, hover),
        "on-fill": (on, on),
    }


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
