"""The catalogue of this portal in DCAT-AP 3: pages, dumps, feed of changes, validation.

- ``catalogue``: the catalogue node. ``versions``, ``store``, ``building``: fragments, kept and made.
- ``pages``, ``dump``, ``single``, ``feed``: what is served of them.
- ``profile``: the adapter for ckanext-dcat. ``plugin``: wiring.
"""
