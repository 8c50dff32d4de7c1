"""What must not be exposed? The rules for sensitive knowledge as one table, and what follows from it.

A record stores only what everyone who may read it may see. ``faults`` says what a full intended record may not have;
``reduce`` is the net for records that were written past the validators. Source: CARE principles (GIDA 2019), Ley 28736
(peoples in isolation), Ley 29733 (personal data), Ley 28296 (heritage), Local Contexts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.types import Record
from ckanext.culturape.vocab.pack import TERRITORY, Vocabulary

LEVELS = ("country", "region", "province", "district")
OPEN = ("abierto", "abierto-generalizado")
CLOSED = ("con-protocolo", "solo-metadatos")
EVERY = (*OPEN, *CLOSED, "no-revisado")
PERSONAL = ("personal", "personal-sensible", "menores")
NOT_REVIEWED = "no-revisado"

#: Keys of resources that carry or lead to content rather than to a page about it.
CONTENT_KEYS = (
    "download_url",
    "hash",
    "hash_algorithm",
    "size",
    "mimetype",
    "compress_format",
    "package_format",
    "access_services",
)


@dataclass(frozen=True, slots=True)
class Rule:
    """What a kind of sensitivity allows.

    Attributes:
        sensitivity: the concept of the scheme ``sensitivity``.
        why: the reason, a msgid.
        access: access levels that may be chosen.
        finest: finest level of territory, or empty when any is allowed.
        one_of: fields of which one must be filled, unless the access level is in ``unless``.
        unless: access levels that free from ``one_of``.
        geometry: whether geometry may stand in the record.
        suggested: access level that the form suggests.
    """

    sensitivity: str
    why: str
    access: tuple[str, ...] = EVERY
    finest: str = ""
    one_of: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    geometry: bool = True
    suggested: str = "abierto"


RULES: Mapping[str, Rule] = {
    rule.sensitivity: rule
    for rule in (
        Rule("ninguna", N_("nothing in the data calls for care")),
        Rule(
            "piaci", N_("the lives of peoples in isolation depend on nobody knowing where they are"),
            access=("solo-metadatos",), finest="country", geometry=False, suggested="solo-metadatos",
        ),
        Rule(
            "lugar-sagrado", N_("the community decides who knows of its sacred places"), finest="province",
            one_of=("community_authority",), geometry=False, suggested="con-protocolo",
        ),
        Rule(
            "ubicacion-arqueologica", N_("precise locations of sites serve looters"), finest="district",
            one_of=("generalisation_note",), unless=("abierto", *CLOSED, NOT_REVIEWED), geometry=False,
            suggested="abierto-generalizado",
        ),
        Rule(
            "conocimiento-tradicional", N_("traditional knowledge has holders who decide on its use"),
            one_of=("consent_reference", "community_protocol_url"), unless=("solo-metadatos",), suggested="con-protocolo",
        ),
        Rule(
            "ritual-restringido", N_("the community restricts who may see or hear this content"),
            access=("solo-metadatos",), suggested="solo-metadatos",
        ),
        Rule("personal", N_("only aggregated figures about persons can be open"), suggested="solo-metadatos"),
        Rule("personal-sensible", N_("only aggregated figures about persons can be open"), suggested="solo-metadatos"),
        Rule(
            "menores", N_("data of children and adolescents are never fully open"), access=(*EVERY[1:],),
            suggested="solo-metadatos",
        ),
        Rule("tradicion-familiar", N_("the family or community that hands it on decides"), suggested="con-protocolo"),
        Rule("derechos-autor", N_("those who created the works decide on them"), suggested="abierto"),
        Rule(
            "trafico-ilicito", N_("details of this kind make theft and trafficking easier"), access=CLOSED,
            suggested="solo-metadatos",
        ),
        Rule(NOT_REVIEWED, N_("nobody has reviewed yet whether the data call for care"), suggested=NOT_REVIEWED),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """A full intended record as the rules see it."""

    record: Mapping[str, Any]
    vocabulary: Vocabulary
    becomes_public: bool = False
    imported: bool = False
    rules: tuple[Rule, ...] = field(default=())

    @property
    def access(self) -> str:
        """The access level, empty when there is none."""
        value = self.record.get("access_level")
        return value if isinstance(value, str) else ""


def faults(
    record: Mapping[str, Any], vocabulary: Vocabulary, *, becomes_public: bool = False, imported: bool = False
) -> list[Fault]:
    """All that the rules refuse in a full intended record, each with the rule, the reason and what is accepted."""
    case = Case(record, vocabulary, becomes_public, imported, rules_of(record, vocabulary))
    return [fault for check in CHECKS for fault in check(case)]


def sensitivities(record: Mapping[str, Any]) -> tuple[str, ...]:
    """The sensitivities of a record, also of one that was written past the validators."""
    value = record.get("sensitivity")
    items = (
        cast("list[Any]", value)
        if isinstance(value, (list, tuple))
        else str(value or "").strip('[]" ').split(",")
    )
    return tuple(text for text in (str(item).strip('" ') for item in items) if text)


def isolation(record: Mapping[str, Any], vocabulary: Vocabulary, kind: str) -> list[str]:
    """Names of the peoples of a record that the vocabulary flags with this kind of isolation."""
    chosen: Any = record.get("people") or ()
    ids = [chosen] if isinstance(chosen, str) else list(chosen)
    concepts = (vocabulary.concept("people", str(concept_id)) for concept_id in ids)
    return [c.label("es") for c in concepts if c and c.attributes.get("isolation") == kind]


def rules_of(record: Mapping[str, Any], vocabulary: Vocabulary) -> tuple[Rule, ...]:
    """The rules that hold for a record; a people in isolation brings its rule whether or not somebody said so."""
    names = [name for name in sensitivities(record) if name in RULES]
    if isolation(record, vocabulary, "piaci") and "piaci" not in names:
        names.append("piaci")
    return tuple(RULES[name] for name in names)


def _name(rule: Rule, case: Case) -> str:
    concept = case.vocabulary.concept("sensitivity", rule.sensitivity)
    return concept.label("es") if concept else rule.sensitivity


def _labels(scheme: str, ids: tuple[str, ...], case: Case) -> tuple[str, ...]:
    return tuple(c.label("es") for c in (case.vocabulary.concept(scheme, i) for i in ids) if c)


def _check_consistency(case: Case) -> Iterator[Fault]:
    chosen = sensitivities(case.record)
    if "ninguna" in chosen and len(chosen) > 1:
        yield Fault(N_("“No restriction” cannot stand together with another answer."), {}, "sensitivity")
    if NOT_REVIEWED in chosen and case.becomes_public and not case.imported:
        yield Fault(
            N_("“Not reviewed” cannot be chosen for a record that becomes public."), {}, "sensitivity"
        )


def _check_isolation(case: Case) -> Iterator[Fault]:
    peoples = isolation(case.record, case.vocabulary, "piaci")
    if peoples and "piaci" not in sensitivities(case.record):
        message = N_(
            "%(peoples)s: people in isolation or initial contact. Mark this sensitivity; no place finer than the country is kept."
        )
        yield Fault(message, {"peoples": peoples}, "sensitivity")
    some = isolation(case.record, case.vocabulary, "some-groups")
    if some and not sensitivities(case.record) and not case.imported:
        message = N_(
            "%(peoples)s: some groups live in isolation. Say whether the data concern them; if not, choose “no restriction”."
        )
        yield Fault(message, {"peoples": some}, "sensitivity")


def _check_access(case: Case) -> Iterator[Fault]:
    for rule in case.rules:
        if case.access and case.access not in rule.access:
            params = {
                "rule": _name(rule, case),
                "reason": rule.why,
                "levels": _labels("access-level", rule.access, case),
            }
            message = N_(
                "“%(rule)s” does not allow this access level, because %(reason)s. Accepted: %(levels)s."
            )
            yield Fault(message, params, "access_level")


def _check_personal(case: Case) -> Iterator[Fault]:
    if not any(rule.sensitivity in PERSONAL for rule in case.rules):
        return
    form = case.record.get("personal_data")
    if not form and not case.imported and case.becomes_public:
        yield Fault(
            N_("Say in which form the personal data are: it decides on the access level."),
            {},
            "personal_data",
        )
    if case.access == "abierto" and form != "aggregated":
        message = N_(
            "Personal data can be open only as aggregated figures. Choose another access level, or say that they are aggregated."
        )
        yield Fault(message, {}, "access_level")


def _check_reason(case: Case) -> Iterator[Fault]:
    if case.access in (*OPEN[1:], *CLOSED) and not case.record.get("access_reason") and not case.imported:
        yield Fault(
            N_("Say why the data are not fully open: the norm, or the decision of the community."),
            {},
            "access_reason",
        )


def _check_needed(case: Case) -> Iterator[Fault]:
    for rule in case.rules:
        if (
            rule.one_of
            and case.access not in rule.unless
            and not any(case.record.get(name) for name in rule.one_of)
        ):
            params = {"rule": _name(rule, case), "reason": rule.why}
            yield Fault(N_("“%(rule)s” needs this, because %(reason)s."), params, rule.one_of[0])


def finest_level(rules: tuple[Rule, ...]) -> str:
    """The finest level of territory that all rules allow; empty without limit."""
    limits = [rule.finest for rule in rules if rule.finest]
    return min(limits, key=LEVELS.index) if limits else ""


def _check_territory(case: Case) -> Iterator[Fault]:
    limit = finest_level(case.rules)
    too_fine = [code for code in _codes(case.record) if is_finer(code, limit, case.vocabulary)]
    if too_fine:
        rule = next(rule for rule in case.rules if rule.finest == limit)
        params = {
            "codes": too_fine,
            "rule": _name(rule, case),
            "reason": rule.why,
            "label": LEVEL_NAMES[limit],
        }
        message = N_("%(codes)s: “%(rule)s” allows no place finer than the %(label)s, because %(reason)s.")
        yield Fault(message, params, "territory")


LEVEL_NAMES = {
    "country": N_("country"),
    "region": N_("region"),
    "province": N_("province"),
    "district": N_("district"),
}


def _codes(record: Mapping[str, Any]) -> list[str]:
    value: Any = record.get("territory") or ()
    return [value] if isinstance(value, str) else [str(code) for code in value]


def is_finer(code: str, limit: str, vocabulary: Vocabulary) -> bool:
    """Whether a place is finer than a level; a place that nobody knows counts as the finest."""
    if not limit:
        return False
    concept = vocabulary.concept(TERRITORY, code)
    level = str(concept.attributes.get("level", "")) if concept else ""
    return LEVELS.index(level) > LEVELS.index(limit) if level in LEVELS else True


def has_geometry(key: str) -> bool:
    """Whether a key of a record or an extra holds geometry."""
    return (
        key.startswith(("spatial", "extras_spatial", "geom", "bbox", "centroid")) and "resolution" not in key
    )


def _check_geometry(case: Case) -> Iterator[Fault]:
    strict = next((rule for rule in case.rules if not rule.geometry), None)
    if strict is None:
        return
    extras = [extra.get("key", "") for extra in case.record.get("extras") or () if extra.get("value")]
    found = [
        key
        for key in (*case.record, *extras)
        if has_geometry(key) and (key in extras or case.record.get(key))
    ]
    if found:
        params = {"keys": found, "rule": _name(strict, case), "reason": strict.why}
        yield Fault(
            N_("%(keys)s: “%(rule)s” allows no geometry, because %(reason)s. Remove it."), params, "territory"
        )


def is_restricted(record: Mapping[str, Any], vocabulary: Vocabulary) -> bool:
    """Whether a record may carry links to pages only: no file, no download, no table, no view."""
    closed = record.get("access_level") in CLOSED
    return closed or any(not set(rule.access) & set(OPEN) for rule in rules_of(record, vocabulary))


def carries_content(resource: Mapping[str, Any]) -> bool:
    """Whether a resource holds a file or leads straight to one."""
    flags = (
        resource.get("url_type") == "upload" or str(resource.get("datastore_active", "")).lower() == "true"
    )
    return bool(flags or resource.get("download_url"))


def _check_resources(case: Case) -> Iterator[Fault]:
    if not is_restricted(case.record, case.vocabulary):
        return
    for position, resource in enumerate(case.record.get("resources") or ()):
        if carries_content(resource):
            message = N_(
                "This access level allows only links to a page: no file, no download address, no data table. Remove the file or give the address of a page."
            )
            yield Fault(message, {}, "url", position)


def _check_rights(case: Case) -> Iterator[Fault]:
    if not any(rule.sensitivity == "derechos-autor" for rule in case.rules) or case.imported:
        return
    for position, resource in enumerate(case.record.get("resources") or ()):
        if carries_content(resource) and not resource.get("rights"):
            yield Fault(
                N_("Works under copyright need a statement of rights: who holds them and what may be done."),
                {},
                "rights",
                position,
            )


CHECKS: tuple[Callable[[Case], Iterator[Fault]], ...] = (
    _check_consistency, _check_isolation, _check_access, _check_personal, _check_reason, _check_needed,
    _check_territory, _check_geometry, _check_resources, _check_rights,
)  # fmt: skip


def reduce(record: Mapping[str, Any], vocabulary: Vocabulary) -> Record:
    """The record as anybody may see it. Never raises, never changes what it was given, and is idempotent."""
    reduced = dict(record)
    rules = rules_of(record, vocabulary)
    limit = finest_level(rules)
    if limit:
        _reduce_territory(reduced, limit, vocabulary)
    if any(not rule.geometry for rule in rules):
        _drop_geometry(reduced)
    if is_restricted(record, vocabulary) and reduced.get("resources"):
        reduced["resources"] = [_reduce_resource(resource) for resource in reduced["resources"]]
    return reduced


def _reduce_territory(record: Record, limit: str, vocabulary: Vocabulary) -> None:
    codes = _codes(record)
    kept = {general for code in codes for general in [_generalise(code, limit, vocabulary)] if general}
    if set(codes) - kept:
        record["territory"] = sorted(kept)
        record.pop("scope_level", None)


def _generalise(code: str, limit: str, vocabulary: Vocabulary) -> str:
    if not is_finer(code, limit, vocabulary):
        return code
    above = vocabulary.scheme(TERRITORY).ancestors(code)
    return next((place.id for place in above if not is_finer(place.id, limit, vocabulary)), "")


def _drop_geometry(record: Record) -> None:
    for key in [key for key in record if has_geometry(key)]:
        del record[key]
    if isinstance(record.get("extras"), list):
        record["extras"] = [
            extra for extra in record["extras"] if not has_geometry(str(extra.get("key", "")))
        ]


def _reduce_resource(resource: Mapping[str, Any]) -> Record:
    if not carries_content(resource):
        return dict(resource)
    reduced = {
        key: value for key, value in resource.items() if key not in CONTENT_KEYS and key != "datastore_active"
    }
    if resource.get("url_type") == "upload":
        reduced |= {"url": "", "url_type": ""}
    return reduced


def tightened(old: Mapping[str, Any], new: Mapping[str, Any], vocabulary: Vocabulary) -> bool:
    """Whether what the old record showed may no longer be shown, so that copies of it must go."""
    marked = {key: new.get(key) for key in ("sensitivity", "people", "access_level")}
    before = {**old, **{key: value for key, value in marked.items() if value}}
    return reduce(before, vocabulary) != before


def suggest_access(chosen: tuple[str, ...] | list[str]) -> tuple[str, str]:
    """The access level to suggest for these sensitivities, and the reason as a msgid."""
    order = ("solo-metadatos", "con-protocolo", "abierto-generalizado", NOT_REVIEWED, "abierto")
    rules = [RULES[name] for name in chosen if name in RULES] or [RULES["ninguna"]]
    strictest = min(rules, key=lambda rule: order.index(rule.suggested))
    return strictest.suggested, strictest.why
