"""What in a full intended record do the rules refuse? Each fault says the rule, the reason and what is accepted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ckanext.culturape.care.facts import (
    carries_content,
    codes_of,
    finest_level,
    has_geometry,
    is_finer,
    is_restricted,
    isolation,
    rules_of,
    sensitivities,
)  # fmt: skip
from ckanext.culturape.care.rules import CLOSED, NOT_REVIEWED, OPEN, PERSONAL, Rule
from ckanext.culturape.errors import N_, Fault
from ckanext.culturape.fields import schema_of
from ckanext.culturape.vocab.pack import Vocabulary

LEVEL_NAMES = {
    "country": N_("country"),
    "region": N_("region"),
    "province": N_("province"),
    "district": N_("district"),
}


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
    if not any(field.name == "sensitivity" for field in schema_of(case.record.get("type")).fields):
        return
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


def _check_territory(case: Case) -> Iterator[Fault]:
    limit = finest_level(case.rules)
    too_fine = [code for code in codes_of(case.record) if is_finer(code, limit, case.vocabulary)]
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
