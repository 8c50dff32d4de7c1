"""What does a finding say to a person? A sentence in the reader's language, with the name that the form gives the property."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import NamedTuple

from ckanext.culturape.dcat.shacl.findings import (
    INFO,
    MORE_UNREADABLE,
    NO_DATASET,
    UNREADABLE,
    UNWRITABLE,
    VIOLATION,
    WARNING,
    Finding,
)
from ckanext.culturape.errors import N_
from ckanext.culturape.fields import Field, load_schema
from ckanext.culturape.namespaces import PREFIXES, expand

Translate = Callable[[str], str]

_DISTRIBUTION = expand("dcat:distribution")

#: Names of severities, one and several.
SEVERITY_NAMES = {VIOLATION: N_("Error"), WARNING: N_("Recommendation"), INFO: N_("Remark")}

#: What each constraint of SHACL says when the shape has no words in the reader's language.
_SENTENCES = {
    "MinCount": N_("“%(label)s” is missing."),
    "QualifiedMinCount": N_("“%(label)s” has no value of the kind that is expected."),
    "MaxCount": N_("“%(label)s” has more values than allowed."),
    "QualifiedMaxCount": N_("“%(label)s” has more values of this kind than allowed."),
    "Class": N_("The value of “%(label)s” is not described as the kind of thing that is expected."),
    "Datatype": N_("The value of “%(label)s” is not of the type that is expected."),
    "NodeKind": N_("The value of “%(label)s” must be of another kind: an address where a text stands, or a text where an address stands."),
    "UniqueLang": N_("“%(label)s” is given more than once in the same language."),
    "LanguageIn": N_("“%(label)s” is in a language that is not expected."),
    "Pattern": N_("The value of “%(label)s” is not written as expected."),
    "MinLength": N_("The value of “%(label)s” is too short."),
    "MaxLength": N_("The value of “%(label)s” is too long."),
    "In": N_("The value of “%(label)s” is not one of those that are allowed."),
    "HasValue": N_("“%(label)s” lacks a value that is demanded."),
    "Node": N_("The value of “%(label)s” is not described as the shape demands."),
    UNWRITABLE: N_("These fields hold something that cannot be written, and are left out: %(value)s."),
    UNREADABLE: N_("This part of the document cannot be read."),
    MORE_UNREADABLE: N_("More parts of the document cannot be read than are listed here."),
    NO_DATASET: N_("It describes no dataset in DCAT (dcat:Dataset)."),
    "Closed": N_("“%(label)s” is not expected here."),
}  # fmt: skip
_OTHER = N_("“%(label)s” does not meet a condition of the shape (%(component)s).")

#: Properties that are no field of a form.
_NAMES = {
    "dcat:dataset": N_("Dataset"), "dcat:record": N_("Entry of the catalogue"), "dcat:distribution": N_("Data file or link"),
    "dcat:themeTaxonomy": N_("Classification"), "dcat:endpointURL": N_("Address of the service"),
    "dcat:inSeries": N_("Series"), "dct:license": N_("Licence"), "dct:type": N_("Type"), "rdf:type": N_("Class"),
    "foaf:name": N_("Name"), "foaf:homepage": N_("Home page"), "foaf:primaryTopic": N_("Dataset that the entry is about"),
    "vcard:fn": N_("Name"), "vcard:hasEmail": N_("E-mail"), "vcard:hasURL": N_("Web page"), "skos:prefLabel": N_("Name"),
    "skos:inScheme": N_("Vocabulary"), "prov:agent": N_("Person or organisation"), "dcat:hadRole": N_("Role"),
    "dcat:startDate": N_("Start"), "dcat:endDate": N_("End"), "spdx:checksumValue": N_("Checksum"), "spdx:algorithm": N_("Algorithm"),
    "dcat:theme": N_("Theme"), "dct:subject": N_("Subject"), "dct:rights": N_("Rights"), "dct:provenance": N_("Provenance"),
    "dcat:bbox": N_("Area"), "dcat:centroid": N_("Centre"), "locn:geometry": N_("Geometry"), "dcat:service": N_("Service"),
    "dcat:catalog": N_("Catalogue"), "dct:hasPart": N_("Part"), "dct:isPartOf": N_("Whole"), "foaf:page": N_("Documentation"),
}  # fmt: skip

#: What the node at fault is, by the property that leads to it from its dataset.
_THINGS = {
    "dcat:distribution": N_("Data file or link"), "dct:publisher": N_("Publisher"), "dct:creator": N_("Author"),
    "dcat:contactPoint": N_("Contact"), "dct:spatial": N_("Place"), "dct:temporal": N_("Period"),
    "prov:qualifiedAttribution": N_("Participation"), "dcat:accessService": N_("Service"), "foaf:page": N_("Documentation"),
}  # fmt: skip


#: Properties that codecs write beside that of their field.
_BESIDE = {
    expand("culturape:accessLevel"): expand("dct:accessRights"),
    expand("dct:license"): expand("culturape:licence"),
}


class Said(NamedTuple):
    """A finding in words.

    Attributes:
        thing: what the node at fault is.
        label: name of the property.
        sentence: what is wrong.
    """

    finding: Finding
    thing: str
    label: str
    sentence: str


def say(finding: Finding, translate: Translate, language: str) -> Said:
    """A finding for a reader of this language."""
    label = name_of(finding, translate)
    own = finding.messages.get(language) or finding.messages.get(language.split("-", 1)[0])
    params = {"label": label, "component": finding.component, "value": finding.value}
    sentence = own or translate(_SENTENCES.get(finding.component, _OTHER)) % params
    return Said(finding, _thing(finding, translate), label, sentence)


def name_of(finding: Finding, translate: Translate) -> str:
    """The name of the property of a finding: that of the form's field, else that of a term, else its short address."""
    fields = fields_of(finding)
    short = compact(finding.path)
    if len(fields) == 1 and not is_inside(finding):
        return translate(fields[0].label)
    return translate(_NAMES[short]) if short in _NAMES else short


