"""The table of advice: by what is wrong, by kind of note, by field. Its keys are the messages of the modules that find faults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ckanext.culturape.errors import N_


class Words(NamedTuple):
    """One piece of advice.

    Attributes:
        advice: msgid.
        with_field: whether it helps to say how the field is filled.
        shows_vocabulary: whether the terms of the field's vocabulary help.
    """

    advice: str
    with_field: bool = False
    shows_vocabulary: bool = False


_TERM = Words(N_("Ask for a term of our list, or for its code."), with_field=True, shows_vocabulary=True)
_ADDRESS = Words(N_("Ask for complete web addresses: they begin with https:// and have no spaces."))
_DOCUMENT = Words(
    N_("Send this list to whoever runs the source: this part of the document is to be mended there.")
)
_OWN_ADDRESS = Words(N_("Ask that each dataset and each file has an address of its own."))
_SHAPE = Words(N_("Ask that it be given in the form that the sentence names."), with_field=True)

#: By msgid of the fault.
BY_MESSAGE: Mapping[str, Words] = {
    "“%(value)s” is not in the vocabulary.": _TERM,
    "“%(value)s” is not in the vocabulary. The closest terms are: %(options)s.": _TERM,
    "“%(value)s” can mean several things: %(options)s. Write the code.": _TERM,
    "“%(value)s” cannot be chosen here. Possible values: %(allowed)s.": Words(
        N_("Ask for one of the values that the sentence names.")
    ),
    "“%(value)s” is not a date. Write 2023, 2023-12 or 2023-12-31.": Words(
        N_("Ask for dates written as year, month and day: 2023-12-31; the year alone will do.")
    ),
    "It ends (%(end)s) before it starts (%(start)s).": Words(
        N_("Ask which of both dates is right; they may have been exchanged.")
    ),
    "“%(value)s” is not a duration. Write P1Y for a year, P1M for a month, P1D for a day.": Words(
        N_("Ask for the length of time as P1Y (a year), P1M (a month) or P1D (a day).")
    ),
    "“%(value)s” is not a complete address: it must start with %(schemes)s and have no spaces.": _ADDRESS,
    "Addresses that begin with “%(scheme)s:” are not kept.": Words(
        N_("Ask for addresses that begin with https://. Those that a browser would execute are never taken over.")
    ),
    "“%(value)s” identifies something else already.": _OWN_ADDRESS,
    "This address is given to several datasets; only the first is read.": _OWN_ADDRESS,
    "“%(value)s” is not an e-mail address.": Words(
        N_("Ask for the e-mail address of an office, such as datos@example.org.")
    ),
    "“%(value)s” is not a media type such as text/csv.": Words(
        N_("Ask for the type of the file as text/csv, application/json or the like.")
    ),
    "“%(value)s” is not a number from zero upwards.": Words(
        N_("Ask for a number in digits, without unit and without a sign before it.")
    ),
    "“%(value)s” is not a valid RUC: eleven digits, of which the last checks the others.": Words(
        N_("Ask for the eleven digits of the RUC.")
    ),
    "“%(value)s” is not a language of the vocabulary.": Words(
        N_("Ask that texts be marked with the language that they are in: es, qu, ay, en.")
    ),
    "Choose the language of “%(text)s”.": Words(
        N_("Ask that texts be marked with the language that they are in: es, qu, ay, en.")
    ),
    "There are two texts in one language (%(language)s): “%(first)s” and “%(second)s”. Leave one.": Words(
        N_("Ask which of the two texts is right; the first is taken over.")
    ),
    "The text is too long: at most %(limit)s characters.": Words(N_("Ask for a shorter text.")),
    "A text is expected here, not a list or an object.": _SHAPE,
    "A list of objects is expected here.": _SHAPE,
    "This cannot be read: %(accepted)s was expected.": _SHAPE,
    "Only one value can be chosen here.": Words(N_("Ask which of the values is the main one.")),
    "At most %(number)s value(s) can be given here.": Words(N_("Ask which of the values are the main ones.")),
    "“%(label)s” is missing.": Words(N_("Ask that this be completed at the source."), with_field=True),
    "A dataset without a title is not taken over.": Words(
        N_("Ask for a title for each of these datasets: without one nobody can find them.")
    ),
    "No dataset was found in what the source says of it.": _DOCUMENT,
    "It cannot be read: %(value)s": _DOCUMENT,
    "It cannot be read: %(reason)s": _DOCUMENT,
    "It could not be taken over, because something unexpected went wrong: %(value)s": Words(
        N_(
            "This is a fault of the portal, not of the source: tell whoever administers the portal. The next run tries it again."
        )),
    "%(number)s statements are more than is kept of one dataset, and are left out.": Words(
        N_("Nothing has to be asked. The record is complete; only what the portal has no field for was left out.")),
    "It has more than %(number)s statements, and is not taken over.": Words(
        N_("Ask that the description of this dataset be shorter; long lists belong into a file of the dataset.")),
    "No field takes this; it is left out of all datasets.": Words(
        N_("Nothing has to be asked. If it matters, ask in which field of the standard it could stand.")),
    "The source shows it more than once; the first time counts.": Words(
        N_("Nothing was lost. Ask that each dataset stands in the catalogue once.")),
    "It is a dataset of this portal, which the source has from here.": Words(
        N_("Nothing has to be done: the source shows here what it has from this portal.")),
    "The rules of care do not allow what the source says here; it is left out or made coarser.": Words(
        N_(
            "Nothing has to be asked. Whoever knows the data reviews the record here, in the section “Care”; what is said there stays."
        )),
    "The record is not public at its source.": Words(
        N_("Nothing has to be asked, unless the source means to publish it.")),
}  # fmt: skip

#: By kind of note, where the fault says nothing more.
BY_KIND: Mapping[str, Words] = {
    "conflict": Words(
        N_(
            "Decide which source is to bring them. When the other one no longer has them, or they are deleted there, the next run brings them from here."
        )
    ),
    "kept": Words(
        N_(
            "Nothing has to be asked. Compare both versions; to follow the source again, write in the record what the source says."
        )
    ),
    "withdrawn": Words(
        N_(
            "Nothing has to be asked. If they are to come back, restore them from the trash; the next run takes them up again."
        )
    ),
    "document": _DOCUMENT,
}

#: By group of notes, where more is known than the help of the form says.
BY_FIELD: Mapping[str, str] = {
    "license_id": N_(
        "A licence is recognised by its web address, such as https://creativecommons.org/licenses/by/4.0/, or by its usual short name, such as CC-BY-4.0."
    ),
    "resources/license": N_(
        "A licence is recognised by its web address, such as https://creativecommons.org/licenses/by/4.0/, or by its usual short name, such as CC-BY-4.0."
    ),
    "territory": N_(
        "A place is recognised by its code (UBIGEO, ISO 3166) or by its full name with that of the region; one name can be that of several places."
    ),
    "language": N_("A language is recognised by its code, such as es or qu, or by its name."),
    "frequency": N_("How often the data change is recognised by words such as annual, monthly or daily, or by their code."),
    "resources/format": N_("A format is recognised by its usual name, such as CSV, XLSX or PDF."),
    "contact": N_("A contact needs a name, and an e-mail address or a page where questions are answered."),
    "publisher": N_("The institution that publishes needs a name."),
    "temporal_coverage": N_(
        "The time that the data cover needs a first or a last date, and the first is before the last."
    ),
    "resources/url": N_("Each file needs the complete address at which it can be seen or downloaded."),
    "resources/download_url": N_("Each file needs the complete address at which it can be seen or downloaded."),
}  # fmt: skip

#: From the form, where nothing else is known.
OF_FORM = N_("Ask the source to fill in “%(label)s” as our form asks for it: %(reason)s")
GENERAL = N_("Send this list to whoever runs the source.")

_WAIT = N_("Try again later; if it goes on, ask whoever runs the source whether the server answers.")
_MOVED = N_("Open the address of the source in a browser. If it has moved, write the new one in the source.")
_DESCRIPTION = N_(
    "Ask whoever runs the source for the address of the catalogue for machines (DCAT); it often ends with catalog.ttl, catalog.xml or data.json."
)
_LIMIT = N_("Ask whoever administers the portal whether the limit can be raised for this source.")

#: By msgid of the fault that ended a run.
BY_RUN: Mapping[str, str] = {
    "“%(host)s” cannot be reached.": _WAIT,
    "“%(host)s” does not answer in time.": _WAIT,
    "It took longer than %(seconds)s seconds, the limit of this site.": _WAIT,
    "The server answered with status %(status)s instead of a document.": _MOVED,
    "The server sends from one address to the next without end.": _MOVED,
    "The server sends to an address that this site does not follow.": _MOVED,
    "“%(address)s” is not an address that begins with http:// or https://.": _MOVED,
    "The certificate of “%(host)s” is not valid.": N_(
        "Ask whoever runs the source to renew the certificate of the server; until then, the source can be told not to check it."
    ),
    "“%(host)s” is not on the public Internet, and this site does not fetch from it.": N_(
        "If the source is inside your network, ask whoever administers the portal to allow its address."
    ),
    "The server asks programs not to read “%(address)s” (robots.txt).": N_(
        "Ask whoever runs the source to let programs read this address, in the file robots.txt of the server."
    ),
    "The document is empty.": _DESCRIPTION,
    "This is a web page, not a description in RDF. Give the address of the description itself.": _DESCRIPTION,
    "This web page describes no dataset in a way that machines read (JSON-LD of schema.org).": _DESCRIPTION,
    "This JSON is not JSON-LD: it says with no @context what its names mean.": _DESCRIPTION,
    "It holds no statement of RDF that can be read. %(reason)s": _DESCRIPTION,
    "The document is larger than %(size)s MB, the limit of this site.": _LIMIT,
    "The document holds more than %(number)s statements, the limit of this site.": _LIMIT,
    "The source has more than %(number)s pages, the limit of this site.": _LIMIT,
    "The source has more than %(number)s datasets, the limit of this site.": _LIMIT,
}
