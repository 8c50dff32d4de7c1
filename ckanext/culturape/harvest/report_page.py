"""What all pages on a source share: who may see them, and how they are shown."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.culturape.harvest import spots
from ckanext.culturape.harvest.known_source import SHOW, KnownSource, find
from ckanext.culturape.harvest.noted import Chosen
from ckanext.culturape.harvest.paging import SIZE, Page, read_page
from ckanext.culturape.harvest.teller import reader_teller
from ckanext.culturape.views.editing import may, user_name


def private(view: Callable[..., Any]) -> Callable[..., Any]:
    """A page that no cache keeps; with one sentence when our tables are not there."""

    @wraps(view)
    def answer(**arguments: Any) -> Any:
        tk.request.environ["__no_cache__"] = True
        # The templates of ckanext-harvest ask for it.
        tk.g.dataset_type = "harvest"
        try:
            return view(**arguments)
        except RuntimeError as error:
            return tk.abort(503, str(error))

    return answer


def source_or_404(name: str) -> KnownSource:
    """The source, for those who manage it; for those who may not even see it there is none."""
    try:
        source = find(name)
        tk.check_access("package_show", cast("Context", {"user": user_name()}), {"id": source.id})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.abort(404, tk._("No source of this harvester has that name."))
    may(SHOW, {"id": source.id})
    return source


def asked_page(parameter: str = "pagina", size: int = SIZE) -> Page:
    """The page that is asked for."""
    return Page(read_page(tk.request.args.get(parameter)), size)


def asked_notes(source: KnownSource) -> Chosen:
    """The notes that are asked for: all, of a field, or of one kind of problem in it. Aborts for a field that there is not."""
    group = tk.request.args.get("campo", "")
    if group and not spots.is_group(group):
        tk.abort(404, tk._("There is no such field."))
    return Chosen(source.id, "", group, tk.request.args.get("problema", "")[:8])


def render(template: str, source: KnownSource, **variables: Any) -> str:
    """A page on a source."""
    shown = {"id": source.id, "name": source.name, "title": source.title}
    more = {"source": source, "harvest_source": shown, "teller": reader_teller(), "spots": spots}
    return tk.render(f"culturape/harvest/{template}.html", {**variables, **more})
