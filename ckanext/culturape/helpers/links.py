"""What templates ask of links between records."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from flask import current_app

from ckanext.culturape import config
from ckanext.culturape.logic.links import ids_of, may_read
from ckanext.culturape.logic.readers import reader

#: Page of a plugin on which anybody states a need.
NEED_FORM = "culturape_needs.new"


def culturape_linked(name: str, data: Mapping[str, Any]) -> list[str]:
    """The links of a field, as stored or as just typed."""
    value: Any = data.get(name)
    if isinstance(value, str):
        value = json.loads(value) if value.startswith("[") else value.splitlines()
    return [item.strip() for item in ids_of(value) if item.strip()]


def culturape_links(ids: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """For each link the id, what to show of it, and its address; no address, and no title, for what the reader may not read."""
    for record_id in ids:
        package: Any = model.Package.get(record_id)
        if package is not None and package.state != model.State.DELETED and may_read(package, reader()):
            yield (
                record_id,
                package.title or package.name,
                tk.url_for(f"{package.type}.read", id=package.name),
            )
        else:
            yield record_id, tk._("A record that is not public"), ""


def culturape_link_labels(ids: Iterable[str]) -> str:
    """JSON of what to show of each link, for the search box of a form."""
    return json.dumps({record_id: label for record_id, label, _ in culturape_links(ids)}, ensure_ascii=False)


def culturape_need_form_url(**params: Any) -> str:
    """Address of the form in which anybody states a need, filled in beforehand; empty where no plugin brings it, and where needs are not received."""
    if NEED_FORM not in current_app.view_functions or config.needs_from() == "nobody":
        return ""
    return tk.url_for(NEED_FORM, **params)
