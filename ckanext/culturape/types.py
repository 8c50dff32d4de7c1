"""Shapes of data that several modules speak of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: A dataset or organisation as the actions of CKAN give and take it.
Record = dict[str, Any]

#: Texts by language tag: ``{"es": "Museos", "en": "Museums"}``.
Texts = Mapping[str, str]
