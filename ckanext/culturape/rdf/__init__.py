"""Records to RDF, strictly, and RDF to records, leniently.

- ``terms``: building blocks of triples. ``graph``: triples by subject, for reading.
- ``codecs``, ``codecs_agents``, ``codecs_agenda``, ``codecs_concepts``: one pair of functions for each kind of value.
- ``likeness``, ``places``: concepts and places by any name that others give them.
- ``declared``: the ``rdf:`` keys of a schema, followed. ``mapping``: a whole dataset. ``records``: a whole agenda, commitment or need.
- ``fragment``: the statements of one dataset, made once. ``formats``: N-Triples to any format.

These modules know neither CKAN nor the web framework; the catalogue (``dcat``) and the harvester (``harvest``) stand on them.
"""
