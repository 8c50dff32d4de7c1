"""What do other plugins say of datasets beside our schema? Asked for many datasets at once; what fails in them stays their own."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping

import ckan.plugins as p
from ckan import model
from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from ckanext.culturape import care
from ckanext.culturape.interfaces import IStatements
from ckanext.culturape.logic.site import vocabulary
from ckanext.culturape.rdf.fragment import NOBODY, UNWRITABLE, Say
from ckanext.culturape.rdf.terms import Context, Triples
from ckanext.culturape.types import Record

log = logging.getLogger(__name__)

#: Expressions that PostgreSQL took for all datasets, and failures that were told: a process tries and tells each once.
_sound: set[str] = set()
_told: set[str] = set()


def version(connection: Connection) -> str:
    """SQL of the version of all that is said beside a dataset ``p``, ``NULL`` where nothing is; empty when nobody says anything."""
    parts = [
        f"{_quoted(plugin.name)} || CAST(({expression}) AS text)"
        for plugin, expression in _speakers(connection)
        if expression
    ]
    return f"md5(nullif(concat_ws('|', {', '.join(parts)}), ''))" if parts else ""


def said(records: Iterable[Record]) -> dict[str, dict[str, Say]]:
    """Who says something of these datasets, by id of the dataset and name of the plugin."""
    plugins = list(_speakers())
    if not plugins:
        return {}
    shown = list(_shown(records))
    found: dict[str, dict[str, Say]] = {record["id"]: {} for record in shown}
    for plugin, _ in plugins:
        for dataset_id, say in _asked(plugin, shown).items():
            found.get(dataset_id, {})[plugin.name] = say
    return found


def said_of(record: Record) -> Mapping[str, Say]:
    """The same for one dataset."""
    return said([record]).get(str(record["id"]), NOBODY)


def faults(connection: Connection) -> list[str]:
    """Plugins that cannot be asked, each with the reason."""
    found: list[str] = []
    list(_speakers(connection, found))
    return found


def _shown(records: Iterable[Record]) -> Iterator[Record]:
    """Records as far as care lets them be shown, from whichever copy they come."""
    for record in records:
        try:
            yield care.reduce(record, vocabulary())
        except UNWRITABLE:
            # Whoever writes the dataset finds the same, and names it.
            continue


def _speakers(
    connection: Connection | None = None, faults: list[str] | None = None
) -> Iterator[tuple[IStatements, str]]:
    """The plugins that can be asked, each with the SQL of its version."""
    for plugin in p.PluginImplementations(IStatements):
        try:
            expression = plugin.statements_version()
            if expression and expression not in _sound:
                _try(connection or model.Session.connection(), expression)
                _sound.add(expression)
            yield plugin, expression
        except Exception as error:
            fault = f"{plugin.name}\t{str(getattr(error, 'orig', error)).partition(chr(10))[0]}"
            if fault not in _told:
                log.exception("plugin %s cannot say anything of datasets: %s", plugin.name, error)
                _told.add(fault)
            if faults is not None:
                faults.append(fault)


def _try(connection: Connection, expression: str) -> None:
    """Raises what PostgreSQL says of an expression that it does not understand, or that fails for a dataset."""
    with connection.begin_nested():
        connection.execute(text(f"SELECT count(CAST(({expression}) AS text)) FROM package p"))  # noqa: S608


def distrust() -> None:
    """Try all expressions again: a query of which they are part has failed."""
    _sound.clear()


def _asked(plugin: IStatements, records: list[Record]) -> Mapping[str, Say]:
    """What a plugin says of datasets; when it fails, each of them fails in its turn, so that each is named."""
    try:
        return dict(plugin.statements_beside(records))
    except Exception as error:
        log.exception("plugin %s says nothing of %d dataset(s)", plugin.name, len(records))
        _mend_session()
        return dict.fromkeys((record["id"] for record in records), _failing(error))


def _failing(error: Exception) -> Say:
    def say(context: Context) -> Triples:
        raise error.with_traceback(None)

    return say


def _mend_session() -> None:
    """End the transaction of the request when a query that failed has spoilt it; nothing that it holds could be saved any more."""
    try:
        model.Session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        model.Session.rollback()


def _quoted(name: str) -> str:
    return "'" + name.replace("'", "''").replace(":", "\\:") + " '"
