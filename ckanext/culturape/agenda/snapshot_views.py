"""The agenda as it was on a date: a page to print, JSON to verify, and a table in the columns of the Open Government Partnership."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response

from ckanext.culturape.agenda import ogp, snapshots
from ckanext.culturape.agenda.evaluation_views import agenda_or_404
from ckanext.culturape.agenda.evaluations import side_by_side
from ckanext.culturape.agenda.snapshot import checksum, title_of, written
from ckanext.culturape.agenda.snapshot_rdf import writer
from ckanext.culturape.helpers.concepts import culturape_language
from ckanext.culturape.logic.readers import reader
from ckanext.culturape.logic.site import vocabulary
from ckanext.culturape.rdf.formats import FORMATS as RDF_FORMATS
from ckanext.culturape.tables import write_csv
from ckanext.culturape.types import Record


class Form(NamedTuple):
    """A form in which a snapshot is given to programs: media type, and how it is written."""

    media_type: str
    write: Callable[[Record], bytes]


def as_table(snapshot: Record) -> bytes:
    """Its commitments as CSV."""
    rows = ogp.rows(snapshot, vocabulary(), culturape_language(), tk._, _address)
    return "".join(write_csv(ogp.HEAD, rows)).encode("utf-8")


#: By suffix of the address.
FORMS: Mapping[str, Form] = {
    "json": Form("application/json", written),
    "csv": Form("text/csv", as_table),
    **{
        suffix: Form(RDF_FORMATS[suffix].media_type, writer(suffix))
        for suffix in ("ttl", "jsonld", "xml", "nt")
    },
}


def _address(record_id: str) -> str:
    return tk.url_for("compromiso.read", id=record_id, _external=True)


def _prefix(kind: str) -> str:
    """What stands before the id in the address of a record: made once, for CKAN takes longer for thousands of addresses than for all the rest of the page."""
    return tk.url_for(f"{kind}.read", id="-").removesuffix("-")


def page(name: str) -> Any:
    """The page; when there is no snapshot of that day, it says why."""
    agenda = agenda_or_404(name)
    snapshot, problem, status = _find(agenda)
    variables: Record = {
        "pkg": agenda,
        "snapshot": snapshot,
        "problem": problem,
        "first": snapshots.first_day(agenda["id"]),
        "today": snapshots.today().isoformat(),
        "asked": tk.request.args.get("fecha", "")[:10],
        "forms": list(FORMS),
    }
    if snapshot:
        titles = _titles(snapshot)
        variables |= {
            "checksum": checksum(written(snapshot)),
            "things": side_by_side(_named(snapshot, titles)),
            "titles": titles,
            "at": {kind: _prefix(kind) for kind in ("compromiso", "necesidad", "dataset")},
        }
    return tk.render("culturape/agenda/snapshot.html", variables), status


def file(name: str, suffix: str) -> Response:
    """The snapshot for programs. Its checksum is the ETag of the JSON."""
    if suffix not in FORMS:
        tk.abort(404)
    agenda = agenda_or_404(name)
    snapshot, problem, status = _find(agenda)
    if snapshot is None:
        return Response(f"{problem}\n", status, mimetype="text/plain")
    form = FORMS[suffix]
    content = form.write(snapshot)
    found = Response(content, mimetype=form.media_type)
    digest = checksum(content)
    found.headers["Content-Disposition"] = f'attachment; filename="{name_of(agenda, snapshot)}.{suffix}"'
    # RFC 9530: the digest of what is sent, so that programs verify it on arrival.
    found.headers["Repr-Digest"] = f"sha-256=:{base64.b64encode(bytes.fromhex(digest)).decode()}:"
    found.set_etag(digest)
    found.make_conditional(tk.request.environ)
    return found


def name_of(agenda: Mapping[str, Any], snapshot: Mapping[str, Any]) -> str:
    """Name of the file, without suffix."""
    return f"{agenda['name']}-{snapshot['date']}"


def _find(agenda: Record) -> tuple[Record | None, str, int]:
    """The snapshot; or why there is none, and the status that says so to programs."""
    asked = {"id": agenda["id"], "date": tk.request.args.get("fecha")}
    try:
        return tk.get_action("culturape_agenda_snapshot")(reader(), asked), "", 200
    except tk.ValidationError as error:
        return None, " ".join(str(message) for message in error.error_summary.values()), 400
    except tk.ObjectNotFound as error:
        return None, str(error.message or error), 404


def _titles(snapshot: Mapping[str, Any]) -> dict[str, str]:
    """Titles of the records of a snapshot for the reader, by id."""
    records = (*snapshot["commitments"], *snapshot["needs"])
    return {str(one["id"]): title_of(one, culturape_language()) for one in records}


def _named(snapshot: Mapping[str, Any], titles: Mapping[str, str]) -> list[Record]:
    """The evaluations of a snapshot, each with the record that it is about."""
    return [
        {
            **one,
            "about": {"id": one["about"], "name": one["about"], "title": titles.get(one["about"], "")},
            "removed": "",
        }
        for one in snapshot["evaluations"]
    ]


def blueprint() -> Blueprint:
    """Its addresses."""
    found = Blueprint("culturape_snapshot", __name__)
    found.add_url_rule("/agenda/<name>/instantanea", view_func=page)
    found.add_url_rule("/agenda/<name>/instantanea.<suffix>", view_func=file)
    return found
