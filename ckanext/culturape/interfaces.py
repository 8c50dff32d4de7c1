"""What may other extensions add to ours? Interfaces of plugins, in the way of CKAN's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ckan.plugins as p

from ckanext.culturape.rdf.fragment import Say
from ckanext.culturape.types import Record


class IStatements(p.Interface):
    """Say statements of RDF about datasets beside those of their schema, in every output of the catalogue.

    They stand in pages, dumps, single datasets, the feed of changes and the profile of ckanext-dcat. What the catalogue says of a dataset is kept
    until something behind it changes, so both methods go together: what the second reads, the first must tell the version of.

    Whatever a plugin raises stays its own: the dataset is written without its statements, the log says why, and
    ``ckan culturape dcat check`` names it. Implement with ``inherit=True``.
    """

    def statements_version(self) -> str:
        """What changes when your statements do: an SQL expression that is put into the query that lists datasets.

        Gives an expression of any type with one value for each dataset, whose row of CKAN's table ``package`` is called ``p``; ``NULL`` for a
        dataset of which you say nothing. An ``xmin`` is a good version, since PostgreSQL changes it whenever a row is
        written: ``(SELECT t.xmin::text FROM my_table t WHERE t.package_id = p.id)``; put the version of your code before it when
        that changes what you say. It is evaluated for every dataset of the catalogue, so the column needs an index, and it
        must not fail for any of them. A colon before a word is written ``\\:``. Empty when your statements follow from the record alone.

        Raises: anything, with a sentence for the operator, when you cannot work now (a table that is missing); you are then not asked
            for statements either.
        """
        return ""

    def statements_beside(self, records: Sequence[Record]) -> Mapping[str, Say]:
        """What you say of these datasets: by id, a function that gives the statements. Leave out those of which you say nothing.

        Args:
            records: some hundred datasets at most, as ``package_show`` gives them and as far as the rules of care let them be shown.
                They are all that may be read by whoever gets the answer; never answer for other datasets.

        Read what you need of all of them here, at once; the function is called for one dataset after the other and must not ask the
        database. It gets the ``Context`` of its dataset (``ckanext.culturape.rdf.terms``) and gives triples of pyoxigraph:

        - name blank nodes with ``context.blank(...)``: their names follow from the dataset, so that they stay the same and
          meet none of another dataset;
        - the addresses of the dataset and its files are those of ``dataset_iri`` and ``distribution_iri`` in ``ckanext.culturape.rdf.mapping``;
        - a statement that some format could not hold (an address with a space, a tag that is none) is left out;
        - what must not be published of a sensitive record is yours to hold back.
        """
        return {}
