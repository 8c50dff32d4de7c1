"""Which value does a stored text stand for?"""

from __future__ import annotations

import json
from typing import Any

from ckanext.culturape.fields import Field


def load_value(field: Field, stored: Any) -> Any:
    """The value of a field as an extra keeps it: lists and objects as JSON; a text that looks like it is a text, and what is no JSON stays as it is."""
    if isinstance(stored, str) and stored[:1] in {"[", "{"} and (field.is_list or field.is_translated):
        try:
            return json.loads(stored)
        except ValueError:
            return stored
    return stored
