"""What SHACL says of a dataset, through CKAN's API and for its page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context

from ckanext.culturape.dcat.profile import DATASET_TYPE, is_ours
from ckanext.culturape.dcat.shacl import background, editors
from ckanext.culturape.dcat.shacl.links import report
from ckanext.culturape.errors import Fault
from ckanext.culturape.types import Record

SHOW = "culturape_dcat_validation_show"


@tk.side_effect_free
def culturape_dcat_validation_show(context: Context, data_dict: Record) -> Record:
    """What SHACL shapes say of a dataset as it is now.

    :param id: id or name of the dataset, public or not

    :returns: ``id``; ``conforms``; ``checked``; ``counts`` by severity; ``findings``, each with ``severity`` (``violation``,
        ``warning``, ``info``), ``message`` in the reader's language, ``property``, ``part``, ``field``, ``resource_id``, ``url``
        of the form's field, ``value``, ``path``, ``focus``, ``constraint``
    """
    record = _record(context, data_dict)
    tk.check_access(SHOW, context, {"id": record["id"]})
    try:
        return {"id": record["id"], **report(record, editors.examine(record["id"]))}
    except (Fault, RuntimeError) as error:
        message = error.text(tk._) if isinstance(error, Fault) else str(error)
        raise tk.ValidationError({"message": [message]}, error_summary={"message": message}) from error


def _record(context: Context, data_dict: Record) -> Record:
    record = tk.get_action("package_show")(context, {"id": tk.get_or_bust(data_dict, "id")})
    if record.get("type") != DATASET_TYPE or not is_ours(record):
        raise tk.ObjectNotFound(tk._("Dataset not found"))
    return record


def may_show(context: Context, data_dict: Record) -> AuthResult:
    """Those who may edit a dataset."""
    try:
        tk.check_access("package_update", context, {"id": data_dict["id"]})
    except tk.NotAuthorized as error:
        return {"success": False, "msg": str(error)}
    return {"success": True}


def culturape_validation(record: Mapping[str, Any]) -> Record | None:
    """The kept report about a dataset for its page: empty while the worker has not made it, ``None`` when it cannot be made."""
    if not is_ours(dict(record)):
        return None
    try:
        found = editors.kept(str(record["id"]))
    except (Fault, RuntimeError):
        editors.log.exception("datasets cannot be held to the shapes of this site")
        return None
    if found is None:
        background.examine_later(str(record["id"]))
        return {}
    return report(dict(record), found)
