"""In which language, and with which addresses, are reports told here?"""

from __future__ import annotations

from collections.abc import Callable

import ckan.plugins.toolkit as tk
from flask import has_request_context

from ckanext.culturape.harvest.exporting import Teller
from ckanext.culturape.harvest.site import language
from ckanext.culturape.messages import translator

#: Stands for the name of a record.
_ANY = "culturape-any-record"


def site_teller() -> Teller:
    """In the language of the site: for mail and commands, which no reader asks for."""
    return _teller(language())


def reader_teller() -> Teller:
    """In the language of the reader; goes on telling after the request has ended."""
    return _teller(str(tk.h.lang() or language()) if has_request_context() else language())


def _teller(chosen: str) -> Teller:
    return Teller(translator(chosen), _record_url())


def _record_url() -> Callable[[str], str]:
    # The address is made once: an answer that streams asks for many, and no request is left to ask.
    pattern = tk.url_for("dataset.read", id=_ANY, _external=True, locale="default")
    return lambda name: pattern.replace(_ANY, name)
