"""Who may call our actions, and what review changes in who may publish."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import authz
from ckan.types import AuthResult, Context

from ckanext.culturape import config
from ckanext.culturape.logic import concepts, labels, links
from ckanext.culturape.logic.review import is_public

Auth = Callable[..., AuthResult]

#: Types of packages that are no records: a source of other catalogues, whose datasets are reviewed one by one.
UNREVIEWED = ("harvest",)


def _may_publish(context: Context, organization: str | None) -> bool:
    user = str(context.get("user") or "")
    return bool(organization) and authz.has_user_permission_for_group_or_org(organization, user, "admin")


def _reviewed(context: Context, data: dict[str, Any], organization: str | None) -> AuthResult:
    """With review, only administrators of the organisation make a record public."""
    if not config.review() or not data or not is_public(data) or _may_publish(context, organization):
        return {"success": True}
    if data.get("type") in UNREVIEWED:
        return {"success": True}
    message = tk._(
        "This portal reviews records before they are published: save it as private; an administrator of your organisation publishes it."
    )
    return {"success": False, "msg": message}


@tk.chained_auth_function  # type: ignore[arg-type]
@tk.auth_allow_anonymous_access
def package_create(original: Auth, context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """As CKAN says, and as the review option says."""
    result = original(context, data_dict)
    data = data_dict or {}
    if result.get("success") and "owner_org" in data:
        return _reviewed(context, data, data.get("owner_org"))
    return result


@tk.chained_auth_function  # type: ignore[arg-type]
@tk.auth_allow_anonymous_access
def package_update(original: Auth, context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """As CKAN says, and as the review option says: what is public already may be changed by editors."""
    result = original(context, data_dict)
    package: Any = context.get("package")
    if package is None or not result.get("success") or "private" not in data_dict:
        return result
    is_hidden = package.private or package.state != "active"
    return _reviewed(context, data_dict, package.owner_org) if is_hidden else result


def auth_functions() -> dict[str, Any]:
    """By name, as CKAN asks for them."""
    return {
        "culturape_concept_search": concepts.culturape_concept_search_auth,
        "culturape_label_set": labels.culturape_label_set_auth,
        "culturape_record_search": links.culturape_record_search_auth,
        "package_create": package_create,
        "package_update": package_update,
    }
