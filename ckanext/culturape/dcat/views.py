"""The addresses of the catalogue: pages, single datasets. Those of ckanext-dcat, answered faster, and refusals in one sentence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from functools import wraps
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.search import SearchError
from ckanext.dcat import utils
from ckanext.dcat.exceptions import RDFProfileException
from ckanext.dcat.helpers import endpoints_enabled
from flask import Blueprint, Response

from ckanext.culturape.dcat import action, dump, pages, single
from ckanext.culturape.dcat.asking import read_ask, read_format
from ckanext.culturape.rdf.formats import Format
from ckanext.culturape.rdf.mapping import PROFILE

View = Callable[..., Any]


def sentence(message: str, status: int) -> Response:
    """A refusal."""
    return Response(message + "\n", status=status, content_type="text/plain; charset=utf-8")


def answers_in_a_sentence(view: View) -> View:
    """What cannot be answered is told in one sentence, never with an error page."""

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> Any:
        try:
            return view(*args, **kwargs)
        except tk.ValidationError as error:
            return sentence(" ".join(map(str, error.error_summary.values())), 400)
        except RDFProfileException:
            return sentence(
                tk._("No profile is called “%(name)s”.")
                % {"name": tk.request.args.get("profiles", "")[:100]},
                400,
            )
        except tk.NotAuthorized:
            return sentence(tk._("You may not read this catalogue."), 403)
        except tk.ObjectNotFound:
            return sentence(tk._("Dataset not found"), 404)
        except (SearchError, RuntimeError) as error:
            return sentence(str(error), 503)

    return answer


def headers(form: Format, etag: str, modified: datetime | None) -> Response:
    """An answer in a format of RDF without a body yet, that caches may keep as long as its tag holds."""
    kind = form.media_type if form.suffix == "jsonld" else f"{form.media_type}; charset=utf-8"
    response = cacheable(kind, etag, modified)
    response.headers["Link"] = f'<{PROFILE}>; rel="profile"'
    response.vary.add("Accept")
    return response


def cacheable(content_type: str, etag: str, modified: datetime | None) -> Response:
    """An answer without a body yet, that caches may keep as long as its tag holds."""
    response = Response(content_type=content_type)
    response.set_etag(etag, weak=True)
    response.last_modified = modified and (
        modified if modified.tzinfo else modified.replace(tzinfo=timezone.utc)
    )
    response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
    response.vary.add("Accept-Encoding")
    return response


def is_known(response: Response) -> bool:
    """Whether the client has this answer; only its tag counts, since what leaves a page changes no date."""
    etag, _ = response.get_etag()
    if not etag or not tk.request.if_none_match.contains_weak(etag):
        return False
    response.status_code = 304
    return True


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
        return utils.read_dataset_page(_id, _format)
    response = headers(form, found.etag(form), found.modified)
    if not found.is_public:
        tk.request.environ["__no_cache__"] = True
        response.headers["Cache-Control"] = "private, no-store"
    if not is_known(response):
        response.set_data(found.write(form))
    return response


@answers_in_a_sentence
def read_dump(_format: str) -> Any:
    """The whole catalogue, as a stream."""
    suffix, _, packed = _format.partition(".")
    form = read_format(suffix if packed in {"", "gz"} else _format)
    tk.check_access("dcat_catalog_show", {"user": ""}, {})
    found = dump.open_dump()
    try:
        response = headers(form, found.etag(form, bool(packed)), found.state.changed)
        name = f"catalogo.{_format}"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        if packed:
            response.content_type = "application/gzip"
        if is_known(response) or tk.request.method == "HEAD":
            # Nobody knows the length of what was not written.
            response.automatically_set_content_length = False
            found.close()
            return response
    except BaseException:
        found.close()
        raise
    response.response = dump.gzipped(found.write(form)) if packed else found.write(form)
    response.call_on_close(found.close)
    return response


def blueprint() -> Blueprint:
    """The addresses that this site has for its catalogue."""
    catalogue = Blueprint("culturape_dcat", __name__)
    if endpoints_enabled():
        path = tk.config.get("ckanext.dcat.catalog_endpoint") or utils.DEFAULT_CATALOG_ENDPOINT
        catalogue.add_url_rule(path.replace("{_format}", "<_format>"), view_func=read_catalog)
        catalogue.add_url_rule("/dataset/<_id>.<_format>", view_func=read_dataset)
        catalogue.add_url_rule("/catalogo/dump.<path:_format>", view_func=read_dump)
    return catalogue
