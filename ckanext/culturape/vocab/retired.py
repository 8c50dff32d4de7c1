"""What took the place of a retired concept?"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ckanext.culturape.vocab.concept import Concept, Scheme


def successor(concept: Concept, scheme: Scheme) -> Concept | None:
    """The concept in use that follows a retired one, over as many steps as it takes.

    ``None`` for a concept that is not retired, and where the way ends: at nothing, at a retired concept without
    successor, or where it began.
    """
    seen: set[str] = set()
    found: Concept | None = concept
    while found and found.deprecated and found.id not in seen:
        seen.add(found.id)
        found = scheme.get(found.replaced_by)
    return None if found is None or found.deprecated or found is concept else found


def faults(concept: Concept, scheme: Scheme) -> Iterator[str]:
    """What is wrong with the retirement of a concept."""
    following = concept.replaced_by
    if not following:
        return
    if following not in scheme:
        yield f"replaced by “{following}”, which does not exist"
    elif not concept.deprecated:
        yield f"replaced by “{following}”, but not marked as deprecated"
    elif successor(concept, scheme) is None:
        yield _dead_end(concept, scheme)


def _dead_end(concept: Concept, scheme: Scheme) -> str:
    way = [concept.id]
    current: Concept | None = scheme.get(concept.replaced_by)
    while current and current.id not in way:
        way.append(current.id)
        current = scheme.get(current.replaced_by)
    if current:
        return f"replaced in a circle: {' → '.join([*way, current.id])}"
    return f"replaced by “{way[-1]}” in the end, which is retired without successor: {' → '.join(way)}"
