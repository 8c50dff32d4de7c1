"""The common language: concept schemes with labels in Spanish and English and two definitions for each concept.

- ``concept``: ``Concept`` and ``Scheme``, frozen. ``fold``: how words are compared.
- ``find``: what does somebody mean by a word? ``load``: from YAML and CSV. ``pack``: all schemes of a site.
- ``retired``: what took the place of a concept. ``check``: faults of the vocabularies. ``skos``: to RDF and back.
"""
