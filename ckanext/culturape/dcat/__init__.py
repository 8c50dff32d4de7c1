"""DCAT-AP 3: records to RDF, strictly, and RDF to records, leniently.

- ``terms``: building blocks of triples. ``graph``: triples by subject, for reading.
- ``codecs``, ``codecs_agents``, ``codecs_concepts``: one pair of functions for each kind of value.
- ``mapping``: a whole dataset, driven by the ``rdf:`` keys of the schema. ``catalogue``: the catalogue node.
- ``profile``: the adapter for ckanext-dcat. ``plugin``: wiring.
"""
