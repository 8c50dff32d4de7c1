"""What a harvest source of ours is: what the harvester is called, and which options it may have on this site."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import has_request_context

from ckanext.culturape import config
from ckanext.culturape.errors import N_
from ckanext.culturape.harvest.checking import Checked, check
from ckanext.culturape.harvest.checking_values import Against
from ckanext.culturape.harvest.errand import HARVESTER
from ckanext.culturape.harvest.options import write_options
from ckanext.culturape.harvest.site import language, maxima
from ckanext.culturape.logic.site import vocabulary

TITLE = N_("Catalogue of open data")
DESCRIPTION = N_("DCAT in any serialisation, data.json, schema.org, CSW, and the API of CKAN and DKAN.")


def info() -> dict[str, str]:
    """What ckanext-harvest shows of the harvester; it is asked for the name alone where there is no reader, and no language."""
    say = tk._ if has_request_context() else str
    return {
        "name": HARVESTER,
        "title": say(TITLE),
        "description": say(DESCRIPTION),
        "form_config_interface": "Text",
    }


def checked(given: object) -> Checked:
    """The options that somebody gives, checked against the vocabularies and limits of this site."""
    return check(given, Against(vocabulary(), maxima(), reader_language()))


def reader_language() -> str:
    """The language of the reader, or of the site where there is none."""
    return str(tk.h.lang() or config.default_language()) if has_request_context() else language()


def validate_config(given: object) -> str:
    """The options of a source in their canonical form, as JSON.

    What depends on who asks is checked where a source is saved (``source_schema``).

    Raises: ValueError that says all that is wrong.
    """
    found = checked(given)
    if found.faults:
        raise ValueError(" ".join(f"{fault.field}: {fault.text(tk._)}" for fault in found.faults))
    return write_options(found.options)
