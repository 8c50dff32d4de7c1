"""What must not be exposed? The rules for sensitive knowledge as one table, and what follows from it.

A record stores only what everyone who may read it may see. ``faults`` says what a full intended record may not have;
``reduce`` is the net for records that were written past the validators.
"""

from ckanext.culturape.care.check import faults
from ckanext.culturape.care.facts import is_restricted, rules_of, sensitivities
from ckanext.culturape.care.reduction import reduce, tightened
from ckanext.culturape.care.rules import RULES, Rule, suggest_access

__all__ = [
    "RULES", "Rule", "faults", "is_restricted", "reduce", "rules_of", "sensitivities", "suggest_access", "tightened",
]  # fmt: skip
