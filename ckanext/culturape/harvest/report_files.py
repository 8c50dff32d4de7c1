"""The report and its lists as files, streamed however long they are."""

from __future__ import annotations

from collections.abc import Iterable

import ckan.plugins.toolkit as tk
from flask import Response
from sqlalchemy.engine import Connection

from ckanext.culturape.harvest import history, reporting
from ckanext.culturape.harvest.account import STATES
from ckanext.culturape.harvest.database import connected
from ckanext.culturape.harvest.exporting import Teller
from ckanext.culturape.harvest.guarding import NOTHING
from ckanext.culturape.harvest.known_source import KnownSource
from ckanext.culturape.harvest.report_page import asked_notes, private, source_or_404
from ckanext.culturape.harvest.teller import reader_teller


@private
def download(name: str, what: str) -> Response:
    """The whole report (``informe.json``), or one of its lists (``notas.csv``, ``conjuntos.csv``, ``por-borrar.csv``)."""
    source = source_or_404(name)
    pieces = _pieces(source, what, reader_teller())
    kind = "application/json" if what.endswith(".json") else "text/csv; charset=utf-8"
    response = Response((piece.encode() for piece in pieces), content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{source.name}-{what}"'
    return response


def _pieces(source: KnownSource, what: str, teller: Teller) -> Iterable[str]:
    """The file, piece by piece. Aborts when there is no such file."""
    if what == "informe.json":
        return reporting.stream_json(source, teller)
    if what == "notas.csv":
        return reporting.stream_notes(asked_notes(source), teller)
    if what == "conjuntos.csv":
        return reporting.stream_datasets(source.id, _asked_state(), teller)
    if what == "por-borrar.csv":
        with connected() as connection:
            run = asking_run(connection, source.id)
        return reporting.stream_missing(source.id, run, teller)
    return tk.abort(404, tk._("There is no such file."))


def _asked_state() -> str:
    state = tk.request.args.get("estado", "")
    if state and state not in STATES:
        tk.abort(404, tk._("Datasets have no such state."))
    return state


def asking_run(connection: Connection, source_id: str) -> str:
    """The run that asks for deletions. Aborts when none does."""
    last = next(iter(history.listed(connection, source_id, 1)), None)
    if last is None or last.state != "guarded":
        return tk.abort(404, tk._(NOTHING))
    return last.id
