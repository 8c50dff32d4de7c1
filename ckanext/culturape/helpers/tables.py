"""What a column of a data table is called to people, who know no types of PostgreSQL."""

from __future__ import annotations

import re
from collections.abc import Mapping

import ckan.plugins.toolkit as tk

from ckanext.culturape.errors import N_

WORDS: Mapping[str, str] = {
    "text": N_("Text"), "varchar": N_("Text"), "numeric": N_("Number"), "float": N_("Number"), "double precision": N_("Number"),
    "int": N_("Whole number"), "integer": N_("Whole number"), "bigint": N_("Whole number"), "bool": N_("Yes or no"), "boolean": N_("Yes or no"),
    "date": N_("Date"), "time": N_("Time"), "timestamp": N_("Date and time"), "timestamptz": N_("Date and time"), "json": N_("JSON"),
}  # fmt: skip


def culturape_column_type(stored: str) -> str:
    """The type of a column in words; as it is where we have none."""
    word = WORDS.get(re.sub(r"\d+$|\(.*\)$", "", str(stored)).strip().lower())
    return tk._(word) if word else str(stored)