def fields_of(finding: Finding) -> tuple[Field, ...]:
    """The fields of the form that give what a finding is about; none when people do not fill it in.

    A fault inside a thing that a field gives (a contact without name) belongs to that field.
    """
    steps = finding.steps
    if not finding.owner:
        return ()
    if steps and steps[0] == _DISTRIBUTION:
        return _giving("resource", steps[1] if len(steps) > 1 else finding.path)
    return _giving("dataset", steps[0] if steps else finding.path)


def is_inside(finding: Finding) -> bool:
    """Whether the node at fault is neither a dataset nor a distribution, but something that a field of theirs gives."""
    steps = finding.steps
    return bool(steps) and (steps[0] != _DISTRIBUTION or len(steps) > 1)


def _giving(kind: str, address: str) -> tuple[Field, ...]:
    fields = _by_predicate(kind)
    return fields.get(address) or fields.get(_BESIDE.get(address, ""), ())


@cache
def _by_predicate(kind: str) -> Mapping[str, tuple[Field, ...]]:
    schema = load_schema()
    found: dict[str, tuple[Field, ...]] = {}
    for field in schema.resource_fields if kind == "resource" else schema.fields:
        if field.rdf and field.rdf.predicate:
            address = expand(field.rdf.predicate)
            found[address] = (*found.get(address, ()), field)
    return found


def _thing(finding: Finding, translate: Translate) -> str:
    if not finding.focus:
        return translate(N_("Document"))
    if not finding.steps:
        return translate(N_("Dataset") if finding.owner else N_("Outside the datasets"))
    short = compact(finding.steps[-1])
    return translate(_THINGS[short]) if short in _THINGS else short


def compact(address: str) -> str:
    """The short form of an address where a prefix fits; paths and all else as they are."""
    fits: Iterable[str] = (name for name, base in PREFIXES.items() if address.startswith(base))
    prefix = next(iter(fits), "")
    return f"{prefix}:{address[len(PREFIXES[prefix]) :]}" if prefix else address
