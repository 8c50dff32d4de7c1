"""By what can coverage be looked at? Each axis is a field of the index with the concepts of a vocabulary, and places for records that name none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ckanext.culturape.errors import N_
from ckanext.culturape.search import use_field
from ckanext.culturape.vocab.concept import Concept
from ckanext.culturape.vocab.pack import TERRITORY, Vocabulary

#: What a key begins with that stands for a slot instead of a concept.
MARK = "~"


@dataclass(frozen=True, slots=True)
class Slot:
    """A place on an axis for records that are at none of its concepts.

    Attributes:
        id: in addresses.
        words: English msgid.
        query: what finds them; ``{country}`` stands for the country of the pack.
        is_kept: shown also when nothing is there.
    """

    id: str
    words: str
    query: str
    is_kept: bool = False

    @property
    def key(self) -> str:
        """Its key among those of concepts."""
        return MARK + self.id


@dataclass(frozen=True, slots=True)
class Axis:
    """What rows or columns can be.

    Attributes:
        name: in addresses.
        field: of the index, and of filters in the address of a search.
        vocabulary: id of the concept scheme.
        words: English msgid.
        slots: after the concepts.
        of_needs: whether needs have it too.
        asks: field of a need that is filled in beforehand by whoever follows an empty cell; empty for none.
    """

    name: str
    field: str
    vocabulary: str
    words: str
    slots: tuple[Slot, ...]
    of_needs: bool = True
    asks: str = ""

    def concepts(self, vocabulary: Vocabulary) -> tuple[Concept, ...]:
        """The concepts of the axis: regions of the country, and of other schemes those without a broader one. A narrower one counts in its broader."""
        scheme = vocabulary.scheme(self.vocabulary)
        return scheme.children(vocabulary.pack.country) if self.is_place else scheme.roots()

    def concept(self, key: str, vocabulary: Vocabulary) -> Concept | None:
        """The concept of that key, also a narrower one; of places only regions of the country."""
        found = vocabulary.scheme(self.vocabulary).get(key)
        is_ours = found is not None and (not self.is_place or vocabulary.pack.country in found.broader)
        return found if is_ours else None

    def slot(self, key: str) -> Slot | None:
        """The slot of that key."""
        return next((slot for slot in self.slots if slot.key == key), None)

    @property
    def is_place(self) -> bool:
        """Whether its concepts are places."""
        return self.vocabulary == TERRITORY


def none_of(field: str) -> Slot:
    """The slot of records that name nothing."""
    return Slot("sin-indicar", N_("Not said"), f"*:* -{field}:[* TO *]")


_REGION = "vocab_region"
_COUNTRY = "vocab_country"

#: A region has what its provinces and districts have; what is of the whole country is of no region.
_PLACES = (
    Slot("todo-el-pais", N_("Whole country"), f'+{_COUNTRY}:"{{country}}" -{_REGION}:[* TO *]', is_kept=True),
    Slot(
        "otros-paises",
        N_("Other countries only"),
        f'+{_COUNTRY}:[* TO *] -{_REGION}:[* TO *] -{_COUNTRY}:"{{country}}"',
    ),
    Slot("sin-indicar", N_("Not said"), f"*:* -{_COUNTRY}:[* TO *] -{_REGION}:[* TO *]"),
)


def _axes() -> Iterator[Axis]:
    for name, vocabulary, words in (
        ("cultural_right", "cultural-right", N_("Cultural rights")),
        ("sector", "sector", N_("Cultural sectors")),
        ("people", "people", N_("Peoples")),
    ):
        field = f"vocab_{name}"
        yield Axis(name, field, vocabulary, words, (none_of(field),), asks=name)
    yield Axis("region", _REGION, TERRITORY, N_("Region"), _PLACES, asks=TERRITORY)
    spoken = use_field("language")
    yield Axis("language", spoken, "language", N_("Languages (about or in)"), (none_of(spoken),))
    level = "vocab_access_level"
    yield Axis("access_level", level, "access-level", N_("Access level"), (none_of(level),), of_needs=False)


#: All axes by name.
AXES = {axis.name: axis for axis in _axes()}
