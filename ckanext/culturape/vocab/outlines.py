"""The outlines of the regions of a country, for a map: what its pack brings, if it does.

A pack names the file in ``outlines`` of its ``pack.yaml``. JSON: ``width`` and ``height`` of the drawing, ``source``, ``licence``, ``copyright`` and ``address``
of the geometry, and ``places``, by code: ``path`` in the letters of SVG, ``label`` (x and y of its number), and ``at`` where the label of a very small one does not stand on it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ckanext.culturape.vocab.load import VocabularyFault, read_yaml
from ckanext.culturape.vocab.pack import PACK_FILE, pack_folder

_PATH = re.compile(r"[MmLlHhVvCcSsQqTtAaZz0-9 ,.\-]+")

#: Whom to thank, and under which terms.
CREDIT = ("source", "licence", "copyright", "address")

Spot = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Outline:
    """A region: its drawing, where its number stands, and where it lies when that is beside it."""

    path: str
    label: Spot
    at: Spot | None


@dataclass(frozen=True, slots=True)
class Outlines:
    """All regions of a drawing of this width and height, by code, and whom to credit."""

    width: float
    height: float
    source: str
    licence: str
    copyright: str
    address: str
    places: Mapping[str, Outline]


@lru_cache(maxsize=8)
def load_outlines(pack: str) -> Outlines | None:
    """The outlines of a pack, read once in the life of the process; ``None`` when it has none.

    Raises: VocabularyFault naming the file that cannot be read.
    """
    folder = pack_folder(pack, Path(str(files("ckanext.culturape.vocab"))) / "data")
    name = read_yaml(folder / PACK_FILE).get("outlines")
    return read_outlines(folder / str(name)) if name else None


def read_outlines(path: Path) -> Outlines:
    """The outlines of a file. Raises: VocabularyFault."""
    try:
        raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        places = {str(code): _outline(place) for code, place in raw["places"].items()}
        source, licence, right, address = (str(raw[name]) for name in CREDIT)
        return Outlines(
            float(raw["width"]),
            float(raw["height"]),
            source,
            licence,
            right,
            address,
            MappingProxyType(places),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise VocabularyFault(f"{path}: {type(error).__name__} {error}") from error


def _outline(raw: Mapping[str, Any]) -> Outline:
    path = str(raw["path"])
    if not _PATH.fullmatch(path):
        raise ValueError(f"{path[:40]!r} is no path of SVG")
    return Outline(path, _spot(raw["label"]), _spot(raw["at"]) if raw.get("at") else None)


def _spot(raw: Any) -> Spot:
    x, y = raw
    return float(x), float(y)
