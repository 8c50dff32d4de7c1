"""From a record to the fields of a stock Solr schema, and from what people type to a query (pure).

- ``document``: concepts to ``vocab_*`` fields, words to the unstored field ``text``. ``places``: levels.
- ``concepts``: which concepts a record uses, in whatever field.
- ``words``: Spanish plurals, genders and accents meet, on any schema. ``question``: the query that uses it.
- ``limits``: nothing that Solr would refuse. ``facets``: which facet stands for which field and vocabulary.
"""

from ckanext.culturape.search.concepts import use_field
from ckanext.culturape.search.document import index_document
from ckanext.culturape.search.facets import FACETS, USES, Facet, facet_of
from ckanext.culturape.search.limits import fit_document
from ckanext.culturape.search.question import expand_question

__all__ = [
    "FACETS",
    "USES",
    "Facet",
    "expand_question",
    "facet_of",
    "fit_document",
    "index_document",
    "use_field",
]
