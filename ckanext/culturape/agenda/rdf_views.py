"""Agendas, commitments and needs for programs: each under the address of its page with a suffix, and all in one file."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response

from ckanext.culturape.agenda import dump, single
from ckanext.culturape.agenda.following import TYPES
from ckanext.culturape.rdf.formats import FORMATS
from ckanext.culturape.types import Record
from ckanext.culturape.views import rdf
from ckanext.culturape.views.rdf import Link, answers_in_a_sentence, digest, is_known, sentence

NAME = "culturape_agenda_rdf"

#: Pages that may be asked for as RDF.
PAGES = tuple(f"{record_type}.read" for record_type in TYPES)


@answers_in_a_sentence
def read_record(record_type: str, _id: str, _format: str) -> Any:
    """The statements about one record."""
    form = rdf.read_format(_format)
    try:
        found = single.find(record_type, _id)
    except tk.ObjectNotFound:
        return sentence(tk._("Nothing that you may read stands at this address."), 404)
    response = rdf.headers(form, digest(form.media_type, found.ntriples), found.modified)
    if not found.is_public:
        rdf.keep_private(response)
    if not is_known(response):
        response.set_data(found.write(form))
    return response


@answers_in_a_sentence
def read_all(_format: str) -> Any:
    """All that anybody may read, as a stream."""
    file_format = rdf.read_file_format(_format)
    tk.check_access("package_search", {"user": ""}, {})
    found = dump.open_dump()
    return rdf.send_file(found, f"agendas.{_format}", file_format, found.etag)


def negotiate() -> Any:
    """Send a client that reads RDF rather than pages to the RDF of the same record; ``None`` for all others."""
    endpoint, names = str(tk.request.endpoint), tk.request.view_args or {}
    suffix = rdf.asked_for() if endpoint in PAGES else ""
    if not suffix:
        return None
    record_type = endpoint.partition(".")[0]
    return rdf.see_other(_address(record_type, str(names.get("id") or ""), suffix))


def _address(record_type: str, name: str, suffix: str) -> str:
    names = {"record_type": record_type, "_id": name, "_format": suffix}
    return tk.url_for(f"{NAME}.read_record", locale="default", **names)


def vary(response: Response) -> Response:
    """Tell caches that what a page answers depends on what the client reads."""
    return rdf.varying(response, PAGES)


def culturape_agenda_formats(record: Record | None = None) -> list[Link]:
    """Where a record is offered as RDF, or all of them; nothing for records of other types."""
    if record is None:
        return rdf.offered(f"{NAME}.read_all")
    if record.get("type") not in TYPES:
        return []
    return rdf.offered(f"{NAME}.read_record", record_type=str(record["type"]), _id=str(record["name"]))


def blueprint() -> Blueprint:
    """Their addresses."""
    found = Blueprint(NAME, __name__)
    formats = ", ".join(FORMATS)
    for record_type in TYPES:
        # With the type as a word: CKAN's own rule for pages would come first otherwise.
        path = f"/{record_type}/<_id>.<any({formats}):_format>"
        found.add_url_rule(path, "read_record", view_func=read_record, defaults={"record_type": record_type})
    found.add_url_rule("/agendas.<path:_format>", view_func=read_all)
    found.before_app_request(negotiate)
    found.after_app_request(vary)
    return found
