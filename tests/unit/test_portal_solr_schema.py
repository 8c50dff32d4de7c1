"""The Spanish Solr schema is CKAN's own, with other stemmers and nothing else changed."""

from __future__ import annotations

import pytest

from culturape_portal.solr_schema import patch_schema

ANALYSER = """
<fieldType name="text"><analyzer type="index">
  <filter class="solr.LowerCaseFilterFactory"/>
  <filter class="solr.SnowballPorterFilterFactory" language="English" protected="protwords.txt"/>
  <filter class="solr.ASCIIFoldingFilterFactory"/>
</analyzer></fieldType>"""


def test_both_analysers_of_the_text_field_become_spanish() -> None:
    patched = patch_schema(ANALYSER * 2)
    assert patched.count("SpanishLightStemFilterFactory") == 2
    assert "English" not in patched
    assert patched.count("LowerCaseFilterFactory") == 2


def test_accents_are_folded_before_words_are_stemmed() -> None:
    patched = patch_schema(ANALYSER * 2)
    order = [patched.index(name) for name in ("ASCIIFolding", "SpanishPluralStem", "SpanishLightStem")]
    assert order == sorted(order)


@pytest.mark.parametrize("copies", [0, 1, 3])
def test_a_schema_of_an_unknown_ckan_is_refused(copies: int) -> None:
    with pytest.raises(ValueError, match=f"{copies} places"):
        patch_schema("<schema>" + ANALYSER * copies + "</schema>")
