"""How open is a dataset? Ten questions in the manner of the Open Data Barometer (World Wide Web Foundation), answered from its record alone.

What is withheld for care is asked none of them: openness is no virtue where it harms.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, cast

from ckanext.culturape.care.rules import CLOSED
from ckanext.culturape.errors import N_
from ckanext.culturape.vocab.pack import Vocabulary

#: Formats that a program reads without guessing, and those of them that belong to nobody. File types of the EU.
OPEN_FORMATS = frozenset(
    {
        "CSV", "TSV", "ODS", "JSON", "JSON_LD", "GEOJSON", "XML", "GML", "KML", "RDF", "RDF_TURTLE", "RDF_XML", "RDF_N_TRIPLES", "TXT", "WFS_SRVC",
        "SPARQLQ", "GPKG", "PARQUET", "ICS",
    }
)  # fmt: skip
READABLE = OPEN_FORMATS | {"XLS", "XLSX", "SHP", "MDB", "DBF", "SAV"}

#: Formats whose statements name things by addresses.
LINKED = frozenset({"JSON_LD", "RDF", "RDF_TURTLE", "RDF_XML", "RDF_N_TRIPLES", "SPARQLQ"})

#: How much later than its frequency promises a dataset may come.
PATIENCE = 1.5

_DAYS = {"D": 1.0, "W": 7.0, "M": 30.44, "Y": 365.25}
_PERIOD = re.compile(r"R/P(\d+(?:\.\d+)?)([DWMY])")

Question = Callable[[Mapping[str, Any], Vocabulary, str], bool]


def is_asked(record: Mapping[str, Any]) -> bool:
    """Whether a dataset is asked at all."""
    return record.get("access_level") not in CLOSED


def answers(record: Mapping[str, Any], vocabulary: Vocabulary, today: str) -> Iterator[tuple[str, str, bool]]:
    """For each question its name, its words (a msgid) and the answer."""
    for name, words, question in QUESTIONS:
        yield name, words, question(record, vocabulary, today)


def _files(record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    value: Any = record.get("resources")
    items = cast("list[Any]", value) if isinstance(value, (list, tuple)) else []
    return [cast("Mapping[str, Any]", item) for item in items if isinstance(item, Mapping)]


def _formats(record: Mapping[str, Any]) -> set[str]:
    return {
        str(file.get("format") or "").upper().replace(" ", "_").replace("-", "_") for file in _files(record)
    }


def _is_there(record: Mapping[str, Any], vocabulary: Vocabulary, today: str) -> bool:
    return any(file.get("url") for file in _files(record))


def _is_readable(record: Mapping[str, Any], vocabulary: Vocabulary, today: str) -> bool:
    return bool(_formats(record) & READABLE)


def _is_format_open(record: Mapping[str, Any], vocabulary: Vocabulary, today: str) -> bool:
    return bool(_formats(record) & OPEN_FORMATS)


def _is_whole(record: Mapping[str, Any], vocabulary: Vocabulary, today: str) -> bool:
    return any(file.get("download_url") or file.get("url_type") == "upload" or _formats({"resources": [file]}) & READABLE for file in _files(record))  # fmt: skip


def _is_free(record: Mapping[str, Any], vocabulary: Vocabulary, today: str) -> bool:
    return str(record.get("access_level") or "").startswith("abierto")


def _is_licence_open(record: Mapping[str, Any], vocabulary: Vocabulary, today: str) -> bool:
    concept = vocabulary.concept("licence", str(record.get("license_id") or ""))
    return bool(concept and concept.attributes.get("open"))


def _is_current(record: Mapping[str, Any], vocabulary: Vocabulary, today: str) -> bool:
    days = _period(record, vocabulary)
    changed = str(record.get("modified") or record.get("issued") or "")
    try:
        last = date.fromisoformat(f"{changed}-12-31"[:10] if len(changed) == 4 else f"{changed}-28"[:10])
        return days is not None and date.fromisoformat(today) - last <= timedelta(days=days * PATIENCE)
    except ValueError:
        return False


def _is_regular(record: Mapping[str, Any], vocabulary: Vocabulary, today: str) -> bool:
    return _period(record, vocabulary) is not None


def _period(record: Mapping[str, Any], vocabulary: Vocabulary) -> float | None:
    """Days between two versions, as the frequency promises; ``None`` when it promises nothing."""
    concept = vocabulary.concept("frequency", str(record.get("frequency") or ""))
    found = (_PERIOD.fullmatch(alias) for alias in (concept.aliases if concept else ()))
    return next((float(match[1]) * _DAYS[match[2]] for match in found if match), None)


def _is_explained(record: Mapping[str, Any], vocabulary: Vocabulary, today: str) -> bool:
    is_described = bool(record.get("notes_translated") or record.get("notes"))
    explained = record.get("documentation") or any(file.get("data_dictionary_url") for file in _files(record))
    return is_described and bool(explained or record.get("contact"))


def _is_linked(record: Mapping[str, Any], vocabulary: Vocabulary, today: str) -> bool:
    return bool(_formats(record) & LINKED or record.get("uri"))


QUESTIONS: tuple[tuple[str, str, Question], ...] = (
    ("online", N_("It can be reached online."), _is_there),
    ("readable", N_("A program can read it."), _is_readable),
    ("format", N_("Its format belongs to nobody."), _is_format_open),
    ("whole", N_("It can be downloaded whole."), _is_whole),
    ("free", N_("Nobody has to ask or to pay for it."), _is_free),
    ("licence", N_("Its licence is open."), _is_licence_open),
    ("current", N_("It is as new as its frequency promises."), _is_current),
    ("regular", N_("It says how often it is updated."), _is_regular),
    ("explained", N_("It is explained, and somebody answers questions."), _is_explained),
    ("linked", N_("It has an address of its own for other data to link to."), _is_linked),
)
