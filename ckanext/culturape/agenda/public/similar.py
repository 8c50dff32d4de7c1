"""Is it asked for already, or published? What resembles a text that somebody types."""

from __future__ import annotations

import re
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context

from ckanext.culturape.logic import readers
from ckanext.culturape.types import Record

#: Records of each type.
MOST = 5

#: Words that are looked for, and characters of the text that is read.
MOST_WORDS, LONGEST = 14, 600

#: Shorter words say little: de, los, que.
_WORD = re.compile(r"[^\W\d_]{4,40}")

#: Words of four letters and more that say little as well.
_EMPTY = frozenset(
    [
        "para",
        "como",
        "sobre",
        "entre",
        "desde",
        "hasta",
        "donde",
        "cuando",
        "cuanto",
        "cuantos",
        "cuantas",
        "necesito",
        "necesita",
        "necesitan",
        "necesitamos",
        "quiero",
        "queremos",
        "datos",
        "dato",
        "informacion",
        "información",
        "lista",
        "listado",
        "tener",
        "saber",
        "cada",
        "este",
        "esta",
        "estos",
        "estas",
        "todos",
        "todas",
        "with",
        "from",
        "about",
        "need",
        "data",
        "that",
        "which",
        "where",
    ]
)

#: How many of the words must be there: one of one, two of three or four, less than half of more.
ENOUGH = "1<-1 4<45%"


@tk.side_effect_free
def culturape_need_similar(context: Context, data_dict: Record) -> Record:
    """Needs and datasets that resemble a text, those that anybody can read.

    :param q: what was typed

    :returns: ``needs`` and ``datasets``, each a list of at most five dictionaries with ``id``, ``name``, ``title`` (by language) and, of needs, ``need_status``
    """
    tk.check_access("culturape_need_similar", context, data_dict)
    words = _words(str(data_dict.get("q") or ""))
    return {"needs": _search("necesidad", words), "datasets": _search("dataset", words)}


def _words(text: str) -> str:
    found = dict.fromkeys(word for word in _WORD.findall(text[:LONGEST].lower()) if word not in _EMPTY)
    return " ".join(list(found)[:MOST_WORDS])


def _search(kind: str, words: str) -> list[Record]:
    if not words:
        return []
    query = {"q": words, "mm": ENOUGH, "fq": f"+dataset_type:{kind}", "rows": MOST}
    return [_plain(one) for one in readers.search(query)["results"]]


def _plain(record: Record) -> Record:
    titles: Any = record.get("title_translated") or {"": record["title"] or record["name"]}
    found = {"id": record["id"], "name": record["name"], "title": titles}
    return {**found, "need_status": record["need_status"]} if record.get("need_status") else found


@tk.auth_allow_anonymous_access
def culturape_need_similar_auth(context: Context, data_dict: Record) -> AuthResult:
    """Anybody: it shows what is public."""
    return {"success": True}
