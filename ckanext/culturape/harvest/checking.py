"""May these options be those of a source? All that is wrong is told at once, each fault at its option."""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, cast

from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.harvest import checking_values as values
from ckanext.culturape.harvest.checking_values import Against
from ckanext.culturape.harvest.legacy import legacy_fault
from ckanext.culturape.harvest.options import NAMES, Options
from ckanext.culturape.values.texts import shorten

#: The place of faults that belong to no option.
WHOLE = "config"


class Checked(NamedTuple):
    """Options that may be used when there are no faults.

    Attributes:
        options: what could be read; as by default where it could not.
        faults: what is wrong, each at its option, or at ``config``.
    """

    options: Options
    faults: tuple[Fault, ...] = ()


def check(given: object, against: Against) -> Checked:
    """The options that are given.

    Args:
        given: JSON as text, or what it says; nothing for all defaults.
        against: vocabularies and limits of the site.
    """
    try:
        raw = read_config(given)
    except Fault as fault:
        return Checked(Options(), (fault.at(WHOLE),))
    faults = [_unknown(name) for name in raw if name not in NAMES]
    found: dict[str, Any] = {}
    for name, read in _READERS.items():
        if raw.get(name) is None:
            continue
        try:
            found[name], wrong = read(raw[name], against)
        except Fault as fault:
            wrong = [fault]
        faults += [fault.at(name) for fault in wrong]
    options = Options(**found)
    return Checked(options, (*faults, *_contradictions(options, against)))


def read_config(given: object) -> Mapping[str, Any]:
    """What a configuration says, still unchecked. Raises: Fault when it is no JSON object."""
    if isinstance(given, (str, bytes)):
        try:
            given = json.loads(given) if given.strip() else {}
        except (ValueError, RecursionError) as error:
            raise Fault(N_("The JSON cannot be read: %(reason)s"), {"reason": str(error)[:200]}) from error
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise Fault(
            N_("The options of a source are a JSON object, such as %(example)s."),
            {"example": '{"private": true}'},
        )
    return {str(name): value for name, value in cast("Mapping[Any, Any]", given).items()}


def _unknown(name: str) -> Fault:
    """The fault of a name that is none of ours: of another harvester, or misspelt."""
    known = legacy_fault(name)
    if known:
        return known.at(WHOLE)
    closest = difflib.get_close_matches(name.lower(), NAMES, 1, 0.6)
    if closest:
        message = N_("“%(name)s” is not an option of a source. The closest one is “%(closest)s”.")
        return Fault(message, {"name": shorten(name), "closest": closest[0]}, WHOLE)
    message = N_("“%(name)s” is not an option of a source. The options are: %(names)s.")
    return Fault(message, {"name": shorten(name), "names": NAMES}, WHOLE)


def _contradictions(options: Options, against: Against) -> Iterator[Fault]:
    """An access level that a chosen care does not allow would refuse or change every dataset."""
    levels = values.allowed_levels(options.sensitivity)
    if options.access_level in levels:
        return
    labels = tuple(against.label("access-level", level) for level in levels)
    chosen = tuple(against.label("sensitivity", name) for name in options.sensitivity)
    message = N_("The care that you chose (%(chosen)s) allows only: %(allowed)s.")
    yield Fault(message, {"chosen": chosen, "allowed": labels}, "access_level")


_READERS: Mapping[str, Callable[[Any, Against], values.Values]] = {
    "format": values.read_format,
    "profile": values.read_family,
    "default_language": values.read_language,
    "organizations": values.read_organizations,
    "private": values.read_switch,
    "sensitivity": values.read_sensitivity,
    "access_level": values.read_access_level,
    "deletion_share": values.read_share,
    "verify": values.read_switch,
    "pause": values.read_pause,
    **{name: values.limit_reader(name) for name in ("size", "pages", "datasets", "triples")},
}
