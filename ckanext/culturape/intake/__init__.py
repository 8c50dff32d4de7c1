"""What strangers send us: fetched, decoded and parsed within limits, and never trusted.

``limits`` how much is enough · ``fetch`` bytes from an address · ``decode`` bytes to text · ``parse`` text to statements · ``mend`` those that are almost well formed ·
``cell`` all of it in a process that may be killed. Knows neither CKAN nor the web framework.
"""
