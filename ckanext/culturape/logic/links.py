"""Which record does somebody mean who names another? Links are kept by id, so that they survive a rename.

What a person may not read is answered like what is not there, so that nobody learns of private records by linking to them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.search.query import solr_literal
from ckan.types import AuthResult, Context

from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.fields import RECORD_TYPES, Field, Schema
from ckanext.culturape.logic.readers import is_public
from ckanext.culturape.types import Record

#: Answers to somebody who types a part of a title.
MOST = 20

NOT_FOUND = N_("“%(value)s” was not found among what can be linked to here.")
ITSELF = N_("A record cannot be linked to itself.")


def resolve(schema: Schema, record: Record, old: Mapping[str, Any] | None, context: Context) -> list[Fault]:
    """Put ids in place of names and addresses; what is wrong with the links. Changes the record.

    Links that stand in the stored record stay, whatever became of the records that they lead to.
    """
    faults: list[Fault] = []
    for field in schema.fields:
        if field.is_link and record.get(field.name):
            kept = set(ids_of((old or {}).get(field.name)))
            faults += _resolve_field(field, record, kept, str((old or {}).get("id") or ""), context)
    return faults


def _resolve_field(field: Field, record: Record, kept: set[str], own: str, context: Context) -> list[Fault]:
    found: list[str] = []
    faults: list[Fault] = []
    for value in ids_of(record[field.name]):
        target = value if value in kept else find(value, field.record_types, context)
        if not target or target == own:
            faults.append(Fault(ITSELF if target else NOT_FOUND, {"value": value[:200]}, field.name))
        else:
            found.append(target)
    ids = sorted(set(found))
    record[field.name] = ids if field.is_list else "".join(ids[:1])
    if not ids:
        del record[field.name]
    return faults


def find(value: str, types: Iterable[str], context: Context) -> str | None:
    """Id of the record that an id, a name or an address of this site stands for; ``None`` when there is none that the person may read."""
    named = (
        value.rstrip("/").rsplit("/", 1)[-1] if value.startswith(str(tk.config["ckan.site_url"])) else value
    )
    package: Any = model.Package.get(named)
    if package is None or package.type not in types or package.state != model.State.ACTIVE:
        return None
    return str(package.id) if may_read(package, context) else None


def may_read(package: Any, context: Mapping[str, Any]) -> bool:
    """Whether the person of a context may read a record."""
    if is_public(package):
        return True
    asked = {"user": context.get("user") or "", "auth_user_obj": context.get("auth_user_obj")}
    if context.get("ignore_auth"):
        asked["ignore_auth"] = True
    try:
        tk.check_access("package_show", cast("Context", {**asked, "package": package}), {"id": package.id})
    except tk.NotAuthorized:
        return False
    return True


def ids_of(value: Any) -> list[str]:
    """The values of a link or of a list of links, as a list; nothing when they are of another shape."""
    items = cast("list[Any]", value) if isinstance(value, (list, tuple)) else [value]
    return [item for item in items if isinstance(item, str) and item]


@tk.side_effect_free
def culturape_record_search(context: Context, data_dict: Record) -> list[dict[str, str]]:
    """Find records by a part of their titles, to link to them.

    :param scheme: types of records, separated by spaces: ``dataset``, ``agenda``, ``compromiso``, ``necesidad``
    :param q: what was typed

    :returns: dictionaries with ``id``, ``label`` (title) and ``hint`` (organisation), at most 20, those that the person may read
    """
    tk.check_access("culturape_record_search", context, data_dict)
    types = [name for name in str(tk.get_or_bust(data_dict, "scheme")).split() if name in RECORD_TYPES]
    if not types:
        raise tk.ObjectNotFound(tk._("No type of record is called so."))
    typed = solr_literal(str(data_dict.get("q") or "")[:200].replace("\\", " "))
    query = {
        "q": f"name_ngram:{typed} OR title_ngram:{typed} OR title:{typed}",
        "fq": f"+dataset_type:({' OR '.join(types)})",
        "rows": MOST,
        "include_private": True,
    }
    asked = {"user": context.get("user"), "auth_user_obj": context.get("auth_user_obj")}
    found = tk.get_action("package_search")(cast("Context", asked), query)
    return [
        {
            "id": one["id"],
            "label": one["title"] or one["name"],
            "hint": (one.get("organization") or {}).get("title") or "",
        }
        for one in found["results"]
    ]


@tk.auth_allow_anonymous_access
def culturape_record_search_auth(context: Context, data_dict: Record) -> AuthResult:
    """Anybody: each finds what they may read."""
    return {"success": True}
