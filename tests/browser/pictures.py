"""The pictures of the manual: `make manual` writes them, all other runs see to it that what they show is there."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "docs/manual/images"
#: Of a picture: the greatest height and the margin in pixels of the page, and the number of colours.
TALLEST, MARGIN, COLOURS = 800, 12, 128


class Pictures:
    """Writes into `docs/manual/images` when `CULTURAPE_MANUAL` is set.

    A picture is part of a test that goes the way which the manual tells, so that neither can change without the other:
    tests/contract/test_manual.py compares the names of both.
    """

    def __init__(self) -> None:
        self.are_wanted = bool(os.environ.get("CULTURAPE_MANUAL"))

    def take(self, name: str, shown: Any, until: Any = None) -> None:
        """A picture of what is shown, or of the page from there to the end of something else."""
        shown.wait_for()
        last = until or shown
        last.wait_for()
        if self.are_wanted:
            FOLDER.mkdir(parents=True, exist_ok=True)
            (FOLDER / f"{name}.png").write_bytes(_small(_taken(shown, last)))


def _taken(shown: Any, last: Any) -> bytes:
    """The part of the page, as PNG."""
    page = shown.page
    page.evaluate("window.scrollTo({top: 0, behavior: 'instant'})")
    first, end = shown.bounding_box(), last.bounding_box()
    left, top = max(first["x"] - MARGIN, 0), max(first["y"] - MARGIN, 0)
    width = min(first["width"] + 2 * MARGIN, page.viewport_size["width"] - left)
    height = min(end["y"] + end["height"] + MARGIN - top, TALLEST)
    clip = {"x": left, "y": top, "width": width, "height": height}
    return page.screenshot(full_page=True, clip=clip, animations="disabled", caret="hide")


def _small(png: bytes) -> bytes:
    """With few colours, as small as it gets."""
    from PIL import Image

    written = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(
        written, "PNG", optimize=True
    )
    return written.getvalue()
