"""The addresses of the catalogue: pages, single datasets. Those of ckanext-dcat, answered faster, and refusals in one sentence."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model
from ckanext.dcat import utils
from ckanext.dcat.helpers import endpoints_enabled
from flask import Blueprint, Response, redirect

from ckanext.culturape.dcat import action, dump, pages, single
from ckanext.culturape.dcat.asking import read_ask
from ckanext.culturape.fields import RECORD_TYPES
from ckanext.culturape.logic.readers import is_public
from ckanext.culturape.rdf.formats import Format
from ckanext.culturape.rdf.mapping import PROFILE
from ckanext.culturape.views import rdf
from ckanext.culturape.views.rdf import answers_in_a_sentence, is_known, read_file_format, read_format


def headers(form: Format, etag: str, modified: datetime | None) -> Response:
    """An answer of the catalogue without a body yet, that caches may keep as long as its tag holds."""
    return _of_profile(rdf.headers(form, etag, modified))


def _of_profile(response: Response) -> Response:
    response.headers["Link"] = f'<{PROFILE}>; rel="profile"'
    return response


@answers_in_a_sentence
def read_catalog(_format: str, package_type: str | None = None) -> Any:
    """A page of the catalogue."""
    del package_type
    form = read_format(_format)
    if not action.is_ours_to_write(tk.request.args.get("profiles")):
        body = tk.get_action("dcat_catalog_show")(
            {},
            {
                **tk.request.args.to_dict(),
                "format": _format,
                "profiles": action.split(tk.request.args.get("profiles")),
            },
        )
        return Response(body, content_type=form.media_type)
    tk.check_access("dcat_catalog_show", {"user": ""}, {})
    page = pages.find_page(read_ask(tk.request.args, _format))
    response = headers(form, page.etag, page.modified)
    if not is_known(response):
        response.set_data(pages.write_page(page, response.call_on_close))
    return response


@answers_in_a_sentence
def read_dataset(_id: str, _format: str, package_type: str | None = None) -> Any:
    """The statements about one dataset."""
    del package_type
    form = read_format(_format)
    found = single.find(_id) if action.is_ours_to_write(tk.request.args.get("profiles")) else None
    if found is None:
        return _elsewhere(_id, form) or utils.read_dataset_page(_id, _format)
    response = headers(form, found.etag(form), found.modified)
    if not found.is_public:
        rdf.keep_private(response)
    if not is_known(response):
        response.set_data(found.write(form))
    return response


def _elsewhere(name: str, form: Format) -> Any:
    """The way to the statements about an agenda, a commitment or a need, which is no dataset and has a door of its own; ``None`` for others.

    Raises: ObjectNotFound for one that is not public, of which not even the type is told here.
    """
    package: Any = model.Package.get(name)
    if package is None or package.type not in RECORD_TYPES[1:] or not p.plugin_loaded("culturape_agenda"):
        return None
    if not is_public(package):
        raise tk.ObjectNotFound(name)
    return redirect(f"/{package.type}/{package.name}.{form.suffix}", 303)


@answers_in_a_sentence
def read_dump(_format: str) -> Any:
    """The whole catalogue, as a stream."""
    file_format = read_file_format(_format)
    tk.check_access("dcat_catalog_show", {"user": ""}, {})
    found = dump.open_dump()
    return _of_profile(
        rdf.send_file(found, f"catalogo.{_format}", file_format, found.etag, found.state.changed)
    )


def blueprint() -> Blueprint:
    """The addresses that this site has for its catalogue."""
    catalogue = Blueprint("culturape_dcat", __name__)
    if endpoints_enabled():
        path = tk.config.get("ckanext.dcat.catalog_endpoint") or utils.DEFAULT_CATALOG_ENDPOINT
        catalogue.add_url_rule(path.replace("{_format}", "<_format>"), view_func=read_catalog)
        catalogue.add_url_rule("/dataset/<_id>.<_format>", view_func=read_dataset)
        catalogue.add_url_rule("/catalogo/dump.<path:_format>", view_func=read_dump)
    return catalogue
