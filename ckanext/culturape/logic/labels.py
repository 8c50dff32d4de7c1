"""Who may put Local Contexts Labels, and who grants the types of communities?

Communities label, institutions notify: labels are set only by editors of an organisation whose type is a community, through
``culturape_label_set``; an ordinary update neither adds nor removes one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan import authz, model
from ckan.types import AuthResult, Context

from ckanext.culturape import config
from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.fields import load_schema
from ckanext.culturape.logic.site import vocabulary
from ckanext.culturape.types import Record
from ckanext.culturape.values import canonical_value

INSTITUTION_TYPE = "institution_type"


def is_community(organization: Mapping[str, Any]) -> bool:
    """Whether an organisation is a community or represents one."""
    concept = vocabulary().concept("institution-type", str(organization.get(INSTITUTION_TYPE) or ""))
    return bool(concept and concept.attributes.get("community"))


def community_organizations(user: str) -> list[Record]:
    """The organisations of communities in which a person may edit."""
    context = cast("Context", {"user": user})
    listed = tk.get_action("organization_list_for_user")(context, {"permission": "update_dataset"})
    show = tk.get_action("organization_show")
    ids = [organization["id"] for organization in listed]
    return [
        org
        for org in (show(cast("Context", {"ignore_auth": True}), {"id": i}) for i in ids)
        if is_community(org)
    ]


def culturape_label_set(context: Context, data_dict: Record) -> Record:
    """Put the Labels of a community on a dataset.

    :param id: id or name of the dataset
    :param labels: the Labels that it carries from now on, a list of concepts of ``local-contexts-label``

    :returns: the dataset
    """
    dataset_id = tk.get_or_bust(data_dict, "id")
    tk.check_access("culturape_label_set", context, data_dict)
    field = load_schema().field("labels")
    labels, faults = canonical_value(field, data_dict.get("labels"), vocabulary(), config.default_language())
    if faults:
        raise tk.ValidationError({"labels": [fault.text(tk._) for fault in faults]})
    allowed = cast(
        "Context",
        {
            "ignore_auth": True,
            "user": context.get("user"),
            "culturape_labels": True,
            "culturape_import": True,
        },
    )
    return tk.get_action("package_patch")(allowed, {"id": dataset_id, "labels": labels or []})


def culturape_label_set_auth(context: Context, data_dict: Record) -> AuthResult:
    """Editors of a community, on any dataset that they may read."""
    tk.check_access("package_show", context, {"id": data_dict["id"]})
    user = str(context.get("user") or "")
    if user and community_organizations(user):
        return {"success": True}
    return {
        "success": False,
        "msg": tk._("Only the community puts Labels: you are no editor of an organisation of a community."),
    }


def keep_labels(record: Record, old: Mapping[str, Any] | None, context: Context) -> None:
    """Let an ordinary change leave the Labels as they are. Changes the record."""
    if context.get("culturape_labels"):
        return
    record.pop("labels", None)
    if old and old.get("labels"):
        record["labels"] = old["labels"]


def check_institution_type(
    old: Mapping[str, Any] | None, new: Mapping[str, Any], context: Context
) -> list[Fault]:
    """Refuse the type of a community that was not granted before, unless a sysadmin grants it."""
    user = model.User.get(context.get("user"))
    granted = (old or {}).get(INSTITUTION_TYPE) == new.get(INSTITUTION_TYPE)
    if granted or not is_community(new) or (user is not None and authz.is_sysadmin(user.name)):
        return []
    message = N_("Types of communities are granted by the administrators of the portal. Ask them.")
    return [Fault(message, {}, INSTITUTION_TYPE)]
