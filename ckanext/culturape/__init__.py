"""culturape: open cultural data for CKAN.

The layers, from the ground up; each may import only what stands above it in this list:

- ``config``, ``errors``, ``types``, ``namespaces``: options of the site, faults, shapes of data, prefixes of RDF
- ``vocab``, ``fields``: concept schemes and the declared fields (pure)
- ``values``: any input of a field to its canonical value (pure)
- ``care``, ``search``: rules for sensitive knowledge; record to index document (pure)
- ``rdf``: record to RDF and back (pure)
- ``logic``, ``helpers``, ``views``: what CKAN calls
- ``dcat``: catalogue endpoints; ``harvest``: catalogues of others. Neither knows the other
- ``plugin``, ``cli``: wiring, known by none
"""
