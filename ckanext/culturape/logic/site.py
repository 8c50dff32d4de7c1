"""The vocabularies and schemas as this site is configured."""

from __future__ import annotations

from ckanext.culturape import config
from ckanext.culturape.vocab.pack import Vocabulary, load_vocabulary


def vocabulary() -> Vocabulary:
    """All concept schemes, with the base and the country pack that the operator chose. Kept in memory."""
    return load_vocabulary(config.vocabulary_base(), config.pack())
