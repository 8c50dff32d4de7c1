"""What a value is read against, and the type of the functions that read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ckanext.culturape.errors import Fault
from ckanext.culturape.fields import Field
from ckanext.culturape.vocab.pack import Vocabulary

#: A canonical value (empty when there is none) and what is wrong with what was given.
Values = tuple[Any, list[Fault]]


@dataclass(frozen=True, slots=True)
class Scope:
    """The vocabularies of the site and the language of texts that do not say theirs."""

    vocabulary: Vocabulary
    default_language: str = "es"


#: Reads one kind of value; may raise ``Fault`` when nothing of the value can be kept.
Reader = Callable[[Field, Any, Scope], Values]
