"""What can be wrong with a value or a record, said so that a person can mend it.

``Fault`` is raised or collected by the pure modules, which know no request and no language: it carries an English
message (a msgid) and its parameters. The shell translates it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any


def N_(message: str) -> str:  # noqa: N802  (the name that message extraction looks for)
    """The message itself: marks it for translation where no language is known yet."""
    return message


def error_text(error: BaseException, longest: int = 300) -> str:
    """What an error of code says, with its kind, in so many characters."""
    return f"{type(error).__name__}: {error}"[:longest]


#: Parameters that are msgids themselves; all others are quoted as they are.
TRANSLATED_PARAMS = frozenset({"label", "labels", "reason", "accepted"})


class Fault(Exception):
    """One thing that is wrong, with the words to say it.

    Attributes:
        message: English msgid with ``%(name)s`` parameters.
        params: values of the parameters; those of ``TRANSLATED_PARAMS`` are msgids marked with ``N_``, and a
            parameter may be another fault.
        field: name of the field; empty while only its value is known.
        resource: position of the resource in the record, ``None`` for the dataset itself.
    """

    def __init__(
        self,
        message: str,
        params: Mapping[str, Any] | None = None,
        field: str = "",
        resource: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.params: Mapping[str, Any] = MappingProxyType(dict(params or {}))
        self.field = field
        self.resource = resource

    def at(self, field: str, resource: int | None = None) -> Fault:
        """The same fault, placed at a field."""
        return Fault(self.message, self.params, field, resource)

    def text(self, translate: Callable[[str], str] = str) -> str:
        """The sentence for people, in the language of ``translate``."""
        params = {key: _spell(key, value, translate) for key, value in self.params.items()}
        return translate(self.message) % params if params else translate(self.message)

    def __str__(self) -> str:
        return self.text()


def _spell(key: str, value: Any, translate: Callable[[str], str]) -> str:
    if isinstance(value, Fault):
        return value.text(translate)
    if isinstance(value, (list, tuple)):
        return ", ".join(_spell(key, item, translate) for item in value)
    return translate(value) if key in TRANSLATED_PARAMS and value else str(value)


def fault_to_json(fault: Fault) -> dict[str, Any]:
    """A fault as JSON, which PostgreSQL can keep; faults among its parameters stay faults."""
    return {
        "message": fault.message,
        "field": fault.field,
        "resource": fault.resource,
        "params": {key: _param_to_json(value) for key, value in fault.params.items()},
    }


def _param_to_json(value: Any) -> Any:
    if isinstance(value, Fault):
        return fault_to_json(value)
    if isinstance(value, (list, tuple)):
        return [_param_to_json(item) for item in value]
    return value if isinstance(value, int) else str(value).replace("\x00", "")


def fault_from_json(raw: Mapping[str, Any]) -> Fault:
    """The fault that was kept."""
    params = {key: _param_from_json(value) for key, value in raw["params"].items()}
    return Fault(raw["message"], params, raw.get("field", ""), raw.get("resource"))


def _param_from_json(value: Any) -> Any:
    if isinstance(value, dict):
        return fault_from_json(value)
    return [_param_from_json(item) for item in value] if isinstance(value, list) else value


class ConfigurationFault(Exception):
    """The site is configured so that culturape cannot work; the message says what to change."""
