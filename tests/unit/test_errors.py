"""Faults say what is wrong in the language of the reader and quote what was given untouched."""

from __future__ import annotations

from ckanext.culturape.errors import N_, Fault

SPANISH = {
    "“%(value)s” is wrong: %(reason)s": "«%(value)s» está mal: %(reason)s",
    "too short": "muy corto",
    "Title": "Título",
}


def translate(text: str) -> str:
    return SPANISH.get(text, text)


def test_only_marked_parameters_are_translated():
    fault = Fault(N_("“%(value)s” is wrong: %(reason)s"), {"value": "Title", "reason": "too short"})
    assert fault.text(translate) == "«Title» está mal: muy corto"
    assert str(fault) == "“Title” is wrong: too short"


def test_a_fault_within_a_fault_and_lists():
    inner = Fault("too short")
    assert (
        Fault("%(label)s: %(reason)s", {"label": "Title", "reason": inner}).text(translate)
        == "Título: muy corto"
    )
    assert Fault("%(labels)s", {"labels": ("Title", "x")}).text(translate) == "Título, x"


def test_percent_signs_of_people_do_no_harm():
    assert Fault("“%(value)s”", {"value": "100 % %(x)s"}).text() == "“100 % %(x)s”"
    assert Fault("100 %").text() == "100 %"


def test_a_fault_can_be_placed():
    placed = Fault("m", {"a": 1}).at("url", 2)
    assert (placed.field, placed.resource, placed.params["a"]) == ("url", 2, 1)
