"""Which record does ``package_show`` give while a harvest takes it over? That of the transaction, made once for all who ask.

Saving asks for it again and again: CKAN for what stood there before, our doors for what stands there now, the activity stream for its copy, the index for its document. The
first asks the index in vain, the others ask the database for the same rows each time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

import ckan.plugins.toolkit as tk
from ckan import logic, model
from ckan.lib import plugins
from ckan.types import Context
from sqlalchemy import event

from ckanext.culturape.types import Record


class Shown(NamedTuple):
    """A record as it stands, in the schema of CKAN (2.12 wants both for the index) and in ours."""

    default: Record | None
    ours: Record


@dataclass(slots=True)
class _Memory:
    """What is known of the one record that is taken over.

    Attributes:
        package_id: of it.
        shown: as it stands; ``None`` when something was written since, or nobody asked.
        is_written: whether the transaction has written anything, so that the index will want the record.
    """

    package_id: str
    shown: Shown | None = None
    is_written: bool = False


_memory: ContextVar[_Memory | None] = ContextVar("culturape_harvest_shown", default=None)


@contextmanager
def remembered(package_id: str) -> Iterator[None]:
    """Remember how this record stands until something is written."""
    token = _memory.set(_Memory(package_id))
    try:
        yield
    finally:
        _memory.reset(token)


@event.listens_for(model.Session, "after_flush")
@event.listens_for(model.Session, "after_soft_rollback")
def _forget(session: Any, cause: Any) -> None:
    del session, cause
    memory = _memory.get()
    if memory:
        memory.shown, memory.is_written = None, True


@tk.side_effect_free
@tk.chained_action
def package_show(original: Callable[..., Record], context: Context, data_dict: Record) -> Record:
    """As CKAN gives it; of the record that a harvest takes over, what is remembered."""
    memory = _memory.get()
    package = (
        model.Package.get(memory.package_id) if memory and _is_plain(memory, context, data_dict) else None
    )
    if memory is None or package is None:
        return original(context, data_dict)
    context["package"] = package
    tk.check_access("package_show", context, data_dict)
    return _copy(_known(memory, package).ours)


def _copy(value: Any) -> Any:
    """A record that its owner may change; all of it is what JSON knows, which need not be looked at as closely as ``deepcopy`` does."""
    if isinstance(value, dict):
        return {key: _copy(item) for key, item in cast("Record", value).items()}
    return [_copy(item) for item in cast("list[Any]", value)] if isinstance(value, list) else value


def is_under_way() -> bool:
    """Whether a harvest takes over a record in this thread."""
    return _memory.get() is not None


def _is_plain(memory: _Memory, context: Context, data_dict: Record) -> bool:
    """Whether somebody inside CKAN asks for the whole record, without wishes of their own."""
    return (
        data_dict.get("id") == memory.package_id
        and bool(context.get("ignore_auth"))
        and not any(
            data_dict.get(wish) for wish in ("use_default_schema", "include_plugin_data", "include_tracking")
        )
        and not context.get("for_view")
        and "schema" not in context
        and context.get("validate", True)
    )


def _known(memory: _Memory, package: Any) -> Shown:
    """What is remembered, unless something was written since."""
    shown = memory.shown
    is_whole = shown and (shown.default is not None or not memory.is_written)
    if (
        shown is None
        or not is_whole
        or shown.ours["metadata_modified"] != package.metadata_modified.isoformat()
    ):
        token = _memory.set(None)
        try:
            shown = memory.shown = (
                _show(memory.package_id) if memory.is_written else _show_ours(memory.package_id)
            )
        finally:
            _memory.reset(token)
    return shown


def show(package_id: str) -> Shown:
    """The record of the transaction that is under way, for the index. Raises: NotFound."""
    memory = _memory.get()
    package = model.Package.get(package_id) if memory and memory.package_id == package_id else None
    if memory is None or package is None:
        return _show(package_id)
    memory.is_written = True
    return _known(memory, package)


#: Parts of a record that CKAN's own schema cuts down; all others come out of it as they went in.
_CUT = ("groups", "relationships_as_subject", "relationships_as_object")


def _show(package_id: str) -> Shown:
    """What ``ckan.logic.package_show_default_and_custom_schemas`` gives, without the validation with CKAN's own schema where it changes nothing."""
    if not hasattr(logic, "package_show_default_and_custom_schemas"):
        return _show_ours(package_id)
    context = cast("Context", {**_context(), "validate": False})
    stored: Record = tk.get_action("package_show")(context, {"id": package_id})
    if any(stored.get(part) for part in _CUT):
        return Shown(*logic.package_show_default_and_custom_schemas(_context(), package_id))
    # The validation of ckanext-scheming takes things out of what it is given.
    default = _copy(stored)
    plugin = plugins.lookup_package_plugin(stored["type"])
    ours, _ = plugins.plugin_validate(plugin, context, stored, plugin.show_package_schema(), "package_show")
    logic.apply_after_dataset_show_plugins(context, ours)
    return Shown(default, ours)


def _show_ours(package_id: str) -> Shown:
    return Shown(None, tk.get_action("package_show")(_context(), {"id": package_id}))


def _context() -> Context:
    return cast("Context", {"ignore_auth": True, "use_cache": False})
