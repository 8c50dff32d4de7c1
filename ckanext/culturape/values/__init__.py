"""What is the canonical value of whatever somebody wrote into a field?

Forms, actions, imports, harvesters and RDF all pass through here, so a stored record has one form only: lists sorted
and without repeats where order has no meaning, languages as short tags, dates in the precision given, no ancestor of a
chosen territory, nothing empty.

- ``canonical_value``: one field. ``canonical_record``: a dataset with its resources, or an organisation.
- ``loading``: a stored text back to its value.
- ``succession``: retired concepts in stored records.
- ``texts``, ``dates``, ``concepts``, ``composites``: one reader for each kind of value.
"""

from ckanext.culturape.values.reader import Scope, Values, canonical_value
from ckanext.culturape.values.record import canonical_record, core_texts

__all__ = ["Scope", "Values", "canonical_record", "canonical_value", "core_texts"]
