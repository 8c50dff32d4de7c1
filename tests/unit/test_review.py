"""Needed fields are asked for when a record becomes public, and no stored value may be emptied."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.culturape.fields import load_schema
from ckanext.culturape.logic.review import becomes_public, is_public, missing_fields, needed_faults

SCHEMA = load_schema()
NEEDED = {field.name for field in SCHEMA.fields if field.needed}
COMPLETE: dict[str, Any] = {name: "x" for name in NEEDED} | {"state": "active", "private": False}


def wrong(old: Any, new: Any, **keys: Any) -> set[str]:
    return {fault.field for fault in needed_faults(SCHEMA, old, new, **keys)}


@pytest.mark.parametrize(
    ("record", "public"),
    [({"state": "active"}, True), ({"private": "True"}, False), ({"private": True}, False), ({"state": "draft"}, False),
     ({"state": "deleted"}, False), ({"private": "false"}, True), (None, False)],
)  # fmt: skip
def test_is_public(record, public):
    assert is_public(record) is public


def test_a_new_public_record_needs_all():
    assert wrong(None, {"state": "active"}) == NEEDED
    assert wrong(None, COMPLETE) == set()


def test_a_draft_and_a_private_record_need_a_title():
    assert wrong(None, {"state": "draft"}) == {"title_translated"}
    assert wrong(None, {"private": True}) == {"title_translated"}


@pytest.mark.parametrize("before", [{"state": "draft"}, {"private": True}, {"state": "deleted"}])
def test_publishing_needs_all(before):
    old = {"title_translated": {"es": "x"}, **before}
    new = {**old, "state": "active", "private": False}
    assert becomes_public(old, new)
    assert wrong(old, new) == NEEDED - {"title_translated"}


def test_gaps_that_were_there_are_no_refusal_but_emptying_is():
    old = {"title_translated": {"es": "x"}, "state": "active", "license_id": "cc-by"}
    assert wrong(old, {**old, "identifier": "1"}) == set()
    assert wrong(old, {**old, "license_id": ""}) == {"license_id"}


def test_imported_records_may_lack_all_but_the_title():
    assert wrong(None, {"state": "active"}, imported=True) == {"title_translated"}


def test_not_reviewed_is_no_answer():
    record = {**COMPLETE, "sensitivity": ["no-revisado"], "access_level": "no-revisado"}
    assert {f.name for f in missing_fields(SCHEMA, record)} == {"sensitivity", "access_level"}
    assert wrong(None, record) == {"sensitivity", "access_level"}
