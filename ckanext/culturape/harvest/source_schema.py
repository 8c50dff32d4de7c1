"""What must hold of a source of ours before it is saved, through whatever door: form, API, patch or command line.

ckanext-harvest asks a harvester about its configuration alone, and knows one place for all that is wrong. So its schema is extended for sources of ours: all
faults are found at once, each at its field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan.lib.plugins import lookup_package_plugin
from ckan.types import Context
from ckanext.harvest.model import HarvestSource

from ckanext.culturape import config
from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.harvest import source_access, typed
from ckanext.culturape.harvest.checking import WHOLE, Checked, read_config
from ckanext.culturape.harvest.kinds import FREQUENCIES
from ckanext.culturape.harvest.options import NAMES, Options, write_options
from ckanext.culturape.harvest.source import checked
from ckanext.culturape.harvest.source_address import check_address, check_network
from ckanext.culturape.harvest.source_twins import twin_of
from ckanext.culturape.logic.names import free_name

Data = dict[tuple[Any, ...], Any]
Errors = dict[tuple[Any, ...], list[str]]


def schema_of(action: str) -> dict[str, Any]:
    """The schema of ckanext-harvest for sources, extended for ours."""
    plugin: Any = lookup_package_plugin("harvest")
    is_new = action == "package_create"
    stock: dict[str, Any] = plugin.create_package_schema() if is_new else plugin.update_package_schema()
    to_extras, as_text = tk.get_converter("convert_to_extras"), tk.get_validator("unicode_safe")
    return {
        **stock,
        "__before": [fill_in],
        "url": [read_address, as_text],
        "config": [read_configuration, to_extras],
        "frequency": [read_frequency, to_extras],
    }


def fill_in(key: Any, data: Data, errors: Errors, context: Context) -> None:
    """A title is enough: the name follows from it."""
    del key, errors
    title, name = (data.get((field,)) for field in ("title", "name"))
    if name in (None, "", tk.missing):
        package: Any = context.get("package")
        if package is not None:
            data["name",] = package.name
        elif isinstance(title, str) and title.strip():
            data["name",] = free_name(title)


def read_address(key: Any, data: Data, errors: Errors, context: Context) -> None:
    """An address that can be fetched, with nothing in it that must stay secret."""
    stored = _stored(context)
    try:
        data[key] = check_address(data.get(key))
        if stored is None or stored.url != data[key]:
            check_network(data[key], config.allowed_sources())
    except Fault as fault:
        _refuse(errors, [fault.at("url")])


def read_frequency(key: Any, data: Data, errors: Errors, context: Context) -> None:
    """One of the frequencies that ckanext-harvest knows; by hand when nobody chose."""
    del context
    given = data.get(key)
    value = given.strip().upper() if isinstance(given, str) and given.strip() else next(iter(FREQUENCIES))
    if value not in FREQUENCIES:
        message = N_("“%(value)s” is not a frequency: %(names)s.")
        _refuse(
            errors, [Fault(message, {"value": str(given)[:80], "names": tuple(FREQUENCIES)}, "frequency")]
        )
    data[key] = value


def read_configuration(key: Any, data: Data, errors: Errors, context: Context) -> None:
    """The options, from JSON, from the fields of the form, or from both; as they were when nothing is said of them."""
    stored = _stored(context)
    try:
        found = checked(_given(data, key, stored))
    except Fault as fault:
        found = Checked(Options(), (fault.at(WHOLE),))
    options, absent = source_access.by_name(found.options)
    faults = [*found.faults, *absent]
    if not faults and not _is_as_stored(data, options, stored):
        faults += source_access.access_faults(options, _owner(data, context), context)
    twin = None if faults else twin_of(data.get(("url",)), write_options(options), stored)
    if twin:
        message = N_("There is a source with this address and these options already: “%(value)s”.")
        faults.append(Fault(message, {"value": twin}, "url"))
    _refuse(errors, faults)
    data[key] = write_options(options)


def _given(data: Data, key: Any, stored: Any) -> Mapping[str, Any]:
    """What is said of options, unchecked. Raises: Fault."""
    extras = cast("Mapping[str, Any]", data.get(("__extras",)) or {})
    bare = [name for name in NAMES if name in extras]
    if bare:
        message = N_("“%(name)s” stands alone; options stand in “config”, or each as “%(example)s”.")
        raise Fault(message, {"name": bare[0], "example": f"{typed.PREFIX}{bare[0]}"})
    fields = typed.options_of(extras)
    if typed.SENT in extras:
        return fields
    given = data.get(key)
    is_said = given not in (None, tk.missing)
    return {**read_config(given if is_said else stored and stored.config), **fields}


def _is_as_stored(data: Data, options: Options, stored: Any) -> bool:
    """Whether neither where a source reads nor where it writes changes, so that nobody gains by it."""
    return stored is not None and (stored.url, stored.config) == (data.get(("url",)), write_options(options))


def _owner(data: Data, context: Context) -> object:
    package: Any = context.get("package")
    given = data.get(("owner_org",))
    return package.owner_org if given in (None, tk.missing) and package is not None else given


def _stored(context: Context) -> Any:
    package: Any = context.get("package")
    return HarvestSource.get(package.id) if package is not None else None


def _refuse(errors: Errors, faults: list[Fault]) -> None:
    """Write faults down at their fields. Raises: StopOnError when there are any."""
    for fault in faults:
        errors.setdefault((place_of(fault),), []).append(fault.text(tk._))
    if faults:
        raise tk.StopOnError


def place_of(fault: Fault) -> str:
    """The field of the form that a fault is about."""
    return f"{typed.PREFIX}{fault.field}" if fault.field in NAMES else fault.field


def errors_of(faults: Iterable[Fault], say: Callable[[str], str]) -> dict[str, list[str]]:
    """Faults by field of the form, as CKAN gives errors."""
    found: dict[str, list[str]] = {}
    for fault in faults:
        found.setdefault(place_of(fault), []).append(fault.text(say))
    return found
