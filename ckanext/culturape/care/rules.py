"""What does each kind of sensitivity allow? The rules as one table. Source: CARE principles (GIDA 2019), Ley 28736 (peoples in
isolation), Ley 29733 (personal data), Ley 28296 (heritage), Local Contexts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ckanext.culturape.errors import N_

LEVELS = ("country", "region", "province", "district")
OPEN = ("abierto", "abierto-generalizado")
CLOSED = ("con-protocolo", "solo-metadatos")
EVERY = (*OPEN, *CLOSED, "no-revisado")
PERSONAL = ("personal", "personal-sensible", "menores")
NOT_REVIEWED = "no-revisado"

#: Keys of resources that carry or lead to content rather than to a page about it.


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


def suggest_access(chosen: tuple[str, ...] | list[str]) -> tuple[str, str]:
    """The access level to suggest for these sensitivities, and the reason as a msgid."""
    order = ("solo-metadatos", "con-protocolo", "abierto-generalizado", NOT_REVIEWED, "abierto")
    rules = [RULES[name] for name in chosen if name in RULES] or [RULES["ninguna"]]
    strictest = min(rules, key=lambda rule: order.index(rule.suggested))
    return strictest.suggested, strictest.why
