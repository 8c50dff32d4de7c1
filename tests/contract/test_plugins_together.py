"""The plugins of culturape, loaded at once, do not hide what another of them brings."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2] / "ckanext" / "culturape"
# In the order in which the settings name them: the first one wins.
PARTS = ("", "dcat", "harvest", "agenda", "coverage")
BLOCK = re.compile(r"{%-?\s*block (\w+)\s*-?%}(.*?){%-?\s*endblock", re.DOTALL)


def plugins() -> list[type[Any]]:
    return [
        point.load()
        for point in entry_points(group="ckan.plugins")
        if point.value.startswith("ckanext.culturape.")
    ]


@pytest.mark.parametrize("kind", ["get_helpers", "get_actions", "get_auth_functions", "get_validators"])
def test_no_name_is_given_twice(kind: str) -> None:
    loaded = [plugin for plugin in plugins() if hasattr(plugin, kind)]
    assert loaded
    given = [pair for plugin in loaded for pair in getattr(object.__new__(plugin), kind)().items()]
    # A chained action calls the next one itself.
    names = Counter(name for name, function in given if not getattr(function, "chained_action", False))
    assert [name for name, count in names.items() if count > 1] == []


def test_a_block_of_one_plugin_shows_that_of_the_next() -> None:
    blocks: dict[tuple[str, str], list[str]] = defaultdict(list)
    for part in PARTS:
        folder = ROOT / part / "templates"
        for path in folder.rglob("*.html"):
            for name, body in BLOCK.findall(path.read_text(encoding="utf-8")):
                blocks[str(path.relative_to(folder)), name].append(body)
    shared = {place: bodies for place, bodies in blocks.items() if len(bodies) > 1}
    assert shared
    assert [
        place for place, bodies in shared.items() if any("super()" not in body for body in bodies[:-1])
    ] == []
