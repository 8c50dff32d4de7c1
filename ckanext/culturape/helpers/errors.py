"""What pages say of errors: the page of an error itself, and the list above a form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk
from werkzeug.exceptions import default_exceptions

from ckanext.culturape.errors import N_

#: What happened and what one can do, by status of HTTP.
WORDS: Mapping[int, tuple[str, str]] = {
    400: (N_("The request could not be understood"), N_("Go back and check what you wrote.")),
    401: (N_("Log in to see this page"), N_("This page is only for those who have an account.")),
    403: (N_("You may not see this page"), N_("Ask the organisation that is responsible for it for access.")),
    404: (N_("This page does not exist"), N_("The address may be misspelt, or what was here may have been removed. Search for it, or begin at the home page.")),
    405: (N_("This address cannot be used in this way"), N_("Go back and try again from the page itself.")),
    408: (N_("The request took too long"), N_("Try again in a moment.")),
    409: (N_("Somebody else changed this at the same time"), N_("Open the page again and repeat your change.")),
    413: (N_("This is too big"), N_("Send a smaller file or a shorter text.")),
    429: (N_("Too many requests"), N_("Wait a little and try again.")),
    500: (N_("Something failed in the portal"), N_("It is not your fault. Try again in a while; if it goes on, tell those who run the portal.")),
    502: (N_("The portal does not answer"), N_("Try again in a moment.")),
    503: (N_("The portal is not available now"), N_("Try again in a moment.")),
}  # fmt: skip


def culturape_error_words(code: object, content: object) -> tuple[str, str]:
    """Title of the page of an error, and its words: those of CKAN when it says more than the standard does, else ours."""
    number = code[0] if isinstance(code, list) else code
    title, advice = WORDS.get(number if isinstance(number, int) else 500, WORDS[500])
    said = str(content or "")
    return tk._(title), tk._(advice) if said in _STANDARD else said


#: What comes with a status when nobody said more.
_STANDARD = {
    "",
    "Internal server error",
    *(str(known.description) for known in default_exceptions.values()),
}


def culturape_form_errors(
    errors: Mapping[str, Any], fields: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[str, str, str]]:
    """Label, anchor of the field (empty when it stands nowhere in the form) and text of each error, in the order of the form."""
    shown = {str(field["field_name"]): field for field in fields}
    # CKAN tells of the language versions of a field by other names.
    order = [
        *(name for name in shown if name in errors),
        *sorted(name for name in errors if name not in shown),
    ]
    for name in order:
        field = shown.get(name)
        label = (
            tk.h.scheming_language_text(field["label"])
            if field
            else tk._(name.replace("_", " ").capitalize())
        )
        for text in _texts(errors[name]):
            yield label, f"campo-{name}" if field else "", text


def _texts(error: Any) -> Iterator[str]:
    """All sentences of an error, whatever it is made of."""
    if isinstance(error, Mapping):
        for part in error.values():
            yield from _texts(part)
    elif isinstance(error, (list, tuple)):
        for part in error:
            yield from _texts(part)
    elif error:
        yield str(error)
