"""SHACL: what a validator would say of our catalogue, and of what others describe.

``findings`` what is found · ``shapes`` the rules, read from files · ``engine`` rules and statements give findings ·
``trace`` to which dataset and field a finding belongs · ``sentences`` findings for people · ``reports`` as CSV, JSON, HTML.
"""
