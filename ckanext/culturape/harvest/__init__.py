"""Catalogues of others, taken in: ``adapters`` turns each family of documents into DCAT, and one common path follows."""
