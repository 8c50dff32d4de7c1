"""What a harvest source of ours is: its name, and the options that it may have."""

from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.culturape.harvest.errand import HARVESTER


def info() -> dict[str, str]:
    """What ckanext-harvest shows of the harvester, in the language of the reader."""
    return {
        "name": HARVESTER,
        "title": tk._("Catalogue of data"),
        "description": tk._(
            "DCAT in any serialisation, data.json, schema.org, CSW, and the API of CKAN and DKAN."
        ),
        "form_config_interface": "Text",
    }


def validate_config(config: str | None) -> str:
    """The options of a source in their canonical form, as JSON.

    Raises: ValueError that says all that is wrong.
    """
    raw: Any = json.loads(config or "{}")
    return json.dumps(raw, sort_keys=True)
