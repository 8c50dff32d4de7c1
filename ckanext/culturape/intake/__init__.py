"""What strangers send us: fetched, decoded and parsed within limits, and never trusted.

``limits`` how much is enough · ``session`` a way to strangers · ``fetch`` bytes from an address · ``courtesy`` many of one source · ``decode`` bytes to text · ``parse`` text to statements · ``mend`` those that are almost well formed ·
``cell`` all of it in a process that may be killed. Knows neither CKAN nor the web framework.
"""
