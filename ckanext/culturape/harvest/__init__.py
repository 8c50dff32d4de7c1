"""What do other catalogues hold? Read leniently, with nothing invented and nothing lost.

``adapters`` each family of documents to DCAT · ``spelling`` old terms to those of today · ``scope`` which statements speak of a dataset · ``naming`` what identifies it · ``portions`` and ``split`` a page as documents of one dataset each · ``read`` records and what could not be read ·
``residue`` what the schema has no room for · ``withheld`` which of it stays back · ``preview`` all of it for somebody who
asks. These modules know neither CKAN nor the web framework.
"""
