"""Documents of others as DCAT: a small adapter for each family, and one common path after them.

``family`` which family, and the one entry · ``data_json`` DCAT-US and Argentina's profile · ``schema_org`` JSON-LD and web pages ·
``csw`` RDF in answers of a CSW · ``hydra`` next pages of RDF · ``dkan`` answers of the API of CKAN and DKAN · ``report`` what was
left out, and why. ``lenient``, ``parts``, ``places``, ``literals`` and ``markup`` serve several. Pure: no CKAN, no network.
See docs/decisions/0016-adapters.md.
"""
