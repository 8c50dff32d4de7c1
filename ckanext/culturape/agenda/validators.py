"""What CKAN calls while it validates an agenda, a commitment or a need, beside what holds for all records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckan.types import Context

from ckanext.culturape.agenda import needs, rules
from ckanext.culturape.agenda.history import STEP
from ckanext.culturape.fields import load_schema
from ckanext.culturape.logic import stored
from ckanext.culturape.logic.flat import Flat
from ckanext.culturape.logic.site import vocabulary
from ckanext.culturape.logic.validators import Validator, report_faults, scheming_validator


@scheming_validator
def culturape_agenda_prepare(field: Any, schema: Mapping[str, Any]) -> Validator:
    """Leave the status of a need as it is: it changes with a comment only (``culturape_need_status_set``)."""
    declared = load_schema(str(schema["dataset_type"]))

    def validator(key: Any, data: Flat, errors: Flat, context: Context) -> None:
        if not context.get(STEP):
            old = stored.original(declared, context)
            data["need_status",] = needs.status_of(old or {})

    return validator


@scheming_validator
def culturape_agenda_review(field: Any, schema: Mapping[str, Any]) -> Validator:
    """Check the full intended record against the rules of its type; a draft may break them."""
    record_type = str(schema["dataset_type"])

    def validator(key: Any, data: Flat, errors: Flat, context: Context) -> None:
        record = {**stored.intended(data, context), "type": record_type}
        if record.get("state") != "draft":
            report_faults(rules.faults(record, vocabulary()), errors)

    return validator


VALIDATORS = {function.__name__: function for function in (culturape_agenda_prepare, culturape_agenda_review)}
