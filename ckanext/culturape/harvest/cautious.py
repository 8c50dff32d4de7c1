"""How does a record of a stranger meet the rules of care? Reduced before it is stored, never more open than they allow."""

from __future__ import annotations

from ckanext.culturape import care
from ckanext.culturape.care.rules import CLOSED, EVERY, NOT_REVIEWED, Rule
from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.harvest.options import Options
from ckanext.culturape.types import Record
from ckanext.culturape.vocab.pack import Vocabulary

PIACI = "piaci"


def make_cautious(record: Record, options: Options, vocabulary: Vocabulary) -> tuple[Record, list[Fault]]:
    """The record as it may be stored, and what was taken out of it.

    Where the source says nothing of care, the choice made for it stands; a people in isolation brings its sensitivity whether or not
    the source says so. An access level that the rules do not allow becomes the one that they suggest, and places, geometry and
    files that they do not allow are left out.
    """
    careful = dict(record)
    if careful.get("sensitivity") in (None, [], [NOT_REVIEWED]):
        careful["sensitivity"] = sorted(options.sensitivity)
    if careful.get("access_level") in (None, "", NOT_REVIEWED):
        careful["access_level"] = options.access_level
    rules = care.rules_of(careful, vocabulary)
    _add_isolation(careful, [rule.sensitivity for rule in rules])
    careful["access_level"] = _allowed_level(str(careful["access_level"]), rules)
    reduced = care.reduce(careful, vocabulary)
    return reduced, list(_told(record, reduced))


def _add_isolation(record: Record, names: list[str]) -> None:
    """Write down the sensitivity that a people in isolation brings, in place of "none" and "not reviewed"."""
    said = [name for name in record["sensitivity"] if name not in ("ninguna", NOT_REVIEWED)]
    if PIACI in names and PIACI not in said:
        record["sensitivity"] = sorted({*said, PIACI})


def _allowed_level(level: str, rules: tuple[Rule, ...]) -> str:
    """The level, or one that all rules allow: what one of them suggests, else that which shows least."""
    allowed = [name for name in EVERY if all(name in rule.access for rule in rules)]
    if level in allowed:
        return level
    suggested = [rule.suggested for rule in rules if rule.suggested in allowed]
    closed = [name for name in CLOSED if name in allowed]
    return next(iter([*suggested, *reversed(closed), CLOSED[-1]]))


def _told(before: Record, after: Record) -> list[Fault]:
    """A fault for each field in which less stands than the source said."""
    message = N_("The rules of care do not allow what the source says here; it is left out or made coarser.")
    fields = ("sensitivity", "access_level", "territory")
    changed = [
        name
        for name in fields
        if before.get(name) not in (None, "", [], after.get(name), NOT_REVIEWED, [NOT_REVIEWED])
    ]
    told = [Fault(message, {}, name) for name in changed]
    for position, (old, new) in enumerate(
        zip(before.get("resources") or (), after.get("resources") or (), strict=False)
    ):
        if old != new:
            told.append(Fault(message, {}, "download_url", position))
    return told
